package people_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func TestHolderFollowsTheChainAndNeverTurnsInCircles(t *testing.T) {
	for name, c := range map[string]struct {
		away   people.Away
		holder string
		via    string
	}{
		"here":                      {people.Away{}, "a", ""},
		"one away":                  {people.Away{"a": "b"}, "b", ""},
		"the substitute away too":   {people.Away{"a": "b", "b": "c"}, "c", "b"},
		"nobody named":              {people.Away{"a": ""}, "", ""},
		"the chain ends":            {people.Away{"a": "b", "b": ""}, "", "b"},
		"each for the other":        {people.Away{"a": "b", "b": "a"}, "", "b"},
		"a circle further on":       {people.Away{"a": "b", "b": "c", "c": "b"}, "", "b c"},
		"others away are no matter": {people.Away{"x": "a"}, "a", ""},
	} {
		holder, via := c.away.Holder("a")
		if holder != c.holder || strings.Join(via, " ") != c.via {
			t.Errorf("%s: %q via %q, want %q via %q", name, holder, via, c.holder, c.via)
		}
	}
	if got := strings.Join(people.Away{"a": "b", "b": "c", "x": "c", "y": ""}.For("c"), " "); got != "a b x" {
		t.Errorf("c acts for %q", got)
	}
}

func TestAbsences(t *testing.T) {
	each(t, func(w *world) {
		amara, kofi := w.person("Amara", "amara@it.example", w.base.Provider.ID, ""), w.person("Kofi", "kofi@it.example", w.base.Provider.ID, "")
		w.grant(amara, auth.Agent, auth.Everywhere, "")
		w.grant(kofi, auth.Agent, auth.Everywhere, "")
		self := w.actor(amara)
		noon := start.Add(2 * time.Hour)
		a, err := w.AddAbsence(w.ctx, self, people.AbsenceInput{PersonID: amara.ID, SubstituteID: kofi.ID, From: noon, Until: noon.Add(4 * time.Hour)})
		w.must(err)
		holder := func(at time.Time) string {
			away, err := people.AwayAt(w.ctx, w.d.Read(), at)
			w.must(err)
			h, _ := away.Holder(amara.ID)
			return h
		}
		// part of a day: from the second it begins, until the second of the return
		for at, want := range map[time.Time]string{
			noon.Add(-time.Second): amara.ID, noon: kofi.ID, noon.Add(4*time.Hour - time.Second): kofi.ID, noon.Add(4 * time.Hour): amara.ID,
		} {
			if got := holder(at); got != want {
				t.Errorf("at %s %s acts", at, got)
			}
		}
		_, err = w.AddAbsence(w.ctx, self, people.AbsenceInput{PersonID: amara.ID, From: noon.Add(time.Hour)})
		w.want(err, errs.Conflict) // two at once
		_, err = w.AddAbsence(w.ctx, self, people.AbsenceInput{PersonID: amara.ID, SubstituteID: amara.ID, From: noon.Add(8 * time.Hour)})
		w.want(err, errs.Invalid)
		_, err = w.AddAbsence(w.ctx, self, people.AbsenceInput{PersonID: amara.ID, From: noon.Add(8 * time.Hour), Until: noon})
		w.want(err, errs.Invalid)
		_, err = w.AddAbsence(w.ctx, self, people.AbsenceInput{PersonID: kofi.ID})
		w.want(err, errs.Denied) // another's
		later := noon.Add(6 * time.Hour)
		_, err = w.ChangeAbsence(w.ctx, self, people.AbsenceChange{ID: a.ID, Version: 9, Until: &later})
		w.want(err, errs.Stale)
		_, err = w.ChangeAbsence(w.ctx, self, people.AbsenceChange{ID: a.ID, Version: 1, Until: &later})
		w.must(err)
		if got := holder(noon.Add(5 * time.Hour)); got != kofi.ID {
			t.Errorf("after a longer absence %s acts", got)
		}
		// a substitute who is disabled is nobody
		w.must(w.DisablePerson(w.ctx, sys, kofi.ID))
		if got := holder(noon); got != "" {
			t.Errorf("%s acts, who is disabled", got)
		}
		w.must(w.EndAbsence(w.ctx, self, a.ID)) // before it began
		if got := holder(noon); got != amara.ID {
			t.Errorf("an absence that was taken back: %s acts", got)
		}
		if got := strings.Join(w.verbs("person", amara.ID), " "); !strings.HasSuffix(got, "person.absence person.change_absence person.end_absence") {
			t.Errorf("%s", got)
		}
	})
}

