package fulltext_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bothways/internal/db"
	"bothways/internal/fulltext"
	"bothways/internal/migrate/dbtest"
)

// found is what Where finds among owners 1 to 9.
func found(t *testing.T, d *db.DB, query string, notes func(*db.Where)) string {
	t.Helper()
	ctx := context.Background()
	q, err := fulltext.Parse(query).Weigh(ctx, d.Read(), d.Engine())
	if err != nil {
		t.Fatal(err)
	}
	w := db.NewWhere()
	q.Where(w, d.Engine(), "n.value", notes)
	rows, err := d.Planned().Query(ctx, "SELECT n.value FROM db_sequence n"+w.SQL()+" ORDER BY n.value", w.Args()...)
	all, err := db.Collect(rows, err, db.One[int64])
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	return strings.Trim(fmt.Sprint(all), "[]")
}

func numbers(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for i := range 9 {
			if _, err := tx.Exec(context.Background(), "INSERT INTO db_sequence (name, value) VALUES ($1, $2)", fmt.Sprint("owner", i+1), int64(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, d *db.DB, docs ...fulltext.Document) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, doc := range docs {
			if err := fulltext.Put(context.Background(), tx, doc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWordsOfAnOwner: words may stand in different documents of one owner; internal ones count for who may read them.
func TestWordsOfAnOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		numbers(t, d)
		write(t, d,
			fulltext.Document{Kind: fulltext.Title, Owner: 1, Item: "a", Text: "Projector dark"},
			fulltext.Document{Kind: fulltext.Lead, Owner: 1, Item: "b", Text: "In Lund, room 4"},
			fulltext.Document{Kind: fulltext.InternalText, Owner: 1, Item: "c", Text: "Lamp is a canary"},
			fulltext.Document{Kind: fulltext.Title, Owner: 2, Item: "d", Text: "Projector in Malmö"},
			fulltext.Document{Kind: fulltext.InternalText, Owner: 3, Item: "e", Text: "projector canary"},
		)
		everything := func(*db.Where) {}
		nothing := func(w *db.Where) { w.Or() }
		second := func(w *db.Where) { w.And("n.value = ?", int64(3)) }
		for _, c := range []struct {
			query string
			notes func(*db.Where)
			want  string
		}{
			{"projector", nil, "1 2"}, {"projector lund", nil, "1"}, {"projector", everything, "1 2 3"}, {"projector", nothing, "1 2"},
			{"canary", nil, ""}, {"canary", everything, "1 3"}, {"canary", second, "3"}, {"projector canary", everything, "1 3"},
			{"projector canary lund", everything, "1"}, {"projector canary", nil, ""}, {"nowhere", everything, ""}, {"", everything, ""}, {`""`, nil, ""},
		} {
			if got := found(t, d, c.query, c.notes); got != c.want {
				t.Errorf("%q: %q, want %q", c.query, got, c.want)
			}
		}
	})
}

// TestIndexFollows: a changed text is found by its new words alone, a removed one not at all, a moved one at its new owner.
func TestIndexFollows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		numbers(t, d)
		doc := fulltext.Document{Kind: fulltext.Title, Owner: 1, Item: "a", Text: "before"}
		write(t, d, doc)
		write(t, d, doc)
		doc.Text = "after"
		write(t, d, doc, fulltext.Document{Kind: fulltext.Lead, Owner: 1, Item: "b", Text: "stays"})
		if a, b := found(t, d, "before", nil), found(t, d, "after stays", nil); a != "" || b != "1" {
			t.Errorf("before %q, after %q", a, b)
		}
		doc.Owner = 2
		write(t, d, doc)
		if a, b := found(t, d, "after", nil), found(t, d, "stays", nil); a != "2" || b != "1" {
			t.Errorf("after %q, stays %q", a, b)
		}
		if err := d.Write(context.Background(), func(tx *db.Tx) error { return fulltext.Remove(context.Background(), tx, "a") }); err != nil {
			t.Fatal(err)
		}
		if a := found(t, d, "after", nil); a != "" {
			t.Errorf("removed, but found at %q", a)
		}
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if err := fulltext.Put(context.Background(), tx, fulltext.Document{Kind: fulltext.Title, Owner: 5, Item: "x", Text: "undone"}); err != nil {
				return err
			}
			return context.Canceled
		})
		if a := found(t, d, "undone", nil); err == nil || a != "" {
			t.Errorf("of a command that failed: %q", a)
		}
	})
}

