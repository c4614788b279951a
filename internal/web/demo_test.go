package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/internal/web"
)

// TestOneClickSignsIn: in the demo a button makes one somebody of the cast, by the way any password goes.
func TestOneClickSignsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.password(w.helen)
	w.pages = web.New(web.Deps{Desk: w.desk, People: w.peo, Auth: w.auth, Box: w.box, DB: w.db, Clock: w.clk, Log: slog.New(slog.DiscardHandler), BaseURL: base, Demo: true, Password: password,
		Logins: []web.Login{{Part: "Customers", Name: "Helen Marsh", What: "customer in Leeds", Address: "helen@norvik.example"}, {Part: "Service desk", Name: "Amara Okafor", What: "agent", Address: "amara@it.example", Staff: true}}})
	page := w.get(nil, "/sign-in?next=/requests").want(http.StatusOK)
	button := page.doc().Find("#as button[name=as][value='helen@norvik.example']")
	if got := strings.Join(strings.Fields(button.Text()), " "); !strings.Contains(got, "Sign in as Helen Marsh") || !strings.Contains(got, "customer in Leeds") {
		t.Errorf("the button says %q", got)
	}
	if page.doc().Find("#as [name=next]").AttrOr("value", "") != "/requests" {
		t.Error("the way back is lost")
	}
	a := w.post(nil, "/sign-in/as", "as", "helen@norvik.example", "next", "/requests").want(http.StatusSeeOther)
	if to := a.Header().Get("Location"); to != "/requests" || !strings.Contains(strings.Join(a.Header().Values("Set-Cookie"), " "), "session") && !strings.Contains(strings.Join(a.Header().Values("Set-Cookie"), " "), "bothways") {
		t.Errorf("to %q with %q", to, a.Header().Values("Set-Cookie"))
	}
	for _, as := range []string{"", "rita@norvik.example", "helen@norvik.example ", "HELEN@norvik.example"} { // who is not of the cast has no button
		b := w.post(nil, "/sign-in/as", "as", as)
		if as == "helen@norvik.example " {
			b.want(http.StatusSeeOther) // forms are trimmed
			continue
		}
		if b.want(http.StatusNotFound); b.Header().Get("Set-Cookie") != "" {
			t.Errorf("%q got a session", as)
		}
	}
	w.post(nil, "/sign-in/as", "as", "amara@it.example").want(http.StatusUnprocessableEntity) // without its password it opens nothing
}

// TestOnlyTheDemoHasTheDoors: in the product neither the buttons nor the inbox nor the gallery exist.
func TestOnlyTheDemoHasTheDoors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pages := web.New(web.Deps{Desk: w.desk, People: w.peo, Auth: w.auth, Box: w.box, DB: w.db, Clock: w.clk, Log: slog.New(slog.DiscardHandler), BaseURL: base})
	for _, r := range []*http.Request{
		httptest.NewRequest("POST", "/sign-in/as", strings.NewReader("as=helen@norvik.example")), httptest.NewRequest("GET", "/inbox", nil), httptest.NewRequest("GET", "/gallery", nil),
	} {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		if pages.ServeHTTP(rec, r); rec.Code != http.StatusNotFound && rec.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d", r.Method, r.URL, rec.Code)
		}
	}
	rec := httptest.NewRecorder()
	if pages.ServeHTTP(rec, httptest.NewRequest("GET", "/sign-in", nil)); rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), "Sign in as") {
		t.Errorf("sign-in: %d", rec.Code)
	}
}
