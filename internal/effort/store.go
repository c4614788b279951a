package effort

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	columns   = `id, ticket_id, person_id, act, kind, minutes, note, day, made_at, changed_at, version`
	sqlInsert = `INSERT INTO effort_entry (` + columns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlByID   = `SELECT ` + columns + ` FROM effort_entry WHERE id = $1`
	sqlUpdate = `UPDATE effort_entry SET kind = $1, minutes = $2, note = $3, changed_at = $4, version = version + 1 WHERE id = $5 AND version = $6`
	sqlDelete = `DELETE FROM effort_entry WHERE id = $1 AND version = $2`
	// served by effort_entry_ticket
	sqlOf      = `SELECT ` + columns + ` FROM effort_entry`
	sqlMinutes = `SELECT COALESCE(SUM(e.minutes), 0) FROM effort_entry e WHERE e.ticket_id = $1`
	// served by effort_entry_person
	sqlWeek = `SELECT ` + columns + ` FROM effort_entry WHERE person_id = $1 AND day >= $2 AND day < $3 ORDER BY day, id LIMIT 2000`
	sqlSums = `SELECT person_id, SUM(minutes) FROM effort_entry WHERE day >= $1 AND day < $2 GROUP BY person_id ORDER BY person_id`
)

func scan(s db.Scanner) (Entry, error) {
	var e Entry
	var day, made, changed int64
	err := s.Scan(&e.ID, &e.TicketID, &e.PersonID, &e.Act, &e.Kind, &e.Minutes, &e.Note, &day, &made, &changed, &e.Version)
	e.Day, e.MadeAt, e.ChangedAt = time.Unix(day*86400, 0).UTC(), clock.FromMicros(made), clock.FromMicros(changed)
	return e, err
}

func insert(ctx context.Context, tx *db.Tx, e Entry, day int64) error {
	_, err := tx.Exec(ctx, sqlInsert, e.ID, e.TicketID, e.PersonID, e.Act, string(e.Kind), e.Minutes, e.Note, day, clock.Micros(e.MadeAt), clock.Micros(e.ChangedAt), e.Version)
	return err
}

func of(ctx context.Context, q db.Querier, ticketIDs ...string) ([]Entry, error) {
	w := db.NewWhere().In("ticket_id", ticketIDs...)
	rows, err := q.Query(ctx, sqlOf+w.SQL()+" ORDER BY id LIMIT 2000", w.Args()...)
	return db.Collect(rows, err, scan)
}

func minutesOf(ctx context.Context, q db.Querier, ticketID string) (n int, err error) {
	return n, q.QueryRow(ctx, sqlMinutes, ticketID).Scan(&n)
}

func between(ctx context.Context, q db.Querier, personID string, from, until int64) ([]Entry, error) {
	rows, err := q.Query(ctx, sqlWeek, personID, from, until)
	return db.Collect(rows, err, scan)
}

// Sum is how much somebody worked.
type Sum struct {
	PersonID string
	Minutes  int
}

func sums(ctx context.Context, q db.Querier, from, until int64) ([]Sum, error) {
	rows, err := q.Query(ctx, sqlSums, from, until)
	return db.Collect(rows, err, func(s db.Scanner) (v Sum, err error) {
		err = s.Scan(&v.PersonID, &v.Minutes)
		return v, err
	})
}
