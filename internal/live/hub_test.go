package live_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"go.uber.org/goleak"

	"bothways/internal/db"
	"bothways/internal/live"
	"bothways/internal/migrate/dbtest"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// heard collects batches.
type heard chan live.Batch

func watch(t *testing.T, h *live.Hub) heard {
	t.Helper()
	c := make(heard, 100)
	t.Cleanup(h.Watch(func(b live.Batch) { c <- b }))
	return c
}

// until waits until a ticket is heard of, or that something was lost where number is 0.
func (c heard) until(number, version int64) {
	for b := range c {
		if number == 0 && b.Lost {
			return
		}
		for _, x := range b.Changes {
			if x.Number == number && x.Version == version {
				return
			}
		}
	}
}

func TestWatchersHearWhatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := live.New(d, quiet)
		defer h.Close()
		a, b := watch(t, h), watch(t, h)
		h.Changed(1042, 17)
		h.Changed(1043, 2)
		for _, c := range []heard{a, b} {
			c.until(1043, 2)
		}
	})
}

// TestAMarkSaysWhetherAnythingChanged: also while nobody watches, and by what another node tells.
func TestAMarkSaysWhetherAnythingChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, other := live.New(d, quiet), live.New(d, quiet)
		defer h.Close()
		defer other.Close()
		before := h.Mark()
		if h.Mark() != before || other.Mark() == before {
			t.Errorf("two marks of a quiet node differ, or those of two nodes do not: %q", before)
		}
		h.Changed(1042, 17)
		if h.Mark() == before {
			t.Error("a change leaves the mark as it was")
		}
		if d.Engine() == db.SQLite {
			return
		}
		c := watch(t, h)
		c.until(0, 0) // it listens
		before = h.Mark()
		other.Changed(1043, 2)
		c.until(1043, 2)
		if h.Mark() == before {
			t.Error("what another node tells leaves the mark as it was")
		}
	})
}

// TestOneNoteATicket: what changes again before it was passed on is told once, by its newest version.
func TestOneNoteATicket(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	h := live.New(d, quiet)
	hold, told := make(chan bool), make(heard, 10)
	end := h.Watch(func(b live.Batch) { told <- b; <-hold })
	defer end()
	h.Changed(1, 1)
	<-told // the hub is busy with the first
	for v := range int64(500) {
		h.Changed(2, 500-v)
	}
	close(hold)
	b := <-told
	if len(b.Changes) != 1 || b.Changes[0] != (live.Change{Number: 2, Version: 500}) || b.Lost {
		t.Errorf("told %+v", b)
	}
	h.Close()
	if len(told) != 0 {
		t.Errorf("told more: %+v", <-told)
	}
}

// TestTooMuchIsToldAsLost: the hub's memory is bounded, and what it can't hold is not passed over in silence.
func TestTooMuchIsToldAsLost(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	h := live.New(d, quiet)
	hold, told := make(chan bool), make(heard, 10)
	defer h.Watch(func(b live.Batch) { told <- b; <-hold })()
	h.Changed(1, 1)
	<-told
	for n := range int64(5000) {
		h.Changed(n, 1)
	}
	close(hold)
	if b := <-told; !b.Lost {
		t.Errorf("told of %d tickets and of nothing lost", len(b.Changes))
	}
	h.Close()
}

// two are two nodes on one PostgreSQL.
func two(t *testing.T) (a, b *live.Hub, url string) {
	t.Helper()
	url = dbtest.URL(t, db.PostgreSQL)
	hubs := make([]*live.Hub, 2)
	for i := range hubs {
		d, err := db.Open(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		hubs[i] = live.New(d, quiet)
		t.Cleanup(hubs[i].Close)
	}
	return hubs[0], hubs[1], url
}

func TestAnotherNodeHears(t *testing.T) {
	a, b, _ := two(t)
	there := watch(t, b)
	there.until(0, 0) // it hears from now on, and says that something may have been missed before
	for n := int64(1001); n < 2200; n++ {
		a.Changed(n, n)
	}
	there.until(2199, 2199)
	here := watch(t, a)
	here.until(0, 0)
	b.Changed(7, 7)
	here.until(7, 7)
	there.until(7, 7)
	a.Changed(8, 8)
	here.until(8, 8)
	there.until(8, 8)
	for len(here) > 0 {
		if x := <-here; len(x.Changes) > 0 {
			t.Errorf("a node heard its own note back: %+v", x)
		}
	}
}

// TestALostConnectionIsMadeAgain: the server ends every connection; afterwards watchers are told that they may have missed
// something, and hear again.
func TestALostConnectionIsMadeAgain(t *testing.T) {
	a, b, url := two(t)
	there := watch(t, b)
	there.until(0, 0)
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var n int
	if err := d.Read().QueryRow(context.Background(), `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE $1`, "LISTEN%").Scan(&n); err != nil || n != 1 {
		t.Fatalf("%d connections that listen were ended: %v", n, err)
	}
	there.until(0, 0)
	a.Changed(1042, 3)
	there.until(1042, 3)
}

// TestNothingIsLeftRunning: a closed hub holds no goroutine and no connection.
func TestNothingIsLeftRunning(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			url := dbtest.URL(t, e)
			before := goleak.IgnoreCurrent()
			d, err := db.Open(context.Background(), url)
			if err != nil {
				t.Fatal(err)
			}
			h := live.New(d, quiet)
			c := make(heard, 100)
			end := h.Watch(func(b live.Batch) { c <- b })
			h.Changed(1, 1)
			c.until(1, 1)
			end()
			h.Close()
			h.Changed(2, 2)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			goleak.VerifyNone(t, before)
		})
	}
}
