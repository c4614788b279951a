package event

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

// served by the primary key; without what the chain is checked with
const sqlPast = `SELECT stream, seq, at, kind, actor, channel, data FROM event_entry`

// Past reads many streams at once, each in its order, without what proves them: for readings of whole histories. A stream without events is
// not there.
func Past(ctx context.Context, q db.Querier, streams ...string) (map[string][]Event, error) {
	out := make(map[string][]Event, len(streams))
	if len(streams) == 0 {
		return out, nil
	}
	w := db.NewWhere().In("stream", streams...)
	rows, err := q.Query(ctx, sqlPast+w.SQL()+" ORDER BY stream, seq", w.Args()...)
	if err != nil {
		return nil, err
	}
	return out, db.Each(rows, func(s db.Scanner) (bool, error) {
		var e Event
		var at int64
		if err := s.Scan(&e.Stream, &e.Seq, &at, &e.Kind, &e.Actor, &e.Channel, &e.Data); err != nil {
			return false, err
		}
		e.At = clock.FromMicros(at)
		out[e.Stream] = append(out[e.Stream], e)
		return true, nil
	})
}
