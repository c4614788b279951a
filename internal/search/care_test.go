package search_test

import (
	"fmt"
	"testing"

	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/fulltext"
)

// TestCare: the index is what was written; what is not is found and mended while everything goes on.
func TestCare(t *testing.T) {
	each(t, func(w *world) {
		a := w.open(w.helen, "Projector", "in Lund", desk.Upload{Name: "a.txt", Body: []byte("lampfailure")})
		w.note(a, "budget", desk.Upload{Name: "b.html", Body: []byte("<p>unspeakable</p>")})
		w.say(w.agent, a, "we look")
		b := w.open(w.helen, "Another", "of hers")
		check := func(differ int, broken string) {
			t.Helper()
			c, err := w.search.Check(ctx)
			if err != nil || len(c.Differ) != differ || fmt.Sprint(c.Broken) != broken || c.Documents < 9 {
				t.Errorf("%+v %v, want %d and %s", c, err, differ, broken)
			}
		}
		check(0, "[]")
		// One changed behind its back, one lost, one of a ticket and one of a person that are not there, and an index with a hole.
		w.check(w.db.Write(ctx, func(tx *db.Tx) error {
			for _, query := range []string{
				"UPDATE desk_message SET body = 'in Malmö' WHERE body = 'in Lund'", "DELETE FROM fulltext_document WHERE item = '" + b.ID + "'",
				"UPDATE people_person SET name = 'Helen Renamed' WHERE name = 'Helen Marsh'",
			} {
				if _, err := tx.Exec(ctx, query); err != nil {
					return err
				}
			}
			return fulltext.Put(ctx, tx, fulltext.Document{Kind: fulltext.Text, Owner: a.Number - 5, Item: "gone", Text: "projector of nobody"})
		}))
		check(4, "[fulltext_public]")
		w.want(w.helen, "malmö")
		done := 0
		n, err := w.search.Rebuild(ctx, func(d int) { done = d })
		if err != nil || n < 9 || done > n {
			t.Fatal(n, done, err)
		}
		check(0, "[]")
		w.want(w.helen, "malmoe", a)
		w.want(w.helen, "lund")
		w.want(w.helen, "another", b)
		w.want(w.helen, "lampfailure", a)
		w.want(w.helen, "unspeakable")
		w.want(w.agent, "unspeakable budget", a)
		if ps, _, err := w.search.People(ctx, w.agent, "renamed", 5); err != nil || len(ps) != 1 {
			t.Error(ps, err)
		}
	})
}
