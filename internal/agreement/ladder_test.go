package agreement

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bothways/internal/calendar"
)

// fired is a step that the desk executed, and when.
type fired struct {
	Timer
	now int64
}

// desk is what a scheduler does with timers: at each waking it executes what is due, one by one, and reads again.
func desk(events []Event, f Facts, wakings []int64) (out []fired, ledger []Event) {
	ledger = slices.Clone(events)
	for _, now := range wakings {
		f.Now = now
		for range 50 {
			r := Clock(ledger, f)
			due := slices.IndexFunc(r.Timers, func(t Timer) bool { return t.At <= now && t.Action != ActionWaitEnd })
			if due < 0 {
				break
			}
			t := r.Timers[due]
			out = append(out, fired{t, now})
			seq := ledger[len(ledger)-1].Seq
			ledger = append(ledger, Event{Seq: seq + 1, At: now, Kind: StepTaken, Ref: t.Ref, Metric: t.Metric, Step: t.Step})
			if ends(t.Action) {
				ledger = append(ledger, Event{Seq: seq + 2, At: now, Kind: Closed, Cause: CauseLapsed})
			}
		}
	}
	return out, ledger
}

func everyQuarter(from, to int64) (out []int64) {
	for at := from; at <= to; at += 900 {
		out = append(out, at)
	}
	return out
}

func (s *story) fired(list []fired) (out []string) {
	for _, f := range list {
		out = append(out, fmt.Sprintf("%s %s", s.local(f.now), f.Action))
	}
	return out
}

func (s *story) planned(list []Timer) (out []string) {
	for _, t := range list {
		out = append(out, fmt.Sprintf("%s %s", s.local(t.At), t.Action))
	}
	return out
}

func equalLines(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s\n got %q\nwant %q", what, got, want)
	}
}

func asked(t testing.TB, on string, metric Metric) *story {
	c := compile(t, calendar.Spec{
		TZ: "Europe/Paris", Week: week("mon tue wed thu fri", "09:00", "17:00"), Holidays: []string{"2026-01-19"},
	})
	s := newStory(t, Version{Service: c, Customer: c, Targets: DefaultTargets(), Ladder: DefaultLadder()})
	s.on(on, Event{Kind: Opened, Party: "desk"})
	s.on(on, Event{Kind: QuestionAsked, Party: "ann", Metric: metric})
	s.read(on)
	return s
}

// The default ladder of an answer, medium priority: 8 working hours.
var defaultAnswer = []string{
	"2026-01-12 14:00 remind",       // half of the target used
	"2026-01-13 10:00 remind",       // all of it
	"2026-01-13 10:00 tell_contact", // another addressee: the same day
	"2026-01-14 09:00 pause",        // next working day
	"2026-01-28 09:00 remind",       // nine working days on, one of them a holiday
	"2026-01-29 09:00 lapse",        // the tenth
}

func TestLadderOfAnAnswer(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), defaultAnswer)
	done, ledger := desk(s.events, s.facts, everyQuarter(s.facts.Now, s.instant("2026-03-01 00:00")))
	equalLines(t, "executed", s.fired(done), defaultAnswer)
	s.events = ledger
	r := s.read("2026-03-01 00:00")
	same(t, "turns", pattern(r), "provider customer nobody")
	same(t, "answer", the(t, r, MetricAnswer).State, StateBreached)
	same(t, "resolution", the(t, r, MetricResolution).Reason, ReasonLapsed)
	same(t, "timers", len(r.Timers), 0)
}

func TestLadderOfSuppliedFacts(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricSupplyFacts)
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), []string{
		"2026-01-13 10:00 remind", "2026-01-14 10:00 remind", "2026-01-14 10:00 tell_contact", "2026-01-15 09:00 pause",
		"2026-01-29 09:00 remind", "2026-01-30 09:00 lapse",
	})
}

func TestLadderOfAConfirmation(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 11:00", Event{Kind: CustomerSpoke})
	s.on("2026-01-12 12:00", Event{Kind: SolutionProposed, Party: "ann"})
	s.read("2026-01-12 12:00")
	want := []string{"2026-01-13 16:00 remind", "2026-01-15 09:36 remind", "2026-01-16 09:00 close"}
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), want)
	s.facts.NeverLapse = true
	equalLines(t, "kinds that never lapse", s.planned(Simulate(s.events, s.facts)), want[:2])
}

