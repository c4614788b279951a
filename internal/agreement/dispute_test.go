package agreement

import (
	"testing"

	"pgregory.net/rapid"
)

// settled adds a challenge of a span and what both sides agreed.
func (s *story) settled(local, from, until string, side Side) {
	s.t.Helper()
	ref := s.on(local, Event{Kind: Disputed, From: s.instant(from), Until: s.instant(until)})
	s.on(local, Event{Kind: DisputeSettled, Ref: ref, From: s.instant(from), Until: s.instant(until), Side: side})
}

// TestSettledSpanIsReadAsAgreed: the customer had answered on the telephone, so the time since the question was IT's, as if it had been
// returned; the events stay as they were.
func TestSettledSpanIsReadAsAgreed(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Metric: MetricAnswer, Party: "helen"})
	s.on("2026-01-12 14:00", Event{Kind: CustomerSpoke})
	before := s.read("2026-01-12 16:00")
	same(t, "counted: resolution", the(t, before, MetricResolution).Used, 3*hour)
	same(t, "counted: answer", the(t, before, MetricAnswer).Used, 4*hour)
	s.on("2026-01-12 16:00", Event{Kind: Disputed, From: s.instant("2026-01-12 10:00"), Until: s.instant("2026-01-12 14:00")})
	r := s.read("2026-01-12 16:00")
	same(t, "disputed: resolution", the(t, r, MetricResolution).State, StateDisputed)
	same(t, "disputed: answer", the(t, r, MetricAnswer).State, StateDisputed)
	same(t, "stands: answer", the(t, r, MetricAnswer).Stands, StateMet)
	same(t, "not disputed: first response, met before the span", the(t, r, MetricFirstResponse).State, StateMet)
	s.on("2026-01-12 17:00", Event{Kind: DisputeSettled, Ref: 4, From: s.instant("2026-01-12 10:00"), Until: s.instant("2026-01-12 14:00"), Side: SideProvider, Party: "desk"})
	r = s.read("2026-01-12 17:00")
	same(t, "turns", pattern(r), "provider provider provider")
	same(t, "cause", r.Turns[1].Cause, string(DisputeSettled))
	same(t, "since", s.local(r.Turns[1].Since), "2026-01-12 10:00")
	same(t, "until", s.local(r.Turns[1].Until), "2026-01-12 14:00")
	same(t, "settled: resolution", the(t, r, MetricResolution).Used, 8*hour)
	same(t, "settled: answer", the(t, r, MetricAnswer).Used, 0)
	same(t, "state", the(t, r, MetricResolution).State, StateRunning)
}

func TestSettledSpans(t *testing.T) {
	for name, c := range map[string]struct {
		from, until string
		side        Side
		turns       string
		nobody      int64
	}{
		"a part of a turn":             {"2026-01-12 11:00", "2026-01-12 12:00", SideNobody, "provider customer nobody customer provider", hour},
		"the first turn, from opening": {"2026-01-12 09:00", "2026-01-12 10:00", SideNobody, "nobody customer provider", hour},
		"until now":                    {"2026-01-12 15:00", "2026-01-12 16:00", SideNobody, "provider customer provider nobody provider", hour},
		"before the ticket was":        {"2026-01-12 07:00", "2026-01-12 08:00", SideNobody, "provider customer provider", 0},
		"over two turns":               {"2026-01-12 13:00", "2026-01-12 15:00", SideNobody, "provider customer nobody provider", 2 * hour},
		"as it was counted":            {"2026-01-12 11:00", "2026-01-12 12:00", "", "provider customer provider", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := usual(t)
			s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Metric: MetricAnswer})
			s.on("2026-01-12 14:00", Event{Kind: CustomerSpoke})
			s.settled("2026-01-12 16:00", c.from, c.until, c.side)
			r := s.read("2026-01-12 16:00")
			same(t, "turns", pattern(r), c.turns)
			same(t, "nobody's time", r.Seconds(SideNobody), c.nobody)
			same(t, "nothing is disputed any more", the(t, r, MetricResolution).State, StateRunning)
		})
	}
}

// TestLaterSettlementHolds: of two agreements about one instant the later one is read.
func TestLaterSettlementHolds(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Metric: MetricAnswer})
	s.settled("2026-01-12 16:00", "2026-01-12 11:00", "2026-01-12 15:00", SideProvider)
	s.settled("2026-01-12 17:00", "2026-01-12 12:00", "2026-01-12 13:00", SideNobody)
	r := s.read("2026-01-12 17:00")
	same(t, "turns", pattern(r), "provider customer provider nobody provider customer")
	same(t, "resolution", the(t, r, MetricResolution).Used, 1*hour+3*hour)
}

