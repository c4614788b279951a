package agreement

// Explained is a span of an obligation's life, counted or not, and why. Where the turn counts the reasons are those of
// the calendar: night, weekend, the name of a holiday.
type Explained struct {
	From, To int64
	Counted  bool
	Reason   string
}

// The reasons of spans that are not the calendar's.
const (
	SpanCounted      = "counted"
	SpanProviderTurn = "provider's turn"
	SpanCustomerTurn = "customer's turn"
	SpanSupplierTurn = "supplier's turn"
	SpanWait         = "agreed wait"
	SpanConfirmed    = "solution confirmed"
	SpanClosed       = "closed"
	SpanSettled      = "nobody's turn, as both sides agreed"
)

// Explain lays out the obligation at an index of Obligations from its start to where it was met or ended, or to the
// instant of the reading. The spans follow each other without a gap and neighbours differ; the counted ones sum up to
// Used exactly. It is worked out when asked for, from the same turns and calendars that Clock counted with. An
// obligation that never was one, or an index out of range, gives none.
func (r Result) Explain(i int) []Explained {
	if i < 0 || i >= len(r.Obligations) {
		return nil
	}
	o := &r.Obligations[i]
	end := o.Ended
	if end == 0 {
		end = r.now
	}
	var out []Explained
	for i := range r.Turns {
		t := &r.Turns[i]
		a, b := max(t.Since, o.Started), min(t.until(r.now), end)
		for k := range r.regimes {
			g := &r.regimes[k]
			from, to := max(a, g.from), b
			if k+1 < len(r.regimes) {
				to = min(b, r.regimes[k+1].from)
			}
			if from < to {
				out = explainPiece(out, o, t, g, from, to)
			}
		}
	}
	return out
}

func explainPiece(out []Explained, o *Obligation, t *Turn, g *regime, from, to int64) []Explained {
	switch {
	case !g.version.counts(o.Side, t.Side):
		return explained(out, from, to, false, turnReason(t))
	case g.target[o.slot] <= 0:
		return explained(out, from, to, false, ReasonNoTarget)
	}
	h := g.version.hours(o.Side)
	if h.c == nil {
		return explained(out, from, to, true, SpanCounted)
	}
	for _, s := range h.c.Explain(from, to) {
		if s.Open {
			s.Reason = SpanCounted
		}
		out = explained(out, s.From, s.To, s.Open, s.Reason)
	}
	return out
}

func explained(out []Explained, from, to int64, counted bool, reason string) []Explained {
	if n := len(out); n > 0 && out[n-1].Counted == counted && out[n-1].Reason == reason {
		out[n-1].To = to
		return out
	}
	return append(out, Explained{from, to, counted, reason})
}

func turnReason(t *Turn) string {
	switch t.Side {
	case SideProvider:
		return SpanProviderTurn
	case SideCustomer:
		return SpanCustomerTurn
	case SideSupplier:
		return SpanSupplierTurn
	}
	switch Kind(t.Cause) {
	case WaitAgreed:
		return SpanWait
	case SolutionConfirmed:
		return SpanConfirmed
	case DisputeSettled:
		return SpanSettled
	}
	return SpanClosed
}
