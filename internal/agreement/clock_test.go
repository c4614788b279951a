package agreement

import (
	"slices"
	"testing"
	"time"

	"bothways/internal/calendar"
)

// usual is a ledger under the default agreement in office hours, opened Monday 09:00.
func usual(t testing.TB) *story {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	s := newStory(t, Version{ID: "v1", Service: c, Customer: c, Targets: DefaultTargets(), Ladder: DefaultLadder()})
	s.on("2026-01-12 09:00", Event{Kind: Opened, Party: "desk"})
	return s
}

func TestExchangeWithinOneSecond(t *testing.T) {
	s := usual(t)
	for _, k := range []Kind{QuestionAsked, CustomerSpoke, SolutionProposed, SolutionRejected, QuestionAsked} {
		s.on("2026-01-12 10:00", Event{Kind: k, Party: "ann"})
	}
	r := s.read("2026-01-12 10:00")
	same(t, "turns", pattern(r), "provider customer provider customer provider customer")
	same(t, "lifetime", r.Lifetime, hour)
	for _, turn := range r.Turns[1:5] {
		same(t, "length", turn.Until-turn.Since, 0)
	}
	same(t, "resolution", the(t, r, MetricResolution).State, StatePaused)
}

func TestTurnsOfOneSideGoOn(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 09:10", Event{Kind: CustomerSpoke})
	s.on("2026-01-12 09:20", Event{Kind: TeamChanged, Party: "local"})
	s.on("2026-01-12 09:25", Event{Kind: TeamChanged, Party: "local"})
	s.on("2026-01-12 09:30", Event{Kind: QuestionAsked, Party: "ann"})
	s.on("2026-01-12 09:40", Event{Kind: QuestionAsked, Party: "ann", Metric: MetricSupplyFacts, Ref: 5})
	s.on("2026-01-12 09:50", Event{Kind: QuestionAsked, Party: "bob"})
	r := s.read("2026-01-12 10:00")
	same(t, "turns", pattern(r), "provider provider customer customer")
	same(t, "team", r.Turns[1].Party, "local")
	same(t, "asked again", r.Repeated, 1)
	same(t, "longer for facts", the(t, r, MetricSupplyFacts).Target, 16*hour)
	s.on("2026-01-12 10:00", Event{Kind: CustomerSpoke})
	r = s.read("2026-01-12 10:00")
	for _, o := range r.Obligations[2:5] {
		same(t, o.ID+" by one answer", o.State, StateMet)
	}
	same(t, "one response is owed", the(t, r, MetricNextResponse).ID, "next_response-8")
}

func TestExplicitDue(t *testing.T) {
	for _, c := range []struct{ asked, due string }{
		{"2026-01-12 11:00", "2026-01-13 10:00"}, // earlier than agreed: the agreement binds both
		{"2026-01-11 11:00", "2026-01-13 10:00"},
		{"2026-01-15 12:00", "2026-01-15 12:00"},
		{"2026-01-15 20:00", "2026-01-15 20:00"}, // in the night: as asked
		{"2026-01-18 12:00", "2026-01-18 12:00"}, // on a Sunday
	} {
		s := usual(t)
		s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Party: "ann", Due: s.instant(c.asked)})
		o := the(t, s.read("2026-01-12 10:00"), MetricAnswer)
		same(t, "due "+c.asked, s.local(o.Due), c.due)
		same(t, "state then", the(t, s.read(c.due), MetricAnswer).State, StateRunning)
		s.on("2026-01-12 12:00", Event{Kind: PriorityChanged, Priority: PriorityCritical})
		if o = the(t, s.read("2026-01-12 12:00"), MetricAnswer); c.asked > "2026-01-13" {
			same(t, "a decision takes no date back", s.local(o.Due), c.due)
		} else {
			same(t, "due", s.local(o.Due), "2026-01-12 12:00")
		}
	}
}

