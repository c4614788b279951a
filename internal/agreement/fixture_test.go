package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/calendar"
)

// story writes a ledger in local times.
type story struct {
	t      testing.TB
	zone   *time.Location
	facts  Facts
	events []Event
}

func newStory(t testing.TB, v ...Version) *story {
	t.Helper()
	s := &story{t: t, zone: time.UTC, facts: Facts{Versions: v}}
	if v[0].Service != nil {
		s.zone = v[0].Service.Zone()
	}
	return s
}

func (s *story) instant(local string) int64 {
	s.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", local+":00"[:3*(2-strings.Count(local, ":"))], s.zone)
	if err != nil {
		s.t.Fatal(err)
	}
	return at.Unix()
}

// on adds an event and gives its sequence.
func (s *story) on(local string, e Event) int64 {
	s.t.Helper()
	e.Seq, e.At = int64(len(s.events)+1), s.instant(local)
	s.events = append(s.events, e)
	return e.Seq
}

func (s *story) read(local string) Result {
	s.t.Helper()
	s.facts.Now = s.instant(local)
	r := Clock(s.events, s.facts)
	if d := broken(&r, r.now); d != "" {
		s.t.Fatal(d)
	}
	return r
}

func (s *story) local(at int64) string {
	if at == 0 {
		return "-"
	}
	return time.Unix(at, 0).In(s.zone).Format("2006-01-02 15:04")
}

// the last obligation of a metric
func the(t testing.TB, r Result, m Metric) Obligation {
	t.Helper()
	for _, o := range slices.Backward(r.Obligations) {
		if o.Metric == m {
			return o
		}
	}
	t.Fatalf("no obligation %s in %+v", m, r.Obligations)
	return Obligation{}
}

func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func pattern(r Result) string {
	var out []string
	for _, t := range r.Turns {
		out = append(out, string(t.Side))
	}
	return strings.Join(out, " ")
}

// resolveIn is a version with a resolution target alone, both sides in the same hours.
func resolveIn(t testing.TB, c *calendar.Calendar, seconds int64) Version {
	return Version{ID: "v", Service: c, Customer: c, Targets: []Target{{Metric: MetricResolution, Seconds: seconds, WarnPercent: 75}}}
}

func office(t testing.TB, zone, from, to string) *calendar.Calendar {
	return compile(t, calendar.Spec{TZ: zone, Week: week("mon tue wed thu fri", from, to)})
}

func TestFixtureF2PauseOnWorkingClock(t *testing.T) {
	v := resolveIn(t, office(t, "Europe/Paris", "09:00", "17:00"), 8*hour)
	s := newStory(t, v)
	s.on("2026-01-30 10:00", Event{Kind: Opened})
	o := the(t, s.read("2026-01-30 10:00"), MetricResolution)
	same(t, "due without pause", s.local(o.Due), "2026-02-02 10:00")
	s.on("2026-01-30 12:00", Event{Kind: WaitAgreed, Until: s.instant("2026-02-02 12:00"), Consent: true})
	for _, now := range []string{"2026-01-30 12:00", "2026-01-31 12:00", "2026-02-02 12:00", "2026-02-03 09:59"} {
		o = the(t, s.read(now), MetricResolution)
		same(t, "due at "+now, s.local(o.Due), "2026-02-03 10:00")
	}
	same(t, "UTC", o.Due, time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC).Unix())
	o = the(t, s.read("2026-02-03 10:00"), MetricResolution)
	same(t, "state at the due second", o.State, StateRunning)
	o = the(t, s.read("2026-02-03 10:00:01"), MetricResolution)
	same(t, "state a second later", o.State, StateBreached)
	same(t, "left a second later", o.Left(), -1)
}

func TestFixtureF2PauseByQuestion(t *testing.T) {
	s := newStory(t, resolveIn(t, office(t, "Europe/Paris", "09:00", "17:00"), 8*hour))
	s.on("2026-01-30 10:00", Event{Kind: Opened})
	s.on("2026-01-30 12:00", Event{Kind: QuestionAsked, Party: "ann"})
	o := the(t, s.read("2026-02-01 12:00"), MetricResolution)
	same(t, "due while nobody knows when the turn returns", o.Due, 0)
	same(t, "state", o.State, StatePaused)
	s.on("2026-02-02 12:00", Event{Kind: CustomerSpoke})
	same(t, "due", s.local(the(t, s.read("2026-02-02 12:00"), MetricResolution).Due), "2026-02-03 10:00")
}

func TestFixtureF3WarnsInHours(t *testing.T) {
	v := resolveIn(t, office(t, "Europe/Paris", "08:00", "18:00"), 4*hour)
	v.Ladder = DefaultLadder()
	s := newStory(t, v)
	s.on("2026-01-12 17:00", Event{Kind: Opened, Party: "desk"})
	r := s.read("2026-01-12 17:00")
	o := the(t, r, MetricResolution)
	same(t, "due", s.local(o.Due), "2026-01-13 11:00")
	same(t, "warning level", s.local(o.WarnAt), "2026-01-13 10:00")
	if len(r.Timers) != 1 {
		t.Fatalf("timers: %+v", r.Timers)
	}
	same(t, "timer", r.Timers[0], Timer{
		Obligation: "resolution-1", Ref: 1, Metric: MetricResolution, Action: ActionWarn, Side: SideProvider, Party: "desk",
		Planned: s.instant("2026-01-13 10:00"), At: s.instant("2026-01-13 10:00"),
	})
	same(t, "at risk before", the(t, s.read("2026-01-13 09:59:59"), MetricResolution).AtRisk, false)
	same(t, "at risk then", the(t, s.read("2026-01-13 10:00"), MetricResolution).AtRisk, true)
}

