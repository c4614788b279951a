package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

func TestWatchesSayLastGoodAndDueBy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		one := func() job.Watch {
			t.Helper()
			all, err := job.Watches(ctx, d.Read())
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v %v", all, err)
			}
			return all[0]
		}
		write(func(tx *db.Tx) error { return job.Expect(ctx, tx, "relay", start.Add(15*time.Minute)) })
		if w := one(); w.Overdue(start) || !w.Overdue(start.Add(16*time.Minute)) || !w.GoodAt.IsZero() {
			t.Fatalf("%+v", w)
		}
		write(func(tx *db.Tx) error {
			return job.Good(ctx, tx, "relay", start.Add(time.Minute), start.Add(16*time.Minute))
		})
		write(func(tx *db.Tx) error { return job.Bad(ctx, tx, "relay", start.Add(6*time.Minute), "refused") })
		if w := one(); !w.Failing() || w.Answer != "refused" || !w.GoodAt.Equal(start.Add(time.Minute)) || w.Overdue(start.Add(16*time.Minute)) || !w.Overdue(start.Add(17*time.Minute)) {
			t.Fatalf("%+v", w)
		}
		write(func(tx *db.Tx) error {
			return job.Good(ctx, tx, "relay", start.Add(11*time.Minute), start.Add(26*time.Minute))
		})
		if w := one(); w.Failing() {
			t.Fatalf("%+v", w)
		}
		write(func(tx *db.Tx) error { return job.Unwatch(ctx, tx, "relay") })
		if all, err := job.Watches(ctx, d.Read()); err != nil || len(all) != 0 {
			t.Fatalf("%+v %v", all, err)
		}
	})
}

func TestADeadJobIsListedAndRevived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(start)
		q := job.New(d, clk, quiet)
		well := false
		q.Handle("send", func(_ context.Context, _ job.Job, finish job.Finish) error {
			if !well {
				return errors.New("refused")
			}
			return finish(func(*db.Tx) error { return nil })
		})
		add(t, d, q, "send", "m1", start)
		for range job.MaxAttempts {
			if err := q.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
			clk.Advance(time.Hour)
		}
		l, err := job.DeadJobs(ctx, d.Read(), page.Cursor{}, 10)
		if err != nil || len(l.Items) != 1 || l.Items[0].Item != "m1" || l.Items[0].Answer != "refused" {
			t.Fatalf("%+v %v", l, err)
		}
		well = true
		revive := func() (ok bool) {
			if err := d.Write(ctx, func(tx *db.Tx) (err error) { _, ok, err = q.Revive(ctx, tx, l.Items[0].ID); return err }); err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !revive() || revive() {
			t.Fatal("it is revived once")
		}
		if err := q.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
		if h, err := q.Health(ctx); err != nil || h.Dead != 0 || h.Waiting != 0 {
			t.Fatalf("%+v %v", h, err)
		}
	})
}
