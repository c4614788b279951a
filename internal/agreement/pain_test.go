package agreement

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bothways/internal/calendar"
)

// P2: one definition of elapsed time; used and left are the target at every instant, and time only goes forward.
func TestP2UsedAndLeftAtEveryInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 12)
		last := s.facts.Now
		used := map[string]int64{}
		for now := last; now < last+int64(2000)*s.w.unit; now += int64(rapid.IntRange(1, 400).Draw(t, "later")) * s.w.unit {
			s.facts.Now = now
			r := Clock(s.events, s.facts)
			for _, o := range r.Obligations {
				if o.Used+o.Left() != o.Target || o.Used < used[o.ID] {
					t.Fatalf("at %d: %+v, used before %d\n%s", now, o, used[o.ID], s)
				}
				used[o.ID] = o.Used
				if o.State == StateRunning && o.Left() > 0 && o.Due != 0 && o.Due <= now {
					t.Fatalf("running after its due: %+v\n%s", o, s)
				}
			}
		}
	})
}

// P3: five swaps in a pause give what the last one alone would have given, and back again changes nothing.
func TestP3FiveSwapsInAPause(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	versions := []Version{
		resolveIn(t, c, 8*hour), resolveIn(t, office(t, "Europe/Paris", "08:00", "18:00"), 4*hour), resolveIn(t, c, hour),
		resolveIn(t, nil, 3*hour), resolveIn(t, c, 5*hour),
	}
	paused := func() *story {
		s := newStory(t, versions...)
		s.on("2026-01-12 09:00", Event{Kind: Opened})
		s.on("2026-01-12 11:00", Event{Kind: QuestionAsked, Party: "ann"})
		return s
	}
	for _, correction := range []bool{false, true} {
		for last := range versions {
			swapped, direct := paused(), paused()
			for i, v := range []int{1, 3, 2, 4, last} {
				swapped.on([]string{"2026-01-12 11:30", "2026-01-12 12:00", "2026-01-12 18:00", "2026-01-13 03:00", "2026-01-13 10:00"}[i],
					Event{Kind: AgreementSet, Version: v, Correction: correction})
			}
			direct.on("2026-01-13 10:00", Event{Kind: AgreementSet, Version: last, Correction: correction})
			for _, s := range []*story{swapped, direct} {
				s.on("2026-01-14 10:00", Event{Kind: CustomerSpoke})
			}
			got, want := the(t, swapped.read("2026-01-14 10:30"), MetricResolution), the(t, direct.read("2026-01-14 10:30"), MetricResolution)
			if got.Due != want.Due || got.Used != want.Used || got.Target != want.Target || got.State != want.State {
				t.Errorf("version %d, correction %v: five swaps give %+v, one gives %+v", last, correction, got, want)
			}
			always := newStory(t, versions[last])
			always.zone = direct.zone
			always.on("2026-01-12 09:00", Event{Kind: Opened})
			always.on("2026-01-12 11:00", Event{Kind: QuestionAsked, Party: "ann"})
			always.on("2026-01-14 10:00", Event{Kind: CustomerSpoke})
			if want := the(t, always.read("2026-01-14 10:30"), MetricResolution); correction || last == 0 {
				same(t, "due as had it always been so", got.Due, want.Due)
				same(t, "used as had it always been so", got.Used, want.Used)
			}
		}
	}
}

func TestP3TargetsGoneClearTheClock(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	v := resolveIn(t, c, 8*hour)
	v.Ladder = DefaultLadder()
	s := newStory(t, v, Version{ID: "none", Service: c, Customer: c})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	same(t, "timers", len(s.read("2026-01-12 10:00").Timers), 1)
	s.on("2026-01-12 10:00", Event{Kind: AgreementSet, Version: 1})
	r := s.read("2026-01-20 10:00")
	o := the(t, r, MetricResolution)
	same(t, "state", o.State, StateVoid)
	same(t, "reason", o.Reason, ReasonNoTarget)
	same(t, "due", o.Due, 0)
	same(t, "used", o.Used, hour)
	same(t, "timers", len(r.Timers), 0)
	s.on("2026-01-20 10:00", Event{Kind: AgreementSet})
	same(t, "due when agreed again", s.local(the(t, s.read("2026-01-20 10:00"), MetricResolution).Due), "2026-01-20 17:00")
}

