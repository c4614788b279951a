package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bothways/internal/api"
	"bothways/internal/auth"
	"bothways/internal/kit/errs"
)

// problemIs checks an answer that refuses.
func (a answer) problemIs(status int, kind, location string) answer {
	a.t.Helper()
	a.is(status)
	if a.head.Get("Content-Type") != "application/problem+json" || a.str("type") != "urn:bothways:"+kind || a.num("status") != int64(status) || len(a.str("detail")) < 15 || a.str("title") == "" {
		a.t.Errorf("%s: %s %s, want %s", a.what, a.head.Get("Content-Type"), a.raw, kind)
	}
	if location != "" && a.str("errors.0.location") != location {
		a.t.Errorf("%s: at %s, want %s", a.what, a.str("errors.0.location"), location)
	}
	return a
}

func TestProblemsNameTheFieldAndTheWayOut(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	before := w.get(agent, "tickets/"+n).raw
	for name, c := range map[string]struct {
		method, path   string
		body           any
		status         int
		kind, location string
	}{
		"unknown field":        {"POST", "tickets", obj{"subject": "x", "prio": 1}, 422, "invalid", "prio"},
		"unknown nested field": {"POST", "tickets/" + n + "/messages", obj{"body": "x", "question": obj{"need": "y", "by": "z"}}, 422, "invalid", "question.by"},
		"missing field":        {"POST", "tickets", obj{"description": "x"}, 422, "invalid", "subject"},
		"missing nested field": {"POST", "tickets/" + n + "/messages", obj{"body": "x", "question": obj{}}, 422, "invalid", "question.need"},
		"wrong type":           {"POST", "tickets", obj{"subject": 7}, 422, "invalid", "subject"},
		"wrong value":          {"POST", "tickets", obj{"subject": "x", "impact": "huge"}, 422, "invalid", "impact"},
		"empty subject":        {"POST", "tickets", obj{"subject": "  "}, 422, "invalid", "subject"},
		"no date":              {"POST", "tickets/" + n + "/messages", obj{"body": "x", "question": obj{"need": "y", "due": "tomorrow"}}, 422, "invalid", "question.due"},
		"past date":            {"POST", "tickets/" + n + "/messages", obj{"body": "x", "question": obj{"need": "y", "due": "2020-01-01T00:00:00Z"}}, 422, "invalid", "question.due"},
		"empty patch value":    {"PATCH", "tickets/" + n, obj{"impact": ""}, 422, "invalid", "impact"},
		"lone as_decision":     {"PATCH", "tickets/" + n, obj{"as_decision": true}, 422, "invalid", "as_decision"},
		"half good patch":      {"PATCH", "tickets/" + n, obj{"assignee": "agent@it.example", "impact": "huge"}, 422, "invalid", "impact"},
		"half good patch 2":    {"PATCH", "tickets/" + n, obj{"assignee": "ghost@it.example", "impact": "high"}, 422, "invalid", "assignee"},
		"half JSON":            {"POST", "tickets", "{\n \"subject\": \"x\",\n}", 400, "malformed", "body"},
		"no JSON":              {"POST", "tickets", "subject=x", 400, "malformed", "body"},
		"two objects":          {"POST", "tickets", `{"subject":"x"}{}`, 400, "malformed", "body"},
		"a list":               {"POST", "tickets", `[]`, 422, "invalid", "body"},
		"null":                 {"POST", "tickets", `null`, 422, "invalid", "body"},
		"no body":              {"POST", "tickets", nil, 400, "malformed", ""},
		"no body of a file":    {"POST", "tickets/" + n + "/notes", nil, 400, "malformed", ""},
		"wrong method":         {"DELETE", "tickets/" + n, nil, 405, "method-not-allowed", ""},
		"wrong method of list": {"PUT", "tickets", nil, 405, "method-not-allowed", ""},
		"unknown route":        {"GET", "devices", nil, 404, "not-found", ""},
		"unclean path":         {"GET", "//tickets", nil, 404, "not-found", ""},
		"trailing slash":       {"GET", "tickets/", nil, 404, "not-found", ""},
		"unknown parameter":    {"GET", "tickets?stat=new", nil, 422, "invalid", "stat"},
		"unknown state":        {"GET", "tickets?state=new,nope", nil, 422, "invalid", "state"},
		"unknown turn":         {"GET", "tickets?turn=mine", nil, 422, "invalid", "turn"},
		"wrong state":          {"POST", "tickets/" + n + "/confirm", nil, 403, "denied", ""},
		"resolve without word": {"POST", "tickets/" + n + "/resolve", nil, 422, "invalid", "body"},
		"no supplier's turn":   {"POST", "tickets/" + n + "/supplier-answered", nil, 409, "conflict", ""},
		"unknown obligation":   {"POST", "tickets/" + n + "/obligations/x/dispute", obj{"reason": "y"}, 404, "not-found", ""},
		"dispute without word": {"POST", "tickets/" + n + "/obligations/" + firstResponse(w, n) + "/dispute", nil, 422, "invalid", "reason"},
		"long reason":          {"POST", "tickets/" + n + "/not-a-ticket", obj{"reason": strings.Repeat("x", 2001)}, 422, "invalid", "reason"},
		"known customer":       {"POST", "tickets/" + n + "/not-a-ticket", nil, 409, "known-customer", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.do(agent, c.method, c.path, c.body)
			a.t = t
			a.problemIs(c.status, c.kind, c.location)
		})
	}
	if after := w.get(agent, "tickets/"+n).raw; string(before) != string(after) {
		t.Errorf("refusals changed something:\n%s\n%s", before, after)
	}
	if a := w.do(agent, "POST", "tickets", "{\n \"subject\": \"x\",\n}"); !strings.Contains(a.str("detail"), "line 3, column 1") {
		t.Errorf("the place: %s", a.raw)
	}
	if a := w.do(agent, "DELETE", "tickets/"+n, nil); a.head.Get("Allow") != "GET, PATCH" {
		t.Errorf("Allow %q", a.head.Get("Allow"))
	}
	if a := w.get(agent, "tickets?state=nope"); !strings.Contains(a.str("detail"), "waiting_for_customer") {
		t.Errorf("allowed states are not named: %s", a.raw)
	}
	r := w.request(agent, "POST", "tickets", `{"subject":"x"}`)
	r.Header.Set("Content-Type", "text/plain")
	w.send(r).problemIs(415, "unsupported-media-type", "Content-Type")
}

