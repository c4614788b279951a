package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/internal/api"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/mail/box"
)

func (a answer) numbers() string {
	a.t.Helper()
	var out []string
	for _, v := range a.items() {
		out = append(out, strings.TrimPrefix(v.(obj)["number"].(string), "BW-"))
	}
	return strings.Join(out, " ")
}

func TestTicketLists(t *testing.T) {
	each(t, func(w *world) {
		base := w.open()
		for i, subject := range []string{"Printer jams", "Wi-Fi slow", "Big PRINTER blank", "Résumé printing"} {
			w.clk.Advance(time.Minute)
			w.post(anna, "tickets", obj{"subject": subject, "urgency": []string{"low", "high", "medium", "low"}[i], "sensitivity": []string{"", "security", "", ""}[i]}).is(201)
		}
		var first int
		if _, err := fmt.Sscanf(base, "BW-%d", &first); err != nil {
			w.t.Fatal(err)
		}
		n := func(ids ...int) string {
			parts := make([]string, len(ids))
			for i, v := range ids {
				parts[i] = fmt.Sprint(first + v)
			}
			return strings.Join(parts, " ")
		}
		resolved(w, fmt.Sprintf("BW-%d", first+1))
		w.post(anna, fmt.Sprintf("tickets/BW-%d/withdraw", first+3), nil).is(200)
		for query, want := range map[string]string{
			"": n(4, 3, 2, 1, 0), "q=printer": n(3, 1, 0), "q=PRINT": n(4, 3, 1, 0), "q=resume": n(4), "q=printer+jams": n(1), "q=inter": "", "turn=provider": n(4, 2, 0), "turn=customer": n(1),
			"state=resolved": n(1), "state=resolved,withdrawn": n(3, 1), "state=resolved&state=withdrawn": n(3, 1), "open=true": n(4, 2, 1, 0), "open=false": n(3), "open=false&state=new": "",
			"open=false&state=new,withdrawn": n(3), "sort=due&turn=provider": n(2, 0, 4),
		} {
			if got := w.get(anna, "tickets?"+query).is(200).numbers(); got != want {
				w.t.Errorf("%q: %s, want %s", query, got, want)
			}
		}
		for _, sort := range []string{"", "&sort=due"} {
			whole, pages, cursor := w.get(anna, "tickets?limit=200"+sort).is(200).numbers(), []string{}, ""
			for {
				a := w.get(anna, "tickets?limit=2"+sort+"&cursor="+url.QueryEscape(cursor)).is(200)
				pages = append(pages, a.numbers())
				next, more := a.at("next").(string)
				if !more {
					break
				}
				cursor = next
			}
			if got := strings.Join(pages, " "); got != whole || len(pages) != 3 {
				w.t.Errorf("pages %v, whole %s", pages, whole)
			}
		}
		newest := w.get(anna, "tickets?limit=1").str("next")
		w.get(anna, "tickets?sort=due&cursor="+newest).problemIs(422, "invalid", "cursor")
		w.get(anna, "tickets?state=new&limit=1").is(200)
		a := w.get(agent, "tickets?q=wi").is(200).equal(obj{"items.0.sensitivity": "security", "items.0.requester.address": "anna@acme.example", "items.0.team": "Service desk", "next": nil})
		one := w.get(agent, "tickets/"+a.str("items.0.number")).is(200)
		inList, _ := json.Marshal(a.at("items.0"))
		var alone any
		w.must(json.Unmarshal(one.raw, &alone))
		if b, _ := json.Marshal(alone); string(b) != string(inList) {
			w.t.Errorf("a ticket differs between list and page:\n%s\n%s", inList, b)
		}
		if a := w.get(stranger, "tickets").is(200); string(a.raw) != "{\"items\":[],\"next\":null}\n" {
			w.t.Errorf("an empty list is %s", a.raw)
		}
	})
}

func TestPagesOfAConversation(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	for i := range 5 {
		w.post(anna, "tickets/"+n+"/messages", obj{"body": fmt.Sprint("number ", i)}).is(201)
		w.post(agent, "tickets/"+n+"/notes", obj{"body": fmt.Sprint("note ", i)}).is(201)
	}
	for path, want := range map[string]int{"messages": 6, "notes": 5, "events": 11} {
		whole := len(w.get(agent, "tickets/"+n+"/"+path).is(200).items())
		seen, cursor := 0, ""
		for {
			a := w.get(agent, "tickets/"+n+"/"+path+"?limit=2&cursor="+cursor).is(200)
			seen += len(a.items())
			next, more := a.at("next").(string)
			if !more {
				break
			}
			cursor = next
		}
		if seen != want || whole != want {
			t.Errorf("%s: %d in pages, %d whole, want %d", path, seen, whole, want)
		}
	}
	a := w.get(anna, "tickets/"+n+"/events").is(200)
	if len(a.items()) != 6 {
		t.Errorf("customers see no events of notes: %s", a.raw)
	}
	a.equal(obj{"items.0.kind": "opened", "items.0.actor.name": "Anna Berg", "items.0.data.party": "Service desk", "items.0.at": "2026-11-23T10:00:00Z"})
}