func TestP3PriorityIsADecision(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	v := Version{Service: c, Customer: c, Targets: DefaultTargets()}
	s := newStory(t, v)
	s.on("2026-01-12 09:00", Event{Kind: Opened, Priority: PriorityLow})
	s.on("2026-01-12 12:00", Event{Kind: PriorityChanged, Priority: PriorityCritical})
	o := the(t, s.read("2026-01-12 12:00"), MetricResolution)
	same(t, "used stays used", o.Used, 3*hour)
	same(t, "due", s.local(o.Due), "2026-01-12 13:00")
	o = the(t, s.read("2026-01-12 12:00"), MetricFirstResponse)
	same(t, "more used than the new target", o.State, StateBreached)
	same(t, "broken by the decision, not before", s.local(o.Due), "2026-01-12 12:00")

	s.on("2026-01-12 14:00", Event{Kind: PriorityChanged, Priority: PriorityLow})
	o = the(t, s.read("2026-01-12 15:00"), MetricResolution)
	same(t, "a lower priority clears no breach", o.State, StateBreached)
	same(t, "due stays", s.local(o.Due), "2026-01-12 13:00")
	same(t, "target stays", o.Target, 4*hour)
	s.on("2026-01-12 16:00", Event{Kind: SolutionProposed, Party: "ann"})
	o = the(t, s.read("2026-01-12 16:00"), MetricResolution)
	same(t, "late", o.State, StateBreached)
	same(t, "met late", s.local(o.Met), "2026-01-12 16:00")
}

// P4: the customer's "thanks" moves nothing; the customer's answer always gives the turn back.
func TestP4WhoseTurn(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	s := newStory(t, Version{Service: c, Customer: c, Targets: DefaultTargets()})
	s.on("2026-01-12 09:00", Event{Kind: Opened, Party: "desk"})
	s.on("2026-01-12 09:30", Event{Kind: ProviderSpoke})
	s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Party: "ann"})
	s.on("2026-01-12 10:30", Event{Kind: SupplierAsked, Party: "acme"})
	before := s.read("2026-01-14 10:00")
	same(t, "turns", pattern(before), "provider customer")
	resolution := the(t, before, MetricResolution)
	same(t, "IT's time while the customer owes the answer", resolution.Used, hour)
	same(t, "the customer's target is IT's next response", the(t, before, MetricAnswer).Target, 8*hour)
	same(t, "the customer is late", the(t, before, MetricAnswer).State, StateBreached)

	s.on("2026-01-14 10:00", Event{Kind: CustomerSpoke})
	s.on("2026-01-14 11:00", Event{Kind: SolutionProposed, Party: "ann"})
	same(t, "next response", the(t, s.read("2026-01-14 11:00"), MetricNextResponse).State, StateMet)
	quiet := s.read("2026-01-15 11:00")
	thanks := s.on("2026-01-14 11:01", Event{Kind: CustomerSpoke})
	same(t, "turns before it is classed", pattern(s.read("2026-01-15 11:00")), "provider customer provider customer provider")
	s.on("2026-01-14 12:00", Event{Kind: MessageIsNoTurn, Ref: thanks})
	r := s.read("2026-01-15 11:00")
	if !reflect.DeepEqual(r.Turns, quiet.Turns) || !slices.Equal(r.Obligations, quiet.Obligations) {
		t.Errorf("a thanks changed something:\n%+v\n%+v", r, quiet)
	}
	s.on("2026-01-15 11:00", Event{Kind: SolutionConfirmed})
	s.on("2026-01-15 11:00", Event{Kind: Closed, Cause: CauseConfirmed})
	r = s.read("2026-03-01 00:00")
	same(t, "turns", pattern(r), "provider customer provider customer nobody nobody")
	same(t, "lifetime", r.Lifetime, r.Seconds(SideProvider)+r.Seconds(SideCustomer)+r.Seconds(SideSupplier)+r.Seconds(SideNobody))
	same(t, "confirm", the(t, r, MetricConfirm).State, StateMet)
	same(t, "whose turn now", r.Current().Side, SideNobody)
}

