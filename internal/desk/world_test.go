package desk_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/consent"
	"bothways/internal/desk/dispute"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var ctx = context.Background()

// monday is a working day, before noon in London.
var monday = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)

// world is an installation without edges: real services, a fake clock, and a post office that keeps what leaves.
type world struct {
	t     *testing.T
	db    *db.DB
	clk   *clock.Fake
	desk  *desk.Service
	box   *box.Box
	jobs  *job.Queue
	peo   *people.Service
	cal   *calendar.Service
	book  *agreement.Book
	asks  *approval.Service
	disp  *dispute.Service
	post  *post
	site  people.Site
	helen auth.Actor // customer at Leeds
	agent auth.Actor
}

// post is the outside: a relay that takes, refuses or hangs up as told.
type post struct {
	sent []box.Outbound
	fail error
}

func (p *post) Deliver(_ context.Context, m box.Outbound) (string, error) {
	if p.fail != nil {
		return "", p.fail
	}
	p.sent = append(p.sent, m)
	return "250 ok", nil
}

// to gives what was sent to an address, newest last, and forgets it.
func (p *post) to(address string) []box.Outbound {
	var mine, rest []box.Outbound
	for _, m := range p.sent {
		if m.Recipient == address {
			mine = append(mine, m)
		} else {
			rest = append(rest, m)
		}
	}
	p.sent = rest
	return mine
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, db: d, clk: clock.NewFake(monday), post: &post{}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w.jobs = job.New(d, w.clk, log)
	w.peo, w.cal = people.New(d, w.clk), calendar.New(d, w.clk)
	w.book = agreement.NewBook(d, w.clk, w.cal)
	base := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "Norvik IT") })
	cals := must(w, func() (calendar.Defaults, error) { return w.cal.EnsureDefaults(ctx, "Europe/London") })
	w.check(w.book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID))
	w.box = box.New(d, w.clk, w.jobs, w.post)
	w.desk = desk.NewService(desk.Deps{DB: d, Clock: w.clk, People: w.peo, Book: w.book, Box: w.box, Jobs: w.jobs, Time: keeper{}},
		desk.Config{Name: "Service desk", Address: "desk@norvik.example", Levels: "levels@norvik.example", BaseURL: "https://desk.norvik.example", ReplyKey: []byte("0123456789abcdef0123456789abcdef"), AuthServ: "mx.norvik.example", MaxUpload: 25 << 20})
	teller := consent.Teller{Box: w.box, Clock: w.clk, Config: consent.Config{Name: "Service desk", Domain: "norvik.example", BaseURL: "https://desk.norvik.example", Key: []byte("k")}}
	w.asks = approval.New(d, w.clk, w.jobs, w.peo, teller)
	w.disp = dispute.New(dispute.Deps{DB: d, Clock: w.clk, Desk: w.desk, People: w.peo, Approvals: w.asks, Jobs: w.jobs, Mail: teller})
	w.jobs.Handle(dispute.JobTerm, func(ctx context.Context, j job.Job, f job.Finish) error {
		return f(func(tx *db.Tx) error { return w.disp.Further(ctx, tx, j.Item) })
	})
	w.jobs.Handle(approval.JobExpire, func(ctx context.Context, j job.Job, f job.Finish) error {
		return f(func(tx *db.Tx) error { return w.asks.Expire(ctx, tx, j.Item) })
	})
	w.jobs.Handle(box.JobRead, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.TakeMail(ctx, j.Item, f) })
	w.jobs.Handle(box.JobSend, func(ctx context.Context, j job.Job, f job.Finish) error {
		return w.box.Deliver(ctx, j.Item, func(tx *db.Tx) error { return w.jobs.Hold(ctx, tx, j) }, f, w.desk)
	})
	w.jobs.Handle(desk.JobTimer, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.Timer(ctx, j.Item, f) })
	sys := auth.SystemActor()
	org := must(w, func() (people.Organisation, error) {
		return w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik Industries", Kind: people.Customer})
	})
	w.site = must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: org.ID, Name: "Leeds", Zone: "Europe/London", Region: "north"})
	})
	w.helen = w.person("Helen Marsh", "helen@norvik.example", org.ID, w.site.ID)
	w.agent = w.person("Amara Okafor", "amara@it.example", base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
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

func (w *world) person(name, address, orgID, siteID string, grants ...auth.Grant) auth.Actor {
	w.t.Helper()
	p := must(w, func() (people.Person, error) {
		return w.peo.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: name, Address: address, OrgID: orgID, SiteID: siteID})
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

// run does what is due now.
func (w *world) run() {
	w.t.Helper()
	w.check(w.jobs.RunDue(ctx))
}

// advance moves the clock and does what falls due on the way.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	end := w.clk.Now().Add(d)
	for {
		w.run()
		next := must(w, func() (time.Time, error) { return w.jobs.Next(ctx) })
		if next.IsZero() || next.After(end) {
			break
		}
		w.clk.Set(maxOf(next, w.clk.Now()))
	}
	w.clk.Set(end)
	w.run()
}

func maxOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// receive puts a raw mail into the desk and reads it.
func (w *world) receive(raw string) {
	w.t.Helper()
	w.receiveAt("desk@norvik.example", raw)
}

// receiveAt is receive at an address of ours.
func (w *world) receiveAt(to, raw string) {
	w.t.Helper()
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	must(w, func() (string, error) {
		return w.box.Receive(ctx, "bounce@x.example", to, []byte(raw))
	})
	w.run()
}

func (w *world) open(subject string) desk.Ticket {
	w.t.Helper()
	t := must(w, func() (desk.Ticket, error) {
		return w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: subject, Description: "It drops."})
	})
	w.run()
	return t
}

