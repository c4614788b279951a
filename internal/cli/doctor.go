package cli

import (
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

func doctorCommand() *command {
	return &command{
		name: "doctor", params: "[--rederive] [flags]", about: "look whether the installation is well", needs: either,
		more: `Looks at settings, database, folder, relay, jobs, mails that failed, and what every installation has. With --rederive it reads every
ticket's ledger again and compares turn, state and due instant with what is cached: they have to be equal.`,
		examples: []string{"bothways doctor --data data", "bothways doctor --rederive --data data"},
		setup: func(fs *flag.FlagSet) runner {
			rederive := fs.Bool("rederive", false, "prove that what is cached is what the ledger says")
			return func(c *call) error {
				d := &doctor{call: c}
				if !d.examine() {
					return d.verdict()
				}
				if *rederive {
					d.rederive()
				}
				if d.opened {
					d.check("end", c.app.Stop(), "")
				}
				return d.verdict()
			}
		},
	}
}

// doctor looks at one thing after the other and goes on.
type doctor struct {
	*call
	opened bool
	bad    []error
}

// check prints what one look found; fine is what to say when nothing is wrong.
func (d *doctor) check(what string, err error, fine string, args ...any) bool {
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

func (d *doctor) verdict() error {
	switch n := len(d.bad); n {
	case 0:
		return nil
	case 1:
		return errs.New(errs.KindOf(d.bad[0]), "cli.doctor", "One thing needs attention; see above.")
	default:
		return errs.New(errs.KindOf(d.bad[0]), "cli.doctor", "%d things need attention; see above.", n)
	}
}

// examine makes every look but the long one. False: there is no database to look at.
func (d *doctor) examine() bool {
	if d.app == nil {
		d.check("settings", answerable(d.conf), "right")
		if err := d.open(); !d.check("database", err, "") {
			return false
		}
		d.opened = true
	}
	if !d.check("database", d.app.DB.Ping(d.ctx), "%s answers, schema %d", d.app.DB, schema()) {
		return false
	}
	d.folder()
	d.relay()
	d.jobs()
	d.outbox()
	d.seeds()
	ok, err := hasAdministrator(d.ctx, d.app)
	if err == nil && !ok {
		err = errs.New(errs.NotFound, "cli.doctor", "Nobody administers everything. Make somebody with: bothways init --admin-email you@example.org")
	}
	d.check("people", err, "there is an administrator")
	return true
}

func (d *doctor) folder() {
	path := d.app.DB.Path()
	if path == "" {
		return
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		d.check("folder", errs.Wrap(errs.Unavailable, "cli.doctor", err, "Nothing can be written in %s. Check who owns it and whether the disk is full.", dir), "")
		return
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	d.check("folder", nil, "%s can be written", dir)
}

// relay looks whether something listens where mail goes out.
func (d *doctor) relay() {
	relay := d.app.Config.Relay
	if relay == "" {
		d.check("relay", nil, "none is set, so nobody is mailed")
		return
	}
	addr := relayAddress(relay)
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(d.ctx, "tcp", addr)
	if err != nil {
		d.check("relay", errs.Wrap(errs.Unavailable, "cli.doctor", err, "The relay %s can't be reached: %v. Check --smtp-relay and that it runs; mails wait two days meanwhile.", addr, err), "")
		return
	}
	_ = conn.Close()
	d.check("relay", nil, "%s listens", addr)
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

func (d *doctor) jobs() {
	h, err := d.app.Jobs.Health(d.ctx)
	switch {
	case err != nil:
	case h.Dead > 0:
		err = errs.New(errs.Unavailable, "cli.doctor", "%d jobs were given up after many tries. The log of serve names their cause; mend it.", h.Dead)
	case !h.Oldest.IsZero() && d.app.Clock.Now().Sub(h.Oldest) > late:
		err = errs.New(errs.Unavailable, "cli.doctor", "%d jobs are due, the oldest since %s. Is serve running?", h.Waiting, stamp(h.Oldest))
	}
	d.check("jobs", err, "%d due, none given up", h.Waiting)
}

func (d *doctor) outbox() {
	counts := map[string]int{}
	for _, state := range []string{box.Failed, box.Maybe, box.Queued} {
		n, err := d.countOut(state)
		if err != nil {
			d.check("mail out", err, "")
			return
		}
		counts[state] = n
	}
	d.check("mail out", nil, "%d waiting, %d maybe sent, %d failed (bothways mail list --state failed)", counts[box.Queued], counts[box.Maybe], counts[box.Failed])
}

func (d *doctor) countOut(state string) (n int, err error) {
	c := page.Cursor{}
	for {
		l, err := d.app.Box.Outbounds(d.ctx, state, "", c, page.MaxLimit)
		if err != nil {
			return n, err
		}
		n += len(l.Items)
		if l.Next == "" {
			return n, nil
		}
		if c, err = page.Parse(l.Next); err != nil {
			return n, err
		}
	}
}

// seeds looks for what every installation has.
func (d *doctor) seeds() {
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
	d.check("agreement", err, "%d versions, each with its calendars", len(papers))
}

// rederive proves the cache: of open tickets turn, state and due instant, of ended ones the turn.
func (d *doctor) rederive() {
	moved, err := d.app.Desk.Rederive(d.ctx, false)
	if !d.check("ledger", err, "") && err != nil {
		return
	}
	n, different := 0, len(moved)
	for _, m := range moved {
		d.say("       %s (cached → ledger)", movedLine(m))
	}
	for cursor := ""; ; {
		l, err := d.app.Desk.List(d.ctx, d.by, desk.Filter{}, cursor, page.MaxLimit)
		if !d.check("ledger", err, "") {
			return
		}
		for _, t := range l.Items {
			n++
			if t.Open {
				continue
			}
			turn, err := d.turnOf(t.Number)
			if !d.check("ledger", err, "") {
				return
			}
			if turn != t.TurnSide {
				d.say("       %s turn: %s → %s (cached → ledger)", t.Ref(), t.TurnSide, turn)
				different++
			}
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if different > 0 {
		err = errs.New(errs.Conflict, "cli.doctor", "%d of %d tickets differ from their ledger. What fell due while serve was stopped is worked when it starts: start it and look again; if they still differ, report it.", different, n)
	}
	d.check("ledger", err, "%d tickets checked: turn, state and due instant are what the ledger says", n)
}

func (d *doctor) turnOf(number int64) (agreement.Side, error) {
	l, err := d.app.Desk.Ledger(d.ctx, d.by, number)
	return l.Result.Current().Side, err
}