// P4, S4: a question the customer had answered already was IT's time all along.
func TestP4QuestionReturned(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	s := newStory(t, Version{Service: c, Customer: c, Targets: DefaultTargets()})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	q := s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Party: "ann"})
	s.on("2026-01-13 10:00", Event{Kind: QuestionReturned, Ref: q})
	r := s.read("2026-01-13 10:00")
	same(t, "turns", pattern(r), "provider")
	same(t, "needless", r.Needless, 1)
	same(t, "used", the(t, r, MetricResolution).Used, 9*hour)
	same(t, "answer", the(t, r, MetricAnswer).State, StateVoid)
	same(t, "reason", the(t, r, MetricAnswer).Reason, ReasonReturned)
	same(t, "the customer waits for a response", the(t, r, MetricNextResponse).State, StateRunning)
}

// P14: what proves undeliverable never opened a turn and answered nothing.
func TestP14Undeliverable(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	s := newStory(t, Version{Service: c, Customer: c, Targets: DefaultTargets()})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	never := s.read("2026-01-12 15:00")
	q := s.on("2026-01-12 10:00", Event{Kind: QuestionAsked, Party: "ann"})
	same(t, "first response", the(t, s.read("2026-01-12 15:00"), MetricFirstResponse).State, StateMet)
	s.on("2026-01-12 15:00", Event{Kind: Undeliverable, Ref: q})
	r := s.read("2026-01-12 15:00")
	same(t, "turns", pattern(r), "provider")
	same(t, "first response", the(t, r, MetricFirstResponse), the(t, never, MetricFirstResponse))
	same(t, "resolution", the(t, r, MetricResolution), the(t, never, MetricResolution))
	same(t, "answer", the(t, r, MetricAnswer).Reason, ReasonUndeliverable)
	solved := s.on("2026-01-12 15:30", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-12 16:00", Event{Kind: Undeliverable, Ref: solved})
	same(t, "an unread solution solves nothing", the(t, s.read("2026-01-12 16:30"), MetricResolution).State, StateRunning)
}

// P20: the same ledger on servers in four zones; one instant for the agent in Kolkata and the site in Riyadh (F8).
func TestP20ServerZoneIsNoInput(t *testing.T) {
	defer func(was *time.Location) { time.Local = was }(time.Local)
	events, facts := longLedger(t)
	want := Clock(events, facts)
	for _, name := range []string{"UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = zone
		got := Clock(events, facts)
		if !reflect.DeepEqual(got.Turns, want.Turns) || !reflect.DeepEqual(got.Obligations, want.Obligations) || !reflect.DeepEqual(got.Timers, want.Timers) {
			t.Errorf("a server in %s reads another ledger", name)
		}
	}
	riyadh := compile(t, calendar.Spec{TZ: "Asia/Riyadh", Week: week("sun mon tue wed thu", "08:00", "18:00")})
	s := newStory(t, resolveIn(t, riyadh, 1800))
	s.on("2026-02-02 10:00", Event{Kind: Opened})
	o := the(t, s.read("2026-02-02 10:00"), MetricResolution)
	same(t, "due", time.Unix(o.Due, 0).UTC().Format("15:04Z"), "07:30Z")
	same(t, "state at once", o.State, StateRunning)
}

func TestP20NightsOfTheClockChange(t *testing.T) {
	always := compile(t, calendar.Spec{TZ: "Europe/Paris", Week: week("mon tue wed thu fri sat sun", "00:00", "24:00")})
	for opened, due := range map[string]string{"2026-10-24 20:00": "2026-10-25 07:00", "2026-03-28 20:00": "2026-03-29 09:00"} { // F5
		s := newStory(t, resolveIn(t, always, 12*hour))
		s.on(opened, Event{Kind: Opened})
		same(t, "due", s.local(the(t, s.read(opened), MetricResolution).Due), due)
	}
}

// P21: "why is it due then?": F4 both ways, and every reason that there is.
func TestP21Explanation(t *testing.T) {
	for _, c := range []struct {
		holidays []string
		due      string
	}{{[]string{"2016-11-11", "2016-11-13"}, "2016-11-15 21:00"}, {[]string{"2016-11-11"}, "2016-11-14 21:00"}} {
		names := map[string]string{"2016-11-11": "Saint Martin", "2016-11-13": "Volkstrauertag"}
		maps.DeleteFunc(names, func(day, _ string) bool { return !slices.Contains(c.holidays, day) })
		berlin := compile(t, calendar.Spec{
			TZ: "Europe/Berlin", Week: week("mon tue wed thu fri sat sun", "09:00", "21:00"), Holidays: c.holidays, HolidayNames: names,
		})
		s := newStory(t, resolveIn(t, berlin, 48*hour))
		s.on("2016-11-09 23:00", Event{Kind: Opened})
		o := the(t, s.read("2016-11-09 23:00"), MetricResolution)
		same(t, "due", s.local(o.Due), c.due)
		r := s.read(c.due)
		counted, named := int64(0), 0
		for _, x := range r.Explain(0) {
			if x.Counted {
				counted += x.To - x.From
			}
			if x.Reason == "holiday: Saint Martin" || x.Reason == "holiday: Volkstrauertag" {
				named++
			}
		}
		same(t, "explained", counted, 48*hour)
		same(t, "holidays named", named, len(c.holidays))
	}
}

func TestP21EveryReason(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	v := resolveIn(t, c, 100*hour)
	v.SupplierStopsPromise = true
	s := newStory(t, v, Version{Service: c, Customer: c})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	s.on("2026-01-13 10:00", Event{Kind: QuestionAsked, Party: "ann"})
	s.on("2026-01-13 11:00", Event{Kind: CustomerSpoke})
	s.on("2026-01-13 12:00", Event{Kind: WaitAgreed, Consent: true, Until: s.instant("2026-01-13 13:00")})
	s.on("2026-01-13 14:00", Event{Kind: SupplierAsked, Party: "acme"})
	s.on("2026-01-13 15:00", Event{Kind: SupplierAnswered})
	s.on("2026-01-13 15:30", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-13 15:40", Event{Kind: SolutionConfirmed})
	s.on("2026-01-13 15:45", Event{Kind: Closed, Cause: CauseConfirmed})
	s.on("2026-01-13 16:00", Event{Kind: Reopened})
	s.on("2026-01-13 16:15", Event{Kind: AgreementSet, Version: 1})
	s.on("2026-01-13 16:30", Event{Kind: AgreementSet, Version: 0})
	r := s.read("2026-01-13 16:45")
	same(t, "obligations", len(r.Obligations), 1)
	type line struct{ from, to, reason string }
	var got []line
	for _, x := range r.Explain(0) {
		got = append(got, line{s.local(x.From)[11:], s.local(x.To)[11:], x.Reason})
	}
	want := []line{
		{"09:00", "17:00", SpanCounted}, {"17:00", "09:00", "night"}, {"09:00", "10:00", SpanCounted},
		{"10:00", "11:00", SpanCustomerTurn}, {"11:00", "12:00", SpanCounted}, {"12:00", "13:00", SpanWait},
		{"13:00", "14:00", SpanCounted}, {"14:00", "15:00", SpanSupplierTurn}, {"15:00", "15:30", SpanCounted},
		{"15:30", "15:40", SpanCustomerTurn}, {"15:40", "15:45", SpanConfirmed}, {"15:45", "16:00", SpanClosed},
		{"16:00", "16:15", SpanCounted}, {"16:15", "16:30", ReasonNoTarget}, {"16:30", "16:45", SpanCounted},
	}
	if !slices.Equal(got, want) {
		t.Errorf("explanation\n got %v\nwant %v", got, want)
	}
	if r.Explain(-1) != nil || r.Explain(1) != nil {
		t.Error("an obligation that is not there is explained")
	}
}

// P22: a rejected solution goes on with the same obligation; the late "thanks" reopens nothing.
func TestP22RejectedAndReopened(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	s := newStory(t, Version{Service: c, Customer: c, Targets: DefaultTargets()})
	s.on("2026-01-12 09:00", Event{Kind: Opened})
	s.on("2026-01-12 11:00", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-13 11:00", Event{Kind: SolutionRejected})
	r := s.read("2026-01-13 12:00")
	o := the(t, r, MetricResolution)
	same(t, "id", o.ID, "resolution-1")
	same(t, "used", o.Used, 3*hour)
	same(t, "state", o.State, StateRunning)
	same(t, "first solution", s.local(o.FirstMet), "2026-01-12 11:00")
	same(t, "the customer said no in time", the(t, r, MetricConfirm).State, StateMet)
	same(t, "response owed", the(t, r, MetricNextResponse).State, StateRunning)
	s.on("2026-01-13 12:00", Event{Kind: SolutionProposed, Party: "ann"})
	s.on("2026-01-13 13:00", Event{Kind: SolutionConfirmed})
	s.on("2026-01-13 13:00", Event{Kind: Closed, Cause: CauseConfirmed})
	closed := s.read("2026-01-20 09:00")
	s.on("2026-01-19 10:00", Event{Kind: CustomerSpoke})
	late := s.read("2026-01-20 09:00")
	if !reflect.DeepEqual(late.Turns, closed.Turns) || late.Lifetime != closed.Lifetime {
		t.Error("words after the closing moved the turn")
	}
	s.on("2026-01-20 09:00", Event{Kind: Reopened})
	s.on("2026-01-20 10:00", Event{Kind: SolutionProposed, Party: "ann"})
	r = s.read("2026-01-20 10:00")
	o = the(t, r, MetricResolution)
	same(t, "used over three solutions", o.Used, 4*hour)
	same(t, "final solution", s.local(o.Met), "2026-01-20 10:00")
	same(t, "first solution", s.local(o.FirstMet), "2026-01-12 11:00")
	same(t, "turns", pattern(r), "provider customer provider customer nobody nobody provider customer")
}

// S4: nothing IT can do alone makes its time shorter.
func TestPropertyNothingIdleReducesTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 12)
		// Sequences with room between them.
		wide := slices.Clone(s.events)
		for i := range wide {
			wide[i].Seq *= 100
			wide[i].Ref *= 100
			wide[i].Door = "" // passing it to the other door is a decision, as a priority is
		}
		var idle []Event
		for i, e := range wide {
			idle = append(idle, e)
			if i == 0 {
				continue
			}
			for k := range rapid.IntRange(0, 3).Draw(t, "idle") {
				x := Event{Seq: e.Seq + int64(k) + 1, At: e.At, Party: "elsewhere", Until: e.At + 1<<20}
				x.Kind = rapid.SampledFrom([]Kind{ProviderSpoke, Note, Assigned, TeamChanged, WaitAgreed, "unheard_of"}).Draw(t, "kind")
				idle = append(idle, x)
			}
		}
		before, after := Clock(wide, s.facts), Clock(idle, s.facts)
		for _, side := range []Side{SideProvider, SideCustomer, SideSupplier, SideNobody} {
			if before.Seconds(side) != after.Seconds(side) {
				t.Fatalf("%s had %d seconds and has %d\n%s", side, before.Seconds(side), after.Seconds(side), s)
			}
		}
		used := func(r Result) (sum int64) {
			for _, o := range r.Obligations {
				if o.Metric == MetricResolution {
					sum += o.Used
				}
			}
			return sum
		}
		if used(before) != used(after) {
			t.Fatalf("the resolution had used %d and now %d\n%s", used(before), used(after), s)
		}
	})
}
