// Package dbtest gives tests a migrated database of each engine: SQLite as a copy of a template file, PostgreSQL as a database
// made from a template. With CI=true an absent PostgreSQL fails the test, elsewhere it is a named skip.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bothways/internal/db"
	"bothways/internal/kit/id"
	"bothways/internal/migrate"
)

// Each runs fn on a fresh, migrated database of each engine.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			fn(t, Open(t, e))
		})
	}
}

// Open opens a fresh, migrated database and closes it with the test.
func Open(t testing.TB, e db.Engine) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), URL(t, e))
	if err != nil {
		t.Fatalf("open %s: %v", e, err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// URL makes a fresh, migrated database and gives its address; it is dropped with the test.
func URL(t testing.TB, e db.Engine) string {
	t.Helper()
	if e == db.SQLite {
		return sqliteURL(t)
	}
	return postgresURL(t)
}

var template struct {
	once sync.Once
	body []byte
	err  error
}

func sqliteURL(t testing.TB) string {
	template.once.Do(func() {
		dir, err := os.MkdirTemp("", "bothways-template")
		if err != nil {
			template.err = err
			return
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path := filepath.Join(dir, "t.db")
		if template.err = up("sqlite:" + path); template.err == nil {
			template.body, template.err = os.ReadFile(path)
		}
	})
	if template.err != nil {
		t.Fatalf("migrate SQLite: %v", template.err)
	}
	path := filepath.Join(t.TempDir(), "bothways.db")
	if err := os.WriteFile(path, template.body, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

func up(rawURL string) error {
	d, err := db.Open(context.Background(), rawURL)
	if err != nil {
		return err
	}
	if _, err = migrate.Up(context.Background(), d); err == nil && d.Engine() == db.SQLite {
		_, err = d.Raw().Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

// server is the address of a PostgreSQL on which databases may be made.
func server() string {
	if s := os.Getenv("BOTHWAYS_TEST_POSTGRES"); s != "" {
		return s
	}
	return "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
}

var pg struct {
	once sync.Once
	pool *sql.DB
	name string
	err  error
}

func postgresURL(t testing.TB) string {
	pg.once.Do(func() {
		if pg.pool, pg.err = sql.Open("pgx", server()); pg.err != nil {
			return
		}
		pg.pool.SetMaxOpenConns(2)
		if pg.err = pg.pool.Ping(); pg.err != nil {
			return
		}
		sweep(pg.pool)
		pg.name = fmt.Sprintf("bwt_%d_template", os.Getpid())
		if _, pg.err = pg.pool.Exec("CREATE DATABASE " + pg.name); pg.err == nil {
			pg.err = up(database(pg.name))
		}
	})
	if pg.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is needed with CI=true: %v", pg.err)
		}
		t.Skipf("no PostgreSQL at %s (set BOTHWAYS_TEST_POSTGRES): %v", server(), pg.err)
	}
	name := fmt.Sprintf("bwt_%d_%s", os.Getpid(), strings.ReplaceAll(id.New(), "-", ""))
	if _, err := pg.pool.Exec("CREATE DATABASE " + name + " TEMPLATE " + pg.name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() { _, _ = pg.pool.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	return database(name)
}

func database(name string) string {
	u, err := url.Parse(server())
	if err != nil {
		return ""
	}
	u.Path = "/" + name
	return u.String()
}

// sweep drops what test processes that have ended left behind: their templates outlive them.
func sweep(pool *sql.DB) {
	rows, err := pool.Query(`SELECT datname FROM pg_database WHERE datname LIKE 'bwt\_%'`)
	if err != nil {
		return
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var n string
		if rows.Scan(&n) == nil {
			names = append(names, n)
		}
	}
	for _, n := range names {
		var pid int
		if _, err := fmt.Sscanf(n, "bwt_%d_", &pid); err != nil {
			continue
		}
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); os.IsNotExist(err) {
			_, _ = pool.Exec("DROP DATABASE IF EXISTS " + n + " WITH (FORCE)")
		}
	}
}
