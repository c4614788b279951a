package event

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

// Break is a place where a stream is not what was written.
type Break struct {
	Stream string
	Seq    int64
	What   string
}

// String names the row and what is wrong with it.
func (b Break) String() string { return fmt.Sprintf("%s event %d: %s", b.Stream, b.Seq, b.What) }

// Check recomputes the chain of one stream against its head. nil means whole.
func Check(events []Event, head Head) *Break {
	prev, last := "", time.Time{}
	for i, e := range events {
		want := int64(i + 1)
		switch {
		case e.Seq != want:
			return &Break{head.Stream, want, fmt.Sprintf("is missing; event %d comes next", e.Seq)}
		case e.At.Before(last):
			return &Break{head.Stream, e.Seq, "lies before the event before it"}
		case digest(prev, e) != e.Digest:
			return &Break{head.Stream, e.Seq, "was changed after it was written"}
		}
		prev, last = e.Digest, e.At
	}
	if int64(len(events)) != head.Seq || prev != head.Digest {
		return &Break{head.Stream, int64(len(events)) + 1, fmt.Sprintf("the stream should end at event %d", head.Seq)}
	}
	return nil
}

// Verify walks every stream and gives what is broken; streams is how many it read.
func Verify(ctx context.Context, q db.Querier) (streams int, breaks []Break, err error) {
	after := ""
	for {
		heads, err := Heads(ctx, q, after)
		if err != nil || len(heads) == 0 {
			return streams, breaks, err
		}
		for _, h := range heads {
			events, err := Of(ctx, q, h.Stream, 0)
			if err != nil {
				return streams, breaks, err
			}
			if b := Check(events, h); b != nil {
				breaks = append(breaks, *b)
			}
			streams++
			after = h.Stream
		}
	}
}

// Checkpoint is a signed statement of where all streams ended at an instant.
type Checkpoint struct {
	At        time.Time
	Streams   int64
	Digest    string // over all heads in the order of their streams
	Signature string // HMAC-SHA-256 over the three with the installation's key
}

// Sign measures where all streams end now and signs it. It reads in one statement, so that the heads belong together.
func Sign(ctx context.Context, q db.Querier, at time.Time, key []byte) (Checkpoint, error) {
	c := Checkpoint{At: at.UTC().Truncate(time.Second)}
	rows, err := q.Query(ctx, sqlAllHeads)
	if err != nil {
		return c, err
	}
	defer func() { _ = rows.Close() }()
	h := sha256.New()
	for rows.Next() {
		x, err := scanHead(rows)
		if err != nil {
			return c, err
		}
		_, _ = fmt.Fprintf(h, "%s %d %s\n", x.Stream, x.Seq, x.Digest)
		c.Streams++
	}
	c.Digest = hex.EncodeToString(h.Sum(nil))
	c.Signature = c.sign(key)
	return c, rows.Err()
}

// Keep writes a checkpoint beside the ledgers.
func Keep(ctx context.Context, tx *db.Tx, c Checkpoint) error {
	_, err := tx.Exec(ctx, sqlCheckpoint, clock.Micros(c.At), c.Streams, c.Digest, c.Signature)
	return err
}

func (c Checkpoint) sign(key []byte) string {
	m := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(m, "%d %d %s", c.At.Unix(), c.Streams, c.Digest)
	return hex.EncodeToString(m.Sum(nil))
}

// Genuine says whether a checkpoint was signed with the key.
func (c Checkpoint) Genuine(key []byte) bool {
	return hmac.Equal([]byte(c.Signature), []byte(c.sign(key)))
}

// Checkpoints are the newest n.
func Checkpoints(ctx context.Context, q db.Querier, n int) ([]Checkpoint, error) {
	rows, err := q.Query(ctx, sqlLastCheckpoints, n)
	return db.Collect(rows, err, func(s db.Scanner) (Checkpoint, error) {
		var c Checkpoint
		var at int64
		err := s.Scan(&at, &c.Streams, &c.Digest, &c.Signature)
		c.At = clock.FromMicros(at)
		return c, err
	})
}
