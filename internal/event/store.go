package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

const (
	columns     = `stream, seq, id, at, kind, actor, behalf, channel, data, digest`
	sqlInsert   = `INSERT INTO event_entry (` + columns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlHead     = `SELECT stream, seq, at, digest FROM event_head WHERE stream = $1`
	sqlTakeHead = `UPDATE event_head SET seq = seq WHERE stream = $1`
	sqlSetHead  = `INSERT INTO event_head (stream, seq, at, digest) VALUES ($1, $2, $3, $4) ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, at = excluded.at, digest = excluded.digest`
	// served by the primary key
	sqlOf       = `SELECT ` + columns + ` FROM event_entry WHERE stream = $1 AND seq > $2 ORDER BY seq`
	sqlAllHeads = `SELECT stream, seq, at, digest FROM event_head ORDER BY stream`
	sqlHeads    = `SELECT stream, seq, at, digest FROM event_head WHERE stream > $1 ORDER BY stream LIMIT 1000`

	sqlCheckpoint      = `INSERT INTO event_checkpoint (at, streams, digest, signature) VALUES ($1, $2, $3, $4) ON CONFLICT (at) DO NOTHING`
	sqlLastCheckpoints = `SELECT at, streams, digest, signature FROM event_checkpoint ORDER BY at DESC LIMIT $1`
)

// Log appends to one stream inside a transaction: it knows the stream's end, so that many events cost one read.
type Log struct {
	head  Head
	wrote []Event
}

// Open reads the end of a stream to append to it; a stream that does not exist yet is empty.
//
// It takes the stream for itself first: of two transactions that append to one stream on PostgreSQL, the second waits and then
// runs again with what the first wrote.
func Open(ctx context.Context, tx *db.Tx, stream string) (*Log, error) {
	if _, err := tx.Exec(ctx, sqlTakeHead, stream); err != nil {
		return nil, err
	}
	h, err := scanHead(tx.QueryRow(ctx, sqlHead, stream))
	if errs.Is(err, errs.NotFound) {
		return &Log{head: Head{Stream: stream}}, nil
	}
	return &Log{head: h}, err
}

// Create starts a stream that is known to be new.
func Create(stream string) *Log { return &Log{head: Head{Stream: stream}} }

// Append adds an event at max(at, previous at) in whole seconds, and gives it with its number. data is marshalled to JSON
// and must hold no words of people.
func (l *Log) Append(ctx context.Context, tx *db.Tx, e Event, data any) (Event, error) {
	e.Stream, e.Seq, e.ID, e.Data = l.head.Stream, l.head.Seq+1, id.New(), "{}"
	e.At = e.At.UTC().Truncate(time.Second)
	if e.At.Before(l.head.At) {
		e.At = l.head.At
	}
	if data != nil {
		b, err := json.Marshal(data)
		if err != nil {
			return e, fmt.Errorf("event: data of %s: %w", e.Kind, err)
		}
		e.Data = string(b)
	}
	e.Digest = digest(l.head.Digest, e)
	if _, err := tx.Exec(ctx, sqlInsert, e.Stream, e.Seq, e.ID, clock.Micros(e.At), e.Kind, e.Actor, e.Behalf, e.Channel, e.Data, e.Digest); err != nil {
		return e, err
	}
	l.head.Seq, l.head.At, l.head.Digest = e.Seq, e.At, e.Digest
	l.wrote = append(l.wrote, e)
	return e, nil
}

// Close writes the stream's new end. Call it once, after the last Append.
func (l *Log) Close(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, sqlSetHead, l.head.Stream, l.head.Seq, clock.Micros(l.head.At), l.head.Digest)
	return err
}

// Wrote are the events appended so far.
func (l *Log) Wrote() []Event { return l.wrote }

// Seq is the number of the last event.
func (l *Log) Seq() int64 { return l.head.Seq }

// Of reads the events of a stream after a number, in order.
func Of(ctx context.Context, q db.Querier, stream string, after int64) ([]Event, error) {
	rows, err := q.Query(ctx, sqlOf, stream, after)
	return db.Collect(rows, err, scanEvent)
}

// Heads reads up to 1,000 stream ends after a stream, in order.
func Heads(ctx context.Context, q db.Querier, after string) ([]Head, error) {
	rows, err := q.Query(ctx, sqlHeads, after)
	return db.Collect(rows, err, scanHead)
}

func scanEvent(s db.Scanner) (Event, error) {
	var e Event
	var at int64
	err := s.Scan(&e.Stream, &e.Seq, &e.ID, &at, &e.Kind, &e.Actor, &e.Behalf, &e.Channel, &e.Data, &e.Digest)
	e.At = clock.FromMicros(at)
	return e, err
}

func scanHead(s db.Scanner) (Head, error) {
	var h Head
	var at int64
	err := s.Scan(&h.Stream, &h.Seq, &at, &h.Digest)
	h.At = clock.FromMicros(at)
	return h, err
}
