package load

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"

	"bothways/internal/db"
	"bothways/internal/fulltext"
	"bothways/internal/people"
)

// Copy puts every row of a SQLite world into an empty, migrated PostgreSQL database: the same ids, the same words. Statement by
// statement a million tickets would take hours there. Files and notes, which the generator makes none of, are not indexed.
func Copy(ctx context.Context, from, to *db.DB, said func(table string, rows int64)) error {
	conn, err := to.Raw().Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	c := &copier{ctx: ctx, from: from, conn: conn, said: said}
	if err := c.all("SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'", "SET synchronous_commit = off"); err != nil {
		return err
	}
	again, err := c.spare()
	if err != nil {
		return err
	}
	if err := c.tables(); err != nil {
		return err
	}
	if err := c.words(); err != nil {
		return err
	}
	if err := c.all(again...); err != nil {
		return err
	}
	return c.all("SET session_replication_role = origin", "VACUUM ANALYZE")
}

type copier struct {
	ctx  context.Context
	from *db.DB
	conn *sql.Conn
	said func(string, int64)
}

func (c *copier) all(statements ...string) error {
	for _, q := range statements {
		if _, err := c.conn.ExecContext(c.ctx, q); err != nil {
			return fmt.Errorf("%.80s: %w", q, err)
		}
	}
	return nil
}

// spare drops the indexes that no rule hangs on, and gives what makes them again.
func (c *copier) spare() (again []string, err error) {
	rows, err := c.conn.QueryContext(c.ctx, sqlSpare)
	names, err := db.Collect(rows, err, func(s db.Scanner) (name string, err error) {
		var made string
		err = s.Scan(&name, &made)
		again = append(again, made)
		return name, err
	})
	for _, n := range names {
		if err == nil {
			err = c.all(`DROP INDEX "` + n + `"`)
		}
	}
	return again, err
}

func (c *copier) tables() error {
	rows, err := c.from.Read().Query(c.ctx, sqlTables)
	names, err := db.Collect(rows, err, db.One[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		rows, err := c.from.Read().Query(c.ctx, sqlWhole+name)
		if err != nil {
			return err
		}
		if err := c.table(name, rows); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// table copies rows under their columns' names; what a new schema holds already (a line of its own) goes.
func (c *copier) table(name string, rows *sql.Rows) error {
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := c.all("DELETE FROM " + name); err != nil {
		return err
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range to {
		to[i] = &values[i]
	}
	return c.copy(name, columns, func(w *bufio.Writer) error {
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				return err
			}
			if err := line(w, values...); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// words writes the indexes of words: PostgreSQL's own form of what FTS5 holds.
func (c *copier) words() error {
	texts := func(query string, text func(string) (string, error)) func(w *bufio.Writer) error {
		return func(w *bufio.Writer) error {
			rows, err := c.from.Read().Query(c.ctx, query)
			if err != nil {
				return err
			}
			return db.Each(rows, func(s db.Scanner) (bool, error) {
				var id int64
				var of string
				err := s.Scan(&id, &of)
				if err == nil && text != nil {
					of, err = text(of)
				}
				if err == nil {
					err = line(w, id, fulltext.Vector(of))
				}
				return err == nil, err
			})
		}
	}
	columns := []string{"rowid", "words"}
	for _, query := range []string{sqlTitles, sqlMessages} {
		if err := c.copy("fulltext_public", columns, texts(query, nil)); err != nil {
			return err
		}
	}
	return c.copy("fulltext_person", columns, texts(sqlPersons, func(id string) (string, error) {
		d, err := people.Document(c.ctx, c.from.Read(), id)
		return d.Text, err
	}))
}

// copy streams what fn writes into a table.
func (c *copier) copy(table string, columns []string, fn func(w *bufio.Writer) error) error {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 1<<20)
		err := fn(b)
		if err == nil {
			err = b.Flush()
		}
		_ = w.CloseWithError(err)
	}()
	return c.conn.Raw(func(driver any) error {
		tag, err := driver.(*stdlib.Conn).Conn().PgConn().CopyFrom(c.ctx, r, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
		_ = r.CloseWithError(err)
		if err == nil && c.said != nil {
			c.said(table, tag.RowsAffected())
		}
		return err
	})
}

var escaped = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// line writes a row as COPY reads it.
func line(w *bufio.Writer, values ...any) error {
	for i, v := range values {
		if i > 0 {
			_ = w.WriteByte('\t')
		}
		switch v := v.(type) {
		case nil:
			_, _ = w.WriteString(`\N`)
		case int64:
			_, _ = w.WriteString(strconv.FormatInt(v, 10))
		case bool:
			_, _ = w.WriteString(strconv.FormatBool(v))
		case []byte:
			_, _ = w.WriteString(`\\x` + hex.EncodeToString(v))
		case string:
			_, _ = escaped.WriteString(w, v)
		default:
			return fmt.Errorf("a value of %T", v)
		}
	}
	return w.WriteByte('\n')
}