// TestLongTexts: a long text is indexed to its end, and one without spaces harms nothing.
func TestLongTexts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		numbers(t, d)
		var b strings.Builder
		for i := range 30_000 {
			fmt.Fprintf(&b, "w%dx ", i)
		}
		write(t, d,
			fulltext.Document{Kind: fulltext.Text, Owner: 1, Item: "a", Text: "SN-4711X " + b.String() + " theend"},
			fulltext.Document{Kind: fulltext.Text, Owner: 2, Item: "b", Text: strings.Repeat("1234567890abcdef", 100_000)},
			fulltext.Document{Kind: fulltext.Text, Owner: 3, Item: "c", Text: strings.Repeat("same ", 200_000)},
			fulltext.Document{Kind: fulltext.Text, Owner: 4, Item: "d", Text: strings.Repeat("\xff\x00'\\\"", 1000) + "fine"},
			fulltext.Document{Kind: fulltext.Text, Owner: 5, Item: "e", Text: ""},
		)
		for q, want := range map[string]string{"theend": "1", "4711x": "1", "w29999x": "1", "890abc": "2", "same": "3", `"same same"`: "3", "fine": "4"} {
			if got := found(t, d, q, nil); got != want {
				t.Errorf("%q: %q, want %q", q, got, want)
			}
		}
	})
}

// TestHostileQueries: whatever is typed is bounded, bound and answered.
func TestHostileQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		numbers(t, d)
		write(t, d, fulltext.Document{Kind: fulltext.Title, Owner: 1, Item: "a", Text: "plain words NEAR the end"})
		for _, q := range []string{
			`"`, `""`, `"""`, `" OR 1=1 --`, `words:plain`, `{words} : plain`, `NEAR("plain words", 5)`, `plain* OR *`, `^plain`, `plain AND NOT words`, `-plain`,
			`'); DROP TABLE fulltext_public; --`, `\`, `\'`, `' | '`, `!(plain)`, `plain <-> words`, `plain:*`, "\x00plain", "\xff\xfe", "plain\u202ewords",
			strings.Repeat("a", 1<<20), strings.Repeat("word ", 200_000), strings.Repeat(`"`, 1<<20), strings.Repeat("打", 1<<20), strings.Repeat("1 ", 1000),
			strings.Repeat("a-", 1000), strings.Repeat("a.", 1000), strings.Repeat("á", 1000), strings.Repeat("\u0301", 1000), "a" + strings.Repeat("\u0301", 1000),
		} {
			p := fulltext.Parse(q)
			if p.Terms() > fulltext.MaxTerms {
				t.Errorf("%.30q: %d terms", q, p.Terms())
			}
			if len(q) > 4*fulltext.MaxQuery && !p.Cut {
				t.Errorf("%.30q is not cut", q)
			}
			wide, _ := p.Widely()
			for _, p := range []fulltext.Query{p, wide} {
				w := db.NewWhere()
				p.Where(w, d.Engine(), "n.value", func(*db.Where) {})
				if n := len(w.Args()); n > 2*fulltext.MaxTerms {
					t.Errorf("%.30q: %d values", q, n)
				}
				rows, err := d.Planned().Query(context.Background(), "SELECT n.value FROM db_sequence n"+w.SQL(), w.Args()...)
				if _, err = db.Collect(rows, err, db.One[int64]); err != nil {
					t.Errorf("%.30q: %v", q, err)
				}
			}
			p.Passage("plain words NEAR the end", 20)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, p := range pairs(f) {
		f.Add(p.text, p.query)
	}
	d := dbtest.Open(f, db.SQLite)
	f.Fuzz(func(t *testing.T, text, query string) {
		q := fulltext.Parse(query)
		var b strings.Builder
		for _, s := range q.Mark(text) {
			b.WriteString(s.Text)
		}
		if b.String() != text {
			t.Errorf("%q marked is %q", text, b.String())
		}
		q.Passage(text, 40)
		w := db.NewWhere()
		q, _ = q.Widely()
		q.Where(w, db.SQLite, "n.value", nil)
		if strings.Count(w.SQL(), "$") != len(w.Args()) || strings.ContainsAny(w.SQL(), "\"'") {
			t.Errorf("%q is in the statement: %s", query, w.SQL())
		}
		rows, err := d.Read().Query(context.Background(), "SELECT n.value FROM db_sequence n"+w.SQL(), w.Args()...)
		if _, err = db.Collect(rows, err, db.One[int64]); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	})
}