func TestTooLargeIsRefused(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	w.post(agent, "tickets/"+n+"/resolve", obj{"body": strings.Repeat("x", 1<<20)}).problemIs(413, "too-large", "")
	w.post(anna, "tickets", obj{"subject": "x", "description": strings.Repeat("x", 200_001)}).problemIs(422, "invalid", "description")
	w.post(anna, "tickets", obj{"subject": "x", "files": []obj{{"name": "a", "content": strings.Repeat("QUFB", 4<<20)}}}).problemIs(413, "too-large", "") // 12 MB: one file's limit is 10
	w.post(anna, "tickets/"+n+"/messages", obj{"files": []obj{{"name": "a", "content": strings.Repeat("QUFB", 7<<20)}}}).problemIs(413, "too-large", "")  // 28 MB of body
	w.post(anna, "tickets/"+n+"/messages", obj{"body": "x", "files": make([]obj, 51)}).is(422)
}

func TestWhoCalls(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	for name, header := range map[string]string{
		"none": "", "empty": "Bearer ", "basic": "Basic " + w.tokens[agent], "wrong": "Bearer bw_0000000000000000000000000000000000000000000", "no prefix": "Bearer " + w.tokens[agent][3:],
		"shorter": "Bearer " + w.tokens[agent][:40], "longer": "Bearer " + w.tokens[agent] + "x", "two": "Bearer " + w.tokens[agent] + " " + w.tokens[agent], "huge": "Bearer bw_" + strings.Repeat("a", 100_000), "like": "Bearer bw_%",
	} {
		for _, path := range []string{"tickets/" + n, "tickets", "nothing", "me"} {
			r := w.request(nobody, "GET", path, nil)
			if header != "" {
				r.Header.Set("Authorization", header)
			}
			a := w.send(r).is(401)
			if a.head.Get("WWW-Authenticate") == "" || strings.Contains(string(a.raw), w.tokens[agent][3:]) {
				t.Errorf("%s: %v %s", name, a.head, a.raw)
			}
		}
	}
	r := w.request(nobody, "GET", "me", nil)
	r.Header.Set("Authorization", "bearer "+w.tokens[agent])
	w.send(r).is(200)
	w.get(agent, "me").is(200).equal(obj{"name": "Ada Gent", "address": "agent@it.example", "organisation": "IT", "roles.0.role": "agent", "roles.0.scope": "everywhere", "scopes": nil})
	w.get(readOnly, "me").is(200).equal(obj{"scopes.0": "read"})
	w.post(readOnly, "tickets/"+n+"/take", nil).problemIs(403, "token-scope", "")
	w.post(readOnly, "tickets/BW-999999/take", nil).problemIs(403, "token-scope", "")
}