func TestRostersFollowTheWallClock(t *testing.T) {
	each(t, func(w *world) {
		amara := w.person("Amara", "amara@it.example", w.base.Provider.ID, "")
		w.must(w.AddMember(w.ctx, sys, w.base.Desk.ID, amara.ID))
		night := people.Shift{From: "22:00", Until: "06:00", PersonID: amara.ID}
		r, err := w.SetRoster(w.ctx, sys, people.Roster{TeamID: w.base.Desk.ID, Zone: "Europe/Berlin", Plan: people.Plan{
			Week: map[string][]people.Shift{"sat": {night}}, Dates: map[string][]people.Shift{"2026-11-28": {}},
		}})
		w.must(err)
		berlin, _ := time.LoadLocation("Europe/Berlin")
		sunday := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, berlin) }
		for at, want := range map[time.Time]int{
			sunday(2026, 10, 24, 21): 0, sunday(2026, 10, 24, 22): 1, sunday(2026, 10, 25, 5): 1, sunday(2026, 10, 25, 6): 0,
			sunday(2026, 11, 28, 23): 0, // a date of its own, without anybody
		} {
			if got := len(r.At(at)); got != want {
				t.Errorf("at %s %d are on duty, want %d", at, got, want)
			}
		}
		// the night in which the clock is set back has nine hours
		d := r.Between(sunday(2026, 10, 24, 12), sunday(2026, 10, 25, 12))
		if len(d) != 1 || d[0].Until.Sub(d[0].From) != 9*time.Hour {
			t.Errorf("%+v", d)
		}
		stranger := w.person("Elsewhere", "e@it.example", w.base.Provider.ID, "")
		for _, bad := range []people.Plan{
			{Week: map[string][]people.Shift{"mon": {{From: "8", Until: "16:00", PersonID: amara.ID}}}},
			{Week: map[string][]people.Shift{"mon": {{From: "08:00", Until: "16:00", PersonID: stranger.ID}}}},
			{Week: map[string][]people.Shift{"monday": {night}}},
			{Dates: map[string][]people.Shift{"tomorrow": {night}}},
		} {
			_, err := w.SetRoster(w.ctx, sys, people.Roster{TeamID: w.base.Desk.ID, Zone: "UTC", Plan: bad, Version: r.Version})
			w.want(err, errs.Invalid)
		}
		_, err = w.SetRoster(w.ctx, sys, people.Roster{TeamID: w.base.Desk.ID, Zone: "UTC"})
		w.want(err, errs.Stale) // there is one already
		on, err := w.OnDuty(w.ctx, w.d.Read(), w.base.Desk.ID)
		w.must(err)
		if len(on) != 0 {
			t.Errorf("on a Monday %v are on duty", on)
		}
	})
}

func TestRoomsAndNames(t *testing.T) {
	each(t, func(w *world) {
		site, err := w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.base.Provider.ID, Name: "Hall", Zone: "UTC", Headcount: 120, Tenths: 15})
		w.must(err)
		r, err := w.PutRoom(w.ctx, sys, people.RoomInput{SiteID: site.ID, Name: "Classroom 12", Seats: 30})
		w.must(err)
		_, err = w.PutRoom(w.ctx, sys, people.RoomInput{SiteID: site.ID, Name: "CLASSROOM 12"})
		w.want(err, errs.Conflict)
		_, err = w.PutRoom(w.ctx, sys, people.RoomInput{ID: r.ID, Version: 5, Name: "x"})
		w.want(err, errs.Stale)
		r, err = w.PutRoom(w.ctx, sys, people.RoomInput{ID: r.ID, Version: 1, Name: "Classroom 13", Seats: 28, Closed: true})
		w.must(err)
		all, err := w.Rooms(w.ctx, sys, site.ID)
		w.must(err)
		if len(all) != 1 || all[0] != r || all[0].ClosedAt.IsZero() || all[0].Version != 2 {
			t.Fatalf("%+v", all)
		}
		n := int64(130)
		got, err := w.UpdateSite(w.ctx, sys, people.SiteChange{ID: site.ID, Version: 1, Headcount: &n})
		w.must(err)
		if got.Headcount != 130 || got.Tenths != 15 || got.Version != 2 {
			t.Fatalf("%+v", got)
		}
		_, err = w.UpdateSite(w.ctx, sys, people.SiteChange{ID: site.ID, Version: 1, Headcount: &n})
		w.want(err, errs.Stale)
		team, err := w.CreateTeam(w.ctx, sys, people.TeamInput{Name: "Network", Kind: people.EnterpriseTeam})
		w.must(err)
		_, err = w.RenameTeam(w.ctx, sys, team.ID, 1, "Service desk")
		w.want(err, errs.Conflict)
		team, err = w.RenameTeam(w.ctx, sys, team.ID, 1, "Networks")
		w.must(err)
		_, err = w.RenameTeam(w.ctx, sys, team.ID, 1, "Nets")
		w.want(err, errs.Stale)
		o, err := w.RenameOrganisation(w.ctx, sys, w.base.Provider.ID, 0, "IT of Hall")
		w.must(err)
		if o.Name != "IT of Hall" || o.Version != 2 {
			t.Fatalf("%+v", o)
		}
	})
}