func TestVersions(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	with := func(tag, method, path string, body any) answer {
		r := w.request(agent, method, path, body)
		r.Header.Set("If-Match", tag)
		return w.send(r)
	}
	a := with(`"v1"`, "PATCH", "tickets/"+n, obj{"impact": "high", "subject": "Other"}).is(200).equal(obj{"impact": "high", "priority": "high", "subject": "Other"})
	if a.head.Get("ETag") != fmt.Sprintf(`"v%d"`, a.num("version")) || a.num("version") < 2 {
		t.Errorf("ETag %q of version %d", a.head.Get("ETag"), a.num("version"))
	}
	for _, c := range [][2]string{{"PATCH", ""}, {"POST", "/take"}, {"POST", "/resolve"}, {"POST", "/messages"}, {"POST", "/watch"}} {
		body := obj{}
		if c[1] == "/resolve" || c[1] == "/messages" {
			body["body"] = "x"
		}
		for _, tag := range []string{`"v1"`, `"v999"`, `"x"`, `v1`, `"v-1"`, "W/\"v2\""} {
			with(tag, c[0], "tickets/"+n+c[1], body).problemIs(412, "stale", "")
		}
	}
	with(a.head.Get("ETag"), "POST", "tickets/"+n+"/take", nil).is(200).equal(obj{"assignee.name": "Ada Gent", "state": "in_progress"})
	with("*", "PATCH", "tickets/"+n, obj{"assignee": nil}).is(200).equal(obj{"assignee": nil})
}

func TestPatchGivesAndTakes(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	patch := func(body obj) answer { t.Helper(); return w.do(agent, "PATCH", "tickets/"+n, body) }
	patch(obj{"team": "Network", "assignee": "netIT@it.example", "kind": "service_request", "urgency": "low", "sensitivity": "security"}).is(200).
		equal(obj{"team": "Network", "assignee.name": "Ned Work", "kind": "service_request", "priority": "low", "sensitivity": "security", "turn.team": "Network", "turn.person.name": "Ned Work"})
	patch(obj{}).is(200).equal(obj{"assignee.name": "Ned Work"})
	patch(obj{"sensitivity": "", "subject": nil}).is(200).equal(obj{"sensitivity": "", "subject": "Printer prints blank"})
	patch(obj{"team": "Service desk"}).is(200).equal(obj{"team": "Service desk", "assignee": nil})
	version := w.get(agent, "agreements").is(200).str("items.0.versions.0.id")
	patch(obj{"agreement": version}).is(200)
	patch(obj{"agreement": version, "as_decision": true}).is(200)
	w.get(agent, "tickets/"+n+"/events").is(200)
}

func TestCommandsOfTheDesk(t *testing.T) {
	w := onSQLite(t)
	n, other := w.open(), w.open()
	w.post(agent, "tickets/"+n+"/link", obj{"other": other, "kind": "duplicate"}).is(200)
	w.get(anna, "tickets/"+other+"/links").is(200).equal(obj{"items.0.number": n, "items.0.kind": "duplicate", "next": nil})
	w.post(agent, "tickets/"+n+"/watch", obj{"person": "carl@acme.example"}).is(200)
	w.get(carl, "tickets/"+n).is(200)
	if k := len(w.get(anna, "tickets/"+n+"/participants").is(200).items()); k != 2 {
		t.Errorf("%d participants", k)
	}
	w.post(carl, "tickets/"+n+"/unwatch", nil).is(200)
	w.get(carl, "tickets/"+n).is(404)
	w.post(agent, "tickets/"+n+"/wait", obj{"until": "2026-12-01T10:00:00Z", "agreed": true, "reason": "by phone"}).is(200).equal(obj{"state": "scheduled", "turn.side": "nobody"})
	w.post(anna, "tickets/"+n+"/end-wait", nil).is(200).equal(obj{"turn.side": "provider"})
	w.post(agent, "tickets/"+n+"/ask-supplier", obj{"supplier": "Printworks"}).is(200).equal(obj{"turn.side": "supplier", "turn.team": "Printworks"})
	w.post(agent, "tickets/"+n+"/supplier-answered", nil).is(200).equal(obj{"turn.side": "provider"})
	asked(w, n)
	w.post(anna, "tickets/"+n+"/return-question", obj{"body": "In my first mail."}).is(200).equal(obj{"turn.side": "provider"})
	id := firstResponse(w, n)
	w.post(anna, "tickets/"+n+"/obligations/"+id+"/dispute", obj{"reason": "too late"}).is(200)
	w.get(anna, "tickets/"+n+"/obligations").is(200).equal(obj{"items.0.state": "disputed", "items.0.stands": "met"})
	resolved(w, n)
	w.post(anna, "tickets/"+n+"/reject", obj{"body": "Still blank."}).is(200).equal(obj{"turn.side": "provider", "last_line": "Still blank."})
	closed(w, n)
	w.post(anna, "tickets/"+n+"/reopen", obj{"body": "It came back."}).is(200).equal(obj{"turn.side": "provider", "closed_at": nil})
	m := w.post(anna, "tickets/"+n+"/messages", obj{"body": "Never mind this one."}).is(201).str("id")
	w.post(agent, "tickets/"+n+"/messages/"+m+"/no-turn", nil).is(200)
	ahead := w.get(anna, "tickets/"+n+"/ahead").is(200).items()
	if len(ahead) == 0 {
		t.Error("nothing is ahead of an open ticket")
	}
}

