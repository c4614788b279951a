package event_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/event"
	"bothways/internal/migrate/dbtest"
)

var ctx = context.Background()

func write(t *testing.T, d *db.DB, stream string, kinds ...string) []event.Event {
	t.Helper()
	var out []event.Event
	err := d.Write(ctx, func(tx *db.Tx) error {
		l, err := event.Open(ctx, tx, stream)
		if err != nil {
			return err
		}
		for _, k := range kinds {
			if _, err := l.Append(ctx, tx, event.Event{At: time.Unix(1_780_000_000, 0), Kind: k, Actor: "p1", Channel: "api"}, map[string]string{"team": "t"}); err != nil {
				return err
			}
		}
		out = l.Wrote()
		return l.Close(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAppendNumbersAndNeverGoesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, "a", "opened", "spoke")
		err := d.Write(ctx, func(tx *db.Tx) error {
			l, err := event.Open(ctx, tx, "a")
			if err != nil {
				return err
			}
			e, err := l.Append(ctx, tx, event.Event{At: time.Unix(1_000, 999), Kind: "late clock"}, nil)
			if err != nil {
				return err
			}
			if e.Seq != 3 || e.At.Unix() != 1_780_000_000 {
				t.Errorf("seq %d at %v: must be 3 and not before the event before", e.Seq, e.At)
			}
			return l.Close(ctx, tx)
		})
		if err != nil {
			t.Fatal(err)
		}
		all, err := event.Of(ctx, d.Read(), "a", 0)
		if err != nil || len(all) != 3 {
			t.Fatalf("%v %v", all, err)
		}
	})
}

// TestAttack44_AuditTampering changes, removes and cuts events behind the program's back.
func TestAttack44_AuditTampering(t *testing.T) {
	for name, c := range map[string]struct{ sql, want string }{
		"changed":  {`UPDATE event_entry SET data = '{"team":"x"}' WHERE stream = 'b' AND seq = 2`, "event 2: was changed"},
		"moved":    {`UPDATE event_entry SET at = at + 1000000 WHERE stream = 'b' AND seq = 3`, "event 3: was changed"},
		"removed":  {`DELETE FROM event_entry WHERE stream = 'b' AND seq = 2`, "event 2: is missing"},
		"tail cut": {`DELETE FROM event_entry WHERE stream = 'b' AND seq = 3`, "event 3: the stream should end at event 3"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				write(t, d, "a", "opened")
				write(t, d, "b", "opened", "spoke", "resolved")
				if n, breaks, err := event.Verify(ctx, d.Read()); err != nil || n != 2 || len(breaks) != 0 {
					t.Fatalf("before: %d streams, %v, %v", n, breaks, err)
				}
				if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, c.sql); return err }); err != nil {
					t.Fatal(err)
				}
				_, breaks, err := event.Verify(ctx, d.Read())
				if err != nil || len(breaks) != 1 || !strings.Contains(breaks[0].String(), c.want) {
					t.Fatalf("got %v %v, want %q", breaks, err, c.want)
				}
			})
		})
	}
}

func TestCheckpointShowsARollback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		key := []byte("k")
		write(t, d, "a", "opened")
		var one, two event.Checkpoint
		point := func(at int64, c *event.Checkpoint) {
			var err error
			if *c, err = event.Sign(ctx, d.Read(), time.Unix(at, 0), key); err != nil {
				t.Fatal(err)
			}
			if err := d.Write(ctx, func(tx *db.Tx) error { return event.Keep(ctx, tx, *c) }); err != nil {
				t.Fatal(err)
			}
		}
		point(100, &one)
		write(t, d, "a", "spoke")
		point(160, &two)
		if one.Digest == two.Digest || !one.Genuine(key) || one.Genuine([]byte("other")) {
			t.Fatalf("%+v %+v", one, two)
		}
		last, err := event.Checkpoints(ctx, d.Read(), 5)
		if err != nil || len(last) != 2 || last[0] != two {
			t.Fatalf("%v %v", last, err)
		}
	})
}
