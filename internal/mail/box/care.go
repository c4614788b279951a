package box

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// MostCounted is where counting ends: what is more is "1,000+".
const MostCounted = 1000

// Tally is how many mails are in each state, each up to MostCounted+1.
type Tally struct {
	Inbound  map[State]int
	Outbound map[string]int
}

// Tally counts the mails in each state.
func (b *Box) Tally(ctx context.Context) (Tally, error) {
	t := Tally{Inbound: map[State]int{}, Outbound: map[string]int{}}
	q := b.db.Read()
	for _, s := range []State{Stored, MadeTicket, MadeMessage, MadeReport, Duplicate, Refused} {
		var n int
		if err := q.QueryRow(ctx, sqlTallyInbound, string(s), MostCounted+1).Scan(&n); err != nil {
			return t, err
		}
		t.Inbound[s] = n
	}
	for _, s := range []string{Queued, Sending, Sent, Maybe, Failed, Shown} {
		var n int
		if err := q.QueryRow(ctx, sqlTallyOutbound, s, MostCounted+1).Scan(&n); err != nil {
			return t, err
		}
		t.Outbound[s] = n
	}
	return t, nil
}

// Flow is when mail moved last, and since when some waits.
type Flow struct {
	LastIn, LastOut time.Time // zero: never
	Unread          time.Time // since when the oldest mail that came in has not been read
	Unsent          time.Time // since when the oldest mail that failed at least once waits to go out
}

// Flow reads how mail moves.
func (b *Box) Flow(ctx context.Context) (Flow, error) {
	var f Flow
	for _, x := range []struct {
		to    *time.Time
		query string
	}{{&f.LastIn, sqlLastIn}, {&f.LastOut, sqlLastOut}, {&f.Unread, sqlOldestUnread}, {&f.Unsent, sqlOldestUnsent}} {
		var at int64
		err := b.db.Read().QueryRow(ctx, x.query).Scan(&at)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return f, err
		}
		*x.to = clock.FromMicros(at)
	}
	return f, nil
}

// Again tries a mail that waits, or that failed, at once. Errors: NotFound; Conflict for one that is out, or on its way.
func (b *Box) Again(ctx context.Context, tx *db.Tx, rowID string) (Outbound, error) {
	m, err := scanOutbound(tx.QueryRow(ctx, sqlOutbound, rowID))
	if err != nil {
		return m, err
	}
	if m.State != Queued && m.State != Maybe && m.State != Failed || b.transport == nil {
		return m, errs.New(errs.Conflict, "box.Again", "This mail does not wait: it is %s.", m.State)
	}
	if m.State == Failed {
		m.State, m.DoneAt = Queued, time.Time{}
	}
	return m, b.later(ctx, tx, m, 0)
}

// GiveUp ends the tries of a mail that waits, as if it had proved undeliverable. Errors: NotFound; Conflict for one that does not wait.
func (b *Box) GiveUp(ctx context.Context, tx *db.Tx, rowID string, h Hooks) (Outbound, error) {
	m, err := scanOutbound(tx.QueryRow(ctx, sqlOutbound, rowID))
	if err != nil {
		return m, err
	}
	if m.State != Queued && m.State != Maybe {
		return m, errs.New(errs.Conflict, "box.GiveUp", "This mail does not wait: it is %s.", m.State)
	}
	m.State, m.DoneAt = Failed, b.clk.Now()
	if m.Answer == "" {
		m.Answer = "Given up by hand before it was tried."
	}
	if err := b.write(ctx, tx, m); err != nil {
		return m, err
	}
	return m, h.Undeliverable(ctx, tx, m)
}

// Probe says whether the relay would take mail now; nil when there is none to ask.
func (b *Box) Probe(ctx context.Context) error {
	if p, ok := b.transport.(interface {
		Probe(ctx context.Context) error
	}); ok {
		return p.Probe(ctx)
	}
	return nil
}
