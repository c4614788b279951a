package live_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/web"
)

var ctx = context.Background()

var monday = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)

const password = "correct horse battery staple 9"

// node is one server of an installation, on a clock of its own that stands still until it is moved.
type node struct {
	*app.App
	t   testing.TB
	clk *clock.Fake
	url string
}

// newNode serves an installation. shape may change the server before it starts.
func newNode(t testing.TB, database string, shape func(*http.Server)) *node {
	t.Helper()
	c, _, err := config.Load("serve", config.Sources{Env: func(string) string { return "" }, Out: io.Discard, Args: []string{
		"--data", t.TempDir(), "--database", database, "--mail-from", "desk@desk.example", "--base-url", "http://desk.example"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, clk: clock.NewFake(monday)}
	if n.App, err = app.New(ctx, c, app.Options{Clock: n.clk, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Transport: box.InApp{}}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(n.Handler)
	if shape != nil {
		shape(srv.Config)
	}
	srv.Start()
	n.url = srv.URL
	t.Cleanup(func() { n.Live.Close(); srv.Close(); _ = n.Stop() })
	return n
}

// person is somebody who is signed in.
type person struct {
	auth.Actor
	address, secret string
}

// person makes somebody of the provider (with a role) or of the customer, and signs them in.
func (n *node) person(name, orgID string, grants ...auth.Grant) person {
	n.t.Helper()
	p := person{address: strings.ToLower(name) + "@norvik.example"}
	made, err := n.People.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: name, Address: p.address, OrgID: orgID})
	n.check(err)
	for _, g := range grants {
		_, err := n.People.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: made.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
		n.check(err)
	}
	p.Actor, err = n.People.ActorOf(ctx, made.ID)
	n.check(err)
	p.secret = n.signIn(p)
	return p
}

// signIn opens a session without the seconds that checking a password takes.
func (n *node) signIn(p person) string {
	n.t.Helper()
	secret, at := id.Secret(""), clock.Micros(n.clk.Now())
	n.check(n.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO auth_session (digest, person_id, made_at, seen_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
			id.Digest(secret), p.PersonID, at, at, at+(7*24*time.Hour).Microseconds())
		return err
	}))
	return secret
}

func (n *node) check(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// get asks for an address with a session. The answer is the caller's to close.
func (n *node) get(ctx context.Context, method, path, secret string, header ...string) *http.Response {
	n.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, n.url+path, nil)
	n.check(err)
	if secret != "" {
		r.AddCookie(web.SessionCookie("http://desk.example", secret))
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	tr := &http.Transport{}
	n.t.Cleanup(tr.CloseIdleConnections)
	res, err := tr.RoundTrip(r)
	n.check(err)
	return res
}

// stream is an open stream as a browser reads it.
type stream struct {
	t      testing.TB
	events chan string // "ticket {…}"; closed at its end
	cancel func()
}

// open opens a stream and waits until it runs.
func (n *node) open(secret string) *stream {
	n.t.Helper()
	c, cancel := context.WithCancel(ctx)
	res := n.get(c, "GET", "/live", secret)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		n.t.Fatalf("the stream answers %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	s := &stream{n.t, make(chan string, 1000), cancel}
	n.t.Cleanup(cancel)
	over, runs := make(chan bool), make(chan bool)
	go func() {
		defer close(s.events)
		defer close(over)
		defer func() { _ = res.Body.Close() }()
		name := ""
		for in := bufio.NewScanner(res.Body); in.Scan(); {
			switch key, value, _ := strings.Cut(in.Text(), ": "); key {
			case "retry":
				close(runs)
			case "event":
				name = value
			case "data":
				if name != "at" { // a mark; see TestAMarkSaysWhetherAnythingChanged
					s.events <- name + " " + value
				}
			}
		}
	}()
	select {
	case <-runs:
	case <-over:
		n.t.Fatal("the stream ended before it began")
	}
	return s
}

// again tells a page to read what it shows anew.
const again = "again {}"

// next is the next event, "" at the end of the stream.
func (s *stream) next() string { return <-s.events }

// want reads the events of all. On PostgreSQL whoever opened a stream while the node began to hear the others may be told "again"
// once more than was wanted: it asks for nothing that is wrong.
func (s *stream) want(all ...string) {
	s.t.Helper()
	for _, w := range all {
		got := s.next()
		for got == again && w != again {
			got = s.next()
		}
		if got != w {
			s.t.Fatalf("the stream says %q, wanted %q", got, w)
		}
	}
}

// ended fails the test unless the stream is over.
func (s *stream) ended() {
	s.t.Helper()
	if more, ok := <-s.events; ok {
		s.t.Fatalf("the stream goes on: %q", more)
	}
}

// company is an installation with two customers and two agents.
type company struct {
	*node
	helen, owen  person // of two organisations
	amara, bruno person // agents: everywhere, and of Owen's organisation
	owens        people.Organisation
}

func newCompany(t testing.TB, e db.Engine) *company {
	t.Helper()
	return peopled(newNode(t, dbtest.URL(t, e), nil))
}

func peopled(n *node) *company {
	n.t.Helper()
	w := &company{node: n}
	org := func(name string) people.Organisation {
		o, err := n.People.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: name, Kind: people.Customer})
		n.check(err)
		return o
	}
	norvik := org("Norvik")
	w.owens = org("Clarke & Sons")
	base, err := n.People.EnsureBase(ctx, "")
	n.check(err)
	w.helen, w.owen = n.person("Helen", norvik.ID), n.person("Owen", w.owens.ID)
	w.amara = n.person("Amara", base.Provider.ID, auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	w.bruno = n.person("Bruno", base.Provider.ID, auth.Grant{Role: auth.Agent, Scope: auth.Organisation, ScopeID: w.owens.ID})
	return w
}

// ask opens a ticket.
func (n *node) ask(by person, subject string) desk.Ticket {
	n.t.Helper()
	t, err := n.Desk.Open(ctx, by.Actor, desk.OpenInput{Kind: "incident", Subject: subject, Description: "It does not work.", Impact: "medium", Urgency: "medium"})
	n.check(err)
	return t
}

// say writes on a ticket.
func (n *node) say(by person, t desk.Ticket) desk.Ticket {
	n.t.Helper()
	r, err := n.Desk.Speak(ctx, by.Actor, desk.SpeakInput{Number: t.Number, Body: "There is more to say."})
	n.check(err)
	return r.Ticket
}

func each(t *testing.T, fn func(t *testing.T, e db.Engine)) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			fn(t, e)
		})
	}
}
