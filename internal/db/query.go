package db

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Querier reads.
type Querier interface {
	// Query runs a statement; its rows are read with Collect or Each.
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// QueryRow runs a statement of at most one row. Scan gives NotFound when there is none.
	QueryRow(ctx context.Context, query string, args ...any) Row
}

// Row is one row, or the reason there is none.
type Row struct {
	row *sql.Row
	err error
}

// Scanner is what a scan function reads from: a Row or the current row of many.
type Scanner interface {
	Scan(dest ...any) error
}

// Scan reads the row. Errors: NotFound when there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return fault("db", r.row.Scan(dest...))
}

// maxPrepared bounds the statements kept prepared a pool: lists with filters make many texts.
const maxPrepared = 400

// conn is a pool whose statements stay prepared. pgx keeps them by text on each connection itself; for SQLite they are kept
// here. (Preparing on PostgreSQL's pool from inside a transaction would wait for a second connection, which a full pool
// cannot give.)
type conn struct {
	pool  *sql.DB
	keep  bool
	anew  bool // pgx: plan each run for its values
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newConn(p *sql.DB, keep bool) *conn {
	return &conn{pool: p, keep: keep, stmts: map[string]*sql.Stmt{}}
}

func (c *conn) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.stmts {
		_ = s.Close()
	}
	c.stmts = map[string]*sql.Stmt{}
	return c.pool.Close()
}

// prepared is the kept statement, or nil when it should run unprepared.
func (c *conn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if !c.keep {
		return nil, nil
	}
	c.mu.RLock()
	s, full := c.stmts[query], len(c.stmts) >= maxPrepared
	c.mu.RUnlock()
	if s != nil || full {
		return s, nil
	}
	s, err := c.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, fault("db.prepare", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.stmts[query]; old != nil {
		_ = s.Close()
		return old, nil
	}
	c.stmts[query] = s
	return s, nil
}

// with is the arguments as the driver wants them.
func (c *conn) with(args []any) []any {
	if !c.anew {
		return args
	}
	return append([]any{pgx.QueryExecModeCacheDescribe}, args...)
}

// Query implements Querier.
func (c *conn) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	var rows *sql.Rows
	if s == nil {
		rows, err = c.pool.QueryContext(ctx, query, c.with(args)...)
	} else {
		rows, err = s.QueryContext(ctx, args...)
	}
	return rows, fault("db.query", err)
}

// QueryRow implements Querier.
func (c *conn) QueryRow(ctx context.Context, query string, args ...any) Row {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return Row{err: err}
	}
	if s == nil {
		return Row{row: c.pool.QueryRowContext(ctx, query, c.with(args)...)}
	}
	return Row{row: s.QueryRowContext(ctx, args...)}
}

// Collect reads all rows of a query with a scan function and closes them.
func Collect[T any](rows *sql.Rows, err error, scan func(Scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fault("db.scan", err)
		}
		out = append(out, v)
	}
	return out, fault("db.rows", rows.Err())
}

// Each reads the rows of a query one by one, while fn says to go on, and closes them.
func Each(rows *sql.Rows, fn func(Scanner) (more bool, err error)) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		more, err := fn(rows)
		if err != nil {
			return fault("db.scan", err)
		}
		if !more {
			return nil
		}
	}
	return fault("db.rows", rows.Err())
}

// One reads a column of one value a row.
func One[T any](s Scanner) (T, error) {
	var v T
	err := s.Scan(&v)
	return v, err
}
