package api_test

import (
	"strings"
	"testing"
)

// TestMovesOverTheAPI drives every move as a program does.
func TestMovesOverTheAPI(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.open(), w.open()
		at := func(n, rest string) string { return "tickets/" + n + "/" + rest }
		w.post(agent, at(b, "tags"), obj{"add": []string{"Dock Firmware", "vpn"}}).is(200)
		w.get(agent, at(b, "tags")).is(200).equal(obj{"items.0": "Dock Firmware", "items.1": "vpn"})
		if got := w.get(agent, "tags?q=do").is(200).str("items.0.tag"); got != "Dock Firmware" {
			t.Errorf("suggested: %q", got)
		}
		w.post(admin, "tags/dock%20firmware/rename", obj{"to": "dock"}).is(200).equal(obj{"tickets": 1})
		w.get(anna, at(b, "tags")).is(404)
		w.post(agent, at(b, "messages"), obj{"body": "We look.", "minutes": 7}).is(201)
		w.post(anna, at(b, "messages"), obj{"body": "And?", "minutes": 7}).is(404)
		w.post(agent, at(b, "time"), obj{"minutes": 5, "kind": "travel"}).is(201)
		w.post(agent, at(b, "merge"), obj{"into": a}).is(200).equal(obj{"state": "merged"})
		w.post(anna, at(b, "messages"), obj{"body": "hello"}).is(409).equal(obj{"type": "urn:bothways:merged"})
		if got := w.get(anna, at(b, "links")).is(200).str("items.0.kind"); got != "merged_into" {
			t.Errorf("goes on: %q", got)
		}
		if got := w.get(anna, at(a, "links")).is(200).str("items.0.kind"); got != "merged_here" {
			t.Errorf("takes in: %q", got)
		}
		w.get(agent, at(a, "time")).is(200).equal(obj{"minutes": 12})
		w.post(anna, at(b, "unmerge"), nil).is(200).equal(obj{"state": "in_progress"})
		w.get(agent, at(a, "time")).is(200).equal(obj{"minutes": 0})
		id := w.post(anna, at(a, "messages"), obj{"body": "I need a mouse, too."}).is(201).str("id")
		made := w.post(agent, at(a, "split"), obj{"subject": "Mouse", "messages": []string{id}}).is(200).str("number")
		if made == a || w.get(anna, at(made, "messages")).is(200).str("items.0.body") != "I need a mouse, too." {
			t.Errorf("split: %s", made)
		}
		w.post(agent, at(a, "hand-over"), obj{"team": "Network"}).is(422)
		w.post(agent, at(a, "hand-over"), obj{"team": "Network", "note": "Port 4 flaps."}).is(200).equal(obj{"team": "Network"})
		if raw := string(w.get(anna, at(a, "events")).is(200).raw); !strings.Contains(raw, "handed_over") || strings.Contains(raw, "\"note\"") {
			t.Errorf("what a customer reads of a hand-over: %s", raw)
		}
		w.post(agent, at(b, "wait-proposal"), obj{"until": "2026-12-01T10:00:00Z"}).is(200)
		w.post(anna, at(b, "agree-wait"), nil).is(200).equal(obj{"state": "scheduled"})
		w.post(agent, at(made, "calls"), obj{"body": "Which colour?", "said_by": "provider", "question": obj{"need": "the colour"}}).is(201)
		w.get(agent, "tickets/"+made).is(200).equal(obj{"state": "waiting_for_customer"})
		w.post(agent, at(made, "calls"), obj{"body": "Black."}).is(201).equal(obj{"side": "customer", "channel": "phone"})
		n := w.post(agent, "calls", obj{"who": "anna@acme.example", "what": "Reset a password", "done": true, "minutes": 3, "work_kind": "walk_up"}).is(201).str("number")
		w.get(anna, "tickets/"+n).is(200).equal(obj{"state": "closed"})
		w.get(agent, "time").is(200).equal(obj{"minutes": 15})
		entry := w.post(agent, at(n, "time"), obj{"minutes": 1}).is(201).str("id")
		w.do(agent, "PATCH", "time/"+entry, obj{"minutes": 2}).is(200).equal(obj{"minutes": 2})
		w.post(agent, "time/"+entry+"/remove", nil).is(200)
		w.do(agent, "PATCH", "time/"+entry, obj{"minutes": 2}).is(404)
	})
}
