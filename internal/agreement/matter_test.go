package agreement

import (
	"strconv"
	"testing"
	"time"
)

// TestTheClosestTargetCounts: the door before the service, both before the priority, and of those alike the first.
func TestTheClosestTargetCounts(t *testing.T) {
	m := MetricResolution
	all := []Target{
		{Metric: m, Seconds: 1}, {Metric: m, Priority: PriorityHigh, Seconds: 2}, {Metric: m, Service: "mail", Seconds: 3},
		{Metric: m, Service: "mail", Priority: PriorityHigh, Seconds: 4}, {Metric: m, Door: DoorLevels, Seconds: 5},
		{Metric: m, Door: DoorLevels, Priority: PriorityHigh, Seconds: 6}, {Metric: m, Service: "mail", Door: DoorLevels, Priority: PriorityLow, Seconds: 7},
		{Metric: m, Service: "mail", Seconds: 8}, {Metric: MetricAnswer, Service: "web", Seconds: 9},
	}
	for _, c := range []struct {
		p       Priority
		service string
		door    Door
		want    int64
	}{
		{PriorityLow, "", DoorDesk, 1}, {PriorityHigh, "", DoorDesk, 2}, {PriorityLow, "mail", DoorDesk, 3}, {PriorityHigh, "mail", DoorDesk, 4},
		{PriorityLow, "web", DoorDesk, 1}, {PriorityHigh, "web", DoorDesk, 2}, {PriorityMedium, "", DoorLevels, 5}, {PriorityHigh, "mail", DoorLevels, 6},
		{PriorityLow, "mail", DoorLevels, 7}, {PriorityMedium, "mail", DoorLevels, 5}, {PriorityLow, "", "", 1},
	} {
		g := newRegime(0, &Version{Targets: all}, matter{c.p, c.service, c.door})
		got, _ := TargetFor(all, m, c.p, c.service, c.door)
		if g.target[m.slot()] != c.want || got.Seconds != c.want {
			t.Errorf("%s %q %q: %d and %d, want %d", c.p, c.service, c.door, g.target[m.slot()], got.Seconds, c.want)
		}
	}
	if _, ok := TargetFor(all, MetricAnswer, PriorityHigh, "mail", DoorDesk); ok {
		t.Error("another service's target")
	}
}

// TestWhatItIsAboutActsFromItsInstant: a service named later and a passage to the other door are decisions: used time stays used, the
// promise begins no second time, and what is broken stays broken.
func TestWhatItIsAboutActsFromItsInstant(t *testing.T) {
	c := office(t, "Europe/Paris", "09:00", "17:00")
	v := Version{ID: "v", Service: c, Customer: c, Targets: []Target{
		{Metric: MetricResolution, Seconds: 4 * hour}, {Metric: MetricResolution, Service: "mail", Seconds: 2 * hour}, {Metric: MetricResolution, Door: DoorLevels, Seconds: 12 * hour},
	}}
	s := newStory(t, v)
	s.on("2026-01-12 09:00", Event{Kind: Opened, Door: DoorDesk})
	s.on("2026-01-12 10:00", Event{Kind: ServiceChanged, Service: "mail"})
	o := the(t, s.read("2026-01-12 10:30"), MetricResolution)
	same(t, "target for mail", o.Target, int64(2*hour))
	same(t, "used", o.Used, int64(hour*3/2))
	same(t, "due", s.local(o.Due), "2026-01-12 11:00")
	s.on("2026-01-12 10:30", Event{Kind: TeamChanged, Party: "slm", Door: DoorLevels})
	o = the(t, s.read("2026-01-12 17:00"), MetricResolution)
	same(t, "target at the second door", o.Target, int64(12*hour))
	same(t, "used goes on", o.Used, int64(8*hour))
	same(t, "due at the second door", s.local(o.Due), "2026-01-13 13:00")
	same(t, "began once", o.Started, s.instant("2026-01-12 09:00"))
	s.on("2026-01-12 17:00", Event{Kind: TeamChanged, Party: "desk", Door: DoorDesk}) // 8 h used of 2 h: the next second breaks it
	s.on("2026-01-13 10:00", Event{Kind: TeamChanged, Party: "slm", Door: DoorLevels})
	o = the(t, s.read("2026-01-13 10:00"), MetricResolution)
	same(t, "broken", o.State, StateBreached)
	same(t, "target as it was broken", o.Target, int64(2*hour))
	spans := s.read("2026-01-13 10:00").Explain(0)
	sum := int64(0)
	for _, x := range spans {
		if x.Counted {
			sum += x.To - x.From
		}
	}
	same(t, "explained", sum, o.Used)
}

// TestTermsSayWhatATargetIsFor: a target for what the agreement does not cover, or for no door, is refused at its field.
func TestTermsSayWhatATargetIsFor(t *testing.T) {
	terms := DefaultTerms()
	terms.Services = []string{"mail"}
	add := func(x Target) string {
		g := terms
		g.Targets = append(append([]Target{}, terms.Targets...), x)
		for _, f := range g.Check(time.Unix(1_768_000_000, 0)) {
			return f.Path
		}
		return ""
	}
	n := "targets[" + strconv.Itoa(len(terms.Targets)) + "]"
	for _, c := range []struct {
		x    Target
		want string
	}{
		{Target{Metric: MetricResolution, Service: "mail", Seconds: hour}, ""}, {Target{Metric: MetricResolution, Service: "web", Seconds: hour}, n + ".service"},
		{Target{Metric: MetricResolution, Door: "back", Seconds: hour}, n + ".door"}, {Target{Metric: MetricResolution, Door: DoorLevels, Seconds: hour}, n},
		{Target{Metric: MetricResolution, Door: DoorLevels, Priority: PriorityHigh, Seconds: hour}, ""},
	} {
		if got := add(c.x); got != c.want {
			t.Errorf("%+v: %q, want %q", c.x, got, c.want)
		}
	}
}
