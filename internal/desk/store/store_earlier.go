package store

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	// served by desk_ticket_requester and desk_ticket_affected, from the newest on: a page shows a few
	sqlEarlierHead = `SELECT x.number, x.subject, x.made_at, x.id FROM (SELECT t.id, t.number, t.subject, t.made_at FROM desk_ticket t`
	sqlEarlierTail = `) AS x`
)

// Brief is a ticket in a line.
type Brief struct {
	Number  int64
	Subject string
	MadeAt  time.Time
}

// Earlier gives the newest tickets that somebody asked for, or that are for them, as far as the conditions on desk_ticket t let.
func Earlier(ctx context.Context, q db.Querier, personID string, visible func(*db.Where), limit int) ([]Brief, error) {
	asks := db.NewWhere().And("t.requester_id = ?", personID)
	visible(asks)
	first := sqlEarlierHead + asks.SQL() + " ORDER BY t.id DESC LIMIT " + asks.Arg(limit) + sqlEarlierTail
	gets := db.NewWhere(asks.Args()...).And("t.affected_id = ?", personID).And("t.requester_id <> ?", personID)
	visible(gets)
	second := sqlEarlierHead + gets.SQL() + " ORDER BY t.id DESC LIMIT " + gets.Arg(limit) + sqlEarlierTail
	rows, err := q.Query(ctx, first+" UNION ALL "+second+" ORDER BY 4 DESC LIMIT "+gets.Arg(limit), gets.Args()...)
	return db.Collect(rows, err, func(s db.Scanner) (b Brief, err error) {
		var made int64
		var id string
		err = s.Scan(&b.Number, &b.Subject, &made, &id)
		b.MadeAt = clock.FromMicros(made)
		return b, err
	})
}
