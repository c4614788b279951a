package db

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"bothways/internal/kit/errs"
)

// listenPing is how long a connection that listens may be silent before it is asked whether it is still there: one that a
// network forgot says nothing, for ever.
const listenPing = 15 * time.Second

// Notify tells everybody who listens on PostgreSQL. Call it after the commit, never inside a transaction that writes: there it
// makes them wait for one another. payload is below 8,000 bytes. On SQLite there is nobody to tell: it does nothing.
func (d *DB) Notify(ctx context.Context, channel, payload string) error {
	if d.engine == SQLite {
		return nil
	}
	_, err := d.writes.pool.ExecContext(ctx, "SELECT pg_notify($1, $2)", channel, payload)
	return fault("db.Notify", err)
}

// Listen hears on a connection of its own what nodes tell with Notify. ready is called once it hears; what was told before that
// is not told again. It returns nil when ctx has ended, and the error when the connection is lost: call it again then.
// On SQLite nobody else is there: it waits for ctx.
func (d *DB) Listen(ctx context.Context, channel string, ready func(), heard func(payload string)) error {
	if d.engine == SQLite {
		<-ctx.Done()
		return nil
	}
	c, err := pgx.Connect(ctx, limited(d.url))
	if err != nil {
		return lost(ctx, err)
	}
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = c.Close(bye)
	}()
	if _, err := c.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return lost(ctx, err)
	}
	ready()
	for {
		wait, cancel := context.WithTimeout(ctx, listenPing)
		n, err := c.WaitForNotification(wait)
		silent := errors.Is(wait.Err(), context.DeadlineExceeded) && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			heard(n.Payload)
		case silent:
			ping, cancel := context.WithTimeout(ctx, listenPing)
			err := c.Ping(ping)
			cancel()
			if err != nil {
				return lost(ctx, err)
			}
		default:
			return lost(ctx, err)
		}
	}
}

// lost is the error of a connection, nil when it was us who ended it.
func lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return errs.Wrap(errs.Unavailable, "db.Listen", err, "PostgreSQL can't be listened to.")
}
