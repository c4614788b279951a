package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"bothways/internal/kit/errs"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// DB is an open database: a reader pool and a way to write.
type DB struct {
	engine Engine
	path   string // SQLite's file
	url    string
	reads  *conn
	anew   *conn   // PostgreSQL: the same pool; see Planned
	writer *writer // SQLite
	writes *conn   // PostgreSQL: the same pool as reads
	leases *DB     // PostgreSQL: one connection for number blocks, so that a full pool cannot wait for itself
	seq    sequences
	filler *filler // while Fill has the database
}

// Open opens sqlite:PATH or postgres://… and checks that it answers. It creates SQLite's file with mode 0600 when absent.
// Errors: Invalid for a URL of another form, Unavailable for an engine that does not answer.
func Open(ctx context.Context, rawURL string) (*DB, error) {
	switch {
	case strings.HasPrefix(rawURL, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(rawURL, "sqlite:"))
	case strings.HasPrefix(rawURL, "postgres://"), strings.HasPrefix(rawURL, "postgresql://"):
		return openPostgres(ctx, rawURL)
	}
	return nil, errs.New(errs.Invalid, "db.Open", "The database address %q is of no form we know. Write sqlite:PATH or postgres://user@host/name.", redact(rawURL))
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if path == "" {
		return nil, errs.New(errs.Invalid, "db.Open", "The database address sqlite: names no file. Write sqlite:PATH.")
	}
	dir := filepath.Dir(path)
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, errs.New(errs.NotFound, "db.Open", "The folder %s does not exist. Create it, or give another with --data.", dir)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, "db.Open", err, "The database file %s can't be opened for writing. Check who owns it.", path)
	}
	_ = f.Close()
	const common = "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)"
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + common
	w, err := sql.Open("sqlite", name+"&_pragma=journal_mode(WAL)&_pragma=cache_size(-8000)&_pragma=journal_size_limit(67108864)")
	if err != nil {
		return nil, fault("db.Open", err)
	}
	w.SetMaxOpenConns(1)
	d := &DB{engine: SQLite, path: path, url: "sqlite:" + path}
	if d.writer, err = startWriter(ctx, w); err != nil {
		_ = w.Close()
		return nil, errs.Wrap(errs.Unavailable, "db.Open", err, "The database file %s can't be used: %v.", path, err)
	}
	r, err := sql.Open("sqlite", name+"&_pragma=query_only(1)&_pragma=cache_size(-4000)")
	if err != nil {
		return nil, fault("db.Open", err)
	}
	n := max(4, runtime.NumCPU())
	r.SetMaxOpenConns(n)
	r.SetMaxIdleConns(n)
	d.reads = newConn(r, true)
	return d, nil
}

// How long PostgreSQL lets a transaction of ours sleep, or wait for another's: a node that was frozen in the middle of one must not
// hold its rows for ever. In milliseconds; a command takes a few. Every statement here is meant to take milliseconds and comes from many
// at once: compiling one first (measured: a search of 8 ms took 200), or giving one more than a core, helps nobody.
var sessionLimits = map[string]string{"idle_in_transaction_session_timeout": "20000", "lock_timeout": "15000", "jit": "off", "max_parallel_workers_per_gather": "0"}

// limited adds the limits to an address that does not set them itself.
func limited(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return rawURL // Open says what is wrong with it
	}
	q := u.Query()
	for name, v := range sessionLimits {
		if !q.Has(name) {
			q.Set(name, v)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func openPostgres(ctx context.Context, rawURL string) (*DB, error) {
	p, err := sql.Open("pgx", limited(rawURL))
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, "db.Open", err, "The PostgreSQL address %s can't be read. Write postgres://user:password@host:5432/name.", redact(rawURL))
	}
	if err := p.PingContext(ctx); err != nil {
		_ = p.Close()
		if strings.Contains(err.Error(), "3D000") {
			return nil, errs.Wrap(errs.NotFound, "db.Open", err, "PostgreSQL answers, but has no database of the name in %s. Make it with createdb.", redact(rawURL))
		}
		return nil, errs.Wrap(errs.Unavailable, "db.Open", err, "PostgreSQL at %s does not answer. Check that it runs, the address and the password.", redact(rawURL))
	}
	p.SetMaxOpenConns(24)
	p.SetMaxIdleConns(16)
	l, err := sql.Open("pgx", limited(rawURL))
	if err != nil {
		return nil, fault("db.Open", err)
	}
	l.SetMaxOpenConns(1)
	l.SetConnMaxIdleTime(time.Minute)
	c, lc := newConn(p, false), newConn(l, false)
	anew := newConn(p, false)
	anew.anew = true
	return &DB{engine: PostgreSQL, url: rawURL, reads: c, anew: anew, writes: c, leases: &DB{engine: PostgreSQL, reads: lc, writes: lc}}, nil
}

