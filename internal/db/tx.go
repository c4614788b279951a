package db

import (
	"context"
	"database/sql"
	"time"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Tx is one command's transaction. It is good inside the function given to Write only.
type Tx struct {
	db    *DB
	exec  executor
	after []func()
}

// executor is what both engines' transactions offer.
type executor interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Engine says which engine the transaction is on: for machinery whose statements must differ, never for domain code.
func (t *Tx) Engine() Engine { return t.db.engine }

// Query implements Querier.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := t.exec.QueryContext(ctx, query, args...)
	return rows, fault("db.query", err)
}

// QueryRow implements Querier.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	return Row{row: t.exec.QueryRowContext(ctx, query, args...)}
}

// Exec runs a statement and says how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.exec.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fault("db.exec", err)
	}
	n, err := res.RowsAffected()
	return n, fault("db.exec", err)
}

// AfterCommit runs fn once the command is durable, never when it fails.
func (t *Tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

const (
	sqlSequenceNext = `INSERT INTO db_sequence (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = db_sequence.value + $3 RETURNING value`
	// leaseBlock is how many numbers a PostgreSQL node takes at once: one row written every fifty tickets, so that
	// creating them does not queue for one row. Numbers of a node that stops are left out, which `verify` explains.
	leaseBlock = 50
)

// Next gives the next number of a sequence, counting from first. On PostgreSQL numbers are leased in blocks a node, so there
// may be gaps; no number is given twice.
func (t *Tx) Next(ctx context.Context, name string, first int64) (int64, error) {
	if t.db.engine == SQLite || t.db.filler != nil {
		var v int64
		err := t.QueryRow(ctx, sqlSequenceNext, name, first, int64(1)).Scan(&v)
		return v, err
	}
	if n, ok := t.db.seq.take(name); ok {
		return n, nil
	}
	var last int64
	err := t.db.leases.Write(ctx, func(tx *Tx) error {
		return tx.QueryRow(ctx, sqlSequenceNext, name, first+leaseBlock-1, int64(leaseBlock)).Scan(&last)
	})
	if err != nil {
		return 0, err
	}
	t.db.seq.put(name, last-leaseBlock+2, last+1)
	return last - leaseBlock + 1, nil
}

// retries is how often a transaction that lost a race on PostgreSQL runs again.
const retries = 12

// Write runs a command in one transaction: committed whole and durable when it returns nil, nothing of it otherwise. fn may
// run more than once.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if d.filler != nil {
		return d.filler.write(fn)
	}
	if d.engine == SQLite {
		return d.writer.do(ctx, d, fn)
	}
	var err error
	for try := range retries {
		if err = d.writePostgres(ctx, fn); !isRace(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fault("db.Write", ctx.Err())
		case <-time.After(time.Duration(id.Jitter(int64(time.Millisecond) << min(try, 6)))):
		}
	}
	return errs.Wrap(errs.Unavailable, "db.Write", err, "Many people are changing this at once. Try again.")
}

func (d *DB) writePostgres(ctx context.Context, fn func(tx *Tx) error) (err error) {
	sqlTx, err := d.writes.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fault("db.begin", err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = sqlTx.Rollback()
			panic(p)
		}
		if err != nil {
			_ = sqlTx.Rollback()
		}
	}()
	tx := &Tx{db: d, exec: sqlTx}
	if err := fn(tx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fault("db.commit", err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}
