package api_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/db"
)

func (w *world) named(who, key, path string, body any) answer {
	w.t.Helper()
	r := w.request(who, "POST", path, body)
	r.Header.Set("Idempotency-Key", key)
	return w.send(r)
}

func (w *world) tickets() int {
	w.t.Helper()
	return len(w.get(agent, "tickets").is(200).items())
}

func TestANamedRequestIsCarriedOutOnce(t *testing.T) {
	each(t, func(w *world) {
		body := obj{"subject": "Once", "description": "only"}
		first := w.named(anna, "k-1", "tickets", body).is(201)
		w.clk.Advance(time.Hour)
		again := w.named(anna, "k-1", "tickets", body).is(201)
		if !bytes.Equal(first.raw, again.raw) || again.head.Get("Idempotency-Replayed") != "true" || w.tickets() != 1 {
			t.Errorf("%s\n%s\n%d tickets", first.raw, again.raw, w.tickets())
		}
		for _, h := range []string{"Location", "ETag", "Content-Type"} {
			if first.head.Get(h) == "" || first.head.Get(h) != again.head.Get(h) {
				t.Errorf("%s: %q, then %q", h, first.head.Get(h), again.head.Get(h))
			}
		}
		w.named(anna, "k-1", "tickets", obj{"subject": "Other"}).problemIs(422, "idempotency-key-reused", "Idempotency-Key")
		w.named(anna, "k-1", "tickets/"+first.str("number")+"/withdraw", nil).problemIs(422, "idempotency-key-reused", "Idempotency-Key")
		w.named(carl, "k-1", "tickets", body).is(201) // somebody else's key is another key
		if w.tickets() != 2 {
			t.Errorf("%d tickets", w.tickets())
		}
		// what was refused can be mended under the same key
		w.named(anna, "k-2", "tickets", obj{"subject": ""}).is(422)
		w.named(anna, "k-2", "tickets", obj{"subject": "Mended"}).is(201)
		for _, key := range []string{strings.Repeat("k", 201), "a b", "ü", "a\x00"} {
			w.named(anna, key, "tickets", body).problemIs(422, "invalid", "Idempotency-Key")
		}
		// rights are those of now
		w.named(readOnly, "k-3", "tickets", body).is(403)
		n := first.str("number")
		w.named(lead, "k-4", "tickets/"+n+"/messages", obj{"body": "hello"}).is(201)
		held := w.grants(lead)
		w.must(w.people.Revoke(ctx, sys, held, "left"))
		w.named(lead, "k-4", "tickets/"+n+"/messages", obj{"body": "hello"}).is(404)
	})
}

// grants gives the id of somebody's only grant.
func (w *world) grants(who string) string {
	w.t.Helper()
	var id string
	w.must(w.d.Read().QueryRow(ctx, `SELECT id FROM people_grant WHERE person_id = $1`, w.persons[who].ID).Scan(&id))
	return id
}

func TestOfTwoAtOnceOneIsCarriedOut(t *testing.T) {
	each(t, func(w *world) {
		const n = 16
		codes := make([]int, n)
		var wg sync.WaitGroup
		for i := range n {
			r := w.request(anna, "POST", "tickets", obj{"subject": "At once"})
			r.Header.Set("Idempotency-Key", "same")
			wg.Add(1)
			go func() {
				defer wg.Done()
				rec := httptest.NewRecorder()
				w.h.ServeHTTP(rec, r)
				codes[i] = rec.Code
			}()
		}
		wg.Wait()
		for _, c := range codes {
			if c != 201 && c != 409 {
				t.Errorf("%v", codes)
				break
			}
		}
		if !strings.Contains(fmt.Sprint(codes), "201") || w.tickets() != 1 {
			t.Errorf("%d tickets, %v", w.tickets(), codes)
		}
		w.named(anna, "same", "tickets", obj{"subject": "At once"}).is(201)
	})
}

// TestAClaimWithoutAnAnswerIsNeverRepeated is what a repeat finds when the process ended between the act and its answer.
func TestAClaimWithoutAnAnswerIsNeverRepeated(t *testing.T) {
	each(t, func(w *world) {
		body := obj{"subject": "Once"}
		w.named(anna, "k", "tickets", body).is(201)
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE api_idempotency SET status = 0 WHERE key = $1`, "k")
			return err
		}))
		a := w.named(anna, "k", "tickets", body).problemIs(409, "idempotency-in-progress", "")
		if a.head.Get("Retry-After") == "" {
			t.Error("it does not say when to come again")
		}
		w.clk.Advance(time.Hour)
		w.named(anna, "k", "tickets", body).problemIs(409, "idempotency-outcome-unknown", "")
		if w.tickets() != 1 {
			t.Errorf("%d tickets", w.tickets())
		}
		w.clk.Advance(46 * time.Hour)
		if n, err := w.h.Prune(ctx); err != nil || n != 0 {
			t.Errorf("pruned %d %v after 47 hours", n, err)
		}
		w.clk.Advance(2 * time.Hour)
		if n, err := w.h.Prune(ctx); err != nil || n != 1 {
			t.Errorf("pruned %d %v after 49 hours", n, err)
		}
	})
}