func TestClosings(t *testing.T) {
	for _, c := range []struct {
		cause              string
		first, res, answer State
		reason             string
	}{
		{CauseConfirmed, StateVoid, StateMet, StateVoid, ReasonClosed},
		{CauseLapsed, StateVoid, StateVoid, StateVoid, ReasonLapsed},
		{CauseWithdrawn, StateVoid, StateVoid, StateVoid, ReasonWithdrawn},
		{CauseNotATicket, StateVoid, StateVoid, StateVoid, ReasonNotATicket},
		{CauseDeclined, StateVoid, StateVoid, StateVoid, ReasonDeclined},
		{"merged", StateVoid, StateVoid, StateVoid, ReasonClosed},
	} {
		s := usual(t)
		s.on("2026-01-12 10:00", Event{Kind: Closed, Cause: c.cause})
		r := s.read("2026-01-20 10:00")
		first := the(t, r, MetricFirstResponse)
		same(t, c.cause+" first response", first.State, c.first)
		same(t, c.cause+" reason", first.Reason, c.reason)
		same(t, c.cause+" resolution", the(t, r, MetricResolution).State, c.res)
		same(t, c.cause+" lifetime", r.Lifetime, hour)

		s.on("2026-01-20 10:00", Event{Kind: Reopened})
		r = s.read("2026-01-20 10:30")
		same(t, "reopened, the response is still owed", the(t, r, MetricFirstResponse).Used, 3*hour/2)
		same(t, "reopened, so is the solution", the(t, r, MetricResolution).State, StateRunning)
		s.on("2026-01-20 10:30", Event{Kind: QuestionAsked, Party: "ann"})
		s.on("2026-01-20 11:00", Event{Kind: Closed, Cause: c.cause})
		r = s.read("2026-01-20 12:00")
		same(t, c.cause+" answer", the(t, r, MetricAnswer).State, c.answer)
		same(t, "first response", the(t, r, MetricFirstResponse).State, StateMet)
		s.on("2026-01-20 13:00", Event{Kind: Reopened})
		r = s.read("2026-01-20 14:00")
		same(t, "whose turn", r.Current().Side, SideProvider)
		same(t, "the question is not asked again by itself", the(t, r, MetricAnswer).State, StateVoid)
	}
}

func TestClosingClearsNoBreach(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 16:00", Event{Kind: Closed, Cause: CauseWithdrawn})
	o := the(t, s.read("2026-01-13 10:00"), MetricFirstResponse)
	same(t, "state", o.State, StateBreached)
	same(t, "due", s.local(o.Due), "2026-01-12 13:00")
	same(t, "met", o.Met, 0)
}

func TestSilenceAfterALateClosingIsNeitherKeptNorBroken(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: SolutionProposed, Party: "ann"})
	same(t, "late", the(t, s.read("2026-01-20 10:00"), MetricConfirm).State, StateBreached)
	s.on("2026-01-20 10:00", Event{Kind: Closed, Cause: CauseSilence})
	o := the(t, s.read("2026-01-20 10:00"), MetricConfirm)
	same(t, "state", o.State, StateVoid)
	same(t, "reason", o.Reason, ReasonSilence)
}

func TestNothingMovesAfterTheClosing(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 10:00", Event{Kind: Closed, Cause: CauseConfirmed})
	before := s.read("2026-01-13 10:00")
	for _, k := range []Kind{
		CustomerSpoke, ProviderSpoke, QuestionAsked, QuestionReturned, SolutionProposed, SolutionConfirmed, SolutionRejected, Closed,
		WaitAgreed, WaitEnded, SupplierAsked, SupplierAnswered, TeamChanged, Opened,
	} {
		s.on("2026-01-12 11:00", Event{Kind: k, Consent: true, Until: s.instant("2026-02-01 00:00")})
		after := s.read("2026-01-13 10:00")
		if !slices.Equal(after.Turns, before.Turns) || !slices.Equal(after.Obligations, before.Obligations) {
			t.Fatalf("%s moved a closed ticket: %+v", k, after)
		}
	}
}

