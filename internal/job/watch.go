package job

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/page"
)

// Watch is something that has to be well again and again: a connector, or a job that asks for its next run.
type Watch struct {
	Name   string
	GoodAt time.Time // when it was well last; zero: not yet
	DueAt  time.Time // by when it has to have been well again
	BadAt  time.Time // when it was not; zero: never
	Answer string    // what it said then
}

// Overdue says whether it has not been well by when it had to.
func (w Watch) Overdue(now time.Time) bool { return now.After(w.DueAt) }

// Failing says whether it was not well the last time.
func (w Watch) Failing() bool { return w.BadAt.After(w.GoodAt) }

// Expect begins to watch something, or goes on after a time in which nothing ran.
func Expect(ctx context.Context, tx *db.Tx, name string, due time.Time) error {
	_, err := tx.Exec(ctx, sqlWatchExpect, name, clock.Micros(due))
	return err
}

// Good notes that something was well, and by when it has to be again.
func Good(ctx context.Context, tx *db.Tx, name string, now, due time.Time) error {
	_, err := tx.Exec(ctx, sqlWatchGood, name, clock.Micros(now), clock.Micros(due))
	return err
}

// Bad notes that something was not well; by when it had to be stays.
func Bad(ctx context.Context, tx *db.Tx, name string, now time.Time, answer string) error {
	_, err := tx.Exec(ctx, sqlWatchBad, clock.Micros(now), answer, name)
	return err
}

// Unwatch ends to watch something that is not there any more.
func Unwatch(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, sqlWatchEnd, name)
	return err
}

// Watches lists what is watched, by name.
func Watches(ctx context.Context, q db.Querier) ([]Watch, error) {
	rows, err := q.Query(ctx, sqlWatches)
	return db.Collect(rows, err, func(s db.Scanner) (Watch, error) {
		var w Watch
		var good, due, bad int64
		err := s.Scan(&w.Name, &good, &due, &bad, &w.Answer)
		w.GoodAt, w.DueAt, w.BadAt = clock.FromMicros(good), clock.FromMicros(due), clock.FromMicros(bad)
		return w, err
	})
}

// Dead is a job that was given up.
type Dead struct {
	ID, Kind, Item string
	Attempts       int64
	Answer         string // why it failed the last time
}

// DeadJobs lists jobs that were given up, the oldest first.
func DeadJobs(ctx context.Context, q db.Querier, c page.Cursor, limit int) (page.List[Dead], error) {
	limit = page.Limit(limit)
	rows, err := q.Query(ctx, sqlDead, c.Tie, limit+1)
	all, err := db.Collect(rows, err, func(s db.Scanner) (d Dead, err error) {
		return d, s.Scan(&d.ID, &d.Kind, &d.Item, &d.Attempts, &d.Answer)
	})
	if err != nil {
		return page.List[Dead]{}, err
	}
	return page.Of(all, limit, func(d Dead) page.Cursor { return page.Cursor{Key: 1, Tie: d.ID} }), nil
}

// Revive has a job that was given up tried again from now on; false when there is no such job.
func (q *Queue) Revive(ctx context.Context, tx *db.Tx, jobID string) (Dead, bool, error) {
	var d Dead
	n, err := tx.Exec(ctx, sqlRevive, clock.Micros(q.clk.Now()), jobID)
	if err != nil || n == 0 {
		return d, false, err
	}
	tx.AfterCommit(q.Wake)
	return d, true, tx.QueryRow(ctx, sqlOneJob, jobID).Scan(&d.ID, &d.Kind, &d.Item)
}
