package crash

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

var (
	mails  = flag.Int("crash.mails", 150, "mails that are sent")
	kills  = flag.Int("crash.kills", 4, "how often the process is killed meanwhile")
	really = flag.Bool("crash.wait", false, "wait until leases have run out instead of setting times back")
)

const clients = 4

// TestKilled is show 7: mails come in by LMTP from several clients while the process is killed at random moments and started
// again.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program for half a minute; run without -short")
	}
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			database := dbtest.URL(t, e)
			letters, known := bag(*mails)
			enrol(t, database, known)
			s := newSink(t)
			n := newNode(t, "serve", database, s.addr)
			n.up()

			p := &post{t: t}
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				p.send(letters, clients, func(int, int) string { return n.lmtp })
			}()
			stops := killWhile(n, p, len(letters))
			<-sent
			t.Logf("%d kills, answers other than 250: %v", len(stops), p.codes)
			finish(t, n, database)

			d := open(t, database)
			defer func() { _ = d.Close() }()
			tickets := checkIn(t, d, letters, p.refused.Load())
			checkOut(t, d, s, tickets, stops)
			checkVerify(t, database)
		})
	}
}

// killWhile kills the node again and again while letters are sent, spread over their number so that a slow machine is killed as
// often. One start in four is killed before it serves.
func killWhile(n *node, p *post, letters int) []time.Time {
	var stops []time.Time
	kill := func() {
		stops = append(stops, time.Now())
		n.kill()
		n.start()
	}
	for i := range *kills {
		at := int64((float64(i) + rand.Float64()) * float64(letters) / float64(*kills+1))
		until(n.t, "the mails before a kill", time.Millisecond, func() (bool, string) { return p.acked.Load() >= at, "too few acknowledged" })
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		kill()
		if rand.IntN(4) == 0 {
			time.Sleep(time.Duration(rand.IntN(80)) * time.Millisecond)
			kill()
		}
		n.ready()
	}
	return stops
}

// finish lets everything be done that has been asked for, and ends the node in order. What died with a process is done when its
// lease has run out, and a mail that is "maybe" sent goes again a minute later: the node is stopped and time set back until
// nothing is left, or with -crash.wait the time is waited for.
func finish(t *testing.T, n *node, database string) {
	t.Helper()
	for {
		d := open(t, database)
		idle := 0
		until(t, "the work to be done", 20*time.Millisecond, func() (bool, string) {
			w := left(t, d)
			if w.dead > 0 {
				t.Fatalf("jobs were given up: %s", w)
			}
			if w.unread+w.unsent == 0 || !*really && w.unread+w.unsent <= w.later {
				idle++
			} else {
				idle = 0
			}
			return idle > 10, w.String()
		})
		w := left(t, d)
		_ = d.Close()
		n.stop()
		if w.unread+w.unsent == 0 {
			return
		}
		t.Logf("%s; time is set back", w)
		pass(t, database, 3*time.Minute)
		n.up()
	}
}