func TestWaits(t *testing.T) {
	until := func(s *story, e Event, local string) Event { e.Kind, e.Until = WaitAgreed, s.instant(local); return e }
	s := usual(t)
	s.on("2026-01-12 10:00", until(s, Event{Consent: false}, "2026-01-13 10:00"))
	s.on("2026-01-12 10:00", until(s, Event{Consent: true}, "2026-01-12 10:00"))
	s.on("2026-01-12 10:00", Event{Kind: WaitAgreed, Consent: true})
	s.on("2026-01-12 10:00", Event{Kind: WaitEnded})
	same(t, "no consent, no end: no wait", pattern(s.read("2026-01-12 12:00")), "provider")
	s.on("2026-01-12 11:00", until(s, Event{Consent: true}, "2026-01-13 10:00"))
	s.on("2026-01-12 12:00", until(s, Event{Consent: true}, "2026-01-12 15:00"))
	s.on("2026-01-12 13:00", Event{Kind: SupplierAsked, Party: "acme"})
	s.on("2026-01-12 13:00", Event{Kind: ProviderSpoke})
	r := s.read("2026-01-12 16:00")
	same(t, "turns", pattern(r), "provider nobody supplier")
	same(t, "the later agreement counts", s.local(r.Current().Since), "2026-01-12 15:00")
	same(t, "why", r.Current().Cause, CauseWaitOver)
	same(t, "why", r.Current().CauseSeq, 7)
	same(t, "a message in the wait", the(t, r, MetricFirstResponse).Used, 2*hour)
	s.on("2026-01-12 16:00", until(s, Event{Consent: true}, "2026-01-20 10:00"))
	s.on("2026-01-12 16:30", Event{Kind: TeamChanged, Party: "local"})
	s.on("2026-01-12 16:45", Event{Kind: SupplierAnswered})
	s.on("2026-01-13 09:30", Event{Kind: CustomerSpoke})
	r = s.read("2026-01-13 10:00")
	same(t, "the customer's words end a wait", pattern(r), "provider nobody supplier nobody provider")
	same(t, "team", r.Current().Party, "local")
	same(t, "resolution", the(t, r, MetricResolution).Used, 2*hour+hour+hour/2)
}

func TestSupplier(t *testing.T) {
	for _, stops := range []bool{false, true} {
		s := usual(t)
		s.facts.Versions[0].SupplierStopsPromise = stops
		s.on("2026-01-12 10:00", Event{Kind: SupplierAsked, Party: "acme"})
		r := s.read("2026-01-12 12:00")
		if stops {
			same(t, "state", the(t, r, MetricResolution).State, StatePaused)
			same(t, "used", the(t, r, MetricResolution).Used, hour)
		} else {
			same(t, "state", the(t, r, MetricResolution).State, StateRunning)
			same(t, "used", the(t, r, MetricResolution).Used, 3*hour)
		}
		s.on("2026-01-12 12:00", Event{Kind: CustomerSpoke})
		s.on("2026-01-12 13:00", Event{Kind: SupplierAnswered})
		same(t, "turns", pattern(s.read("2026-01-12 14:00")), "provider supplier provider")
	}
}

func TestNextResponse(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 09:30", Event{Kind: CustomerSpoke})
	same(t, "nothing but the first response is owed yet", len(s.read("2026-01-12 09:30").Obligations), 2)
	s.on("2026-01-12 10:00", Event{Kind: ProviderSpoke})
	s.on("2026-01-12 11:00", Event{Kind: CustomerSpoke})
	s.on("2026-01-12 12:00", Event{Kind: CustomerSpoke})
	o := the(t, s.read("2026-01-12 13:00"), MetricNextResponse)
	same(t, "from the first unanswered message on", o.ID, "next_response-4")
	same(t, "used", o.Used, 2*hour)
	s.on("2026-01-12 13:00", Event{Kind: ProviderSpoke})
	same(t, "state", the(t, s.read("2026-01-13 13:00"), MetricNextResponse).State, StateMet)
}