// TestSessionCallsThroughTheWeb lets a signed-in page call without a token, but not a page of another site.
func TestSessionCallsThroughTheWeb(t *testing.T) {
	w := onSQLite(t, func(w *world, d *api.Deps) {
		d.Actor = func(r *http.Request) (auth.Actor, error) {
			if c, err := r.Cookie("session"); err != nil || c.Value != "good" {
				return auth.Actor{}, errs.New(errs.Unauthenticated, "web", "Sign in first.")
			}
			return w.people.ActorOf(r.Context(), w.persons[anna].ID)
		}
	})
	call := func(cookie, site, authorization string) answer {
		r := w.request(nobody, "POST", "tickets", obj{"subject": "By page"})
		r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
		r.Header.Set("Sec-Fetch-Site", site)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		return w.send(r)
	}
	call("good", "same-origin", "").is(201).equal(obj{"requester.name": "Anna Berg", "channel": "api"})
	call("good", "cross-site", "").problemIs(403, "cross-origin", "")
	call("good", "same-site", "").problemIs(403, "cross-origin", "")
	call("bad", "same-origin", "").is(401)
	call("good", "same-origin", "Bearer bw_wrong").is(401)
}

// TestInternalErrorsTellNothing breaks the database under a request.
func TestInternalErrorsTellNothing(t *testing.T) {
	w := onSQLite(t, func(w *world, d *api.Deps) {
		d.Settle = func(context.Context, string) {
			if w.settle != nil {
				w.settle(ctx, "")
			}
		}
	})
	n := w.open()
	w.settle = func(context.Context, string) { panic("secret cause") }
	a := w.post(agent, "tickets/"+n+"/messages", obj{"body": "x"}).problemIs(500, "internal", "")
	ref := a.str("reference")
	if strings.Contains(string(a.raw), "secret") || len(ref) != 36 || !strings.Contains(a.str("detail"), ref) || !strings.Contains(w.log.String(), ref) || !strings.Contains(w.log.String(), "secret cause") {
		t.Errorf("%s\nlog: %s", a.raw, w.log)
	}
	w.must(w.d.Close())
	a = w.get(agent, "tickets/"+n)
	if a.status < 500 || strings.Contains(string(a.raw), "sql") {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// TestThrottledSaysWhen: an error that is too many names when to come again.
func TestThrottledSaysWhen(t *testing.T) {
	w := onSQLite(t, func(w *world, d *api.Deps) {
		d.Actor = func(r *http.Request) (auth.Actor, error) {
			if r.Header.Get("X-Try") == "broken" {
				return auth.Actor{}, errors.New("no such table: secret")
			}
			return auth.Actor{}, errs.Wrap(errs.TooMany, "auth.SignIn", &auth.Throttled{Until: w.clk.Now().Add(90 * time.Second)}, "Too many sign-ins failed. Try again in 2 minutes.")
		}
	})
	a := w.get(nobody, "me").problemIs(429, "too-many", "")
	if a.head.Get("Retry-After") != "91" {
		t.Errorf("Retry-After %q", a.head.Get("Retry-After"))
	}
	r := w.request(nobody, "GET", "me", nil)
	r.Header.Set("X-Try", "broken")
	if a := w.send(r).is(500); strings.Contains(string(a.raw), "secret") {
		t.Errorf("%s", a.raw)
	}
}

func TestEveryAnswerIsKeptByNobody(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	for _, path := range []string{"tickets", "tickets/" + n, "me", "nothing"} {
		for _, who := range []string{anna, nobody} {
			a := w.get(who, path)
			for k, v := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
				if a.head.Get(k) != v {
					t.Errorf("%s: %s is %q", a.what, k, a.head.Get(k))
				}
			}
		}
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, w.request(anna, "HEAD", "tickets/"+n, nil))
	if rec.Code != 200 {
		t.Errorf("HEAD: %d", rec.Code)
	}
}