// outbox is a transport that keeps mails.
type outbox struct{}

// Deliver implements box.Transport.
func (outbox) Deliver(context.Context, box.Outbound) (string, error) { return "250 ok", nil }

// TestSettleShowsTheTurnTheMailOpened: with a relay a question moves the turn when its mail has gone out, and the answer to the
// question shows it.
func TestSettleShowsTheTurnTheMailOpened(t *testing.T) {
	w := onSQLite(t, func(x *world, d *api.Deps) {
		x.box = box.New(x.d, x.clk, x.queue, outbox{})
		d.Box = x.box
		d.Settle = func(context.Context, string) {
			if x.settle != nil {
				x.settle(ctx, "")
			}
		}
	})
	w.relay()
	n := w.open()
	w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which?", "question": obj{"need": "the number"}}).is(201).equal(obj{"state": "on_its_way", "question.need": "the number"})
	w.get(agent, "tickets/"+n).is(200).equal(obj{"turn.side": "provider"})
	w.settle = func(context.Context, string) { w.must(w.queue.RunDue(ctx)) }
	a := w.post(agent, "tickets/"+n+"/messages", obj{"body": "And where?", "question": obj{"need": "the room"}}).is(201).equal(obj{"state": "arrived"})
	if a.head.Get("ETag") != w.get(agent, "tickets/"+n).head.Get("ETag") {
		t.Error("the ETag is older than the answer")
	}
	w.get(agent, "tickets/"+n).is(200).equal(obj{"turn.side": "customer"})
	w.post(anna, "tickets/"+n+"/messages", obj{"body": "P-17, room 4"}).is(201)
	w.post(agent, "tickets/"+n+"/resolve", obj{"body": "Done."}).is(200).equal(obj{"state": "resolved", "turn.side": "customer"})
	w.get(agent, "mail/outbound?state=sent").is(200).equal(obj{"items.0.ticket": n, "items.0.recipient": "anna@acme.example", "next": nil})
	received(w, n)
	w.get(agent, "mail/inbound?state=stored").is(200).equal(obj{"items.0.from": "anna@acme.example", "items.0.ticket": nil})
	w.get(agent, "mail/inbound?state=sent").problemIs(422, "invalid", "state")
}

// relay lets the queue send mails, as app does.
func (w *world) relay() {
	w.queue.Handle(box.JobSend, func(ctx context.Context, j job.Job, end job.Finish) error {
		return w.box.Deliver(ctx, j.Item, func(tx *db.Tx) error { return w.queue.Hold(ctx, tx, j) }, end, w.desk)
	})
}

// TestConcurrentWritersEachGetAnAnswer opens tickets from eight clients at once.
func TestConcurrentWritersEachGetAnAnswer(t *testing.T) {
	each(t, func(w *world) {
		done := make(chan answer)
		for range 8 {
			go func() {
				for range 5 {
					done <- w.send(w.request(anna, "POST", "tickets", obj{"subject": "Many"}))
				}
			}()
		}
		seen := map[string]bool{}
		for range 40 {
			a := <-done
			seen[a.is(201).str("number")] = true
		}
		if len(seen) != 40 {
			t.Errorf("%d numbers", len(seen))
		}
	})
}
