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

// spareIndexes finds the indexes of a pattern that no rule hangs on.
const spareIndexes = `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND name GLOB $1 AND sql NOT LIKE 'CREATE UNIQUE%' ORDER BY name`

// Fill gives a database that serves nobody to one goroutine that fills it: until done is called, reads and commands run one after
// the other on one connection, in one transaction. That is several times faster than serving. Nothing is durable before done has
// returned, everything is then; a command that fails, or a crash, leaves nothing of it. Call it and done while nothing else uses
// the database. without names indexes, by patterns such as desk_ticket_*, that the filling does without: SQLite makes them at the
// end.
func (d *DB) Fill(ctx context.Context, without ...string) (done func() error, err error) {
	if d.engine == SQLite { // the writer's goroutine gives its connection up
		if err := d.writer.exclusive(ctx, func(*sql.Conn) error { return nil }); err != nil {
			return nil, err
		}
	}
	c, err := d.Raw().Conn(ctx)
	if err != nil {
		return nil, fault("db.Fill", err)
	}
	f := &filler{exec: &writer{conn: c, stmts: map[string]*sql.Stmt{}}}
	f.tx = &Tx{db: d, exec: f.exec}
	begin, end := d.around()
	if err := f.all(ctx, begin); err != nil {
		f.exec.drop()
		return nil, err
	}
	again, err := f.spare(ctx, d.engine, without)
	if err != nil {
		f.exec.drop()
		return nil, err
	}
	d.filler = f
	return func() error {
		d.filler = nil
		defer f.exec.drop()
		ctx := context.WithoutCancel(ctx)
		if f.broken == nil {
			f.broken = f.all(ctx, again)
		}
		last := "COMMIT"
		if f.broken != nil {
			last = "ROLLBACK"
		}
		return errors.Join(f.broken, f.all(ctx, append([]string{last}, end...)))
	}, nil
}

// around are the statements that begin a filling and what follows its end. SQLite syncs nothing meanwhile and keeps what it writes
// in memory; the checkpoint at the end makes the whole durable. PostgreSQL makes one transaction durable by itself.
func (d *DB) around() (begin, end []string) {
	if d.engine == SQLite {
		return []string{"PRAGMA synchronous = OFF", "PRAGMA cache_size = -262144", "BEGIN"},
			[]string{"PRAGMA synchronous = FULL", "PRAGMA cache_size = -8000", "PRAGMA wal_checkpoint(TRUNCATE)"}
	}
	return []string{"BEGIN ISOLATION LEVEL REPEATABLE READ"}, nil
}

func (f *filler) all(ctx context.Context, statements []string) error {
	for _, q := range statements {
		if err := f.exec.run(ctx, q); err != nil {
			return fault("db.Fill", err)
		}
	}
	return nil
}

// spare drops the indexes that the filling does without, and gives the statements that make them again.
func (f *filler) spare(ctx context.Context, e Engine, without []string) (again []string, err error) {
	if e != SQLite {
		return nil, nil
	}
	type index struct{ name, sql string }
	for _, pattern := range without {
		rows, err := f.tx.Query(ctx, spareIndexes, pattern)
		all, err := Collect(rows, err, func(s Scanner) (i index, err error) { return i, s.Scan(&i.name, &i.sql) })
		if err != nil {
			return nil, err
		}
		for _, i := range all {
			again = append(again, i.sql)
			if err := f.exec.run(ctx, `DROP INDEX "`+i.name+`"`); err != nil {
				return nil, fault("db.Fill", err)
			}
		}
	}
	return again, nil
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