func TestRulings(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-20 10:00", Event{Kind: CustomerSpoke})
	same(t, "counted", the(t, s.read("2026-01-20 11:00"), MetricAnswer).State, StateBreached)
	s.on("2026-01-20 11:00", Event{Kind: Disputed, Ref: 2, Metric: MetricAnswer})
	s.on("2026-01-20 12:00", Event{Kind: DisputeSettled, Ref: 2, Metric: MetricAnswer, Cause: RulingKept})
	o := the(t, s.read("2026-01-20 12:00"), MetricAnswer)
	same(t, "agreed", o.State, StateMet)
	same(t, "what was used stays", o.Used > o.Target, true)
	s.on("2026-01-20 13:00", Event{Kind: Disputed, Ref: 2, Metric: MetricAnswer})
	same(t, "challenged again", the(t, s.read("2026-01-20 13:00"), MetricAnswer).State, StateDisputed)
	s.on("2026-01-20 14:00", Event{Kind: DisputeSettled, Ref: 2, Metric: MetricAnswer, Cause: "withdrawn"})
	same(t, "taken back: as counted", the(t, s.read("2026-01-20 14:00"), MetricAnswer).State, StateBreached)
	s.on("2026-01-20 15:00", Event{Kind: DisputeSettled, Ref: 1, Metric: MetricFirstResponse, Cause: RulingBroken})
	same(t, "agreed that it was missed", the(t, s.read("2026-01-20 15:00"), MetricFirstResponse).State, StateBreached)
}

// TestAStepIsLeftOut: the pause alone is waived; what comes before and after it comes as agreed.
func TestAStepIsLeftOut(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	pause := -1
	for i, st := range Simulate(s.events, s.facts) {
		if st.Action == ActionPause {
			pause = i
		}
	}
	s.on("2026-01-12 11:00", Event{Kind: StepTaken, Ref: 2, Metric: MetricAnswer, Step: 3, Cause: CauseWaived})
	s.read("2026-01-12 11:00")
	var actions []string
	for _, st := range Simulate(s.events, s.facts) {
		actions = append(actions, st.Action)
	}
	same(t, "it was there", pause, 3)
	equalLines(t, "left", actions, []string{ActionRemind, ActionRemind, ActionTellContact, ActionRemind, ActionLapse})
	s.on("2026-01-12 12:00", Event{Kind: StepTaken, Ref: 2, Metric: MetricAnswer, Step: 5, Cause: CauseWaived})
	s.read("2026-01-12 12:00")
	for _, st := range Simulate(s.events, s.facts) {
		if ends(st.Action) {
			t.Errorf("the closing was left out and comes: %+v", st)
		}
	}
}

// TestPropertySettledSpans: whatever happened, every second of a settled span is whose both sides agreed while the ticket was open, every
// other second is whose it was, and nothing else about the ledger breaks.
func TestPropertySettledSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 14)
		before := Clock(s.events, s.facts)
		unit := s.w.unit
		from := s.w.base + int64(rapid.IntRange(0, s.now).Draw(t, "from"))*unit
		until := from + int64(rapid.IntRange(1, 300).Draw(t, "length"))*unit
		until = min(until, s.facts.Now)
		side := rapid.SampledFrom([]Side{SideProvider, SideCustomer, SideSupplier, SideNobody}).Draw(t, "side")
		seq := int64(len(s.events) + 1)
		events := append(s.events, Event{Seq: seq, At: s.facts.Now, Kind: DisputeSettled, From: from, Until: until, Side: side, Ref: 99})
		after := Clock(events, s.facts)
		if d := broken(&after, after.now); d != "" {
			t.Fatalf("%s\n%s", d, s)
		}
		for at := s.w.base; at < s.facts.Now; at += unit {
			was, closed := sideAt(before, at)
			want := was
			if at >= from && at < until && was != "" && !closed {
				want = side
			}
			if got, _ := sideAt(after, at); got != want {
				t.Fatalf("at +%d it is %s’s turn, want %s (it was %s; settled +%d to +%d as %s)\n%s", (at-s.w.base)/unit, got, want, was, (from-s.w.base)/unit, (until-s.w.base)/unit, side, s)
			}
		}
		if len(after.Obligations) != len(before.Obligations) {
			t.Fatalf("%d promises, there were %d", len(after.Obligations), len(before.Obligations))
		}
	})
}

// sideAt is whose turn a second was, and whether the ticket was closed then.
func sideAt(r Result, at int64) (side Side, closed bool) {
	for _, t := range r.Turns {
		if t.Since <= at && at < t.until(r.now) {
			return t.Side, t.Side == SideNobody && t.Cause == string(Closed)
		}
	}
	return "", false
}
