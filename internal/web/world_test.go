package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
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
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
	"bothways/internal/upkeep"
	"bothways/internal/web"
)

var ctx = context.Background()

// monday is a working day, before noon in London.
var monday = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)

const (
	base     = "https://desk.norvik.example"
	password = "correct horse battery staple 9"
)

// world is an installation with its pages: real services on SQLite, a fake clock, and a relay that takes every mail.
type world struct {
	t         testing.TB
	db        *db.DB
	clk       *clock.Fake
	desk      *desk.Service
	box       *box.Box
	jobs      *job.Queue
	approvals *approval.Service
	contracts *contract.Service
	disputes  *dispute.Service
	whatIf    *whatif.Service
	book      *agreement.Book
	peo       *people.Service
	auth      *auth.Service
	pages     http.Handler
	base      people.Base
	org       people.Organisation
	site      people.Site
	helen     person // customer at Leeds
	amara     person // agent everywhere
}

// person is somebody with a session.
type person struct {
	auth.Actor
	address string
	secret  string
}

func newWorld(t testing.TB, change ...func(*web.Deps)) *world {
	t.Helper()
	d := dbtest.Open(t, db.SQLite)
	w := &world{t: t, db: d, clk: clock.NewFake(monday)}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.jobs = job.New(d, w.clk, log)
	w.peo = people.New(d, w.clk)
	cal := calendar.New(d, w.clk)
	book := agreement.NewBook(d, w.clk, cal)
	w.book = book
	w.base = must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "Norvik IT") })
	cals := must(w, func() (calendar.Defaults, error) { return cal.EnsureDefaults(ctx, "Europe/London") })
	w.check(book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID))
	w.box = box.New(d, w.clk, w.jobs, box.InApp{})
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.peo, Book: book, Box: w.box, Jobs: w.jobs, Time: effort.Keeper{Clock: w.clk}},
		desk.Config{Name: "Service desk", Address: "desk@norvik.example", BaseURL: base, ReplyKey: []byte("0123456789abcdef0123456789abcdef"), AuthServ: "mx.norvik.example", MaxUpload: 25 << 20})
	w.jobs.Handle(box.JobRead, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.TakeMail(ctx, j.Item, f) })
	w.jobs.Handle(box.JobSend, func(ctx context.Context, j job.Job, f job.Finish) error {
		return w.box.Deliver(ctx, j.Item, func(tx *db.Tx) error { return w.jobs.Hold(ctx, tx, j) }, f, w.desk)
	})
	w.jobs.Handle(desk.JobHeld, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.SendHeld(ctx, j.Item, f) })
	w.jobs.Handle(desk.JobTimer, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.Timer(ctx, j.Item, f) })
	w.auth = auth.New(d, w.clk, func(ctx context.Context, tx *db.Tx, r auth.Record) error {
		return audit.Write(ctx, tx, audit.Entry{At: r.At, Actor: r.Actor, Verb: r.Verb, Object: r.Object, ObjectID: r.ObjectID, Change: r.Change, Reason: r.Reason})
	})
	teller := consent.Teller{Box: w.box, Clock: w.clk, Config: consent.Config{Name: "Service desk", Domain: "it.example", BaseURL: base, Key: []byte("k")}}
	w.approvals = approval.New(d, w.clk, w.jobs, w.peo, teller)
	w.disputes = dispute.New(dispute.Deps{DB: d, Clock: w.clk, Desk: w.desk, People: w.peo, Approvals: w.approvals, Jobs: w.jobs, Mail: teller})
	w.contracts = contract.New(contract.Deps{DB: d, Clock: w.clk, Book: book, People: w.peo, Approvals: w.approvals, Jobs: w.jobs})
	accounts := &account.Service{DB: d, People: w.peo, Auth: w.auth, Box: w.box, Config: account.Config{Name: "Service desk", Domain: "it.example", BaseURL: base, Key: []byte("k")}}
	w.whatIf = whatif.New(whatif.Deps{DB: d, Clock: w.clk, Book: book, Contracts: w.contracts, Jobs: w.jobs})
	deps := web.Deps{Account: accounts, Approvals: w.approvals, Contracts: w.contracts, Disputes: w.disputes, WhatIf: w.whatIf, Desk: w.desk, Effort: effort.New(d, w.clk, w.desk), People: w.peo, Auth: w.auth, Box: w.box, Book: book, Calendars: cal, Catalog: catalog.New(d, w.clk, w.peo), Intake: w.lists(), Upkeep: upkeep.New(d, w.clk, w.jobs, w.box, w.desk), DB: d, Clock: w.clk, Log: log, BaseURL: base, DeskName: "Service desk", Demo: true,
		Logins: []web.Login{{Part: "Customers", Name: "Helen Marsh", What: "customer in Leeds", Address: "helen@norvik.example"}, {Part: "Service desk", Name: "Amara Okafor", What: "agent", Address: "amara@it.example", Staff: true}}, Password: password,
		Settle: func(ctx context.Context, _ string) { w.check(w.jobs.RunDue(ctx)) }}
	for _, fn := range change {
		fn(&deps)
	}
	w.pages = web.New(deps)
	w.org = must(w, func() (people.Organisation, error) {
		return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Norvik Industries", Kind: people.Customer})
	})
	w.site = must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: w.org.ID, Name: "Leeds", Zone: "Europe/London", Region: "north"})
	})
	w.helen = w.person("Helen Marsh", "helen@norvik.example", w.org.ID, w.site.ID)
	w.amara = w.person("Amara Okafor", "amara@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	w.check(w.peo.AddMember(ctx, auth.SystemActor(), w.base.Desk.ID, w.amara.PersonID))
	return w
}

