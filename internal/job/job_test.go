package job_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

var (
	ctx   = context.Background()
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
	start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

func add(t *testing.T, d *db.DB, q *job.Queue, kind, item string, at time.Time) {
	t.Helper()
	if err := d.Write(ctx, func(tx *db.Tx) error { return q.Add(ctx, tx, kind, item, at) }); err != nil {
		t.Fatal(err)
	}
}

func TestAJobRunsOnceWhenItFallsDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(start)
		q := job.New(d, clk, quiet)
		ran := 0
		q.Handle("remind", func(_ context.Context, _ job.Job, finish job.Finish) error {
			return finish(func(*db.Tx) error { ran++; return nil })
		})
		add(t, d, q, "remind", "t1", start.Add(time.Hour))
		add(t, d, q, "remind", "t1", start.Add(2*time.Hour)) // asking again moves it
		for _, step := range []struct {
			at   time.Duration
			want int
		}{{0, 0}, {time.Hour, 0}, {2 * time.Hour, 1}, {9 * 24 * time.Hour, 1}} {
			clk.Set(start.Add(step.at))
			if err := q.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
			if ran != step.want {
				t.Fatalf("after %v it ran %d times, want %d", step.at, ran, step.want)
			}
		}
	})
}

func TestAFailureIsTriedAgainAndChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(start)
		q := job.New(d, clk, quiet)
		tries := 0
		q.Handle("parse", func(ctx context.Context, _ job.Job, finish job.Finish) error {
			tries++
			return finish(func(tx *db.Tx) error {
				if err := q.Add(ctx, tx, "after", "x", start.Add(time.Hour)); err != nil {
					return err
				}
				if tries < 3 {
					return errors.New("not yet")
				}
				return nil
			})
		})
		add(t, d, q, "parse", "m1", start)
		for range 5 {
			if err := q.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
			next, err := q.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if tries < 3 && next.After(start.Add(59*time.Minute)) {
				t.Fatalf("the follow-up of a failed try was kept: next job at %v", next)
			}
			clk.Advance(20 * time.Second)
		}
		if tries != 3 {
			t.Fatalf("%d tries, want 3", tries)
		}
	})
}

// TestFencing: a node that slept past its lease must not finish what another has by now.
func TestFencing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(start)
		slow, quick := job.New(d, clk, quiet), job.New(d, clk, quiet)
		sent := 0
		send := func(*db.Tx) error { sent++; return nil }
		quick.Handle("send", func(_ context.Context, _ job.Job, finish job.Finish) error { return finish(send) })
		var slept error
		slow.Handle("send", func(ctx context.Context, _ job.Job, finish job.Finish) error {
			clk.Advance(10 * time.Minute) // frozen past its lease
			if err := quick.RunDue(ctx); err != nil {
				return err
			}
			slept = finish(send)
			return slept
		})
		add(t, d, slow, "send", "m1", start)
		if err := slow.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
		if sent != 1 || !errs.Is(slept, errs.Stale) {
			t.Fatalf("sent %d times; the sleeper got %v", sent, slept)
		}
	})
}

func TestWorkersRunAndStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.New(d, clock.System{}, quiet)
		done := make(chan string, 100)
		q.Handle("k", func(_ context.Context, j job.Job, finish job.Finish) error {
			return finish(func(tx *db.Tx) error { tx.AfterCommit(func() { done <- j.Item }); return nil })
		})
		q.Handle("panics", func(context.Context, job.Job, job.Finish) error { panic("boom") })
		q.Start(4)
		add(t, d, q, "panics", "x", clock.System{}.Now())
		seen := map[string]bool{}
		for i := range 50 {
			add(t, d, q, "k", string(rune('a'+i)), clock.System{}.Now())
		}
		for range 50 {
			item := <-done
			if seen[item] {
				t.Errorf("%s ran twice", item)
			}
			seen[item] = true
		}
		q.Stop()
	})
}
