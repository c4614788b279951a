package check

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

// Doctor looks at one thing after the other, prints what it found and goes on.
type Doctor struct {
	out io.Writer
	app *app.App
	ctx context.Context
	bad []error
}

// NewDoctor makes one that prints to out.
func NewDoctor(ctx context.Context, out io.Writer) *Doctor { return &Doctor{out: out, ctx: ctx} }

// Check prints what one look found; fine is what to say when nothing is wrong. It says whether that is so.
func (d *Doctor) Check(what string, err error, fine string, args ...any) bool {
	if err != nil {
		sentence := errs.Sentence(err)
		if errs.Is(err, errs.Internal) {
			sentence = err.Error()
		}
		d.say("wrong  %-10s %s", what, sentence)
		d.bad = append(d.bad, err)
		return false
	}
	if fine != "" {
		d.say("ok     %-10s %s", what, fmt.Sprintf(fine, args...))
	}
	return true
}

func (d *Doctor) say(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format+"\n", args...) }

// Verdict is nil when nothing was wrong, else an error of the first finding's kind.
func (d *Doctor) Verdict() error {
	switch n := len(d.bad); n {
	case 0:
		return nil
	case 1:
		return errs.New(errs.KindOf(d.bad[0]), "cli.doctor", "One thing needs attention; see above.")
	default:
		return errs.New(errs.KindOf(d.bad[0]), "cli.doctor", "%d things need attention; see above.", n)
	}
}

// Examine makes every look but the long one.
func (d *Doctor) Examine(a *app.App) {
	d.app = a
	if !d.Check("database", a.DB.Ping(d.ctx), "%s answers, schema %d", a.DB, Schema()) {
		return
	}
	d.folder()
	d.relay()
	d.jobs()
	d.outbox()
	d.seeds()
	ok, err := HasAdministrator(d.ctx, a)
	if err == nil && !ok {
		err = errs.New(errs.NotFound, "cli.doctor", "Nobody administers everything. Make somebody with: bothways init --admin-email you@example.org")
	}
	d.Check("people", err, "there is an administrator")
}