func TestLadderOfTheProvider(t *testing.T) {
	v := asked(t, "2026-01-12 10:00", MetricAnswer).facts.Versions[0]
	v.Customer = office(t, "Europe/Paris", "12:00", "14:00")
	s := newStory(t, v)
	s.on("2026-01-12 09:00", Event{Kind: Opened, Party: "desk", Priority: PriorityCritical})
	s.read("2026-01-12 09:00")
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), []string{
		"2026-01-12 09:45 warn",          // first response, one hour
		"2026-01-12 12:00 tell_customer", // of the first response, in the customer's hours
		"2026-01-12 12:00 warn",          // resolution, four hours
		"2026-01-13 12:00 tell_customer", // of the resolution: one notice a day
	})
}

// P17, P18: the scheduler was off for nine days: each step still comes once, in hours, on a day of its own.
func TestP17OutageOfNineDays(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	off := everyQuarter(s.facts.Now, s.instant("2026-01-12 13:00"))
	on := everyQuarter(s.instant("2026-01-21 22:10"), s.instant("2026-03-01 00:00"))
	done, _ := desk(s.events, s.facts, append(off, on...))
	equalLines(t, "executed", s.fired(done), []string{
		"2026-01-22 09:10 remind", "2026-01-23 09:10 remind", "2026-01-23 09:10 tell_contact", "2026-01-26 09:10 pause",
		"2026-02-06 09:10 remind", "2026-02-09 09:10 lapse",
	})
}

// P17: an answer by any channel cancels the rest; kinds that never lapse never do; no ending without its announcement.
func TestP17AnswerCancelsTheRest(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	done, ledger := desk(s.events, s.facts, everyQuarter(s.facts.Now, s.instant("2026-01-14 12:00")))
	same(t, "steps until the pause", len(done), 4)
	s.events = ledger
	r := s.read("2026-01-14 12:00")
	same(t, "paused and still the customer's", r.Current().Side, SideCustomer)
	s.on("2026-01-14 12:00", Event{Kind: CustomerSpoke})
	done, _ = desk(s.events, s.facts, everyQuarter(s.instant("2026-01-14 12:00"), s.instant("2026-03-01 00:00")))
	for _, f := range done {
		if f.Metric == MetricAnswer {
			t.Errorf("after the answer: %+v", f)
		}
	}
}

func TestP17NeverLapse(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.facts.NeverLapse = true
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), defaultAnswer[:4])
}

func TestDisputeHoldsConsequences(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 11:00", Event{Kind: Disputed, Ref: 2, Metric: MetricAnswer})
	r := s.read("2026-01-12 11:00")
	same(t, "state", the(t, r, MetricAnswer).State, StateDisputed)
	same(t, "apart from that", the(t, r, MetricAnswer).Stands, StateRunning)
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), defaultAnswer[:3])
	s.on("2026-01-12 12:00", Event{Kind: DisputeSettled, Ref: 2, Metric: MetricAnswer})
	r = s.read("2026-01-12 12:00")
	same(t, "settled", the(t, r, MetricAnswer).State, StateRunning)
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), defaultAnswer)
}

func TestWaivers(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 14:00", Event{Kind: StepTaken, Ref: 2, Metric: MetricAnswer, Step: 0, Cause: CauseWaived})
	s.read("2026-01-12 14:00")
	equalLines(t, "a waived step tells nobody", s.planned(Simulate(s.events, s.facts)), defaultAnswer[1:])
	s.on("2026-01-14 10:00", Event{Kind: Waived, Ref: 2, Metric: MetricAnswer, Cause: "in hospital"})
	r := s.read("2026-01-20 10:00")
	o := the(t, r, MetricAnswer)
	same(t, "state", o.State, StateWaived)
	same(t, "reason", o.Reason, "in hospital")
	same(t, "used", o.Used, 16*hour)
	same(t, "timers", len(r.Timers), 0)
	same(t, "turn", r.Current().Side, SideCustomer)
}

func TestWaitEndIsToldInHours(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 11:00", Event{Kind: WaitAgreed, Consent: true, Until: s.instant("2026-01-17 11:00")})
	r := s.read("2026-01-12 11:00")
	if len(r.Timers) != 1 {
		t.Fatalf("timers: %+v", r.Timers)
	}
	same(t, "timer", r.Timers[0].Action, ActionWaitEnd)
	same(t, "told", s.local(r.Timers[0].At), "2026-01-20 09:00") // the 19th is a holiday
	same(t, "due", s.local(the(t, r, MetricAnswer).Due), "2026-01-20 16:00")
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts))[:3], []string{
		"2026-01-20 09:00 wait_end", "2026-01-20 12:00 remind", "2026-01-21 09:00 remind",
	})
	s.on("2026-01-12 12:00", Event{Kind: WaitAgreed, Until: s.instant("2026-12-31 00:00")})
	same(t, "a wait nobody agreed to", len(s.read("2026-01-18 00:00").Turns), 4)
	s.on("2026-01-12 13:00", Event{Kind: WaitEnded})
	same(t, "ended early", s.read("2026-01-18 00:00").Current().Cause, string(WaitEnded))
}

