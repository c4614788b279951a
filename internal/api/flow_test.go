package api_test

import (
	"testing"
	"time"
)

// TestMainJob is the main job over the API: question, answer, solution, confirmation.
func TestMainJob(t *testing.T) {
	each(t, func(w *world) {
		a := w.post(anna, "tickets", obj{"kind": "incident", "subject": "Printer prints blank", "description": "Since this morning.", "impact": "medium", "urgency": "high"}).is(201)
		a.equal(obj{"state": "new", "kind": "incident", "priority": "high", "turn.side": "provider", "turn.team": "Service desk", "turn.since": "2026-11-23T10:00:00Z", "requester.address": "anna@acme.example",
			"requester.name": "Anna Berg", "site": "Harbour", "organisation": "Acme", "region": "North", "team": "Service desk", "assignee": nil, "resolved_at": nil, "closed_at": nil, "channel": "api",
			"created_at": "2026-11-23T10:00:00Z", "due.metric": "first_response", "version": 1, "last_line": "Since this morning."})
		n := a.str("number")
		if a.head.Get("Location") != "/api/v1/tickets/"+n || a.head.Get("ETag") != `"v1"` {
			t.Errorf("headers: %v", a.head)
		}
		w.clk.Advance(30 * time.Minute)
		m := w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which printer is it?", "question": obj{"need": "the number on its label", "due": "2026-11-26T12:00:00Z"}}).is(201)
		m.equal(obj{"side": "provider", "author.name": "Ada Gent", "body": "Which printer is it?", "question.need": "the number on its label", "question.due": "2026-11-26T12:00:00Z", "question.metric": "answer",
			"state": "arrived", "created_at": "2026-11-23T10:30:00Z", "question.agreed_due": "2026-11-26T12:00:00Z"})
		w.get(anna, "tickets/"+n).is(200).equal(obj{"turn.side": "customer", "turn.person.name": "Anna Berg", "state": "waiting_for_customer", "due.metric": "answer"})
		w.clk.Advance(time.Hour)
		w.post(anna, "tickets/"+n+"/messages", obj{"body": "P-17"}).is(201).equal(obj{"side": "customer", "question": nil, "state": "received"})
		w.clk.Advance(time.Hour)
		w.post(agent, "tickets/"+n+"/resolve", obj{"body": "The toner was empty."}).is(200).equal(obj{"state": "resolved", "turn.side": "customer", "due.metric": "confirm"})
		w.clk.Advance(time.Minute)
		w.post(anna, "tickets/"+n+"/confirm", nil).is(200).equal(obj{"state": "closed", "turn.side": "nobody", "due": nil, "closed_at": "2026-11-23T12:31:00Z"})

		turns := w.get(anna, "tickets/"+n+"/turns").is(200)
		turns.equal(obj{"next": nil, "lifetime_seconds": 9060, "items.0.side": "provider", "items.0.party": "Service desk", "items.0.seconds": 1800, "items.1.side": "customer", "items.1.party": "Anna Berg",
			"items.1.cause": "question_asked", "items.1.seconds": 3600, "items.2.seconds": 3600, "items.3.side": "customer", "items.3.seconds": 60, "items.4.side": "nobody", "items.4.seconds": 0})
		sum := int64(0)
		for _, v := range turns.items() {
			sum += int64(v.(obj)["seconds"].(float64))
		}
		if sum != turns.num("lifetime_seconds") {
			t.Errorf("turns sum up to %d of %d", sum, turns.num("lifetime_seconds"))
		}
		w.checkObligations(n)
		if k := len(w.get(anna, "tickets/"+n+"/messages").is(200).items()); k != 4 {
			t.Errorf("%d messages", k)
		}
		w.get(agent, "tickets/"+n+"/ahead").is(200).equal(obj{"next": nil})
	})
}

// checkObligations checks that both sides owed something and that counted stretches sum up to what was used.
func (w *world) checkObligations(n string) {
	w.t.Helper()
	sides := map[string]bool{}
	for _, v := range w.get(anna, "tickets/"+n+"/obligations").is(200).items() {
		o := v.(obj)
		sides[o["side"].(string)] = true
		used := float64(0)
		at := o["started"].(string)
		for _, e := range o["explanation"].([]any) {
			e := e.(obj)
			if e["from"] != at {
				w.t.Errorf("%s: a gap at %s", o["id"], at)
			}
			at = e["to"].(string)
			if e["counted"].(bool) {
				used += seconds(w.t, e["from"], e["to"])
			}
		}
		if used != o["used_seconds"] || o["used_seconds"].(float64)+o["left_seconds"].(float64) != o["target_seconds"] {
			w.t.Errorf("%s: counted %v of %v used", o["id"], used, o["used_seconds"])
		}
	}
	if !sides["provider"] || !sides["customer"] {
		w.t.Errorf("obligations of %v only", sides)
	}
}

func seconds(t testing.TB, from, to any) float64 {
	t.Helper()
	a, err := time.Parse(time.RFC3339, from.(string))
	if err != nil {
		t.Fatal(err)
	}
	b, err := time.Parse(time.RFC3339, to.(string))
	if err != nil {
		t.Fatal(err)
	}
	return b.Sub(a).Seconds()
}