func must[T any](w *world, fn func() (T, error)) T {
	w.t.Helper()
	v, err := fn()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return v
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
}

// person makes somebody who has signed in.
func (w *world) person(name, address, orgID, siteID string, grants ...auth.Grant) person {
	w.t.Helper()
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
	made := person{a, address, id.Secret("")}
	w.session(made)
	return made
}

// session opens the session of a person as a sign-in does; a password takes too long for so many.
func (w *world) session(p person) {
	w.t.Helper()
	now := w.clk.Now()
	w.check(w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO auth_session (digest, person_id, made_at, seen_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
			id.Digest(p.secret), p.PersonID, clock.Micros(now), clock.Micros(now), clock.Micros(now.AddDate(0, 0, 7)))
		return err
	}))
}

// password gives a person the password of the tests.
func (w *world) password(p person) {
	w.t.Helper()
	w.check(w.auth.SetPassword(ctx, auth.SystemActor(), p.PersonID, password))
	w.session(p) // the password ended the one before
}

// advance moves the clock and does what falls due on the way.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	end := w.clk.Now().Add(d)
	for {
		w.check(w.jobs.RunDue(ctx))
		next := must(w, func() (time.Time, error) { return w.jobs.Next(ctx) })
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(w.clk.Now()) {
			w.clk.Set(next)
		}
	}
	w.clk.Set(end)
	w.check(w.jobs.RunDue(ctx))
}

// answer is what the pages answered.
type answer struct {
	*httptest.ResponseRecorder
	t testing.TB
}

func (a answer) doc() *goquery.Document {
	a.t.Helper()
	d, err := goquery.NewDocumentFromReader(bytes.NewReader(a.Body.Bytes()))
	if err != nil {
		a.t.Fatal(err)
	}
	return d
}

// words is the text of the page, in one line.
func (a answer) words() string { return strings.Join(strings.Fields(a.doc().Find("body").Text()), " ") }

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d\n%s", a.Code, status, strings.Join(strings.Fields(a.doc().Text()), " "))
	}
	return a
}

// do sends a request as somebody; nil is nobody. change may set headers.
func (w *world) do(as *person, method, path, typ string, body io.Reader, change ...func(*http.Request)) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, base+path, body)
	if typ != "" {
		r.Header.Set("Content-Type", typ)
	}
	if as != nil {
		r.AddCookie(web.SessionCookie(base, as.secret))
	}
	for _, c := range change {
		c(r)
	}
	if r.URL.Path == "/live" { // it goes on as long as somebody reads
		c, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		r = r.WithContext(c)
	}
	rec := httptest.NewRecorder()
	w.pages.ServeHTTP(rec, r)
	return answer{rec, w.t}
}

