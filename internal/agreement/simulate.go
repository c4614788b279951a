package agreement

import "slices"

// Simulate says what will happen on a ticket if nobody moves, in order: each timer as it will fire, until the ladder
// ends. The steps before are taken to have been executed when they fell due; an ending step closes the ticket. It
// answers "what happens next" on a page and is no promise: a turn, a decision or a holiday changes it.
func Simulate(events []Event, f Facts) []Timer {
	var r Result
	var out []Timer
	ledger := slices.Clone(events)
	seq := int64(0)
	for i := range ledger {
		seq = max(seq, ledger[i].Seq)
	}
	for range simulated(f) {
		ClockInto(&r, ledger, f)
		if len(r.Timers) == 0 {
			break
		}
		t := r.Timers[0]
		out = append(out, t)
		f.Now = max(f.Now, t.At)
		if t.Action == ActionWaitEnd {
			continue // ends by itself
		}
		seq++
		ledger = append(ledger, Event{Seq: seq, At: t.At, Kind: StepTaken, Ref: t.Ref, Metric: t.Metric, Step: t.Step})
		if ends(t.Action) {
			cause := CauseLapsed
			if t.Action == ActionClose {
				cause = CauseSilence
			}
			seq++
			ledger = append(ledger, Event{Seq: seq, At: t.At, Kind: Closed, Cause: cause})
		}
	}
	return out
}

// simulated bounds the steps of a simulation: no ledger has so many obligations open with every step to come.
func simulated(f Facts) int {
	n := 100
	for i := range f.Versions {
		n = max(n, 20*len(f.Versions[i].Ladder))
	}
	return n
}