func (d *Doctor) folder() {
	path := d.app.DB.Path()
	if path == "" {
		return
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		d.Check("folder", errs.Wrap(errs.Unavailable, "cli.doctor", err, "Nothing can be written in %s. Check who owns it and whether the disk is full.", dir), "")
		return
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	d.Check("folder", nil, "%s can be written", dir)
}

// relay looks whether something listens where mail goes out.
func (d *Doctor) relay() {
	relay := d.app.Config.Relay
	if relay == "" {
		d.Check("relay", nil, "none is set, so nobody is mailed")
		return
	}
	addr := relayAddress(relay)
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(d.ctx, "tcp", addr)
	if err != nil {
		d.Check("relay", errs.Wrap(errs.Unavailable, "cli.doctor", err, "The relay %s can't be reached: %v. Check --smtp-relay and that it runs; mails wait two days meanwhile.", addr, err), "")
		return
	}
	_ = conn.Close()
	d.Check("relay", nil, "%s listens", addr)
}

// relayAddress is HOST:PORT of a relay however it is written.
func relayAddress(relay string) string {
	u, err := url.Parse(relay)
	if err != nil || u.Host == "" {
		return relay
	}
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "smtps" {
		return net.JoinHostPort(u.Hostname(), "465")
	}
	return net.JoinHostPort(u.Hostname(), "587")
}

// late is how long due work may wait before somebody should look.
const late = 5 * time.Minute

func (d *Doctor) jobs() {
	h, err := d.app.Jobs.Health(d.ctx)
	switch {
	case err != nil:
	case h.Dead > 0:
		err = errs.New(errs.Unavailable, "cli.doctor", "%d jobs were given up after many tries. The log of serve names their cause; mend it.", h.Dead)
	case !h.Oldest.IsZero() && d.app.Clock.Now().Sub(h.Oldest) > late:
		err = errs.New(errs.Unavailable, "cli.doctor", "%d jobs are due, the oldest since %s. Is serve running?", h.Waiting, stamp(h.Oldest))
	}
	d.Check("jobs", err, "%d due, none given up", h.Waiting)
}

func (d *Doctor) outbox() {
	counts := map[string]int{}
	for _, state := range []string{box.Failed, box.Maybe, box.Queued} {
		n, err := d.countOut(state)
		if err != nil {
			d.Check("mail out", err, "")
			return
		}
		counts[state] = n
	}
	d.Check("mail out", nil, "%d waiting, %d maybe sent, %d failed (bothways mail list --state failed)", counts[box.Queued], counts[box.Maybe], counts[box.Failed])
}

func (d *Doctor) countOut(state string) (n int, err error) {
	err = walk(cursored(func(c page.Cursor) (page.List[box.Outbound], error) {
		return d.app.Box.Outbounds(d.ctx, state, "", c, page.MaxLimit)
	}), func(box.Outbound) error { n++; return nil })
	return n, err
}

// seeds looks for what every installation has.
func (d *Doctor) seeds() {
	papers, err := d.app.Book.List(d.ctx)
	if err == nil && len(papers) == 0 {
		err = errs.New(errs.NotFound, "cli.doctor", "There is no agreement, not even the default. Start serve once: it makes it.")
	}
	for _, p := range papers {
		for _, id := range []string{p.ServiceCalendar, p.CustomerCalendar} {
			if err == nil {
				_, err = calendar.ByID(d.ctx, d.app.DB.Read(), id)
			}
		}
	}
	d.Check("agreement", err, "%d versions, each with its calendars", len(papers))
}

// Rederive proves the cache of what Examine looked at: of open tickets turn, state and due instant, of ended ones the turn.
func (d *Doctor) Rederive() {
	if d.app == nil {
		return
	}
	moved, err := d.app.Desk.Rederive(d.ctx, false)
	if !d.Check("ledger", err, "") {
		return
	}
	n, different := 0, len(moved)
	for _, m := range moved {
		d.say("       %s (cached → ledger)", Moved(m))
	}
	err = walk(func(cursor string) (page.List[desk.Row], error) {
		return d.app.Desk.List(d.ctx, auth.SystemActor(), desk.Filter{}, cursor, page.MaxLimit)
	}, func(t desk.Row) error {
		n++
		if t.Open {
			return nil
		}
		turn, err := d.turnOf(t.Number)
		if err == nil && turn != t.TurnSide {
			d.say("       %s turn: %s → %s (cached → ledger)", t.Ref(), t.TurnSide, turn)
			different++
		}
		return err
	})
	if err == nil && different > 0 {
		err = errs.New(errs.Conflict, "cli.doctor", "%d of %d tickets differ from their ledger. What fell due while serve was stopped is worked when it starts: start it and look again; if they still differ, report it.", different, n)
	}
	d.Check("ledger", err, "%d tickets checked: turn, state and due instant are what the ledger says", n)
	d.outcomes()
}

// outcomes proves what is kept of promises that ended.
func (d *Doctor) outcomes() {
	different, after := 0, ""
	for {
		found, last, err := d.app.Desk.Outcomes.Rederive(d.ctx, after, false)
		for _, f := range found {
			d.say("       %s %s: %s → %s (kept → ledger)", desk.Ref(f.Number), f.Obligation, cmp.Or(string(f.Kept), "nothing"), cmp.Or(string(f.Ledger), "nothing"))
		}
		different += len(found)
		if err != nil || last == "" {
			if err == nil && different > 0 {
				err = errs.New(errs.Conflict, "cli.doctor", "What is kept of %d promises differs from the ledger. Start serve and look again in some minutes; if it still differs, report it.", different)
			}
			d.Check("outcomes", err, "what is kept of promises and of every ticket's time is what the ledger says")
			d.scorecards()
			return
		}
		after = last
	}
}

// scorecards proves the aggregates that scorecards are read from.
func (d *Doctor) scorecards() {
	months, err := d.app.Report.Differences(d.ctx)
	for _, m := range months {
		d.say("       %s", m)
	}
	if err == nil && len(months) > 0 {
		err = errs.New(errs.Conflict, "cli.doctor", "The aggregates of %d months differ from what they were made of. Report it.", len(months))
	}
	d.Check("scorecards", err, "every kept aggregate is what the kept promises add up to")
}

func (d *Doctor) turnOf(number int64) (agreement.Side, error) {
	l, err := d.app.Desk.Ledger(d.ctx, auth.SystemActor(), number)
	return l.Result.Current().Side, err
}
