package crash

import (
	"flag"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

var syncs = flag.Int("crash.syncs", 6, "up to which sync of a thread the program is killed at")

// TestNthSync is row 2 of the faults: the process is killed in the very moment of a thread's first, second, … sync of a file, where a
// mail is committed and not yet acknowledged, or the other way round if the order were wrong. It needs strace.
func TestNthSync(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program at every sync; run without -short")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	database := dbtest.URL(t, db.SQLite)
	letters, known := bag(10 * *syncs)
	enrol(t, database, known)
	s := newSink(t)
	n := newNode(t, "serve", database, s.addr)
	p := &post{t: t}
	var stops []time.Time
	killed := 0
	for i := 1; i <= *syncs; i++ {
		// -D: the program is our own child, and the tracer its grandchild.
		n.wrapper = []string{strace, "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
			"-e", fmt.Sprintf("inject=fsync,fdatasync:signal=KILL:when=%d", i)}
		n.start()
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			p.send(letters[10*(i-1):10*i], clients, func(int, int) string { return n.lmtp })
		}()
		select {
		case <-n.gone:
			killed++
			stops = append(stops, time.Now())
		case <-sent: // no thread came so far
			stops = append(stops, time.Now())
			n.kill()
		}
		n.wrapper = nil
		n.up()
		<-sent
		stops = append(stops, time.Now())
		n.kill()
	}
	t.Logf("killed at %d of %d syncs", killed, *syncs)
	n.up()
	finish(t, n, database)
	d := open(t, database)
	defer func() { _ = d.Close() }()
	tickets := checkIn(t, d, letters, p.refused.Load())
	checkOut(t, d, s, tickets, stops)
	checkVerify(t, database)
}
