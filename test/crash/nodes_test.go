package crash

import (
	"syscall"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// TestTwoNodes is row 31 of the faults: two nodes on one PostgreSQL share the work, and one of them sleeps longer than its leases
// last while it is in the middle of it. Its clients hand their mail to the other node, which takes over its jobs; when it wakes, what
// it still believes to hold is refused.
func TestTwoNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs two nodes for half a minute; run without -short")
	}
	database := dbtest.URL(t, db.PostgreSQL)
	letters, known := bag(200)
	enrol(t, database, known)
	s := newSink(t)
	nodes := []*node{newNode(t, "node 0", database, s.addr), newNode(t, "node 1", database, s.addr)}
	for _, n := range nodes {
		n.start() // both at once: they must not trip over each other's first rows
	}
	for _, n := range nodes {
		n.ready()
	}

	p := &post{t: t}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		// Half of the clients begin with each node; who gets no answer goes to the other.
		p.send(letters, clients, func(client, attempt int) string { return nodes[(client+attempt)%2].lmtp })
	}()
	until(t, "half of the mails", time.Millisecond, func() (bool, string) { return p.acked.Load() >= int64(len(letters)/2), "too few acknowledged" })
	stopped := time.Now()
	nodes[0].signal(syscall.SIGSTOP)
	<-sent
	d := open(t, database)
	defer func() { _ = d.Close() }()
	doable := func() (bool, string) {
		w := left(t, d)
		return w.unread+w.unsent <= w.later, w.String()
	}
	until(t, "node 1 to do what it can get", 20*time.Millisecond, doable)
	t.Logf("while node 0 sleeps: %s", left(t, d))
	// Its leases run out, and PostgreSQL ends the transactions it sleeps in; a minute later what may have been sent is sent again.
	until(t, "node 1 to take over from a node that sleeps", 500*time.Millisecond, func() (bool, string) {
		if ok, state := doable(); !ok {
			return false, state
		}
		w := left(t, d)
		if w.unread+w.unsent > 0 {
			pass(t, database, 3*time.Minute)
		}
		return w.unread+w.unsent == 0, w.String()
	})
	nodes[0].signal(syscall.SIGCONT)
	// One more mail to the node that slept: when it is settled, the node works again.
	more := newLetter(known[0], 0, perSender, "")
	p.send([]letter{more}, 1, func(int, int) string { return nodes[0].lmtp })
	letters = append(letters, more)
	until(t, "the work to be done", 20*time.Millisecond, func() (bool, string) {
		w := left(t, d)
		return w.unread+w.unsent == 0, w.String()
	})
	for _, n := range nodes {
		n.stop()
	}
	tickets := checkIn(t, d, letters, p.refused.Load())
	delete(tickets, more.id) // the fourth within an hour: not answered
	checkOut(t, d, s, tickets, []time.Time{stopped})
	checkVerify(t, database)
}
