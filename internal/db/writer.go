package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
	"sync"

	"bothways/internal/kit/errs"
)

// groupSize is how many waiting commands share one transaction and one fsync. Measured for 15 rows: 468/s singly, 1,604/s
// in groups of 8; beyond 16 the first command of a group waits for the last without a gain.
const groupSize = 16

// writer owns SQLite's one writing connection: a goroutine runs commands in groups.
type writer struct {
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt // used by the goroutine alone
	queue chan *command
	done  chan struct{}
	mu    sync.RWMutex // guards closing against do
	shut  bool
}

type command struct {
	ctx   context.Context
	db    *DB
	fn    func(*Tx) error
	alone func(*sql.Conn) error // outside any transaction
	tx    *Tx
	err   error
	wait  chan struct{}
}

func startWriter(ctx context.Context, pool *sql.DB) (*writer, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var mode string
	if err := c.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return nil, err
	}
	_ = c.Close() // goose needs the pool's only connection; the goroutine takes it at the first command
	w := &writer{pool: pool, stmts: map[string]*sql.Stmt{}, queue: make(chan *command, 256), done: make(chan struct{})}
	go w.loop()
	return w, nil
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.shut {
		w.mu.Unlock()
		return nil
	}
	w.shut = true
	close(w.queue)
	w.mu.Unlock()
	<-w.done
	return w.pool.Close()
}

func (w *writer) send(c *command) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.shut {
		return errs.New(errs.Unavailable, "db.Write", "The server is stopping. Try again in a moment.")
	}
	select {
	case w.queue <- c:
		return nil
	case <-c.ctx.Done():
		return fault("db.Write", c.ctx.Err())
	}
}

func (w *writer) do(ctx context.Context, d *DB, fn func(*Tx) error) error {
	c := &command{ctx: ctx, db: d, fn: fn, wait: make(chan struct{})}
	if err := w.send(c); err != nil {
		return err
	}
	<-c.wait
	if c.err == nil {
		for _, f := range c.tx.after {
			f()
		}
	}
	return c.err
}

func (w *writer) exclusive(ctx context.Context, fn func(*sql.Conn) error) error {
	c := &command{ctx: ctx, alone: fn, wait: make(chan struct{})}
	if err := w.send(c); err != nil {
		return err
	}
	<-c.wait
	return c.err
}

// loop runs until the queue is closed and empty.
func (w *writer) loop() {
	defer close(w.done)
	for first := range w.queue {
		if first.alone != nil {
			w.runAlone(first)
			continue
		}
		group := []*command{first}
		var next *command
	fill:
		for len(group) < groupSize {
			select {
			case c, ok := <-w.queue:
				if !ok {
					break fill
				}
				if c.alone != nil {
					next = c
					break fill
				}
				group = append(group, c)
			default:
				break fill
			}
		}
		w.runGroup(group)
		if next != nil {
			w.runAlone(next)
		}
	}
	w.drop()
}

// take gets the connection; it is kept until it breaks, so that its statements stay prepared.
func (w *writer) take() error {
	if w.conn != nil {
		return nil
	}
	c, err := w.pool.Conn(context.Background())
	if err != nil {
		return err
	}
	w.conn = c
	return nil
}

// drop gives the connection back after an error that may have broken it.
func (w *writer) drop() {
	for _, s := range w.stmts {
		_ = s.Close()
	}
	w.stmts = map[string]*sql.Stmt{}
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

func (w *writer) runAlone(c *command) {
	defer close(c.wait)
	if c.err = w.take(); c.err == nil {
		c.err = c.alone(w.conn)
		w.drop() // the migration and back-up machinery may want the connection next
	}
}

// runGroup runs the commands in one transaction. When the transaction itself dies, each command runs again alone.
func (w *writer) runGroup(group []*command) {
	defer func() {
		for _, c := range group {
			close(c.wait)
		}
	}()
	if w.runIn(group) || len(group) == 1 {
		return
	}
	for _, c := range group {
		w.runIn([]*command{c})
	}
}

// runIn is one transaction over commands; false means that it died and nothing of any of them was kept.
func (w *writer) runIn(group []*command) bool {
	fail := func(err error) bool {
		for _, c := range group {
			c.err = fault("db.Write", err)
		}
		w.drop()
		return false
	}
	if err := w.take(); err != nil {
		return fail(err)
	}
	ctx := context.Background()
	if err := w.run(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fail(err)
	}
	for _, c := range group {
		c.err = fault("db.Write", c.ctx.Err()) // the deadline is looked at between commands, never inside one
		if c.err != nil {
			continue
		}
		if err := w.run(ctx, "SAVEPOINT command"); err != nil {
			return fail(err)
		}
		c.tx = &Tx{db: c.db, exec: w}
		c.err = protect(c.fn, c.tx)
		if c.err != nil {
			if died(c.err) {
				_ = w.run(ctx, "ROLLBACK")
				return fail(c.err)
			}
			if err := w.run(ctx, "ROLLBACK TO command"); err != nil {
				return fail(err)
			}
		}
		if err := w.run(ctx, "RELEASE command"); err != nil {
			return fail(err)
		}
	}
	if err := w.run(ctx, "COMMIT"); err != nil {
		_ = w.run(ctx, "ROLLBACK")
		return fail(err)
	}
	return true
}

// protect turns a panic of a command into an error, so that one command cannot take its neighbours down.
func protect(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: command panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

func (w *writer) run(ctx context.Context, query string) error {
	_, err := w.ExecContext(ctx, query)
	return err
}

// QueryContext implements executor. Statements run without the command's cancellation: measured, a cancelled statement
// inside a savepoint rolled back the whole transaction, its neighbours' rows too.
func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.WithoutCancel(ctx), args...)
}

// QueryRowContext implements executor.
func (w *writer) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := w.stmt(query)
	if err != nil {
		return w.conn.QueryRowContext(context.WithoutCancel(ctx), query, args...) // gives the same error as a row
	}
	return s.QueryRowContext(context.WithoutCancel(ctx), args...)
}

// ExecContext implements executor.
func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.WithoutCancel(ctx), args...)
}

func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	if len(w.stmts) >= maxPrepared {
		for q, s := range w.stmts {
			_ = s.Close()
			delete(w.stmts, q)
			break
		}
	}
	s, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fault("db.prepare", err)
	}
	w.stmts[query] = s
	return s, nil
}
