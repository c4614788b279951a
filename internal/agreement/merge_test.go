package agreement

import "testing"

// merging gives the ledger of a ticket that was merged at 11:00 into one on which IT asked something at 12:00.
func merging(t *testing.T) *story {
	s := usual(t)
	s.on("2026-01-12 11:00", Event{Kind: Merged})
	s.on("2026-01-12 12:00", Event{Kind: QuestionAsked, Party: "ann", Follows: true})
	return s
}

func TestMergedFollowsTheOtherTicket(t *testing.T) {
	s := merging(t)
	r := s.read("2026-01-12 13:00")
	same(t, "turns", pattern(r), "provider customer")
	same(t, "the question is owed on the other ticket alone", len(r.Obligations), 2)
	same(t, "the first response", the(t, r, MetricFirstResponse).State, StateMet)
	same(t, "the solution waits with the customer", the(t, r, MetricResolution).State, StatePaused)
	s.on("2026-01-12 14:00", Event{Kind: CustomerSpoke, Follows: true})
	s.on("2026-01-12 15:00", Event{Kind: SolutionProposed, Party: "ann", Follows: true})
	s.on("2026-01-12 16:00", Event{Kind: Closed, Cause: CauseConfirmed, Follows: true})
	r = s.read("2026-01-14 13:00")
	same(t, "turns", pattern(r), "provider customer provider customer nobody")
	same(t, "lifetime", r.Lifetime, 7*hour)
	o := the(t, r, MetricResolution)
	same(t, "kept", o.State, StateMet)
	same(t, "used", o.Used, 4*hour)
	same(t, "nobody asks here whether it works", len(r.Obligations), 2)
}

func TestMergeClearsNoBreach(t *testing.T) {
	s := usual(t)
	s.on("2026-01-16 09:00", Event{Kind: Merged}) // four days are 32 hours; the promise was broken before
	r := s.read("2026-01-16 09:00")
	broken := the(t, r, MetricFirstResponse)
	same(t, "still broken", broken.State, StateBreached)
	same(t, "still owed", broken.Ended, 0)
	same(t, "IT's turn", r.Current().Side, SideProvider)
}

func TestMergeTakenBackWasTheProvidersTime(t *testing.T) {
	s := merging(t)
	s.on("2026-01-12 13:00", Event{Kind: Closed, Cause: CauseWithdrawn, Follows: true})
	s.on("2026-01-12 15:00", Event{Kind: Unmerged})
	r := s.read("2026-01-12 16:00")
	same(t, "turns", pattern(r), "provider")
	same(t, "lifetime", r.Lifetime, 7*hour)
	same(t, "the answer went to the other ticket", the(t, r, MetricFirstResponse).Met, 0)
	same(t, "used", the(t, r, MetricResolution).Used, 7*hour)
}

func TestMergeEndsWhatTheCustomerOwedHere(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Party: "ann"})
	s.on("2026-01-12 11:00", Event{Kind: Merged, Consent: true, Party: "ann"})
	r := s.read("2026-01-12 12:00")
	same(t, "turns", pattern(r), "provider customer")
	same(t, "asked there or not at all", the(t, r, MetricAnswer).Reason, ReasonMerged)
	s.on("2026-01-12 13:00", Event{Kind: Unmerged})
	same(t, "taken back it was IT's turn from the merge on", pattern(s.read("2026-01-12 14:00")), "provider customer provider")
}

func TestAbsorbedWordsGiveTheTurnBack(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-12 11:00", Event{Kind: Absorbed})
	same(t, "nothing new in it", pattern(s.read("2026-01-12 12:00")), "provider customer")
	s.on("2026-01-12 13:00", Event{Kind: Absorbed, Consent: true})
	r := s.read("2026-01-12 14:00")
	same(t, "turns", pattern(r), "provider customer provider")
	same(t, "the same promise goes on", the(t, r, MetricResolution).State, StateRunning)
	same(t, "no promise begins: the other ticket's are owed", len(r.Obligations), 3)
}
