package report_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/consent"
	"bothways/internal/desk/dispute"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/report"
)

var (
	ctx    = context.Background()
	sys    = auth.SystemActor()
	monday = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
)

// taken is a relay that takes every mail.
type taken struct{}

func (taken) Deliver(context.Context, box.Outbound) (string, error) { return "250 ok", nil }

// world is an installation without edges, on a fake clock.
type world struct {
	testing.TB
	d      *db.DB
	clk    *clock.Fake
	jobs   *job.Queue
	people *people.Service
	cals   *calendar.Service
	book   *agreement.Book
	desk   *desk.Service
	disp   *dispute.Service
	asked  *asked.Service
	report *report.Service

	base  people.Base
	std   calendar.Defaults
	org   people.Organisation
	sites []people.Site
	helen auth.Actor // of the first site
	agent auth.Actor
}

func each(t *testing.T, sites int, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d, sites)) })
}

func newWorld(t testing.TB, d *db.DB, sites int) *world {
	w := &world{TB: t, d: d, clk: clock.NewFake(monday)}
	w.jobs = job.New(d, w.clk, slog.New(slog.NewTextHandler(io.Discard, nil)))
	w.people, w.cals = people.New(d, w.clk), calendar.New(d, w.clk)
	w.book = agreement.NewBook(d, w.clk, w.cals)
	w.base = got(w, func() (people.Base, error) { return w.people.EnsureBase(ctx, "Norvik IT") })
	w.std = got(w, func() (calendar.Defaults, error) { return w.cals.EnsureDefaults(ctx, "Europe/London") })
	w.must(w.book.EnsureDefault(ctx, w.std.Service.ID, w.std.Office.ID))
	post := box.New(d, w.clk, w.jobs, taken{})
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.people, Book: w.book, Box: post, Jobs: w.jobs},
		desk.Config{Name: "Service desk", Address: "desk@norvik.example", BaseURL: "https://desk.norvik.example", ReplyKey: []byte("0123456789abcdef0123456789abcdef"), MaxUpload: 1 << 20})
	w.jobs.Handle(box.JobSend, func(ctx context.Context, j job.Job, f job.Finish) error {
		return post.Deliver(ctx, j.Item, func(tx *db.Tx) error { return w.jobs.Hold(ctx, tx, j) }, f, w.desk)
	})
	w.jobs.Handle(desk.JobTimer, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.Timer(ctx, j.Item, f) })
	mail := consent.Teller{Box: post, Clock: w.clk, Config: consent.Config{Name: "Service desk", Domain: "norvik.example", BaseURL: "https://desk.norvik.example", Key: []byte("k")}}
	w.disp = dispute.New(dispute.Deps{DB: d, Clock: w.clk, Desk: w.desk, People: w.people, Approvals: approval.New(d, w.clk, w.jobs, w.people, mail), Jobs: w.jobs, Mail: mail})
	w.jobs.Handle(dispute.JobTerm, func(ctx context.Context, j job.Job, f job.Finish) error {
		return f(func(tx *db.Tx) error { return w.disp.Further(ctx, tx, j.Item) })
	})
	w.asked = asked.New(d, w.clk, w.book)
	w.report = report.New(d, w.clk, w.book, w.desk.Outcomes, w.asked)
	w.org = got(w, func() (people.Organisation, error) {
		return w.people.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik Industries", Kind: people.Customer})
	})
	for _, name := range []string{"Leeds", "Lund", "Ulm", "Vigo", "Porto", "Turku", "Lyon"}[:sites] {
		w.sites = append(w.sites, got(w, func() (people.Site, error) {
			return w.people.CreateSite(ctx, sys, people.SiteInput{OrgID: w.org.ID, Name: name, Zone: "Europe/London", Region: "north"})
		}))
	}
	w.helen = w.person("Helen Marsh", w.org.ID, w.sites[0].ID)
	w.agent = w.person("Amara Okafor", w.base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	return w
}

func got[T any](w *world, fn func() (T, error)) T {
	w.Helper()
	v, err := fn()
	w.must(err)
	return v
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v", err)
	}
}

func (w *world) person(name, orgID, siteID string, grants ...auth.Grant) auth.Actor {
	w.Helper()
	p := got(w, func() (people.Person, error) {
		return w.people.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@x.example", OrgID: orgID, SiteID: siteID, Verified: true})
	})
	for _, g := range grants {
		got(w, func() (people.Grant, error) {
			return w.people.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
		})
	}
	a := got(w, func() (auth.Actor, error) { return w.people.ActorOf(ctx, p.ID) })
	a.Channel = "api"
	return a
}

// advance moves the clock and does what falls due on the way.
func (w *world) advance(d time.Duration) {
	w.Helper()
	end := w.clk.Now().Add(d)
	for {
		w.must(w.jobs.RunDue(ctx))
		next := got(w, func() (time.Time, error) { return w.jobs.Next(ctx) })
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(w.clk.Now()) {
			w.clk.Set(next)
		}
	}
	w.clk.Set(end)
	w.must(w.jobs.RunDue(ctx))
}

const (
	sqlTestAgreement = `INSERT INTO agreement_agreement (id, org_id, site_id, name, made_at) VALUES ($1, $2, $3, $4, $5)`
	sqlTestVersion   = `INSERT INTO agreement_version (id, agreement_id, number, service_calendar_id, customer_calendar_id, terms, from_at, ask_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// signed puts an agreement in force from now, as both signatures would.
func (w *world) signed(name, orgID, siteID string, terms agreement.Terms) agreement.Paper {
	w.Helper()
	agreementID, versionID := id.New(), id.New()
	text, err := json.Marshal(terms)
	w.must(err)
	now := clock.Micros(w.clk.Now())
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlTestAgreement, agreementID, orgID, siteID, name, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlTestVersion, versionID, agreementID, 1, w.std.Service.ID, w.std.Office.ID, string(text), now, id.New())
		return err
	}))
	p := got(w, func() (agreement.Paper, error) { return w.book.Paper(ctx, w.d.Read(), versionID) })
	w.must(w.desk.ComeIntoForce(ctx, p))
	return p
}

func (w *world) card(by auth.Actor, q report.Query) report.Card {
	w.Helper()
	return got(w, func() (report.Card, error) { return w.report.Card(ctx, by, q) })
}

func (w *world) open(by auth.Actor, subject string) desk.Ticket {
	w.Helper()
	t := got(w, func() (desk.Ticket, error) {
		return w.desk.Open(ctx, by, desk.OpenInput{Subject: subject, Description: "It drops."})
	})
	w.must(w.jobs.RunDue(ctx))
	return t
}

// usual is the id of the agreement that holds for everybody without one.
func (w *world) usual() string {
	return got(w, func() (agreement.Paper, error) { return w.book.InForce(ctx, w.d.Read(), "", "", w.clk.Now()) }).AgreementID
}
