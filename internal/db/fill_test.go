package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

func put(d *db.DB, key string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlPut, key, []byte{1})
		return err
	})
}

// indexes are those of SQLite's schema.
func indexes(t *testing.T, d *db.DB) string {
	t.Helper()
	if d.Engine() != db.SQLite {
		return ""
	}
	var all string
	if err := d.Read().QueryRow(ctx, `SELECT group_concat(name || ': ' || sql, char(10)) FROM (SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql <> '' ORDER BY name)`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFillKeepsAllAndThenServes: commands see each other, what follows them runs, and afterwards the database is as it was.
func TestFillKeepsAllAndThenServes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, "before"); err != nil {
			t.Fatal(err)
		}
		before := indexes(t, d)
		done, err := d.Fill(ctx, "auth_*", "audit_entry_verb")
		if err != nil {
			t.Fatal(err)
		}
		followed := 0
		for i := range 50 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				tx.AfterCommit(func() { followed++ })
				if n, err := tx.Next(ctx, "fill", 7); err != nil || n != int64(7+i) {
					return fmt.Errorf("number %d: %w", n, err)
				}
				_, err := tx.Exec(ctx, sqlPut, fmt.Sprint("k", i), []byte{1})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := count(t, d); n != i+2 {
				t.Fatalf("%d rows after %d commands", n, i+1)
			}
		}
		if err := done(); err != nil {
			t.Fatal(err)
		}
		if err := put(d, "after"); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != 52 || followed != 50 {
			t.Errorf("%d rows, %d follow-ups", n, followed)
		}
		if after := indexes(t, d); after != before || d.Engine() == db.SQLite && !strings.Contains(after, "audit_entry_verb") {
			t.Errorf("the indexes were\n%s\nand are\n%s", before, after)
		}
		if d.Engine() == db.SQLite {
			err := d.Exclusive(ctx, func(c *sql.Conn) error {
				for pragma, want := range map[string]string{"synchronous": "2", "cache_size": "-8000", "journal_mode": "wal"} {
					var got string
					if err := c.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
						t.Errorf("%s is %s, not %s: %v", pragma, got, want, err)
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// TestFillKeepsNothingWhenOneFails also stops at the first failure: what comes after it is not tried.
func TestFillKeepsNothingWhenOneFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		done, err := d.Fill(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := put(d, "one"); err != nil {
			t.Fatal(err)
		}
		boom := errors.New("boom")
		if err := d.Write(ctx, func(*db.Tx) error { return boom }); !errors.Is(err, boom) {
			t.Errorf("the failure is %v", err)
		}
		if err := put(d, "two"); !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "failed") {
			t.Errorf("after it: %v", err)
		}
		if err := done(); !errors.Is(err, boom) {
			t.Errorf("at the end: %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows were kept", n)
		}
		if err := put(d, "three"); err != nil {
			t.Error(err)
		}
	})
}
