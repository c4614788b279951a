package terms

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/web/ui"
)

func TestWeek(t *testing.T) {
	day := [][2]string{{"09:00", "17:00"}}
	for _, c := range []struct {
		week map[string][][2]string
		want string
	}{
		{map[string][][2]string{"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}, "Mon to Fri 09:00–17:00"},
		{map[string][][2]string{"mon": day, "tue": day, "fri": {{"09:00", "12:00"}, {"13:00", "15:00"}}}, "Mon and Tue 09:00–17:00, Fri 09:00–12:00 and 13:00–15:00"},
		{map[string][][2]string{}, "No weekly hours"},
	} {
		if got := Week(calendar.Spec{Week: c.week}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	all := map[string][][2]string{}
	for _, d := range weekdays {
		all[d.key] = [][2]string{{"00:00", "24:00"}}
	}
	if got := Week(calendar.Spec{Week: all}); got != "Every day round the clock" {
		t.Errorf("%q", got)
	}
}

func TestOpen(t *testing.T) {
	cal, err := calendar.Compile(calendar.Spec{TZ: "Europe/London", Week: map[string][][2]string{"mon": {{"09:00", "17:00"}}, "wed": {{"10:00", "12:00"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2026-01-12T09:00:00Z": "open until 17:00", "2026-01-12T17:00:00Z": "closed until Wed 14 Jan, 10:00", "2026-01-14T07:00:00Z": "closed until 10:00",
	} {
		now, _ := time.Parse(time.RFC3339, at)
		if got := Open(cal, ui.Reader{Now: now}); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// TestEveryTargetIsTold: no promise of the agreement a new installation starts with is left out, on either side.
func TestEveryTargetIsTold(t *testing.T) {
	told := map[agreement.Metric]Promise{}
	for _, p := range Pairs(agreement.DefaultTargets()) {
		told[p.IT.Metric], told[p.You.Metric] = p.IT, p.You
	}
	own := map[agreement.Metric]Promise{}
	for _, m := range Matters(agreement.DefaultTargets(), func(id string) string { return id }) {
		if m != (Matter{Door: agreement.DoorLevels}) {
			t.Errorf("promises for %+v", m)
		}
		for _, p := range m.Pairs(agreement.DefaultTargets()) {
			own[p.IT.Metric] = p.IT
		}
	}
	for _, g := range agreement.DefaultTargets() {
		p := told[g.Metric]
		if g.Door == agreement.DoorLevels {
			p = own[g.Metric]
		}
		length := ui.Span(time.Duration(g.Seconds) * time.Second)
		if !strings.Contains(p.Text+p.Other, length) {
			t.Errorf("%s of %s at priority %q is not told: %q, %q", length, g.Metric, g.Priority, p.Text, p.Other)
		}
	}
	if got := told[agreement.MetricConfirm]; got.Text != "A yes or no whether it works within 24 h" || got.Other != "" {
		t.Errorf("%+v", got)
	}
}

// TestEveryStepIsTold: the ladder of the agreement has words for every step, in order.
func TestEveryStepIsTold(t *testing.T) {
	n := 0
	for _, m := range agreement.Metrics() {
		for _, r := range Ladder(agreement.DefaultLadder(), m) {
			n++
			if r.What == "" || r.When == "" {
				t.Errorf("%s has a step without words: %+v", m, r)
			}
		}
	}
	if n != len(agreement.DefaultLadder()) {
		t.Errorf("%d of %d steps are told", n, len(agreement.DefaultLadder()))
	}
	l := Ladder(agreement.DefaultLadder(), agreement.MetricAnswer)
	if l[3].When != "The working day after" || l[4].When != "9 working days after" || l[5].When != "The working day after" {
		t.Errorf("%+v", l)
	}
}
