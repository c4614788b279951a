package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/web"
)

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// TestAttack60_NothingIsDoneFromAnotherOrigin: every unsafe route refuses what another site sends, whatever way it is told.
func TestAttack60_NothingIsDoneFromAnotherOrigin(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	before := s.events()
	tried := 0
	for _, r := range web.Routes() {
		if r.Method != "POST" {
			continue
		}
		for name, change := range map[string][]func(*http.Request){
			"cross-site": {header("Sec-Fetch-Site", "cross-site")}, "same-site": {header("Sec-Fetch-Site", "same-site")},
			"foreign origin": {header("Origin", "https://evil.test")}, "null origin": {header("Origin", "null")},
			"sibling origin": {header("Origin", "https://x.norvik.example")}, "other scheme": {header("Sec-Fetch-Site", "cross-site"), header("Origin", "http://desk.norvik.example")},
		} {
			tried++
			a := s.do(&s.amara, "POST", s.path(r, s.n, s.file), "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), change...)
			if a.Code != http.StatusForbidden || a.Header().Get("Set-Cookie") != "" {
				t.Errorf("POST %s, %s: %d", r.Path, name, a.Code)
			}
		}
	}
	if s.events() != before || tried < 100 {
		t.Errorf("%d requests from elsewhere wrote %d events", tried, s.events()-before)
	}
	s.get(&s.amara, "/desk").want(http.StatusOK) // not signed out by it either
	at := fmt.Sprintf("/desk/tickets/BW-%d/note", s.n)
	for _, ok := range [][]func(*http.Request){{header("Sec-Fetch-Site", "same-origin")}, {header("Origin", base)}, {}} {
		s.do(&s.amara, "POST", at, "application/x-www-form-urlencoded", strings.NewReader("body=x"), ok...).want(http.StatusSeeOther)
	}
}

// TestAttack61_SigningInLeadsNowhereElse: next is a path of ours or nothing. Package serve tries every spelling.
func TestAttack61_SigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.password(w.amara)
	for _, next := range []string{"//evil.test", `/\evil.test`, "/%09/evil.test", "https:evil.test", "/sign-out", "/desk?turn=provider&q=a%2Fb"} {
		a := w.post(nil, "/sign-in", "email", w.amara.address, "password", password, "next", next).want(http.StatusSeeOther)
		want := "/"
		if strings.HasPrefix(next, "/desk") {
			want = next
		}
		if to := a.Header().Get("Location"); to != want {
			t.Errorf("next %q led to %q", next, to)
		}
		if in := w.get(nil, "/sign-in?next="+url.QueryEscape(next)).doc().Find("input[name=next]"); in.AttrOr("value", "/") != want {
			t.Errorf("the form carries next %q", in.AttrOr("value", ""))
		}
	}
}

// TestAttack62_CookiesAndCaches: cookies can't be read by scripts, sent across sites or set by another host; no page is kept.
func TestAttack62_CookiesAndCaches(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.password(s.amara)
	a := s.post(nil, "/sign-in", "email", s.amara.address, "password", password).want(http.StatusSeeOther)
	set := a.Result().Cookies()
	if len(set) != 2 {
		t.Fatalf("%d cookies are set", len(set))
	}
	for _, c := range append(set, web.SessionCookie(base, "x")) {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
	}
	if c := web.SessionCookie("http://192.0.2.7:8080", "x"); c.Name != "bothways_session" || c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("without TLS: %v", c)
	}
	for _, r := range web.Routes() {
		a := s.send(&s.amara, r.Method, s.path(r, s.n, s.file))
		if got := a.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: Cache-Control %q", r.Method, r.Path, got)
		}
	}
}

// TestAttack45_ASessionIsNewWithEachSignIn: one that was planted before is neither taken nor left alive.
func TestAttack45_ASessionIsNewWithEachSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.password(w.amara)
	old := w.amara.secret
	a := w.do(&w.amara, "POST", "/sign-in", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"email": {w.amara.address}, "password": {password}}.Encode())).want(http.StatusSeeOther)
	for _, c := range a.Result().Cookies() {
		if c.Name == web.SessionCookie(base, "").Name {
			w.amara.secret = c.Value
		}
	}
	if w.amara.secret == old {
		t.Fatal("the session is the one from before")
	}
	w.get(&w.amara, "/desk").want(http.StatusOK)
	before := person{secret: old}
	w.get(&before, "/desk").want(http.StatusSeeOther)
	w.post(&w.amara, "/sign-out").want(http.StatusSeeOther)
	if got := w.get(&w.amara, "/desk?turn=provider").want(http.StatusSeeOther).Header().Get("Location"); got != "/sign-in?next="+url.QueryEscape("/desk?turn=provider") {
		t.Errorf("after signing out: %q", got)
	}
}

