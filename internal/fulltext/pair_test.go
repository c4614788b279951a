package fulltext_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"bothways/internal/db"
	"bothways/internal/fulltext"
	"bothways/internal/migrate/dbtest"
)

// pair is something written, what somebody types, and whether that finds it.
type pair struct {
	line        int
	text, query string
	found       bool
}

// pairs reads testdata/pairs.txt: a line "text | query" that has to be found, "text | query | no" that must not.
func pairs(t testing.TB) []pair {
	t.Helper()
	body, err := os.ReadFile("testdata/pairs.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []pair
	for i, l := range strings.Split(string(body), "\n") {
		if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(l, " | ")
		if len(f) < 2 || len(f) > 3 || len(f) == 3 && strings.TrimSpace(f[2]) != "no" {
			t.Fatalf("line %d: %q is no pair", i+1, l)
		}
		out = append(out, pair{i + 1, f[0], strings.TrimRight(f[1], "\r"), len(f) == 2})
	}
	return out
}

// put indexes texts, each of an owner of its own, from 1 on.
func put(t testing.TB, d *db.DB, kind fulltext.Kind, texts ...string) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for i, s := range texts {
			if err := fulltext.Put(context.Background(), tx, fulltext.Document{Kind: kind, Owner: int64(i + 1), Item: fmt.Sprint(kind, "-", i+1), Text: s}); err != nil {
				return fmt.Errorf("%d %q: %w", i+1, s, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// owners are those whose public text a query finds.
func owners(t testing.TB, d *db.DB, q fulltext.Query) map[int64]bool {
	t.Helper()
	w := db.NewWhere()
	if q.Empty() {
		return nil
	}
	q.Match(w, d.Engine())
	rows, err := d.Planned().Query(context.Background(), "SELECT f.rowid FROM fulltext_public f"+w.SQL(), w.Args()...)
	ids, err := db.Collect(rows, err, db.One[int64])
	if err != nil {
		t.Fatalf("%+v: %v", w.Args(), err)
	}
	out := map[int64]bool{}
	for _, id := range ids {
		out[fulltext.Owner(id)] = true
	}
	return out
}

// TestPairs: whatever way it is written, it is found (200 pairs in eight languages and more).
func TestPairs(t *testing.T) {
	all := pairs(t)
	if len(all) < 200 {
		t.Errorf("%d pairs", len(all))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		texts := make([]string, len(all))
		for i, p := range all {
			texts[i] = p.text
		}
		put(t, d, fulltext.Text, texts...)
		for i, p := range all {
			q := fulltext.Parse(p.query)
			found := owners(t, d, q)
			if len(found) == 0 {
				q, _ = q.Widely()
				found = owners(t, d, q)
			}
			if got := found[int64(i+1)]; got != p.found {
				t.Errorf("line %d: %q finds %q: %t", p.line, p.query, p.text, got)
			}
			if _, marked := q.Passage(p.text, 80); p.found && !marked {
				t.Errorf("line %d: %q does not show where in %q", p.line, p.query, p.text)
			}
		}
	})
}
