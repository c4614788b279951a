package agreement

// takeBack works into the earlier events that a merge was taken back: nothing followed from it, and it was the provider's turn.
func takeBack(in, out []Event) {
	for i, by := range in {
		if by.Kind != Unmerged {
			continue
		}
		from := -1
		for k := i - 1; k >= 0 && in[k].Kind != Unmerged; k-- {
			if in[k].Kind == Merged {
				from = k
			}
		}
		for k := from; k >= 0 && k < i; k++ {
			if k == from {
				out[k].Consent = false
			}
			if in[k].Follows {
				out[k].Kind = Note
			}
		}
	}
}

// merge ends what the customer owed here and gives the turn as it is on the other ticket.
func (s *stepper) merge(e Event) {
	s.stopCustomers(ReasonMerged, false)
	s.confirming, s.waitUntil = false, -1
	if e.Consent {
		s.give(SideCustomer, e.Party, e)
	} else {
		if s.resolved {
			s.resolved = false
			s.goOn(s.last(MetricResolution))
		}
		s.give(SideProvider, s.team, e)
	}
}
