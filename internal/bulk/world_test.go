package bulk_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/naming"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var ctx = context.Background()

// world is a desk with two sites, a team, an agent, a resolver of one site and an auditor who may only read.
type world struct {
	t                    *testing.T
	db                   *db.DB
	clk                  *clock.Fake
	desk                 *desk.Service
	bulk                 *bulk.Service
	names                *naming.Directory
	peo                  *people.Service
	team                 people.Team
	leeds, lund          people.Site
	helen, olle          auth.Actor // customers, at Leeds and at Lund
	agent, priya, reader auth.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, db: d, clk: clock.NewFake(time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC))}
		jobs := job.New(d, w.clk, slog.New(slog.NewTextHandler(io.Discard, nil)))
		w.peo = people.New(d, w.clk)
		cal := calendar.New(d, w.clk)
		book := agreement.NewBook(d, w.clk, cal)
		base := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "Norvik IT") })
		cals := must(w, func() (calendar.Defaults, error) { return cal.EnsureDefaults(ctx, "Europe/London") })
		w.check(book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID))
		w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.peo, Book: book, Box: box.New(d, w.clk, jobs, nil), Jobs: jobs},
			desk.Config{Name: "Service desk", Address: "desk@norvik.example", BaseURL: "https://desk.norvik.example", ReplyKey: []byte("0123456789abcdef0123456789abcdef"), MaxUpload: 1 << 20})
		w.names = naming.New(d, w.peo, w.clk)
		w.bulk = bulk.New(d, w.clk, w.desk, w.peo, w.names)
		sys := auth.SystemActor()
		org := must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik Industries", Kind: people.Customer})
		})
		for name, site := range map[string]*people.Site{"Leeds": &w.leeds, "Lund": &w.lund} {
			*site = must(w, func() (people.Site, error) {
				return w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: org.ID, Name: name, Zone: "Europe/London", Region: "north"})
			})
		}
		w.team = must(w, func() (people.Team, error) {
			return w.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Network", Kind: "regional"})
		})
		w.helen, w.olle = w.person("Helen Marsh", "helen@norvik.example", org.ID, w.leeds.ID), w.person("Olle Berg", "olle@norvik.example", org.ID, w.lund.ID)
		w.agent = w.person("Amara Okafor", "amara@it.example", base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		w.priya = w.person("Priya Nair", "priya@it.example", base.Provider.ID, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: w.leeds.ID})
		w.reader = w.person("Ada Auditor", "ada@it.example", base.Provider.ID, "", auth.Grant{Role: auth.Auditor, Scope: auth.Everywhere})
		fn(t, w)
	})
}

func must[T any](w *world, fn func() (T, error)) T {
	w.t.Helper()
	v, err := fn()
	w.check(err)
	return v
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(name, address, orgID, siteID string, grants ...auth.Grant) auth.Actor {
	w.t.Helper()
	sys := auth.SystemActor()
	p := must(w, func() (people.Person, error) {
		return w.peo.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: address, OrgID: orgID, SiteID: siteID})
	})
	for _, g := range grants {
		must(w, func() (people.Grant, error) {
			return w.peo.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
		})
	}
	return must(w, func() (auth.Actor, error) { return w.peo.ActorOf(ctx, p.ID) })
}

func (w *world) open(by auth.Actor, subject string) int64 {
	w.t.Helper()
	w.clk.Advance(time.Minute)
	return must(w, func() (desk.Ticket, error) {
		return w.desk.Open(ctx, by, desk.OpenInput{Kind: "incident", Subject: subject, Description: "It does not work."})
	}).Number
}

func (w *world) get(n int64) desk.Ticket {
	w.t.Helper()
	return must(w, func() (desk.Ticket, error) { return w.desk.Get(ctx, auth.SystemActor(), n) })
}