// P18: whatever the ledger and however the scheduler sleeps, nobody is told outside their hours or twice a day, no
// step comes twice, and nothing ends on the day it was announced.
func TestPropertyLadder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 8)
		s.facts.NeverLapse = rapid.IntRange(0, 3).Draw(t, "never lapse") == 0
		var wakings []int64
		for now := s.facts.Now; len(wakings) < 120; {
			wakings = append(wakings, now)
			now += int64(rapid.IntRange(1, 40).Draw(t, "hours")) * 1800
			if rapid.IntRange(0, 20).Draw(t, "outage") == 0 {
				now += 9 * 86400
			}
		}
		done, ledger := desk(s.events, s.facts, wakings)
		v := inForce(ledger, s.facts)
		if d := ladderBroken(done, v, s.facts.NeverLapse); d != "" {
			t.Fatalf("%s\n%+v\n%s", d, done, s)
		}
		var simulated []fired
		for _, x := range Simulate(s.events, s.facts) {
			simulated = append(simulated, fired{x, x.At})
		}
		if d := ladderBroken(simulated, v, s.facts.NeverLapse); d != "" {
			t.Fatalf("simulated: %s\n%+v\n%s", d, simulated, s)
		}
	})
}

// A plan is no forecast: reading again before or after changes nothing as long as nobody moves.
func TestPropertyPlansAreStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 10)
		for i := range s.facts.Versions {
			s.facts.Versions[i].Ladder = append(DefaultLadder(), Step{Metric: MetricNextResponse, Action: ActionRemind, Percent: 10})
		}
		first := Clock(s.events, s.facts).Timers
		if len(first) == 0 {
			return
		}
		now := s.facts.Now
		if wait := slices.IndexFunc(first, func(x Timer) bool { return x.Action == ActionWaitEnd }); wait >= 0 {
			return // the turn will go back by itself
		}
		s.facts.Now += int64(rapid.IntRange(0, 1000).Draw(t, "later")) * 600
		again := Clock(s.events, s.facts).Timers
		if len(again) != len(first) {
			t.Fatalf("%+v\nlater %+v\n%s", first, again, s)
		}
		for _, x := range first {
			if !slices.ContainsFunc(again, func(y Timer) bool {
				late := y.Planned < s.facts.Now
				return x.Obligation == y.Obligation && x.Step == y.Step && x.Planned == y.Planned && (late || y.At >= x.At) && y.At >= y.Planned
			}) {
				t.Fatalf("at %d %+v\nat %d %+v\n%s", now, first, s.facts.Now, again, s)
			}
		}
	})
}

// inForce is the version that the ledger ends with.
func inForce(events []Event, f Facts) *Version {
	r := Clock(events, f)
	return r.regimes[len(r.regimes)-1].version
}

func ladderBroken(done []fired, v *Version, neverLapse bool) string {
	type step struct {
		ref    int64
		metric Metric
	}
	next, before := map[step]int{}, map[step]int64{}
	told := map[string]bool{}
	for i, f := range done {
		if i > 0 && f.now < done[i-1].now {
			return fmt.Sprintf("step %d is before the one before", i)
		}
		h := v.hours(f.Side)
		if open, ok := h.nextOpen(f.now); !ok || open != f.now {
			return fmt.Sprintf("step %d outside the hours", i)
		}
		if f.Action == ActionWaitEnd {
			continue
		}
		zone := time.UTC
		if h.c != nil {
			zone = h.c.Zone()
		}
		day := time.Unix(f.now, 0).In(zone).Format(time.DateOnly)
		k := step{f.Ref, f.Metric}
		if f.Step < next[k] {
			return fmt.Sprintf("step %d comes twice", i)
		}
		next[k] = f.Step + 1
		who := ""
		switch {
		case f.Action == ActionTellContact:
			who = "contact " + day
		case f.Side == SideCustomer:
			who = "customer " + day
		case f.Side == SideProvider:
			who = fmt.Sprint("provider ", k, day)
		}
		if told[who] {
			return fmt.Sprintf("step %d is the second notice of a day to %s", i, who)
		}
		told[who] = true
		if consequence(f.Action) && before[k] > 0 && time.Unix(before[k], 0).In(zone).Format(time.DateOnly) >= day {
			return fmt.Sprintf("step %d is not on a later day than the one before", i)
		}
		before[k] = f.now
		if ends(f.Action) && (neverLapse || before[k] == 0) {
			return fmt.Sprintf("step %d ends what must not end", i)
		}
	}
	return ""
}