func TestFixtureF7ResolvedFromHold(t *testing.T) {
	riyadh := compile(t, calendar.Spec{TZ: "Asia/Riyadh", Week: week("sun mon tue wed thu", "08:00", "18:00")})
	for name, hold := range map[string]func(*story){
		"by a question": func(s *story) { s.on("2026-02-02 12:00", Event{Kind: QuestionAsked, Party: "ann"}) },
		"by an agreed wait": func(s *story) {
			s.on("2026-02-02 12:00", Event{Kind: WaitAgreed, Until: s.instant("2026-12-31 00:00"), Consent: true})
		},
	} {
		s := newStory(t, resolveIn(t, riyadh, 8*hour))
		s.on("2026-02-02 10:00", Event{Kind: Opened})
		hold(s)
		s.on("2026-08-03 10:00", Event{Kind: SolutionProposed, Party: "ann"})
		o := the(t, s.read("2026-08-03 10:00"), MetricResolution)
		same(t, name+": used", o.Used, 120*60)
		same(t, name+": state", o.State, StateMet)
		same(t, name+": met", s.local(o.Met), "2026-08-03 10:00")
	}
}

func TestFixtureF10Reopen(t *testing.T) {
	v := resolveIn(t, nil, 5*60)
	s := newStory(t, v)
	s.on("2026-01-12 10:00", Event{Kind: Opened})
	s.on("2026-01-12 10:02", Event{Kind: Closed, Cause: CauseConfirmed})
	r := s.read("2026-01-14 10:00")
	same(t, "lifetime of the closed ticket", r.Lifetime, 120)
	same(t, "turns", pattern(r), "provider nobody")
	same(t, "state while closed", the(t, r, MetricResolution).State, StateMet)
	s.on("2026-01-15 11:00", Event{Kind: Reopened})
	r = s.read("2026-01-15 11:00")
	o := the(t, r, MetricResolution)
	same(t, "due", s.local(o.Due), "2026-01-15 11:03")
	same(t, "id", o.ID, "resolution-1")
	same(t, "met", o.Met, 0)
	same(t, "first solution stays known", s.local(o.FirstMet), "2026-01-12 10:02")
	same(t, "closed time is nobody's", r.Seconds(SideNobody), 3*86400+58*60)
	same(t, "turns", pattern(r), "provider nobody provider")
}

func TestFixtureF11PlanChangedWhilePaused(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	for _, correction := range []bool{false, true} {
		s := newStory(t, resolveIn(t, c, 8*hour), resolveIn(t, c, 4*hour))
		s.on("2026-01-12 09:00", Event{Kind: Opened})
		s.on("2026-01-12 11:00", Event{Kind: WaitAgreed, Until: s.instant("2026-01-12 16:00"), Consent: true})
		s.on("2026-01-12 15:00", Event{Kind: AgreementSet, Version: 1, Correction: correction})
		for _, now := range []string{"2026-01-12 15:00", "2026-01-12 16:00", "2026-01-13 09:30"} {
			same(t, "due at "+now, s.local(the(t, s.read(now), MetricResolution).Due), "2026-01-13 10:00")
		}
	}
}

func TestFixtureF12CloseAfterTwoWorkingDays(t *testing.T) {
	c := office(t, "Europe/Paris", "08:00", "18:00")
	v := Version{
		Service: c, Customer: c, Targets: []Target{{Metric: MetricConfirm, Seconds: 20 * hour}},
		Ladder: []Step{{Metric: MetricConfirm, Action: ActionRemind, Percent: 50}, {Metric: MetricConfirm, Action: ActionClose, Percent: 100}},
	}
	s := newStory(t, v)
	s.on("2026-01-16 09:00", Event{Kind: Opened})
	solved := s.on("2026-01-16 17:30", Event{Kind: SolutionProposed, Party: "ann"})
	same(t, "due", s.local(the(t, s.read("2026-01-16 17:30"), MetricConfirm).Due), "2026-01-20 17:30")
	steps := Simulate(s.events, s.facts)
	if len(steps) != 2 {
		t.Fatalf("steps: %+v", steps)
	}
	same(t, "reminder", s.local(steps[0].At), "2026-01-19 17:30")
	same(t, "closing", s.local(steps[1].At), "2026-01-20 17:30")
	same(t, "closing", steps[1].Action, ActionClose)

	s.on("2026-01-19 17:30", Event{Kind: StepTaken, Ref: solved, Metric: MetricConfirm})
	s.on("2026-01-20 17:30", Event{Kind: StepTaken, Ref: solved, Metric: MetricConfirm, Step: 1})
	s.on("2026-01-20 17:30", Event{Kind: Closed, Cause: CauseSilence})
	r := s.read("2026-02-20 17:30")
	o := the(t, r, MetricConfirm)
	same(t, "silence", o.State, StateVoid)
	same(t, "reason", o.Reason, ReasonSilence)
	same(t, "used", o.Used, 20*hour)
	same(t, "timers", len(r.Timers), 0)
}