func (w *world) get(number int64) desk.Ticket {
	w.t.Helper()
	return must(w, func() (desk.Ticket, error) { return w.desk.Get(ctx, auth.SystemActor(), number) })
}

// turns writes the sides of a ticket's turns in a line, and checks that they leave no gap and add up.
func (w *world) turns(number int64) string {
	w.t.Helper()
	l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, auth.SystemActor(), number) })
	var sides []string
	sum, at := int64(0), int64(0)
	for i, turn := range l.Result.Turns {
		if i > 0 && turn.Since != at {
			w.t.Errorf("turn %d begins at %d, the one before ends at %d", i, turn.Since, at)
		}
		at = l.Result.Until(turn)
		sum += at - turn.Since
		sides = append(sides, string(turn.Side))
	}
	if closed := l.Result.Lifetime; sum != closed {
		w.t.Errorf("the turns add up to %d s, the lifetime is %d s", sum, closed)
	}
	for i, o := range l.Result.Obligations {
		counted := int64(0)
		for _, e := range l.Result.Explain(i) {
			if e.Counted {
				counted += e.To - e.From
			}
		}
		if counted != o.Used {
			w.t.Errorf("%s: its explanation counts %d s, used are %d s", o.ID, counted, o.Used)
		}
	}
	return strings.Join(sides, " ")
}

func (w *world) obligation(number int64, m agreement.Metric) agreement.Obligation {
	w.t.Helper()
	l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, auth.SystemActor(), number) })
	for i := len(l.Result.Obligations) - 1; i >= 0; i-- {
		if l.Result.Obligations[i].Metric == m {
			return l.Result.Obligations[i]
		}
	}
	w.t.Fatalf("%s has no obligation %s", desk.Ref(number), m)
	return agreement.Obligation{}
}

// keeper keeps working time for tests that do not look at it: it refuses what is none.
type keeper struct{}

func (keeper) Keep(_ context.Context, _ *db.Tx, _ auth.Actor, _, _ string, w desk.Work) error {
	if w.Minutes < 0 {
		return errs.In("keeper", "minutes", "none")
	}
	return nil
}