// TestAttack51_UnknownAndWrongAreTheSame: the answer does not tell who has an account, nor that one is locked.
func TestAttack51_UnknownAndWrongAreTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.password(w.helen)
	body := func(address string) string {
		a := w.post(nil, "/sign-in", "email", address, "password", "wrong").want(http.StatusUnprocessableEntity)
		return strings.NewReplacer("helen@norvik.example", "ADDRESS", "nobody@norvik.example", "ADDRESS").Replace(a.Body.String()) // the demo's list names Helen on every page
	}
	if known, unknown := body("helen@norvik.example"), body("nobody@norvik.example"); known != unknown {
		t.Errorf("they differ:\n%s\n%s", known, unknown)
	}
	w.post(nil, "/sign-in", "email", "helen@norvik.example", "password", strings.Repeat("x", 2000)).want(http.StatusUnprocessableEntity)
	var last answer
	for range 11 {
		last = w.do(nil, "POST", "/sign-in", "application/x-www-form-urlencoded", strings.NewReader("email=helen%40norvik.example&password=wrong"), func(r *http.Request) { r.RemoteAddr = "203.0.113.9:4711" })
	}
	last.want(http.StatusTooManyRequests)
	if got := last.words(); !strings.Contains(got, "Try again in 10 minutes, at Mon 12 Jan, 09:10 UTC") || last.Header().Get("Retry-After") == "" {
		t.Errorf("throttled: %s %v", got, last.Header())
	}
}

// TestWhatWasTypedSurvivesASessionThatEnded: sign in again, and one button sends it.
func TestWhatWasTypedSurvivesASessionThatEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.password(w.helen)
	n := w.ask(&w.helen, "VPN drops")
	w.clk.Advance(13 * time.Hour)
	at := fmt.Sprintf("/requests/BW-%d/message", n)
	words := "It is the blue dock & it \"drops\".\nTwice."
	asked := w.post(&w.helen, at, "body", words).want(http.StatusUnauthorized)
	back := w.submit(nil, asked, "in", "email", w.helen.address, "password", password).want(http.StatusOK)
	for _, c := range back.Result().Cookies() {
		if c.Name == web.SessionCookie(base, "").Name {
			w.helen.secret = c.Value
		}
	}
	if !strings.Contains(back.words(), "What you wrote was not sent yet.") {
		t.Errorf("the page says: %s", back.words())
	}
	w.submit(&w.helen, back, "resume").want(http.StatusSeeOther)
	said := must(w, func() (string, error) {
		p, err := w.desk.Messages(ctx, auth.SystemActor(), n, "", 0)
		return p.Items[len(p.Items)-1].Body, err
	})
	if said != words {
		t.Errorf("what arrived: %q", said)
	}
}

// TestAnonymousLearnsNothing: without a session every address of a ticket leads to the sign-in page, whether it exists or not.
func TestAnonymousLearnsNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	before := s.events()
	for _, r := range web.Routes() {
		if r.Public {
			continue
		}
		a, b := s.send(nil, r.Method, s.path(r, s.n, s.file)), s.send(nil, r.Method, s.path(r, 999_999, s.file))
		if r.Method == "GET" && (a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/sign-in")) {
			t.Errorf("GET %s: %d", r.Path, a.Code)
		}
		if strings.ReplaceAll(a.Body.String(), desk.Ref(s.n), "REF") != strings.ReplaceAll(b.Body.String(), desk.Ref(999_999), "REF") || a.Code != b.Code {
			t.Errorf("%s %s: %d and %d differ", r.Method, r.Path, a.Code, b.Code)
		}
	}
	if s.events() != before {
		t.Error("something was written")
	}
}

// TestEveryPageKeepsTheRules: headers, no inline style or script, no foreign address, one h1, and links that never come from the
// Host header (attacks.md row 50).
func TestEveryPageKeepsTheRules(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seen := 0
	for _, r := range web.Routes() {
		for _, who := range []*person{&s.amara, &s.helen, nil} {
			if r.Path == "/sign-out" {
				who = nil
			}
			a := s.do(who, r.Method, s.path(r, s.n, s.file), "application/x-www-form-urlencoded", strings.NewReader("body="), func(q *http.Request) { q.Host = "evil.test" })
			h := a.Header()
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
				"X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000",
			} {
				if h.Get(name) != want {
					t.Errorf("%s %s: %s is %q", r.Method, r.Path, name, h.Get(name))
				}
			}
			if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s %s: policy %q", r.Method, r.Path, csp)
			}
			if strings.Contains(a.Body.String(), "evil.test") || strings.Contains(fmt.Sprint(h), "evil.test") {
				t.Errorf("%s %s repeats the Host header", r.Method, r.Path)
			}
			if !strings.HasPrefix(h.Get("Content-Type"), "text/html") || a.Body.Len() == 0 {
				continue
			}
			seen++
			doc := a.doc()
			if doc.Find("[style], style, script:not([src])").Length() != 0 {
				t.Errorf("%s %s has inline style or script", r.Method, r.Path)
			}
			doc.Find("*").Each(func(_ int, e *goquery.Selection) {
				for _, attr := range e.Nodes[0].Attr {
					if strings.HasPrefix(attr.Key, "on") || (attr.Key == "src" || attr.Key == "action") && !strings.HasPrefix(attr.Val, "/") {
						t.Errorf("%s %s: %s=%q", r.Method, r.Path, attr.Key, attr.Val)
					}
				}
			})
			if n := doc.Find("h1").Length(); n != 1 && !strings.HasPrefix(r.Path, "/gallery") {
				t.Errorf("%s %s has %d h1", r.Method, r.Path, n)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d pages were looked at", seen)
	}
}
