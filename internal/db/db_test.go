package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

var ctx = context.Background()

const sqlPut = `INSERT INTO auth_key (name, body) VALUES ($1, $2)`

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read().QueryRow(ctx, `SELECT COUNT(*) FROM auth_key`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestACommandIsWholeOrNothing: commands that share a commit do not share their failures.
func TestACommandIsWholeOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		var wg sync.WaitGroup
		got := make([]error, 90)
		for i := range got {
			wg.Add(1)
			go func() {
				defer wg.Done()
				got[i] = d.Write(ctx, func(tx *db.Tx) error {
					if _, err := tx.Exec(ctx, sqlPut, fmt.Sprint("k", i), []byte{1}); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return boom
					case 2:
						_, err := tx.Exec(ctx, sqlPut, fmt.Sprint("k", i), []byte{2}) // a key that exists
						return err
					}
					return nil
				})
			}()
		}
		wg.Wait()
		for i, err := range got {
			switch {
			case i%3 == 0 && err != nil, i%3 == 1 && !errors.Is(err, boom), i%3 == 2 && !errs.Is(err, errs.Conflict):
				t.Errorf("command %d: %v", i, err)
			}
		}
		if n := count(t, d); n != 30 {
			t.Fatalf("%d rows, want 30", n)
		}
	})
}

func TestAPanicTakesNobodyDown(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	if err := d.Write(ctx, func(*db.Tx) error { panic("boom") }); err == nil {
		t.Fatal("a panic must be an error")
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, sqlPut, "a", []byte{1}); return err }); err != nil {
		t.Fatal(err)
	}
}

// TestLostUpdatesDoNotHappen: a hundred readers-then-writers of one row all count.
func TestLostUpdatesDoNotHappen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO db_sequence (name, value) VALUES ('n', 0)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		const workers, each = 8, 10
		var wg sync.WaitGroup
		for range workers {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range each {
					for {
						err := d.Write(ctx, func(tx *db.Tx) error {
							var v int64
							if err := tx.QueryRow(ctx, `SELECT value FROM db_sequence WHERE name = 'n'`).Scan(&v); err != nil {
								return err
							}
							_, err := tx.Exec(ctx, `UPDATE db_sequence SET value = $1 WHERE name = 'n'`, v+1)
							return err
						})
						if err == nil {
							break
						}
						if !errs.Is(err, errs.Unavailable) {
							t.Error(err)
							return
						}
					}
				}
			}()
		}
		wg.Wait()
		var v int64
		if err := d.Read().QueryRow(ctx, `SELECT value FROM db_sequence WHERE name = 'n'`).Scan(&v); err != nil || v != workers*each {
			t.Fatalf("%d, %v; want %d", v, err, workers*each)
		}
	})
}

func TestNumbersAreGivenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		for range 6 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 40 {
					var n int64
					if err := d.Write(ctx, func(tx *db.Tx) (err error) { n, err = tx.Next(ctx, "ticket", 1001); return err }); err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if seen[n] || n < 1001 {
						t.Errorf("number %d given twice or too small", n)
					}
					seen[n] = true
					mu.Unlock()
				}
			}()
		}
		wg.Wait()
		if !seen[1001] {
			t.Error("counting starts at 1001")
		}
	})
}

func TestACancelledCommandDoesNotRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		err := d.Write(gone, func(tx *db.Tx) error { _, err := tx.Exec(ctx, sqlPut, "a", []byte{1}); return err })
		if !errs.Is(err, errs.Unavailable) || count(t, d) != 0 {
			t.Fatalf("%v", err)
		}
	})
}

func TestOpenSaysWhatToDo(t *testing.T) {
	for url, want := range map[string]errs.Kind{
		"mysql://x":                            errs.Invalid,
		"sqlite:":                              errs.Invalid,
		"sqlite:/does/not/exist/b.db":          errs.NotFound,
		"postgres://u:secret@127.0.0.1:1/x":    errs.Unavailable,
		"sqlite:" + filepath.Join(t.TempDir()): errs.Unavailable,
	} {
		_, err := db.Open(ctx, url)
		if !errs.Is(err, want) {
			t.Errorf("%s: %v", url, err)
		}
		if s := errs.Sentence(err); len(s) < 20 || strings.Contains(s, "secret") {
			t.Errorf("%s: says %q", url, s)
		}
	}
}

func TestWhereNumbersItsPlaceholders(t *testing.T) {
	w := db.NewWhere("a").And("x = ?", 1).In("s", "p", "q").Or(
		func(w *db.Where) { w.And("y < ?", 2) },
		func(w *db.Where) { w.And("y = ?", 3).And("z > ?", 4) },
		func(*db.Where) {},
	).In("none")
	want := " WHERE x = $2 AND s IN ($3, $4) AND ((y < $5) OR (y = $6 AND z > $7)) AND 1 = 0"
	if w.SQL() != want || len(w.Args()) != 7 || w.Arg(9) != "$8" {
		t.Fatalf("%s %v", w.SQL(), w.Args())
	}
}

// TestAFrozenNodeHoldsNothingForEver: PostgreSQL ends a transaction that its node sleeps in.
func TestAFrozenNodeHoldsNothingForEver(t *testing.T) {
	d := dbtest.Open(t, db.PostgreSQL)
	for name, want := range map[string]string{"idle_in_transaction_session_timeout": "20s", "lock_timeout": "15s", "jit": "off", "max_parallel_workers_per_gather": "0"} {
		var got string
		if err := d.Read().QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
}