func TestWaivedFirstResponse(t *testing.T) {
	s := usual(t)
	s.on("2026-01-12 09:30", Event{Kind: Waived, Ref: 1, Metric: MetricFirstResponse})
	s.on("2026-01-12 10:00", Event{Kind: CustomerSpoke})
	r := s.read("2026-01-12 10:00")
	same(t, "waived", the(t, r, MetricFirstResponse).State, StateWaived)
	same(t, "reason", the(t, r, MetricFirstResponse).Reason, ReasonWaived)
	same(t, "what is said now wants a response", the(t, r, MetricNextResponse).State, StateRunning)
	s.on("2026-01-12 11:00", Event{Kind: Waived, Ref: 1, Metric: MetricResolution})
	s.on("2026-01-12 12:00", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-12 12:30", Event{Kind: SolutionRejected})
	same(t, "a waived solution is not owed again", the(t, s.read("2026-01-12 13:00"), MetricResolution).State, StateWaived)
	s.on("2026-01-12 13:00", Event{Kind: Waived, Ref: 3, Metric: MetricAnswer}) // there is none
	s.on("2026-01-12 13:00", Event{Kind: Waived, Ref: 6, Metric: MetricConfirm})
	same(t, "what was kept stays kept", the(t, s.read("2026-01-12 13:00"), MetricConfirm).State, StateMet)
}

func TestAgreementDecisionsAndCorrections(t *testing.T) {
	long, short := office(t, "Europe/Paris", "07:00", "19:00"), office(t, "Europe/Paris", "09:00", "17:00")
	versions := []Version{resolveIn(t, short, 20*hour), resolveIn(t, long, 30*hour), resolveIn(t, long, 10*hour)}
	for _, c := range []struct {
		name string
		set  []Event
		used int64
		due  string
	}{
		{"none", nil, 8 * hour, "2026-01-14 13:00"},
		{"a decision: time used stays used", []Event{{Version: 1}}, 10 * hour, "2026-01-14 15:00"},
		{"a correction: as had it always been so", []Event{{Version: 1, Correction: true}}, 12 * hour, "2026-01-14 13:00"},
		{"a correction of a decision", []Event{{Version: 2}, {Version: 1, Correction: true}}, 10 * hour, "2026-01-14 15:00"},
		{"the last correction counts", []Event{{Version: 1, Correction: true}, {Version: 2, Correction: true}, {Version: 0, Correction: true}}, 8 * hour, "2026-01-14 13:00"},
		{"no such version", []Event{{Version: 7}, {Version: -1, Correction: true}}, 8 * hour, "2026-01-14 13:00"},
	} {
		s := newStory(t, versions...)
		s.on("2026-01-12 07:00", Event{Kind: Opened})
		for _, e := range c.set {
			e.Kind = AgreementSet
			s.on("2026-01-12 17:00", e)
		}
		o := the(t, s.read("2026-01-12 19:00"), MetricResolution)
		same(t, c.name+": used", o.Used, c.used)
		same(t, c.name+": due", s.local(o.Due), c.due)
	}
}

func TestOddLedgers(t *testing.T) {
	s := usual(t)
	s.facts.Versions = nil
	r := s.read("2026-01-12 12:00")
	same(t, "no agreement: turns all the same", pattern(r), "provider")
	same(t, "and nothing is owed", len(r.Obligations)+len(r.Timers), 0)

	var none Result
	ClockInto(&none, nil, Facts{Now: 5})
	same(t, "no events", len(none.Turns), 0)
	same(t, "whose turn", none.Current(), Turn{})

	s = usual(t)
	s.events = append([]Event{
		{Seq: -2, At: s.events[0].At - 9, Kind: CustomerSpoke}, {Seq: -1, At: s.events[0].At - 8, Kind: PriorityChanged, Priority: PriorityHigh},
		{Seq: 0, At: s.events[0].At - 7, Kind: TeamChanged, Party: "local"},
	}, s.events...)
	s.events[3].Party = ""
	r = s.read("2026-01-12 12:00")
	same(t, "set before the opening", the(t, r, MetricResolution).Target, 8*hour)
	same(t, "set before the opening", r.Current().Party, "local")
	s.events = append(s.events, Event{Seq: 5, At: 17, Kind: QuestionAsked, Party: "ann"})
	r = s.read("2026-01-12 12:00")
	same(t, "an instant before the event before", r.Current().Since, r.Turns[0].Since)
	r = s.read("2025-01-12 12:00")
	same(t, "now before the last event", r.Lifetime, 0)

	s = usual(t)
	for _, ref := range []int64{0, 1, 2, 3, 9} {
		s.on("2026-01-12 10:00", Event{Kind: Undeliverable, Ref: ref})
		s.on("2026-01-12 10:00", Event{Kind: MessageIsNoTurn, Ref: ref})
	}
	s.on("2026-01-12 10:00", Event{Kind: SolutionConfirmed})
	same(t, "references to nothing", pattern(s.read("2026-01-12 12:00")), "provider")
}

func TestNeverOpen(t *testing.T) {
	never := compile(t, calendar.Spec{TZ: "Europe/Paris", Week: week("")})
	s := newStory(t, Version{Service: never, Customer: never, Targets: DefaultTargets(), Ladder: DefaultLadder()})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	r := s.read("2026-06-12 09:00")
	same(t, "due", the(t, r, MetricResolution).Due, 0)
	same(t, "state", the(t, r, MetricResolution).State, StateRunning)
	same(t, "timers", len(r.Timers), 0)
	open := office(t, "Europe/Paris", "09:00", "17:00")
	s.facts.Versions[0].Service = open
	for _, x := range Simulate(s.events, s.facts) {
		same(t, "who can be told", x.Side, SideProvider)
	}
}

// Midnight of 2026-03-29 does not exist in Beirut; the day after the 28th begins at one.
func TestDayWithoutMidnight(t *testing.T) {
	beirut, err := time.LoadLocation("Asia/Beirut")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 28, 15, 0, 0, 0, beirut)
	same(t, "next day", time.Unix(nextDay(at), 0).In(beirut).Format("2006-01-02 15:04"), "2026-03-29 01:00")
	always := compile(t, calendar.Spec{TZ: "Asia/Beirut", Week: week("mon tue wed thu fri sat sun", "00:00", "24:00")})
	same(t, "open over it", time.Unix(workingDayAfter(hours{always}, at.Unix(), 1), 0).In(beirut).Format("2006-01-02 15:04"), "2026-03-29 01:00")
	late := at.Add(8 * time.Hour)
	same(t, "a night between", workingDayAfter(hours{always}, late.Unix(), 1)-late.Unix(), nightRest)
}

