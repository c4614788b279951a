package search_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/fulltext"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/search"
)

var ctx = context.Background()

// world is an installation without edges: two customers of the same shape, and IT.
type world struct {
	t       testing.TB
	db      *db.DB
	clk     *clock.Fake
	desk    *desk.Service
	peo     *people.Service
	search  *search.Service
	leeds   people.Site // of Norvik
	lund    people.Site // of Norvik
	twin    people.Site // of Twin
	helen   auth.Actor  // asks at Leeds
	tara    auth.Actor  // asks at Twin
	agent   auth.Actor  // everywhere
	local   auth.Actor  // IT for Lund alone
	contact auth.Actor  // site contact of Leeds
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, db: d, clk: clock.NewFake(time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC))}
	jobs := job.New(d, w.clk, slog.New(slog.DiscardHandler))
	cal := calendar.New(d, w.clk)
	w.peo = people.New(d, w.clk)
	book := agreement.NewBook(d, w.clk, cal)
	base := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "Norvik IT") })
	cals := must(w, func() (calendar.Defaults, error) { return cal.EnsureDefaults(ctx, "Europe/London") })
	w.check(book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID))
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.peo, Book: book, Box: box.New(d, w.clk, jobs, nil), Jobs: jobs},
		desk.Config{Name: "Service desk", Address: "desk@norvik.example", ReplyKey: []byte(strings.Repeat("k", 32)), MaxUpload: 25 << 20})
	w.search = search.New(d, w.desk.Reader, w.peo, w.clk)
	w.leeds, w.lund, w.twin = w.site("Norvik Industries", "Leeds"), w.site("Norvik Industries", "Lund"), w.site("Twin", "Leeds")
	w.helen, w.tara = w.person("Helen Marsh", w.leeds.OrgID, w.leeds.ID), w.person("Tara Marsh", w.twin.OrgID, w.twin.ID)
	w.agent = w.person("Amara Okafor", base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	w.local = w.person("Lars Lund", base.Provider.ID, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: w.lund.ID})
	w.contact = w.person("Carl Contact", w.leeds.OrgID, w.leeds.ID, auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.leeds.ID})
	return w
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
		w.t.Fatalf("%v", err)
	}
}

func (w *world) site(org, name string) people.Site {
	w.t.Helper()
	sys := auth.SystemActor()
	o, err := w.peo.FindOrganisation(ctx, org)
	if err != nil {
		o = must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: org})
		})
	}
	return must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: o.ID, Name: name, Zone: "Europe/London", Region: name})
	})
}

func (w *world) person(name, orgID, siteID string, grants ...auth.Grant) auth.Actor {
	w.t.Helper()
	address := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@people.example"
	p := must(w, func() (people.Person, error) {
		return w.peo.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: name, Address: address, Verified: true, OrgID: orgID, SiteID: siteID})
	})
	for _, g := range grants {
		must(w, func() (people.Grant, error) {
			return w.peo.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
		})
	}
	a := must(w, func() (auth.Actor, error) { return w.peo.ActorOf(ctx, p.ID) })
	a.Channel = "api"
	return a
}

// open has somebody ask.
func (w *world) open(by auth.Actor, subject, text string, files ...desk.Upload) desk.Ticket {
	w.t.Helper()
	return must(w, func() (desk.Ticket, error) {
		return w.desk.Open(ctx, by, desk.OpenInput{Subject: subject, Description: text, Files: files})
	})
}

func (w *world) say(by auth.Actor, t desk.Ticket, text string, files ...desk.Upload) {
	w.t.Helper()
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, by, desk.SpeakInput{Number: t.Number, Body: text, Files: files})
	})
}

func (w *world) note(t desk.Ticket, text string, files ...desk.Upload) {
	w.t.Helper()
	must(w, func() (desk.Note, error) {
		return w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: t.Number, Body: text, Files: files})
	})
}

// find is what somebody finds: numbers in the order of rank, and the count.
func (w *world) find(by auth.Actor, q string) ([]int64, int) {
	w.t.Helper()
	r := w.page(by, search.Input{Q: q})
	var out []int64
	for _, h := range r.Items {
		out = append(out, h.Number)
	}
	return out, r.Count
}

func (w *world) page(by auth.Actor, in search.Input) search.Result {
	w.t.Helper()
	r, err := w.search.Tickets(ctx, by, in)
	if err != nil {
		w.t.Fatalf("%.80q: %v", in.Q, err)
	}
	if r.Slow {
		w.t.Fatalf("%.80q took too long", in.Q)
	}
	return r
}

// marked writes a passage with what was found in brackets.
func marked(in []fulltext.Span) string {
	var b strings.Builder
	for _, s := range in {
		if s.Hit {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