func (w *world) get(as *person, path string) answer {
	w.t.Helper()
	return w.do(as, "GET", path, "", nil)
}

// post sends a form of words: name, value, name, value, …
func (w *world) post(as *person, path string, pairs ...string) answer {
	w.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return w.do(as, "POST", path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// upload sends a form with one file.
func (w *world) upload(as *person, path, name, content string, pairs ...string) answer {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		w.check(m.WriteField(pairs[i], pairs[i+1]))
	}
	part := must(w, func() (io.Writer, error) { return m.CreateFormFile("files", name) })
	_, _ = io.WriteString(part, content)
	w.check(m.Close())
	return w.do(as, "POST", path, m.FormDataContentType(), &b)
}

// submit fills a form of a page as a person would and sends it: what is hidden in it goes along.
func (w *world) submit(as *person, page answer, formID string, pairs ...string) answer {
	w.t.Helper()
	f := page.doc().Find("form#" + formID)
	if f.Length() != 1 {
		w.t.Fatalf("the page has %d forms %q", f.Length(), formID)
	}
	v := url.Values{}
	f.Find("input:not([type=checkbox]):not([type=radio]):not([type=file])").Each(func(_ int, in *goquery.Selection) { v.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	f.Find("select").Each(func(_ int, in *goquery.Selection) {
		o := in.Find("option[selected]")
		if o.Length() == 0 {
			o = in.Find("option").First()
		}
		v.Set(in.AttrOr("name", ""), o.AttrOr("value", ""))
	})
	f.Find("textarea").Each(func(_ int, in *goquery.Selection) { v.Set(in.AttrOr("name", ""), in.Text()) })
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Find(`[name="`+pairs[i]+`"]`).Length() == 0 {
			w.t.Fatalf("the form %q has no field %q", formID, pairs[i])
		}
		v.Set(pairs[i], pairs[i+1])
	}
	return w.do(as, "POST", f.AttrOr("action", ""), "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// follow reads the page a form led to.
func (w *world) follow(as *person, a answer) answer {
	w.t.Helper()
	a.want(http.StatusSeeOther)
	return w.get(as, a.Header().Get("Location"))
}

// ask opens a request by the page and gives its number.
func (w *world) ask(as *person, subject string) int64 {
	w.t.Helper()
	a := w.post(as, "/requests", "subject", subject, "body", "It drops.").want(http.StatusSeeOther)
	var n int64
	if _, err := fmt.Sscanf(a.Header().Get("Location"), "/requests/BW-%d?done=new", &n); err != nil {
		w.t.Fatalf("led to %q: %v", a.Header().Get("Location"), err)
	}
	return n
}

func (w *world) ticket(n int64) desk.Ticket {
	w.t.Helper()
	return must(w, func() (desk.Ticket, error) { return w.desk.Get(ctx, auth.SystemActor(), n) })
}

// turns writes a ticket's turns with their lengths in a line, and checks that they add up.
func (w *world) turns(n int64) string {
	w.t.Helper()
	l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, auth.SystemActor(), n) })
	var out []string
	sum := int64(0)
	for _, turn := range l.Result.Turns {
		d := l.Result.Until(turn) - turn.Since
		sum += d
		out = append(out, fmt.Sprintf("%s %d", turn.Side, d))
	}
	if sum != l.Result.Lifetime {
		w.t.Errorf("the turns add up to %d s, the lifetime is %d s", sum, l.Result.Lifetime)
	}
	return strings.Join(out, ", ")
}

// events counts every event there is.
func (w *world) events() (n int) {
	w.t.Helper()
	w.check(w.db.Read().QueryRow(ctx, "SELECT COUNT(*) FROM event_entry").Scan(&n))
	return n
}

// lists takes lists of people in.
func (w *world) lists() *intake.Service {
	s := intake.New(w.db, w.clk, w.peo, w.jobs)
	w.jobs.Handle(intake.JobRun, func(ctx context.Context, j job.Job, f job.Finish) error { return s.Work(ctx, j.Item, f) })
	return s
}
