package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/api"
	adminapi "bothways/internal/api/admin"
	"bothways/internal/approval"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/desk/consent"
	"bothways/internal/desk/dispute"
	"bothways/internal/effort"
	"bothways/internal/intake"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
	"bothways/internal/upkeep"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) // a Monday, within office hours
	sys   = auth.SystemActor()
)

// world is the provider IT and two customers of the same shape, with a token for everybody.
type world struct {
	t       testing.TB
	d       *db.DB
	clk     *clock.Fake
	people  *people.Service
	auth    *auth.Service
	book    *agreement.Book
	box     *box.Box
	queue   *job.Queue
	cals    *calendar.Service
	lists   *intake.Service
	catalog *catalog.Catalog
	desk    *desk.Service
	h       *api.Handler

	approvals *approval.Service
	contracts *contract.Service
	whatIf    *whatif.Service

	log    *bytes.Buffer
	settle func(ctx context.Context, ticketID string)

	it, acme, twin    people.Organisation
	harbour, hill     people.Site // of Acme
	quay              people.Site // of Twin
	deskTeam, network people.Team
	vendor            people.Team
	tokens            map[string]string // by who
	persons           map[string]people.Person
}

// Those who call. "anna" asked for the tickets of the tests.
const (
	anna     = "anna"     // customer of Acme at Harbour
	carl     = "carl"     // customer of Acme at Harbour, too
	tina     = "tina"     // customer of Twin
	contact  = "contact"  // site contact of Harbour
	agent    = "agent"    // everywhere
	hillIT   = "hillIT"   // site IT of another site
	netIT    = "netIT"    // resolver of another team
	lead     = "lead"     // site IT lead of Harbour
	auditor  = "auditor"  // everywhere
	admin    = "admin"    // everywhere
	stranger = "stranger" // of Unassigned
	readOnly = "readOnly" // the agent with a token that only reads
	nobody   = "nobody"   // no token
)

type option func(*world, *api.Deps)

func newWorld(t testing.TB, d *db.DB, options ...option) *world {
	t.Helper()
	w := &world{t: t, d: d, clk: clock.NewFake(start), log: &bytes.Buffer{}, tokens: map[string]string{}, persons: map[string]people.Person{}}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	w.people = people.New(d, w.clk)
	w.auth = auth.New(d, w.clk, func(ctx context.Context, tx *db.Tx, r auth.Record) error {
		return audit.Write(ctx, tx, audit.Entry{At: r.At, Actor: r.Actor, Verb: r.Verb, Object: r.Object, ObjectID: r.ObjectID, Change: r.Change, Reason: r.Reason})
	})
	cals := calendar.New(d, w.clk)
	base, err := w.people.EnsureBase(ctx, "IT")
	w.must(err)
	w.it, w.deskTeam = base.Provider, base.Desk
	hours, err := cals.EnsureDefaults(ctx, "Europe/Berlin")
	w.must(err)
	w.book = agreement.NewBook(d, w.clk, cals)
	w.must(w.book.EnsureDefault(ctx, hours.Service.ID, hours.Office.ID))
	w.queue = job.New(d, w.clk, log)
	w.box = box.New(d, w.clk, w.queue, nil)
	accounts := &account.Service{DB: d, People: w.people, Auth: w.auth, Box: box.New(d, w.clk, w.queue, box.InApp{}), Config: account.Config{Name: "Service desk", Domain: "desk.example", BaseURL: "https://desk.example", Key: []byte("k")}}
	deps := api.Deps{Account: accounts, People: w.people, Auth: w.auth, Book: w.book, Box: w.box, DB: d, Clock: w.clk, Log: log}
	for _, o := range options {
		o(w, &deps)
	}
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.people, Book: w.book, Box: w.box, Jobs: w.queue, Time: effort.Keeper{Clock: w.clk}},
		desk.Config{Name: "Service desk", Address: "desk@it.example", BaseURL: "http://desk.example", ReplyKey: bytes.Repeat([]byte("k"), 32), MaxUpload: 10 << 20})
	deps.Desk, deps.Effort = w.desk, effort.New(d, w.clk, w.desk)
	teller := consent.Teller{Box: w.box, Clock: w.clk, Config: consent.Config{Name: "Service desk", Domain: "it.example", BaseURL: "http://desk.example", Key: []byte("k")}}
	w.approvals = approval.New(d, w.clk, w.queue, w.people, teller)
	deps.Disputes = dispute.New(dispute.Deps{DB: d, Clock: w.clk, Desk: w.desk, People: w.people, Approvals: w.approvals, Jobs: w.queue, Mail: teller})
	w.contracts = contract.New(contract.Deps{DB: d, Clock: w.clk, Book: w.book, People: w.people, Approvals: w.approvals, Jobs: w.queue})
	w.whatIf = whatif.New(whatif.Deps{DB: d, Clock: w.clk, Book: w.book, Contracts: w.contracts, Jobs: w.queue})
	w.queue.Handle(whatif.JobRun, w.whatIf.Work)
	deps.Approvals, deps.Contracts, deps.WhatIf = w.approvals, w.contracts, w.whatIf
	up := upkeep.New(d, w.clk, w.queue, w.box, w.desk)
	w.cals, w.lists = cals, intake.New(d, w.clk, w.people, w.queue)
	w.catalog = catalog.New(d, w.clk, w.people)
	deps.Admin = adminapi.Services{People: w.people, Auth: w.auth, Account: accounts, Calendars: cals, Catalog: w.catalog, Intake: w.lists, Upkeep: up, DB: d}
	w.h = api.New(deps)
	w.populate()
	return w
}

