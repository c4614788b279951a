package effort_test

import (
	"context"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/effort"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var ctx = context.Background()

// world is a desk that keeps working time.
type world struct {
	t      *testing.T
	clk    *clock.Fake
	db     *db.DB
	peo    *people.Service
	desk   *desk.Service
	effort *effort.Service
	it     string
	site   people.Site
	helen  auth.Actor
	agent  auth.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, db: d, clk: clock.NewFake(time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC))}
	w.peo = people.New(d, w.clk)
	cal := calendar.New(d, w.clk)
	book := agreement.NewBook(d, w.clk, cal)
	base := must(w.peo.EnsureBase(ctx, "IT"))
	cals := must(cal.EnsureDefaults(ctx, "Europe/London"))
	if err := book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID); err != nil {
		t.Fatal(err)
	}
	jobs := job.New(d, w.clk, nil)
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.peo, Book: book, Box: box.New(d, w.clk, jobs, nil), Jobs: jobs, Time: effort.Keeper{Clock: w.clk}},
		desk.Config{Name: "Desk", Address: "desk@it.example", ReplyKey: []byte("0123456789abcdef0123456789abcdef")})
	w.effort = effort.New(d, w.clk, w.desk)
	org := must(w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Norvik", Kind: people.Customer}))
	w.site = must(w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: org.ID, Name: "Leeds", Zone: "Europe/London"}))
	w.it = base.Provider.ID
	w.helen = w.person("Helen", org.ID, w.site.ID)
	w.agent = w.person("Amara", w.it, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	return w
}

func (w *world) person(name, orgID, siteID string, grants ...auth.Grant) auth.Actor {
	w.t.Helper()
	p := must(w.peo.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: name, Address: name + "@x.example", OrgID: orgID, SiteID: siteID}))
	for _, g := range grants {
		must(w.peo.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID}))
	}
	a := must(w.peo.ActorOf(ctx, p.ID))
	a.Channel = "api"
	return a
}

func (w *world) open(subject string) int64 {
	w.t.Helper()
	return must(w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: subject, Description: "x"})).Number
}

// TestP24_TheDayIsCounted: walk-ups, favours and help on others' tickets: minutes per person add up to the entries, and survive a
// merge, a split and a hand-over (pains.md 24).
func TestP24_TheDayIsCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bram := w.person("Bram", w.it, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		a, b := w.open("VPN"), w.open("VPN too")
		act := func(n int64, minutes int, kind string) desk.Act {
			return desk.Act{Number: n, Body: "Done.", Work: desk.Work{Minutes: minutes, Kind: kind}}
		}
		must(w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: a, Body: "We look.", Work: desk.Work{Minutes: 7}}))
		must(w.desk.AddNote(ctx, bram, desk.NoteInput{Number: a, Body: "Helped.", Work: desk.Work{Minutes: 11, Kind: "favour", Note: "on my way"}}))
		must(w.effort.Log(ctx, bram, b, desk.Work{Minutes: 30, Kind: "travel"}))
		must(w.desk.Log(ctx, w.agent, desk.LogInput{Who: w.helen.PersonID, What: "Mouse", Channel: "walk_up", Done: true, Work: desk.Work{Minutes: 3, Kind: "walk_up"}}))
		if _, err := w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: a, Body: "Never.", Work: desk.Work{Minutes: 5000}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("more than a day: %v", err)
		}
		if l := must(w.desk.Messages(ctx, w.agent, a, "", 10)); len(l.Items) != 2 {
			t.Error("words whose minutes were refused were written")
		}
		of := func(n int64) int { return effort.Minutes(must(w.effort.Of(ctx, w.agent, n))) }
		if of(a) != 18 || of(b) != 30 {
			t.Fatalf("%d and %d minutes", of(a), of(b))
		}
		must(w.desk.Merge(ctx, w.agent, desk.Act{Number: b}, desk.MergeInput{Into: a}))
		if of(a) != 48 || of(b) != 30 {
			t.Errorf("merged: %d and %d minutes", of(a), of(b))
		}
		must(w.desk.Unmerge(ctx, w.agent, desk.Act{Number: b}))
		msgs := must(w.desk.Messages(ctx, w.agent, a, "", 10)).Items
		made := must(w.desk.Split(ctx, w.agent, desk.Act{Number: a}, desk.SplitInput{Subject: "Else", Messages: []string{msgs[0].ID}}))
		must(w.desk.HandOver(ctx, w.agent, desk.Act{Number: a, Body: "Yours."}, "Bram@x.example", ""))
		must(w.desk.Resolve(ctx, bram, act(b, 4, "")))
		if of(a) != 18 || of(b) != 34 || of(made.Number) != 0 {
			t.Errorf("taken back, split, handed over: %d, %d and %d minutes", of(a), of(b), of(made.Number))
		}
		sum := map[string]int{}
		for _, by := range []auth.Actor{w.agent, bram} {
			all, everybody, err := w.effort.WeekOf(ctx, bram, by.PersonID, w.clk.Now())
			if err != nil {
				t.Fatal(err)
			}
			sum[by.PersonID] = effort.Minutes(all)
			for _, s := range everybody {
				if s.PersonID == by.PersonID && s.Minutes != effort.Minutes(all) {
					t.Errorf("%s: the sum is %d, the entries are %d", by.Name, s.Minutes, effort.Minutes(all))
				}
			}
		}
		if sum[w.agent.PersonID] != 10 || sum[bram.PersonID] != 45 {
			t.Errorf("the week: %v", sum)
		}
	})
}

