package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

// settings are those of `bothways demo` with a database in a folder of the test.
func settings(t *testing.T) config.Config {
	t.Helper()
	dir := t.TempDir()
	conf, _, err := config.Load("demo", config.Sources{Env: func(string) string { return "" }, Args: []string{"--data", dir, "--database", "sqlite:" + filepath.Join(dir, "d.db")}, Out: io.Discard}, nil)
	if err != nil {
		t.Fatal(err)
	}
	Settings(&conf, nil)
	return conf
}

var quiet = slog.New(slog.DiscardHandler)

// world is the company as it stands after Build.
type world struct {
	t   *testing.T
	ctx context.Context
	app *app.App
	by  auth.Actor
}

// shut gives nobody a password.
func shut(*company, context.Context) func() error { return func() error { return nil } }

func made(t *testing.T, plan Plan, passwords func(*company, context.Context) func() error) *world {
	t.Helper()
	conf := settings(t)
	now := plan.Now
	w := &world{t: t, ctx: context.Background(), by: auth.SystemActor()}
	var err error
	if err := build(w.ctx, conf, plan, quiet, passwords); err != nil {
		t.Fatal(err)
	}
	if w.app, err = app.New(w.ctx, conf, app.Options{Clock: clock.NewFake(now), Log: quiet, Transport: box.InApp{}, Demo: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.app.Stop() })
	return w
}

func (w *world) tickets() []desk.Row {
	w.t.Helper()
	l, err := w.app.Desk.List(w.ctx, w.by, desk.Filter{}, "", page.MaxLimit)
	if err != nil {
		w.t.Fatal(err)
	}
	return l.Items
}

// story is everything of the history that does not depend on ids.
func (w *world) story() string {
	var b strings.Builder
	for _, r := range w.tickets() {
		fmt.Fprintf(&b, "%s %s %s %s %s %s\n", r.Ref(), r.Subject, r.State, r.TurnSide, r.DueAt, r.LastLine)
	}
	out, err := w.app.Box.Outbounds(w.ctx, "", "", page.Cursor{}, page.MaxLimit)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range out.Items {
		fmt.Fprintf(&b, "%s %s %s %s\n", m.MadeAt, m.Kind, m.Recipient, m.Subject)
	}
	return b.String()
}

