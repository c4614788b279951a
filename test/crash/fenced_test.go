package crash

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// TestFencedSend holds a node just before it marks a mail as being sent until its lease has run out: the node that takes the job over
// sends the mail, and the first one, when it goes on, does not (I6). The mail's row is locked from outside to hold them.
func TestFencedSend(t *testing.T) {
	if testing.Short() {
		t.Skip("runs two nodes; run without -short")
	}
	ctx := context.Background()
	database := dbtest.URL(t, db.PostgreSQL)
	letters, known := bag(1)
	enrol(t, database, known)
	relay := freeAddress(t) // nobody listens there yet
	first, second := newNode(t, "the first node", database, relay), newNode(t, "the second node", database, relay)
	first.up()
	p := &post{t: t}
	p.send(letters, 1, func(int, int) string { return first.lmtp })
	d := open(t, database)
	defer func() { _ = d.Close() }()
	until(t, "an attempt to send in vain", 5*time.Millisecond, func() (bool, string) {
		return count(t, d, `SELECT COUNT(*) FROM mail_outbound WHERE attempts = 1 AND state = 'queued'`) == 1, "none"
	})

	lock, err := d.Raw().BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }()
	if _, err := lock.ExecContext(ctx, `SELECT id FROM mail_outbound FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	held := func() int {
		return count(t, d, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	}
	pass(t, database, 3*time.Minute)
	until(t, "the first node to stand before the lock", 5*time.Millisecond, func() (bool, string) { return held() == 1, fmt.Sprint(held()) })
	second.up()
	s := newSinkAt(t, relay)
	until(t, "the second node to take over, or to be kept out", 20*time.Millisecond, func() (bool, string) {
		pass(t, database, 3*time.Minute) // the lease runs out, unless the first node keeps the job in its transaction
		free := 0
		err := d.Write(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT id FROM job_row WHERE kind = 'mail.send' FOR UPDATE SKIP LOCKED) AS f`).Scan(&free)
		})
		return err == nil && (held() > 1 || free == 0), fmt.Sprintf("%d stand before the lock, %d jobs are free, %v", held(), free, err)
	})
	if err := lock.Commit(); err != nil {
		t.Fatal(err)
	}
	until(t, "the mail to be sent", 20*time.Millisecond, func() (bool, string) {
		w := left(t, d)
		if w.unsent > 0 && w.unsent <= w.later {
			pass(t, database, 3*time.Minute)
		}
		return w.unsent == 0, w.String()
	})
	for _, n := range []*node{first, second} {
		n.stop()
	}
	for id, all := range s.deliveries() {
		if len(all) != 1 {
			t.Errorf("%s arrived %d times", id, len(all))
		}
	}
	if w := left(t, d); w.unsent > 0 || w.later > 0 {
		t.Errorf("something was left behind: %s", w)
	}
	checkOut(t, d, s, checkIn(t, d, letters, 0), nil)
}
