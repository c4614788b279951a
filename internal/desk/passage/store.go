package passage

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

// served by event_entry_door, and the primary key of tickets
const sqlBetween = `SELECT t.id, t.number, t.subject, p.at, p.actor, p.data FROM desk_passage p JOIN desk_ticket t ON t.id = p.ticket_id`

// between lists passages under conditions on desk_passage p and desk_ticket t, the newest first.
func between(ctx context.Context, q db.Querier, w *db.Where, limit int) ([]Passage, error) {
	rows, err := q.Query(ctx, sqlBetween+w.SQL()+" ORDER BY p.at DESC, p.ticket_id DESC LIMIT "+w.Arg(limit), w.Args()...)
	return db.Collect(rows, err, func(s db.Scanner) (p Passage, err error) {
		var at int64
		var data string
		if err = s.Scan(&p.TicketID, &p.Number, &p.Subject, &at, &p.ByID, &data); err != nil {
			return p, err
		}
		p.At = clock.FromMicros(at)
		return p, p.of(data)
	})
}
