package agreement

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// parking are what somebody of the provider can write on a ticket without asking the customer anything.
var parking = []Event{
	{Kind: WaitAgreed}, {Kind: WaitEnded}, {Kind: SupplierAsked, Party: "acme"}, {Kind: SupplierAnswered}, {Kind: TeamChanged, Party: "other"}, {Kind: Assigned, Party: "kofi"},
	{Kind: Note}, {Kind: StepTaken, Metric: MetricAnswer, Step: 3}, {Kind: Disputed, Metric: MetricResolution},
}

// TestAttack42_ParkingNeverHelps: whatever happened on a ticket, pausing it at any instant without a question that was sent never takes a
// second off what the provider used, nor the miss off a promise, nor a promise off the list. (A supplier's turn stops a promise only where
// the signed version says so.)
func TestAttack42_ParkingNeverHelps(t *testing.T) {
	for _, p := range parking {
		s := usual(t)
		p.Until = s.instant("2026-01-14 10:00")
		if p.Kind == StepTaken {
			p.Ref, p.Metric = 1, MetricResolution
		}
		s.on("2026-01-12 10:00", p)
		s.on("2026-01-12 11:00", Event{Kind: Note})
		o := the(t, s.read("2026-01-12 16:00"), MetricResolution)
		same(t, "used in spite of "+string(p.Kind), o.Used, 7*hour)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 14)
		for i := range s.facts.Versions {
			s.facts.Versions[i].SupplierStopsPromise = false
		}
		for i := range s.events { // room between two events
			s.events[i].Seq *= 10
			s.events[i].Ref *= 10
		}
		before := Clock(s.events, s.facts)
		at := rapid.IntRange(0, len(s.events)).Draw(t, "place")
		p := rapid.SampledFrom(parking).Draw(t, "parking")
		p.Seq, p.At = int64(at)*10+5, s.w.base
		if at > 0 {
			p.At = s.events[at-1].At
		}
		next := s.facts.Now
		if at < len(s.events) {
			next = max(s.events[at].At, p.At)
		}
		p.At += int64(rapid.IntRange(0, int((next-p.At)/s.w.unit)).Draw(t, "later")) * s.w.unit
		p.Until = p.At + int64(rapid.IntRange(0, 400).Draw(t, "until"))*s.w.unit
		if p.Kind == WaitEnded && slices.ContainsFunc(s.events[:at], func(e Event) bool { return e.Kind == WaitAgreed && e.Consent }) {
			p.Kind = Note // to end an agreed wait early is no parking: the turn is the provider's again
		}
		after := Clock(slices.Insert(slices.Clone(s.events), at, p), s.facts)
		for _, was := range before.Obligations {
			if was.Side != SideProvider {
				continue
			}
			i := slices.IndexFunc(after.Obligations, func(o Obligation) bool { return o.ID == was.ID })
			if i < 0 {
				t.Fatalf("%s is gone after %+v\n%s", was.ID, p, s)
			}
			if now := after.Obligations[i]; now.Used < was.Used || was.Stands == StateBreached && now.Stands != StateBreached {
				t.Fatalf("%s used %d (%s), and %d (%s) after %+v\n%s", was.ID, was.Used, was.Stands, now.Used, now.Stands, p, s)
			}
		}
	})
}
