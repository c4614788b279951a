package beneath

import (
	"context"

	"bothways/internal/db"
)

// served by event_entry_given, and the primary key of tickets
const sqlGiven = `SELECT t.number, g.data FROM desk_given g JOIN desk_ticket t ON t.id = g.ticket_id`

type handing struct {
	number int64
	data   string
}

// handed lists what was given, under conditions on desk_given g and desk_ticket t, the newest first.
func handed(ctx context.Context, q db.Querier, w *db.Where, limit int) ([]handing, error) {
	rows, err := q.Query(ctx, sqlGiven+w.SQL()+" ORDER BY g.at DESC, g.ticket_id DESC LIMIT "+w.Arg(limit), w.Args()...)
	return db.Collect(rows, err, func(s db.Scanner) (h handing, err error) {
		err = s.Scan(&h.number, &h.data)
		return h, err
	})
}
