package view_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/view"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

var ctx = context.Background()

func person(id string, role auth.Role, scope auth.Scope, at string, teams ...string) auth.Actor {
	return auth.Actor{Kind: auth.Person, PersonID: id, OrgID: "it", Teams: teams, Grants: []auth.Grant{{Role: role, Scope: scope, ScopeID: at}}}
}

var (
	amara    = person("amara", auth.Agent, auth.Everywhere, "", "desk")
	kofi     = person("kofi", auth.Resolver, auth.Site, "leeds", "desk", "apps")
	priya    = person("priya", auth.SiteIT, auth.Site, "leeds", "leeds-it")
	admin    = person("admin", auth.Administrator, auth.Everywhere, "")
	helen    = auth.Actor{Kind: auth.Person, PersonID: "helen", OrgID: "norvik"}
	contact  = person("liis", auth.SiteContact, auth.Site, "leeds")
	readOnly = auth.Actor{Kind: auth.Person, PersonID: "amara", OrgID: "it", Teams: amara.Teams, Grants: amara.Grants, Scopes: []string{"read"}}
)

func names(t *testing.T, s *view.Service, by auth.Actor) []string {
	t.Helper()
	all, err := s.List(ctx, by)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range all {
		out = append(out, v.Name)
	}
	return out
}

func keep(t *testing.T, s *view.Service, by auth.Actor, in view.Input) view.View {
	t.Helper()
	v, err := s.Create(ctx, by, in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestViewsAreSeenAndChangedByWhomTheyAreFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := view.New(d, clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)))
		own := keep(t, s, amara, view.Input{Name: "Leeds, phones", Query: "site:leeds tag:phone"})
		team := keep(t, s, amara, view.Input{Name: "Unassigned", Query: "assignee:none", Audience: view.Team, TeamID: "desk"})
		all := keep(t, s, kofi, view.Input{Name: "Missed", Query: "due:missed sort:due", Audience: view.Staff})
		for by, want := range map[string][]string{
			"amara": {"Leeds, phones", "Unassigned", "Missed"}, "kofi": {"Missed", "Unassigned"}, "priya": {"Missed"}, "admin": {"Missed"},
		} {
			actor := map[string]auth.Actor{"amara": amara, "kofi": kofi, "priya": priya, "admin": admin}[by]
			if got := names(t, s, actor); !slices.Equal(got, want) {
				t.Errorf("%s sees %v, want %v", by, got, want)
			}
		}
		for _, c := range []struct {
			by   auth.Actor
			v    view.View
			read errs.Kind
			do   errs.Kind
		}{
			{amara, own, 0, 0}, {kofi, own, errs.NotFound, errs.NotFound}, {admin, own, errs.NotFound, errs.NotFound},
			{amara, team, 0, 0}, {kofi, team, 0, errs.Denied}, {priya, team, errs.NotFound, errs.NotFound}, {admin, team, 0, 0},
			{amara, all, 0, errs.Denied}, {kofi, all, 0, 0}, {priya, all, 0, errs.Denied}, {admin, all, 0, 0},
			{helen, all, errs.NotFound, errs.NotFound}, {contact, all, errs.NotFound, errs.NotFound}, {auth.Actor{}, all, errs.NotFound, errs.NotFound},
			{readOnly, own, 0, errs.Denied},
		} {
			if _, err := s.Get(ctx, c.by, c.v.ID); errs.KindOf(err) != c.read && (err != nil || c.read != 0) {
				t.Errorf("%s reads %s: %v", c.by.PersonID, c.v.Name, err)
			}
			now, _ := s.Get(ctx, amara, c.v.ID)
			_, err := s.Update(ctx, c.by, c.v.ID, 0, view.Input{Name: c.v.Name, Query: c.v.Query, Audience: c.v.Audience, TeamID: c.v.TeamID})
			if errs.KindOf(err) != c.do && (err != nil || c.do != 0) {
				t.Errorf("%s changes %s: %v", c.by.PersonID, c.v.Name, err)
			}
			if after, _ := s.Get(ctx, amara, c.v.ID); err != nil && after != now {
				t.Errorf("%s was refused and changed %s", c.by.PersonID, c.v.Name)
			}
			if err := s.Move(ctx, c.by, c.v.ID, true); errs.KindOf(err) != c.do && (err != nil || c.do != 0) {
				t.Errorf("%s moves %s: %v", c.by.PersonID, c.v.Name, err)
			}
			if c.do != 0 {
				if err := s.Delete(ctx, c.by, c.v.ID, 0); errs.KindOf(err) != c.do {
					t.Errorf("%s deletes %s: %v", c.by.PersonID, c.v.Name, err)
				}
			}
		}
		if _, err := s.Create(ctx, helen, view.Input{Name: "x"}); err == nil {
			t.Error("a customer keeps a view")
		}
		if _, err := s.List(ctx, helen); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}

func TestAViewIsNamedOrderedAndChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := view.New(d, clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)))
		a := keep(t, s, amara, view.Input{Name: "A", Query: "site:leeds"})
		keep(t, s, amara, view.Input{Name: "B", Query: ""})
		c := keep(t, s, amara, view.Input{Name: "C", Query: "zebra"})
		for _, in := range []view.Input{{Name: " "}, {Name: "x", Query: "sit:lund"}, {Name: "x", Audience: "world"}, {Name: "x", Audience: view.Team, TeamID: "apps"}, {Name: string(make([]rune, 61))}} {
			if _, err := s.Create(ctx, amara, in); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		if _, err := s.Create(ctx, amara, view.Input{Name: "á"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a name is given twice: %v", err)
		}
		if _, err := s.Create(ctx, kofi, view.Input{Name: "A"}); err != nil {
			t.Errorf("somebody else's name is theirs: %v", err)
		}
		for _, step := range []struct {
			v    view.View
			down bool
			want []string
		}{{c, false, []string{"A", "C", "B"}}, {c, false, []string{"C", "A", "B"}}, {c, false, []string{"C", "A", "B"}}, {a, true, []string{"C", "B", "A"}}} {
			if err := s.Move(ctx, amara, step.v.ID, step.down); err != nil {
				t.Fatal(err)
			}
			if got := names(t, s, amara); !slices.Equal(got, step.want) {
				t.Errorf("%v, want %v", got, step.want)
			}
		}
		renamed, err := s.Update(ctx, amara, a.ID, a.Version, view.Input{Name: "Leeds", Query: "site:leeds turn:provider", Audience: view.Staff})
		if err != nil || renamed.Version != 2 || renamed.Audience != view.Staff {
			t.Errorf("%+v %v", renamed, err)
		}
		if _, err := s.Update(ctx, amara, a.ID, a.Version, view.Input{Name: "Late"}); !errs.Is(err, errs.Stale) {
			t.Errorf("over a newer version: %v", err)
		}
		if err := s.Delete(ctx, amara, a.ID, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(ctx, amara, a.ID); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
		if got, _ := s.Get(ctx, amara, "' OR 1=1"); got.ID != "" {
			t.Error("an id that is none finds a view")
		}
	})
}