// redact leaves a URL without its password.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable)"
	}
	return u.Redacted()
}

// Engine says which engine this is.
func (d *DB) Engine() Engine { return d.engine }

// Path is SQLite's file, "" on PostgreSQL.
func (d *DB) Path() string { return d.path }

// Read is the reader pool: each statement sees what was committed when it began.
func (d *DB) Read() Querier {
	if d.filler != nil {
		return d.filler.tx
	}
	return d.reads
}

// Planned is Read for statements whose best plan depends on the values bound, as that of a rare and a common word does: on
// PostgreSQL each run is planned for its values. (Measured: a full-text query that was prepared fell into a plan for any value
// after five runs and took minutes.)
func (d *DB) Planned() Querier {
	if d.anew != nil {
		return d.anew
	}
	return d.reads
}

// Raw gives the pool to the migration and back-up machinery, which need database/sql itself. On SQLite it is the writer's
// connection: use it before the first Write or through [DB.Exclusive].
func (d *DB) Raw() *sql.DB {
	if d.engine == SQLite {
		return d.writer.pool
	}
	return d.writes.pool
}

// Ping checks that the engine answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.Read().QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Close ends the pools after the commands already waiting have been answered.
func (d *DB) Close() error {
	if d.engine == SQLite {
		err := d.reads.close()
		if werr := d.writer.close(); err == nil {
			err = werr
		}
		return err
	}
	if d.leases != nil {
		_ = d.leases.reads.close()
	}
	return d.reads.close()
}

// Exclusive runs fn on SQLite's only writing connection while no command runs, or on any connection of PostgreSQL. It
// is for statements that must stand outside a transaction (VACUUM INTO).
func (d *DB) Exclusive(ctx context.Context, fn func(*sql.Conn) error) error {
	if d.engine == SQLite {
		return d.writer.exclusive(ctx, fn)
	}
	c, err := d.writes.pool.Conn(ctx)
	if err != nil {
		return fault("db.Exclusive", err)
	}
	defer func() { _ = c.Close() }()
	return fn(c)
}

// Backup writes a consistent copy of SQLite's database to a new file. PostgreSQL has its own tools: Invalid there.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return errs.New(errs.Invalid, "db.Backup", "PostgreSQL is backed up with its own tools: pg_dump or pg_basebackup.")
	}
	if _, err := os.Stat(path); err == nil {
		return errs.New(errs.Conflict, "db.Backup", "%s exists. Name a new file.", path)
	}
	return d.Exclusive(ctx, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "VACUUM INTO $1", path)
		return fault("db.Backup", err)
	})
}

// sequences hands out numbers; see Tx.Next.
type sequences struct {
	mu     sync.Mutex
	blocks map[string]*block
}

type block struct{ next, end int64 }

func (s *sequences) take(name string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.blocks[name]
	if b == nil || b.next >= b.end {
		return 0, false
	}
	b.next++
	return b.next - 1, true
}

func (s *sequences) put(name string, next, end int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blocks == nil {
		s.blocks = map[string]*block{}
	}
	s.blocks[name] = &block{next, end}
}

// String names the database without its password.
func (d *DB) String() string { return fmt.Sprintf("%s (%s)", d.engine, redact(d.url)) }
