package api_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/people"
)

// TestAssigneeMeIsAlsoWhomOneStandsInFor: while somebody is away, their tickets are those of their substitute in every list,
// file, search and view that asks for "me", as in the queue, and in none any longer once they are back.
func TestAssigneeMeIsAlsoWhomOneStandsInFor(t *testing.T) {
	each(t, func(w *world) {
		const amos = "amos"
		w.person(amos, "Amos Gent", w.it, people.Site{}, auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		mine, ours := w.open(), w.open()
		w.post(amos, "tickets/"+mine+"/take", nil).is(200)
		w.post(agent, "tickets/"+ours+"/take", nil).is(200)
		view := w.post(amos, "views", obj{"name": "Mine", "query": "assignee:me"}).is(201).str("id")
		look := func(what string, want ...string) {
			t.Helper()
			for path, read := range map[string]func(a answer) string{
				"tickets?q=assignee:me":             func(a answer) string { return a.numbers() },
				"tickets?q=assignee:me+sort:-made":  func(a answer) string { return a.numbers() },
				"search?q=printer+assignee:me":      func(a answer) string { return string(a.raw) },
				"tickets.csv?q=assignee:me+printer": func(a answer) string { return string(a.raw) },
			} {
				got := read(w.get(amos, path).is(200))
				for _, n := range []string{mine, ours} {
					has := strings.Contains(got, strings.TrimPrefix(n, "BW-"))
					if wanted := strings.Contains(strings.Join(want, " "), n); has != wanted {
						t.Errorf("%s: %s holds %s: %v, want %v", what, path, n, has, wanted)
					}
				}
			}
			w.get(amos, "views/"+view).is(200).equal(obj{"count": len(want)})
		}
		look("before", mine)
		a, err := w.people.AddAbsence(ctx, sys, people.AbsenceInput{PersonID: w.persons[agent].ID, SubstituteID: w.persons[amos].ID, Until: w.clk.Now().Add(48 * time.Hour)})
		w.must(err)
		look("meanwhile", mine, ours)
		w.must(w.people.EndAbsence(ctx, sys, a.ID))
		w.clk.Advance(time.Minute)
		look("afterwards", mine)
	})
}

// TestViewsHonourIfMatch: a program that read an old version of a view neither changes nor deletes what somebody made of it since.
func TestViewsHonourIfMatch(t *testing.T) {
	each(t, func(w *world) {
		made := w.post(agent, "views", obj{"name": "High", "query": "priority:high"}).is(201)
		at := "views/" + made.str("id")
		with := func(tag, method string, body any) answer {
			r := w.request(agent, method, at, body)
			r.Header.Set("If-Match", tag)
			return w.send(r)
		}
		if tag := made.head.Get("ETag"); tag != `"v1"` || w.get(agent, at).is(200).head.Get("ETag") != tag {
			t.Errorf("ETag %q of a new view", tag)
		}
		changed := with(`"v1"`, "PUT", obj{"name": "High", "query": "priority:high turn:provider"}).is(200).equal(obj{"version": 2})
		if tag := changed.head.Get("ETag"); tag != `"v2"` {
			t.Errorf("ETag %q after a change", tag)
		}
		for _, tag := range []string{`"v1"`, `"v3"`, `"x"`, `v1`, `"v-1"`, `W/"v2"`} {
			with(tag, "PUT", obj{"name": "Low", "query": "priority:low"}).problemIs(412, "stale", "")
			with(tag, "DELETE", nil).problemIs(412, "stale", "")
		}
		w.get(agent, at).is(200).equal(obj{"name": "High", "query": "priority:high turn:provider", "version": 2})
		with("*", "PUT", obj{"name": "Top", "query": "priority:high"}).is(200).equal(obj{"version": 3})
		w.do(agent, "PUT", at, obj{"name": "Top two", "query": "priority:high"}).is(200).equal(obj{"version": 4})
		with(`"v4"`, "DELETE", nil).is(204)
		w.get(agent, at).is(404)
	})
}
