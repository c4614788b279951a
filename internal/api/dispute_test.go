package api_test

import (
	"strings"
	"testing"
	"time"
)

// TestADisputeByTheAPI: a span is challenged, proposed and settled as programs do it; both versions stay, and the clocks read it as agreed.
func TestADisputeByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		w.speakers()
		const it, harbour = "ingrid@it.example", "graham@acme.example"
		n := w.open()
		w.clk.Advance(time.Hour)
		w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which?", "question": obj{"need": "the model"}}).is(201)
		w.clk.Advance(2 * time.Hour)
		w.post(anna, "tickets/"+n+"/messages", obj{"body": "I said so on the phone."}).is(201)
		turns := w.get(anna, "tickets/"+n+"/turns").is(200)
		from, until := turns.str("items.1.since"), turns.str("items.1.until")
		if turns.str("items.1.side") != "customer" {
			t.Fatalf("%s", turns.raw)
		}
		body := obj{"ticket": n, "from": from, "until": until, "reason": "I had told you on the phone."}
		w.post(tina, "disputes", body).is(404)
		w.post(anna, "disputes", obj{"ticket": n, "from": from, "until": until}).is(422)
		w.post(anna, "disputes", obj{"ticket": n, "reason": "x"}).is(422)
		d := w.post(anna, "disputes", body).is(201)
		id := d.str("id")
		d.equal(obj{"state": "open", "side": "customer", "counted": "customer", "ticket": n})
		w.post(anna, "disputes", body).is(409).equal(obj{"type": "urn:bothways:disputed-already"})
		w.get(tina, "disputes/"+id).is(404)
		if got := len(w.get(tina, "disputes?ticket="+n).is(200).items()); got != 0 {
			t.Errorf("a stranger lists %d", got)
		}
		w.get(anna, "disputes?state=open&ticket="+n).is(200).equal(obj{"items.0.id": id})
		w.get(anna, "disputes?state=odd").is(422)
		w.post(agent, "disputes/"+id+"/proposals", obj{"as": "provider", "reason": "x"}).is(403)
		w.post(it, "disputes/"+id+"/proposals", obj{"as": "kept", "reason": "x"}).is(422)
		p := w.post(it, "disputes/"+id+"/proposals", obj{"as": "provider", "reason": "The log of calls says so."}).is(201)
		ask := p.str("proposals.0.approval")
		a := w.get(harbour, "approvals/"+ask).is(200)
		if title := a.str("title"); !strings.Contains(title, n) || !strings.Contains(title, "to stand as IT’s turn") {
			t.Errorf("asked as %q", title)
		}
		w.post(anna, "approvals/"+ask+"/votes", obj{"consent": true, "digest": a.str("digest")}).is(404)
		w.post(harbour, "approvals/"+ask+"/votes", obj{"consent": true, "digest": a.str("digest")}).is(201)
		w.get(anna, "disputes/"+id).is(200).equal(obj{"state": "settled", "settled_as": "provider", "counted": "customer"})
		w.get(anna, "tickets/"+n+"/turns").is(200).equal(obj{"items.1.side": "provider", "items.1.cause": "dispute_settled"})
	})
}

// TestAStepIsWaivedByTheAPI: one that lies ahead is left out, by who may, and what was let off names who did.
func TestAStepIsWaivedByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		w.speakers()
		n := w.open()
		w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which?", "question": obj{"need": "the model"}}).is(201)
		ahead := w.get(agent, "tickets/"+n+"/ahead").is(200)
		if ahead.str("items.3.action") != "pause" {
			t.Fatalf("%s", ahead.raw)
		}
		id := ahead.str("items.3.obligation")
		step := obj{"reason": "flood at the site", "step": 3}
		w.post(anna, "tickets/"+n+"/obligations/"+id+"/waive", step).is(403)
		w.post("ingrid@it.example", "tickets/"+n+"/obligations/"+id+"/waive", obj{"reason": "x", "step": 40}).is(422)
		w.post("ingrid@it.example", "tickets/"+n+"/obligations/"+id+"/waive", step).is(200)
		if got := w.get(agent, "tickets/"+n+"/ahead").is(200); strings.Contains(string(got.raw), `"pause"`) {
			t.Errorf("it comes all the same: %s", got.raw)
		}
		w.post(anna, "tickets/"+n+"/obligations/"+firstResponse(w, n)+"/waive", obj{"reason": "no hurry"})
		w.post(anna, "tickets/"+n+"/obligations/"+w.get(anna, "tickets/"+n+"/obligations").str("items.1.id")+"/waive", obj{"reason": "no hurry"}).is(200)
		w.get(agent, "tickets/"+n+"/obligations").is(200).equal(obj{"items.1.state": "waived", "items.1.waived.by.name": "Anna Berg"})
	})
}