// After a pause reminders stop, but what ends is announced; without an ending there is nothing to announce.
func TestRemindersAfterAPause(t *testing.T) {
	step := func(action string, percent, days int) Step {
		return Step{Metric: MetricAnswer, Action: action, Percent: percent, PlusDays: days}
	}
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.facts.Versions[0].Ladder = []Step{
		step(ActionTellContact, 10, 0), step(ActionTellContact, 20, 0), step(ActionPause, 50, 0), step(ActionRemind, 60, 0),
		step(ActionTellContact, 60, 0), step(ActionRemind, 70, 0), step(ActionLapse, 80, 0), step(ActionRemind, 90, 0),
	}
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), []string{
		"2026-01-12 10:48 tell_contact", "2026-01-13 09:00 tell_contact", "2026-01-14 09:00 pause",
		"2026-01-14 09:00 tell_contact", "2026-01-15 09:00 remind", "2026-01-16 09:00 lapse",
	})
	s.facts.NeverLapse = true
	equalLines(t, "never lapsing", s.planned(Simulate(s.events, s.facts)), []string{
		"2026-01-12 10:48 tell_contact", "2026-01-13 09:00 tell_contact", "2026-01-14 09:00 pause",
	})
}

// A warn step without a percentage takes the target's; seconds and a step already taken out of order count as written.
func TestStepsAsWritten(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	v := resolveIn(t, c, 8*hour)
	v.Ladder = []Step{
		{Metric: MetricResolution, Action: ActionWarn}, {Metric: MetricResolution, Action: ActionWarn, Percent: 100, PlusSeconds: hour},
		{Metric: MetricResolution, Action: ActionRemind, Percent: 200},
	}
	s := newStory(t, v)
	s.on("2026-01-12 09:00", Event{Kind: Opened, Party: "desk"})
	s.read("2026-01-12 09:00")
	equalLines(t, "simulated", s.planned(Simulate(s.events, s.facts)), []string{
		"2026-01-12 15:00 warn", "2026-01-13 10:00 warn", "2026-01-14 09:00 remind",
	})
	s.on("2026-01-12 10:00", Event{Kind: StepTaken, Ref: 1, Metric: MetricResolution, Step: 1})
	s.on("2026-01-12 10:00", Event{Kind: StepTaken, Ref: 1, Metric: MetricResolution, Step: 0})
	s.on("2026-01-12 10:00", Event{Kind: StepTaken, Ref: 1, Metric: MetricResolution, Step: -4})
	s.read("2026-01-12 10:00")
	equalLines(t, "the second was taken", s.planned(Simulate(s.events, s.facts)), []string{"2026-01-14 09:00 remind"})
	s.on("2026-01-12 10:00", Event{Kind: StepTaken, Ref: 1, Metric: MetricResolution, Step: 99})
	equalLines(t, "one beyond the ladder", s.planned(s.read("2026-01-12 10:00").Timers), nil)
}

// Two questions to one person fall due on one day: the second reminder comes the day after.
func TestOneNoticeADayForATicket(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 10:30", Event{Kind: QuestionAsked, Party: "ann"})
	r := s.read("2026-01-12 10:30")
	equalLines(t, "timers", s.planned(r.Timers), []string{"2026-01-12 14:00 remind", "2026-01-13 09:00 remind"})
	s.on("2026-01-12 14:00", Event{Kind: StepTaken, Ref: 2, Metric: MetricAnswer})
	equalLines(t, "the second first, it is due longer", s.planned(s.read("2026-01-12 15:00").Timers), []string{
		"2026-01-13 09:00 remind", "2026-01-14 09:00 remind",
	})
}

func TestOverdueNoticesComeOnDaysOfTheirOwn(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.on("2026-01-12 10:30", Event{Kind: QuestionAsked, Party: "ann"})
	equalLines(t, "timers", s.planned(s.read("2026-01-22 11:00").Timers), []string{"2026-01-22 11:00 remind", "2026-01-23 09:00 remind"})
	equalLines(t, "in the night", s.planned(s.read("2026-01-23 17:00").Timers), []string{"2026-01-26 09:00 remind", "2026-01-27 09:00 remind"})
}