func TestEntriesAreChangedOnTheirDayByTheirAuthor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN")
		e := must(w.effort.Log(ctx, w.agent, n, desk.Work{Minutes: 15, Note: "CANARY"}))
		bram := w.person("Bram", w.it, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		if _, err := w.effort.Change(ctx, bram, e.ID, desk.Work{Minutes: 1}); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		if _, err := w.effort.Change(ctx, w.agent, e.ID, desk.Work{Minutes: 1, Kind: "sleep"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("no kind: %v", err)
		}
		e = must(w.effort.Change(ctx, w.agent, e.ID, desk.Work{Minutes: 20, Kind: "Walk up"}))
		if e.Minutes != 20 || e.Kind != effort.WalkUp || e.Number != n {
			t.Errorf("%+v", e)
		}
		o := must(w.desk.Get(ctx, w.agent, n)).Object(must(w.desk.Participants(ctx, w.agent, n)))
		if got := must(w.effort.Spent(ctx, w.agent, o)); got != 20 {
			t.Errorf("%d minutes", got)
		}
		for _, who := range []auth.Actor{w.helen, w.person("Out", w.it, "", auth.Grant{Role: auth.AssetManager, Scope: auth.Everywhere})} {
			if _, err := w.effort.Spent(ctx, who, o); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s is told how long it took: %v", who.Name, err)
			}
			if _, err := w.effort.Of(ctx, who, n); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s reads working time: %v", who.Name, err)
			}
			if _, err := w.effort.Log(ctx, who, n, desk.Work{Minutes: 1}); err == nil {
				t.Errorf("%s notes working time", who.Name)
			}
		}
		if _, _, err := w.effort.WeekOf(ctx, w.helen, w.agent.PersonID, w.clk.Now()); !errs.Is(err, errs.NotFound) {
			t.Errorf("a customer reads the week: %v", err)
		}
		// of a ticket out of reach the minutes are told, and no more
		nowhere := must(w.peo.CreateTeam(ctx, auth.SystemActor(), people.TeamInput{Name: "Nowhere", Kind: people.RegionalTeam}))
		local := w.person("Local", w.it, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Team, ScopeID: nowhere.ID})
		all, _, err := w.effort.WeekOf(ctx, local, w.agent.PersonID, w.clk.Now())
		if err != nil || len(all) != 1 || all[0].Minutes != 20 || all[0].Number != 0 || all[0].Note != "" {
			t.Errorf("out of reach: %+v %v", all, err)
		}
		w.clk.Advance(15 * time.Hour)
		if _, err := w.effort.Remove(ctx, w.agent, e.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("the day after: %v", err)
		}
		e = must(w.effort.Log(ctx, w.agent, n, desk.Work{Minutes: 2}))
		must(w.effort.Remove(ctx, w.agent, e.ID))
		if all := must(w.effort.Of(ctx, w.agent, n)); len(all) != 1 {
			t.Errorf("%+v", all)
		}
		if rows := must(audit.Of(ctx, w.db.Read(), "effort", e.ID, page.Cursor{}, 10)); len(rows.Items) != 2 {
			t.Errorf("%d rows in the audit trail", len(rows.Items))
		}
	})
}
