package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestHalfANameOfACaller: a piece of a name is neither somebody nor nobody. It is asked whom it means, and what was typed is kept.
func TestHalfANameOfACaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("Helena Amaral", "helena@norvik.example", w.org.ID, w.site.ID)
	for typed, named := range map[string]string{
		"Hel":      "Did you mean Helen Marsh or Helena Amaral?",
		"hel mar":  "Did you mean Helen Marsh?",
		"Helena":   "Did you mean Helena Amaral?",
		"Amar Hel": "Did you mean Helena Amaral?",
		"norvik":   "Did you mean Helen Marsh or Helena Amaral?",
	} {
		page := w.submit(&w.amara, w.get(&w.amara, "/desk/log"), "log", "who", typed, "what", "Mouse is dead", "minutes", "3", "then", "done")
		if page.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", typed, page.Code)
			continue
		}
		got, doc := page.words(), page.doc()
		if !strings.Contains(got, named) || !strings.Contains(got, "leave it empty for an unknown caller") {
			t.Errorf("%q: %s", typed, got)
		}
		if doc.Find("#log-who").AttrOr("value", "") != typed || doc.Find("#log-what").Text() != "Mouse is dead" || doc.Find("[name=pick][checked]").Length() != 0 {
			t.Errorf("%q: the form came back with %q", typed, doc.Find("#log-who").AttrOr("value", ""))
		}
	}
	for _, fine := range []string{"", "helen marsh", "Helen Marsh <helen@norvik.example>", "Bob from Lund"} {
		w.submit(&w.amara, w.get(&w.amara, "/desk/log"), "log", "who", fine, "what", "Mouse is dead", "minutes", "3", "then", "done").want(http.StatusSeeOther)
	}
}
