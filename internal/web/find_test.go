package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bothways/internal/desk"
)

// TestSearchPages: staff find tickets with the passage and people, customers their own requests and nothing internal; a number
// leads to its ticket, conditions to the queue.
func TestSearchPages(t *testing.T) {
	w := newWorld(t)
	a := must(w, func() (desk.Ticket, error) {
		return w.desk.Open(ctx, w.helen.Actor, desk.OpenInput{Subject: "Projector <dark>", Description: "In the Häusler room, serial SN-PF3K9Z."})
	})
	must(w, func() (desk.Note, error) {
		return w.desk.AddNote(ctx, w.amara.Actor, desk.NoteInput{Number: a.Number, Body: "canary: the budget is gone"})
	})
	find := func(as *person, path, q string) answer { return w.get(as, path+"?"+url.Values{"q": {q}}.Encode()) }

	page := find(&w.amara, "/desk/search", "haeusler").want(http.StatusOK)
	if got := page.doc().Find(".found mark").Text(); got != "Häusler" || !strings.Contains(page.words(), "1 ticket") || !strings.Contains(page.words(), "Projector <dark>") {
		t.Errorf("%q in %s", got, page.words())
	}
	if page.doc().Find("header input[name=q]").AttrOr("value", "") != "haeusler" {
		t.Error("the header's field does not keep what was looked for")
	}
	page = find(&w.amara, "/desk/search", "canary").want(http.StatusOK)
	if !strings.Contains(page.words(), "Only IT sees this") || page.doc().Find(".inner mark").Text() != "canary" {
		t.Error(page.words())
	}
	page = find(&w.amara, "/desk/search", "marsh").want(http.StatusOK)
	if !strings.Contains(page.words(), "helen@norvik.example") || page.doc().Find("a[href='/desk?requester="+w.helen.PersonID+"']").Length() != 1 {
		t.Error(page.words())
	}
	if words := find(&w.amara, "/desk/search", "projector prio:high").want(http.StatusOK).words(); !strings.Contains(words, "prio") {
		t.Error(words)
	}
	if words := find(&w.amara, "/desk/search", "projector site:leeds").want(http.StatusOK).words(); !strings.Contains(words, "1 ticket") {
		t.Error(words)
	}
	if words := find(&w.amara, "/desk/search", "projector priority:critical").want(http.StatusOK).words(); !strings.Contains(words, "Nothing was found") {
		t.Error(words)
	}
	for _, c := range []struct {
		as            *person
		path, q, then string
	}{
		{&w.amara, "/desk/search", a.Ref(), "/desk/tickets/" + a.Ref()}, {&w.amara, "/desk/search", strings.TrimPrefix(a.Ref(), "BW-"), "/desk/tickets/" + a.Ref()},
		{&w.helen, "/search", a.Ref(), "/requests/" + a.Ref()}, {&w.amara, "/desk/search", "priority:high", "/desk?q=priority%3Ahigh"},
	} {
		if got := find(c.as, c.path, c.q).want(http.StatusSeeOther).Header().Get("Location"); got != c.then {
			t.Errorf("%s: %s", c.q, got)
		}
	}

	page = find(&w.helen, "/search", "pf3k").want(http.StatusOK)
	if page.doc().Find(".found mark").Text() != "SN-PF3K9Z" || !strings.Contains(page.words(), "1 request") {
		t.Error(page.words())
	}
	for _, as := range []*person{&w.helen, &w.amara} { // staff as customers read no notes either
		if words := find(as, "/search", "canary").want(http.StatusOK).words(); !strings.Contains(words, "Nothing was found") || strings.Contains(words, "budget") {
			t.Error(words)
		}
	}
	find(&w.helen, "/desk/search", "x").want(http.StatusNotFound)
	find(nil, "/search", "x").want(http.StatusSeeOther)
}

// TestSearchIsAlwaysAnswered (attack 66): whatever is typed is a page, and looking changes nothing.
func TestSearchIsAlwaysAnswered(t *testing.T) {
	w := newWorld(t)
	for _, q := range []string{"", " ", `"`, "***", "NEAR(a b)", "words:x", "'--", "\x00", "\xff", "<script>alert(1)</script>", strings.Repeat("a ", 3000), strings.Repeat("é", 4000)} {
		for path, as := range map[string]*person{"/desk/search": &w.amara, "/search": &w.helen} {
			page := w.get(as, path+"?"+url.Values{"q": {q}}.Encode()).want(http.StatusOK)
			if page.doc().Find("script:not([src])").Length() > 0 {
				t.Errorf("%.20q became markup", q)
			}
		}
	}
	w.get(&w.amara, "/desk/search?q=x&cursor=nonsense").want(http.StatusBadRequest)
}

// TestUnknownPageOffersSearch: who finds nothing at an address can look for it.
func TestUnknownPageOffersSearch(t *testing.T) {
	w := newWorld(t)
	for path, c := range map[string]struct {
		as   *person
		form string
	}{"/no/such/page": {&w.helen, "/search"}, "/requests/BW-999999": {&w.helen, "/search"}, "/desk/nothing": {&w.amara, "/desk/search"}, "/desk/tickets/BW-999999": {&w.amara, "/desk/search"}} {
		if got := w.get(c.as, path).want(http.StatusNotFound).doc().Find("form[role=search]").AttrOr("action", ""); got != c.form {
			t.Errorf("%s offers %q", path, got)
		}
	}
}
