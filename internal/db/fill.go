package db

import (
	"context"
	"database/sql"
	"errors"

	"bothways/internal/kit/errs"
)

// filler is one connection in one transaction, for as long as a database is filled.
type filler struct {
	exec   *writer // its connection and its statements; it has no goroutine
	tx     *Tx
	broken error // the first command that failed
}

// Fill gives a database that serves nobody to one goroutine that fills it: until done is called, reads and commands run one after
// the other on one connection, in one transaction. That is several times faster than serving. Nothing is durable before done has
// returned, everything is then; a command that fails, or a crash, leaves nothing of it. Call it and done while nothing else uses
// the database.
func (d *DB) Fill(ctx context.Context) (done func() error, err error) {
	pool := d.Raw()
	if d.engine == SQLite { // the writer's goroutine gives its connection up
		if err := d.writer.exclusive(ctx, func(*sql.Conn) error { return nil }); err != nil {
			return nil, err
		}
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, fault("db.Fill", err)
	}
	f := &filler{exec: &writer{conn: c, stmts: map[string]*sql.Stmt{}}}
	f.tx = &Tx{db: d, exec: f.exec}
	for _, q := range d.fillWith("OFF", "-262144", "BEGIN") {
		if err := f.exec.run(ctx, q); err != nil {
			f.exec.drop()
			return nil, fault("db.Fill", err)
		}
	}
	d.filler = f
	return func() error {
		d.filler = nil
		defer f.exec.drop()
		end := "COMMIT"
		if f.broken != nil {
			end = "ROLLBACK"
		}
		err := f.exec.run(context.WithoutCancel(ctx), end)
		for _, q := range d.fillWith("FULL", "-8000", "PRAGMA wal_checkpoint(TRUNCATE)") {
			err = errors.Join(err, f.exec.run(context.WithoutCancel(ctx), q))
		}
		return errors.Join(f.broken, fault("db.Fill", err))
	}, nil
}

// fillWith are the statements that begin and end a filling. SQLite syncs nothing meanwhile and keeps what it writes in memory; the
// checkpoint at the end makes the whole durable. PostgreSQL makes one transaction durable by itself.
func (d *DB) fillWith(synchronous, cache, last string) []string {
	if d.engine == SQLite {
		return []string{"PRAGMA synchronous = " + synchronous, "PRAGMA cache_size = " + cache, last}
	}
	if last == "BEGIN" {
		return []string{"BEGIN ISOLATION LEVEL REPEATABLE READ"}
	}
	return nil
}

// write runs a command.
func (f *filler) write(fn func(*Tx) error) error {
	if f.broken != nil {
		return errs.Wrap(errs.Unavailable, "db.Fill", f.broken, "A command before this one failed, so nothing of the filling is kept.")
	}
	tx := &Tx{db: f.tx.db, exec: f.exec}
	if err := protect(fn, tx); err != nil {
		f.broken = err
		return err
	}
	for _, after := range tx.after {
		after()
	}
	return nil
}