func (w *world) populate() {
	w.acme, w.twin = w.organisation("Acme"), w.organisation("Twin")
	w.harbour, w.hill, w.quay = w.site(w.acme, "Harbour", "North"), w.site(w.acme, "Hill", "North"), w.site(w.twin, "Quay", "South")
	var err error
	w.network, err = w.people.CreateTeam(ctx, sys, people.TeamInput{Name: "Network", Kind: people.EnterpriseTeam})
	w.must(err)
	w.vendor, err = w.people.CreateTeam(ctx, sys, people.TeamInput{Name: "Printworks", Kind: people.SupplierTeam})
	w.must(err)
	w.person(anna, "Anna Berg", w.acme, w.harbour)
	w.person(carl, "Carl Dahl", w.acme, w.harbour)
	w.person(tina, "Tina Quist", w.twin, w.quay)
	w.person(contact, "Cora Tact", w.acme, w.harbour, auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.harbour.ID})
	w.person(agent, "Ada Gent", w.it, people.Site{}, auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	w.person(hillIT, "Hilda IT", w.it, people.Site{}, auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: w.hill.ID})
	w.person(netIT, "Ned Work", w.it, people.Site{}, auth.Grant{Role: auth.Resolver, Scope: auth.Team, ScopeID: w.network.ID})
	w.person(lead, "Lea Dahl", w.it, people.Site{}, auth.Grant{Role: auth.SiteITLead, Scope: auth.Site, ScopeID: w.harbour.ID})
	w.person(auditor, "Audrey Tor", w.it, people.Site{}, auth.Grant{Role: auth.Auditor, Scope: auth.Everywhere})
	w.person(admin, "Adam Min", w.it, people.Site{}, auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere})
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		p, _, err := w.people.ResolveSender(ctx, tx, "someone@elsewhere.example", "Someone Else")
		w.persons[stranger] = p
		return err
	}))
	w.token(stranger, stranger)
	w.token(readOnly, agent, "read")
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) organisation(name string) people.Organisation {
	w.t.Helper()
	o, err := w.people.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: name})
	w.must(err)
	return o
}

func (w *world) site(o people.Organisation, name, region string) people.Site {
	w.t.Helper()
	s, err := w.people.CreateSite(ctx, sys, people.SiteInput{OrgID: o.ID, Name: name, Zone: "Europe/Berlin", Region: region})
	w.must(err)
	return s
}

func (w *world) person(who, name string, o people.Organisation, s people.Site, grants ...auth.Grant) {
	w.t.Helper()
	p, err := w.people.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: who + "@" + strings.ToLower(o.Name) + ".example", Verified: true, OrgID: o.ID, SiteID: s.ID})
	w.must(err)
	for _, g := range grants {
		_, err := w.people.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
		w.must(err)
	}
	w.persons[who] = p
	w.token(who, who)
}

func (w *world) token(name, who string, scopes ...string) {
	w.t.Helper()
	secret, _, err := w.auth.CreateToken(ctx, sys, w.persons[who].ID, "test", scopes, time.Time{})
	w.must(err)
	w.tokens[name] = secret
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	head   http.Header
	raw    []byte
	what   string
}

// request is a request before it is sent.
func (w *world) request(who, method, path string, body any) *http.Request {
	w.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case obj:
		if b == nil {
			break
		}
		raw, err := json.Marshal(b)
		w.must(err)
		r = bytes.NewReader(raw)
	default:
		raw, err := json.Marshal(b)
		w.must(err)
		r = bytes.NewReader(raw)
	}
	if !strings.HasPrefix(path, "/") {
		path = "/api/v1/" + path
	}
	req := httptest.NewRequest(method, path, r)
	if r != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if w.tokens[who] != "" {
		req.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	return req
}

func (w *world) send(r *http.Request) answer {
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return answer{w.t, rec.Code, rec.Header(), rec.Body.Bytes(), r.Method + " " + r.URL.String()}
}

// do sends a request as somebody.
func (w *world) do(who, method, path string, body any) answer {
	w.t.Helper()
	a := w.send(w.request(who, method, path, body))
	a.what = who + ": " + a.what
	return a
}

func (w *world) get(who, path string) answer { w.t.Helper(); return w.do(who, "GET", path, nil) }
func (w *world) post(who, path string, body any) answer {
	w.t.Helper()
	return w.do(who, "POST", path, body)
}

// open makes a ticket by anna and gives its number.
func (w *world) open() string {
	w.t.Helper()
	return w.post(anna, "tickets", obj{"subject": "Printer prints blank", "description": "Since this morning."}).is(201).str("number")
}

type obj = map[string]any

// each runs a test on both engines.
func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

// onSQLite runs a test on the embedded engine.
func onSQLite(t *testing.T, options ...option) *world {
	t.Helper()
	t.Parallel()
	return newWorld(t, dbtest.Open(t, db.SQLite), options...)
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(want, got) {
		return
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := 0; i < max(len(w), len(g)); i++ {
		line := func(l []string) string {
			if i < len(l) {
				return l[i]
			}
			return "(end)"
		}
		if line(w) != line(g) {
			t.Fatalf("%s line %d:\n got %s\nwant %s\nIf that is meant, run the test with -update and look at the difference.", path, i+1, line(g), line(w))
		}
	}
}
