package crash

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// TestStoppedInOrder ends the process with SIGTERM while mails come in and go out: what runs then is ended in order, so nothing is
// repeated and nothing has to wait for a lease.
func TestStoppedInOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("stops and starts the program for half a minute; run without -short")
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
			for i := range *kills {
				at := int64((float64(i) + rand.Float64()) * float64(len(letters)) / float64(*kills+1))
				until(t, "the mails before a stop", time.Millisecond, func() (bool, string) { return p.acked.Load() >= at, "too few acknowledged" })
				n.signal(syscall.SIGTERM)
				<-n.gone
				if code := n.cmd.ProcessState.ExitCode(); code != 0 {
					t.Errorf("stop %d: the process ended with code %d", i, code)
				}
				d := open(t, database)
				if w := left(t, d); w.later > 0 {
					t.Errorf("stop %d: %d jobs were left leased or in the middle, they wait until their leases have run out", i, w.later)
				}
				_ = d.Close()
				n.up()
			}
			<-sent
			finish(t, n, database)

			d := open(t, database)
			defer func() { _ = d.Close() }()
			tickets := checkIn(t, d, letters, p.refused.Load())
			checkOut(t, d, s, tickets, nil)
			checkVerify(t, database)
		})
	}
}
