package people_test

import (
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/people"
)

func TestStandingInEndsWithTheFirstReturnOnTheWay(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.person("A", "a@it.example", w.base.Provider.ID, ""), w.person("B", "b@it.example", w.base.Provider.ID, "")
		c := w.person("C", "c@it.example", w.base.Provider.ID, "")
		for _, p := range []people.Person{a, b, c} {
			w.grant(p, auth.Agent, auth.Everywhere, "")
		}
		away := func(who, sub people.Person, from, until time.Time) {
			t.Helper()
			_, err := w.AddAbsence(w.ctx, w.actor(who), people.AbsenceInput{PersonID: who.ID, SubstituteID: sub.ID, From: from, Until: until})
			w.must(err)
		}
		day := 24 * time.Hour
		away(a, b, start, start.Add(5*day))
		away(b, c, start.Add(day), start.Add(2*day))
		stands := func(p people.Person, at time.Time) map[string]time.Time {
			t.Helper()
			got, err := w.StandsFor(w.ctx, w.d.Read(), p.ID, at)
			w.must(err)
			return got
		}
		if got := stands(b, start); len(got) != 1 || !got[a.ID].Equal(start.Add(5*day)) {
			t.Errorf("b stands for %v", got)
		}
		if got := stands(c, start); len(got) != 0 {
			t.Errorf("c stands for %v before b is away", got)
		}
		if got := stands(c, start.Add(day)); len(got) != 2 || !got[a.ID].Equal(start.Add(2*day)) || !got[b.ID].Equal(start.Add(2*day)) {
			t.Errorf("c stands for %v", got)
		}
		if got := stands(c, start.Add(2*day)); len(got) != 0 {
			t.Errorf("c stands for %v after b is back", got)
		}
		for p, want := range map[string]bool{a.ID: true, "nobody": false} {
			if got, err := w.Enabled(w.ctx, w.d.Read(), p); err != nil || got != want {
				t.Errorf("enabled %s: %v %v", p, got, err)
			}
		}
	})
}
