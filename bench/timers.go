package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/people"
)

const (
	fallDue   = 10_000           // obligations that fall due …
	within    = time.Minute      // … in so long
	notLater  = 5 * time.Second  // than this is in time
	untilWarn = 3 * time.Hour    // three quarters of four hours, the usual first reply
	toBegin   = 60 * time.Second // from setting the timers to the first
)

// measureTimers runs a million obligations, two a ticket, of which ten thousand come to a step of their ladder within a minute: none may be
// late and none double.
func measureTimers(b *bench) error {
	ctx := context.Background()
	w, err := b.world("timers", 500)
	if err != nil {
		return err
	}
	c := crowd{now: time.Now().UTC()}
	if err := b.inside(w, func(a *app.App, by auth.Actor) error {
		if c.sample, err = observe(a, by); err != nil {
			return err
		}
		for i := range 500 {
			p, err := people.PersonByAddress(ctx, a.DB.Read(), customer(i))
			if err != nil {
				return err
			}
			c.persons = append(c.persons, p.ID)
		}
		return nil
	}); err != nil {
		return err
	}
	c.next = 100_000
	tickets := max(b.tickets, fallDue)
	if err := c.grow(ctx, b, w, 0, tickets); err != nil {
		return err
	}
	pool, _, err := b.raw(w.url)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	due, err := setTimers(ctx, pool, c.next)
	if err != nil {
		return err
	}
	p, err := b.serve(w.url, "")
	if err != nil {
		return err
	}
	time.Sleep(time.Until(due.last.Add(3 * notLater)))
	p.stop()
	return b.judgeTimers(ctx, pool, due, tickets)
}

// timersDue says when each of the tickets comes to its step.
type timersDue struct {
	at   map[string]int64 // unix seconds, by ticket
	last time.Time
}

const (
	sqlAlways    = `UPDATE agreement_version SET service_calendar_id = (SELECT id FROM calendar_calendar WHERE name = 'Always')`
	sqlNewest    = `SELECT id FROM desk_ticket WHERE number > $1 AND number <= $2 ORDER BY number`
	sqlEventAt   = `UPDATE event_entry SET at = $1 WHERE stream = $2`
	sqlHeadAt    = `UPDATE event_head SET at = $1 WHERE stream = $2`
	sqlWakeAt    = `UPDATE job_row SET run_at = $1 WHERE kind = 'ticket.timer' AND item = $2`
	sqlStepTaken = `SELECT stream, at FROM event_entry WHERE kind = 'step_taken'`
)

// setTimers has the newest tickets opened so long ago that their warnings fall due within the minute that begins soon.
func setTimers(ctx context.Context, pool *sql.DB, last int64) (due timersDue, err error) {
	if _, err := pool.ExecContext(ctx, sqlAlways); err != nil {
		return due, err
	}
	rows, err := pool.QueryContext(ctx, sqlNewest, last-fallDue, last)
	if err != nil {
		return due, err
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return due, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return due, err
	}
	begin := time.Now().Add(toBegin).Truncate(time.Second)
	due.at = map[string]int64{}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return due, err
	}
	defer func() { _ = tx.Rollback() }()
	for i, id := range ids {
		at := begin.Add(time.Duration(i) * within / time.Duration(len(ids))).Truncate(time.Second)
		due.at[id], due.last = at.Unix(), at
		for _, s := range []struct {
			query string
			at    time.Time
		}{{sqlEventAt, at.Add(-untilWarn)}, {sqlHeadAt, at.Add(-untilWarn)}, {sqlWakeAt, at}} {
			if _, err := tx.ExecContext(ctx, s.query, s.at.UnixMicro(), id); err != nil {
				return due, err
			}
		}
	}
	return due, tx.Commit()
}

func (b *bench) judgeTimers(ctx context.Context, pool *sql.DB, due timersDue, tickets int) error {
	rows, err := pool.QueryContext(ctx, sqlStepTaken)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	taken, double, late, worst := map[string]bool{}, 0, 0, int64(0)
	for rows.Next() {
		var id string
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return err
		}
		by := at/1_000_000 - due.at[id]
		if worst = max(worst, by); by > int64(notLater/time.Second) {
			late++
		}
		if taken[id] {
			double++
		}
		taken[id] = true
	}
	missing := len(due.at) - len(taken)
	b.table.judge(fmt.Sprintf("timers: %d obligations run, %d due in a minute", 2*tickets, len(due.at)), fmt.Sprintf("%d late, %d double, %d missing", late, double, missing),
		fmt.Sprintf("the latest by %d s", worst), "none > 5 s, none double", late+double+missing == 0)
	return rows.Err()
}