func TestDefaults(t *testing.T) {
	targets := DefaultTargets()
	find := func(m Metric, p Priority) int64 {
		i := slices.IndexFunc(targets, func(x Target) bool { return x.Metric == m && (x.Priority == p || x.Priority == "") })
		if i < 0 {
			t.Fatalf("no target %s %s", m, p)
		}
		return targets[i].Seconds / hour
	}
	for p, want := range map[Priority][8]int64{
		PriorityCritical: {1, 2, 4, 2, 4, 24, 4, 2}, PriorityHigh: {2, 4, 8, 4, 8, 24, 8, 4},
		PriorityMedium: {4, 8, 24, 8, 16, 24, 16, 8}, PriorityLow: {8, 16, 40, 16, 32, 24, 32, 16},
	} {
		for i, m := range allMetrics {
			same(t, string(p)+" "+string(m), find(m, p), want[i])
		}
	}
	for _, x := range targets {
		same(t, "side of "+string(x.Metric), x.Side, x.Metric.Side())
	}
}

func TestWhichTargetCounts(t *testing.T) {
	v := Version{Targets: []Target{
		{Metric: MetricAnswer, Priority: PriorityHigh, Seconds: 1}, {Metric: MetricAnswer, Seconds: 2}, {Metric: MetricAnswer, Seconds: 3},
		{Metric: MetricConfirm, Seconds: 4}, {Metric: MetricConfirm, Priority: PriorityHigh, Seconds: 5},
		{Metric: MetricConfirm, Priority: PriorityHigh, Seconds: 6}, {Metric: "notice", Seconds: 7},
	}}
	for p, want := range map[Priority][2]int64{PriorityHigh: {1, 5}, PriorityLow: {2, 4}} {
		g := newRegime(0, &v, matter{priority: p})
		same(t, string(p), [2]int64{g.target[MetricAnswer.slot()], g.target[MetricConfirm.slot()]}, want)
	}
}

// TestKindsOfQuestions: a test and a word that something was read have targets and ladders of their own; where nothing is agreed for them
// they are answers, so that a question always has a date.
func TestKindsOfQuestions(t *testing.T) {
	for _, m := range []Metric{MetricTest, MetricAcknowledge} {
		s := usual(t)
		s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Metric: m, Party: "ann"})
		r := s.read("2026-01-12 10:00")
		same(t, string(m), r.Obligations[len(r.Obligations)-1].Metric, m)
		same(t, "its ladder", len(Simulate(s.events, s.facts)) > 4, true)
		s.on("2026-01-12 11:00", Event{Kind: CustomerSpoke})
		same(t, string(m), the(t, s.read("2026-01-12 11:00"), m).State, StateMet)
		s = usual(t)
		s.facts.Versions[0].Targets = slices.DeleteFunc(slices.Clone(s.facts.Versions[0].Targets), func(x Target) bool { return x.Metric == m })
		s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Metric: m, Party: "ann"})
		r = s.read("2026-01-12 10:00")
		same(t, string(m)+" without a target", r.Obligations[len(r.Obligations)-1].Metric, MetricAnswer)
	}
}