func instant(t *testing.T, at string) time.Time {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// TestBuild makes the company at several moments of the week and the year: on a working morning, before work on the day after the
// clocks changed, late on the Sunday they change, and on a Saturday of the new year.
func TestBuild(t *testing.T) {
	for _, at := range []string{"2026-11-24T09:42:00Z", "2026-03-30T05:01:00Z", "2026-10-25T22:30:00Z", "2027-01-02T12:00:00Z"} {
		t.Run(at, func(t *testing.T) {
			w := made(t, Plan{Now: instant(t, at), Few: true}, shut)
			states := map[desk.State]int{}
			late := map[agreement.Side]int{}
			for _, r := range w.tickets() {
				states[r.State]++
				w.whole(r, late)
			}
			for _, s := range desk.States() {
				if states[s] == 0 && s != desk.Declined { // a decline takes a ruling, which is not built yet
					t.Errorf("no ticket is %s", s)
				}
			}
			if late[agreement.SideProvider] == 0 || late[agreement.SideCustomer] == 0 {
				t.Errorf("both sides should have broken a promise: %v", late)
			}
			if moved, err := w.app.Desk.Rederive(w.ctx, false); err != nil || len(moved) > 0 {
				t.Errorf("the cache differs from the ledger: %v %v", moved, err)
			}
			w.mails()
		})
	}
}

// whole looks at one ticket: its turns have no gap and sum to its life, nothing lies in the future.
func (w *world) whole(r desk.Row, late map[agreement.Side]int) desk.Ledger {
	w.t.Helper()
	l, err := w.app.Desk.Ledger(w.ctx, w.by, r.Number)
	if err != nil {
		w.t.Fatal(err)
	}
	sum := int64(0)
	for i, turn := range l.Result.Turns {
		sum += l.Result.Until(turn) - turn.Since
		if i > 0 && l.Result.Turns[i-1].Until != turn.Since {
			w.t.Errorf("%s: a gap before turn %d", r.Ref(), i)
		}
	}
	if sum != l.Result.Lifetime {
		w.t.Errorf("%s: turns of %d s in a life of %d s", r.Ref(), sum, l.Result.Lifetime)
	}
	for _, o := range l.Result.Obligations {
		if o.State == agreement.StateBreached {
			late[o.Side]++
		}
	}
	if r.ChangedAt.After(w.app.Clock.Now()) || r.MadeAt.Before(w.app.Clock.Now().AddDate(-1, 0, -7)) {
		w.t.Errorf("%s: from %s to %s", r.Ref(), r.MadeAt, r.ChangedAt)
	}
	return l
}

// mails wants every kind of mail to have been sent, and senders proven by the mail server that the demo believes.
func (w *world) mails() {
	w.t.Helper()
	out, err := w.app.Box.Outbounds(w.ctx, "", "", page.Cursor{}, page.MaxLimit)
	if err != nil {
		w.t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, m := range out.Items {
		kinds[m.Kind]++
		if m.State != box.Sent {
			w.t.Errorf("a mail to %s is %s", m.Recipient, m.State)
		}
	}
	for _, k := range []string{"opened", "reply", "question", "solution", "remind", "tell_contact", "pause", "lapse", "close", "wait", "warn", "tell_customer"} {
		if kinds[k] == 0 {
			w.t.Errorf("no mail of kind %s: %v", k, kinds)
		}
	}
	in, err := w.app.Box.Inbounds(w.ctx, "", page.Cursor{}, page.MaxLimit)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range in.Items {
		if want := strings.HasSuffix(m.From, "@norvik.example"); (m.Auth == "aligned") != want || m.State == box.Stored || m.State == box.Refused {
			w.t.Errorf("a mail from %s is %s, %s", m.From, m.State, m.Auth)
		}
	}
}

// TestBuildIsTheSameEachTime compares two histories that end at the same instant.
func TestBuildIsTheSameEachTime(t *testing.T) {
	a, b := strings.Split(made(t, Plan{Now: instant(t, "2026-11-24T14:05:00Z"), Few: true}, shut).story(), "\n"), strings.Split(made(t, Plan{Now: instant(t, "2026-11-24T14:05:00Z"), Few: true}, shut).story(), "\n")
	slices.Sort(a) // mails of one instant have no order
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("two histories:\n%s\n\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
}

// TestLogins signs in with every account that is printed, and wants the others shut.
func TestLogins(t *testing.T) {
	w := made(t, Plan{Now: instant(t, "2026-11-24T09:42:00Z"), Few: true}, (*company).passwords)
	if len(Logins()) < 6 {
		t.Errorf("only %d logins", len(Logins()))
	}
	shut := slices.IndexFunc(cast, func(m member) bool { return m.login == "" })
	for i, m := range cast {
		if m.login == "" && i != shut {
			continue
		}
		personID, err := w.app.People.SignInID(w.ctx, m.address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.app.Auth.SignIn(w.ctx, auth.Credentials{PersonID: personID, Account: m.address, Password: Password, IP: "192.0.2.1"})
		if (err == nil) != (m.login != "") {
			t.Errorf("%s: %v", m.address, err)
		}
	}
}

// TestBuildTwice goes on with a company that is there, and refuses a database of somebody else.
func TestBuildTwice(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC)
	conf, ctx := settings(t), context.Background()
	for range 2 {
		if err := build(ctx, conf, Plan{Now: now, Few: true}, quiet, shut); err != nil {
			t.Fatal(err)
		}
	}
	other := settings(t)
	a, err := app.New(ctx, other, app.Options{Clock: clock.NewFake(now), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Box.Receive(ctx, "a@b.example", "desk@localhost", []byte("From: a@b.example\r\nSubject: x\r\n\r\ny\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := a.Jobs.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := Build(ctx, other, Plan{Now: now}, quiet); !errs.Is(err, errs.Conflict) {
		t.Errorf("a real installation became a demo: %v", err)
	}
}
