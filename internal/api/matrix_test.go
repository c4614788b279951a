package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"testing"

	"bothways/internal/auth"
)

// actors are the columns of the matrix.
var actors = []string{nobody, anna, carl, tina, stranger, contact, agent, readOnly, lead, hillIT, netIT, auditor, admin}

// operation is a route as the specification names it.
type operation struct{ method, path, verb string }

// operations reads the routes out of the specification, so that none can be left out.
func (w *world) operations() []operation {
	w.t.Helper()
	var spec struct {
		Paths map[string]map[string]struct {
			Verb string `json:"x-verb"`
		}
	}
	w.must(json.Unmarshal(w.get(nobody, "openapi.json").is(200).raw, &spec))
	var out []operation
	for path, methods := range spec.Paths {
		for m, o := range methods {
			out = append(out, operation{strings.ToUpper(m), strings.TrimPrefix(path, "/api/v1/"), o.Verb})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].path+out[i].method < out[j].path+out[j].method })
	return out
}

// try is one call of a route: on a ticket of anna's that is in the state the command needs.
type try struct {
	ready func(w *world, n string) (id string) // brings the ticket there
	body  any
	query string // {id} in it is replaced too
}

func asked(w *world, n string) string {
	return w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which?", "question": obj{"need": "the number"}}).is(201).str("id")
}

func viewOfAgent(w *world, _ string) string {
	for _, v := range w.get(agent, "views").is(200).items() {
		w.do(agent, "DELETE", "views/"+v.(obj)["id"].(string), nil).is(204)
	}
	return w.post(agent, "views", obj{"name": "Missed", "query": "due:missed", "audience": "staff"}).is(201).str("id")
}

func runOfAgent(w *world, n string) string {
	return w.post(agent, "bulk", obj{"tickets": []string{n}, "do": "priority", "urgency": "high"}).is(201).str("id")
}

func resolved(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/resolve", obj{"body": "Done."}).is(200)
	return ""
}

func closed(w *world, n string) string {
	resolved(w, n)
	w.post(anna, "tickets/"+n+"/confirm", nil).is(200)
	return ""
}

func waits(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/wait", obj{"until": "2026-12-01T10:00:00Z", "agreed": true, "reason": "by phone"}).is(200)
	return ""
}

func withSupplier(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/ask-supplier", obj{"supplier": "Printworks"}).is(200)
	return ""
}

func firstResponse(w *world, n string) string {
	return w.get(agent, "tickets/"+n+"/obligations").is(200).str("items.0.id")
}

func spoke(w *world, n string) string {
	asked(w, n)
	return w.post(anna, "tickets/"+n+"/messages", obj{"body": "Sorry, this was for somebody else."}).is(201).str("id")
}

func mergedInto1001(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/merge", obj{"into": "BW-1001"}).is(200)
	return ""
}

func linkedTo1001(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/link", obj{"other": "BW-1001"}).is(200)
	return ""
}

func waitProposed(w *world, n string) string {
	w.post(agent, "tickets/"+n+"/wait-proposal", obj{"until": "2026-12-01T10:00:00Z"}).is(200)
	return ""
}

func disputed(w *world, _ string) string {
	n := w.open()
	return w.post(agent, "disputes", obj{"ticket": n, "obligation": firstResponse(w, n), "reason": "we answered"}).is(201).str("id")
}

func timeOfAgent(w *world, _ string) string {
	return w.post(agent, "tickets/BW-1001/time", obj{"minutes": 5}).is(201).str("id")
}

func publicFile(w *world, n string) string {
	return w.post(anna, "tickets/"+n+"/messages", obj{"files": []obj{{"name": "a.txt", "content": "aGVsbG8="}}}).is(201).str("files.0.id")
}

func held(w *world, n string) string {
	return w.post(agent, "tickets/"+n+"/messages", obj{"body": "Soon.", "undo_seconds": 10}).is(201).str("id")
}

func shared(w *world, _ string) string {
	return w.post(agent, "answers", obj{"title": "Restart", "body": "Restart it, {requester.first}.", "shared": true}).is(201).str("id")
}

func received(w *world, _ string) string {
	id, err := w.box.Receive(ctx, "anna@acme.example", "desk@it.example", []byte("From: anna@acme.example\r\nSubject: x\r\n\r\nhello\r\n"))
	w.must(err)
	return id
}

func theSite(w *world, _ string) string {
	for i := range w.get(anna, "sites").is(200).items() {
		if at := fmt.Sprintf("items.%d.", i); w.get(anna, "sites").str(at+"name") == "Harbour" {
			return w.get(anna, "sites").str(at + "id")
		}
	}
	return ""
}

// usualAgreement is that which holds for everybody who has none of their own.
const (
	usualAgreement = "00000000-0000-7000-8000-000000000001"
	cardOfHarbour  = "agreement=" + usualAgreement + "&site={id}"
)

func usualVersion(w *world, _ string) string {
	p, err := w.book.InForce(ctx, w.d.Read(), "", "", w.clk.Now())
	w.must(err)
	return p.ID
}

// tries has a row for every route: one without it fails the test.
var tries = map[string]try{
	"POST tickets":                                   {body: obj{"subject": "A new one"}},
	"GET search":                                     {},
	"GET tickets":                                    {},
	"GET tickets/{number}":                           {},
	"PATCH tickets/{number}":                         {body: obj{"impact": "high"}},
	"POST tickets/{number}/messages":                 {body: obj{"body": "hello"}},
	"GET tickets/{number}/messages":                  {},
	"POST tickets/{number}/notes":                    {body: obj{"body": "internal"}},
	"GET tickets/{number}/notes":                     {},
	"GET tickets/{number}/files/{id}":                {ready: publicFile},
	"GET tickets/{number}/turns":                     {},
	"GET tickets/{number}/obligations":               {},
	"GET tickets/{number}/ahead":                     {},
	"GET tickets/{number}/events":                    {},
	"GET tickets/{number}/charges":                   {},
	"GET tickets/{number}/links":                     {},
	"GET tickets/{number}/participants":              {},
	"POST tickets/{number}/resolve":                  {body: obj{"body": "Done."}},
	"POST tickets/{number}/confirm":                  {ready: resolved},
	"POST tickets/{number}/reject":                   {ready: resolved, body: obj{"body": "It does not work."}},
	"POST tickets/{number}/reopen":                   {ready: closed},
	"POST tickets/{number}/withdraw":                 {},
	"POST tickets/{number}/return-question":          {ready: asked, body: obj{"body": "You had it."}},
	"POST tickets/{number}/assign":                   {body: obj{"assignee": "agent@it.example"}},
	"POST tickets/{number}/take":                     {},
	"POST tickets/{number}/wait":                     {body: obj{"until": "2026-12-01T10:00:00Z"}},
	"POST tickets/{number}/end-wait":                 {ready: waits},
	"POST tickets/{number}/ask-supplier":             {body: obj{"supplier": "Printworks"}},
	"POST tickets/{number}/supplier-answered":        {ready: withSupplier},
	"POST tickets/{number}/not-a-ticket":             {},
	"POST tickets/{number}/link":                     {body: obj{"other": "BW-1001"}},
	"POST tickets/{number}/watch":                    {},
	"POST tickets/{number}/unwatch":                  {},
	"POST tickets/{number}/messages/{id}/no-turn":    {ready: spoke},
	"POST tickets/{number}/obligations/{id}/waive":   {ready: firstResponse, body: obj{"reason": "agreed by phone"}},
	"POST tickets/{number}/obligations/{id}/dispute": {ready: firstResponse, body: obj{"reason": "we answered"}},
	"GET drafts":                                     {},
	"GET tickets/{number}/drafts/reply":              {},
	"POST tickets/{number}/drafts/reply":             {body: obj{"body": "Half a"}},
	"POST tickets/{number}/drafts/reply/drop":        {},
	"POST tickets/{number}/drafts/reply/files":       {body: obj{"name": "a.txt", "content": "aGVsbG8="}},
	"GET tickets/{number}/drafts/note":               {},
	"POST tickets/{number}/drafts/note":              {body: obj{"body": "Half a"}},
	"POST tickets/{number}/drafts/note/drop":         {},
	"POST tickets/{number}/drafts/note/files":        {body: obj{"name": "a.txt", "content": "aGVsbG8="}},
	"POST tickets/{number}/messages/{id}/take-back":  {ready: held},
	"GET tickets/{number}/receivers":                 {},
	"POST tickets/{number}/parties":                  {body: obj{"affected": "anna@acme.example"}},
	"GET answers":                                    {},
	"POST answers":                                   {body: obj{"title": "Restart", "body": "Restart it."}},
	"PATCH answers/{id}":                             {ready: shared, body: obj{"title": "Restart", "body": "Do."}},
	"POST answers/{id}/remove":                       {ready: shared},
	"POST tickets/{number}/pass":                     {body: obj{"note": "x"}},
	"POST tickets/{number}/hand-over":                {body: obj{"team": "Service desk", "assignee": "agent@it.example", "note": "x"}},
	"POST tickets/{number}/merge":                    {body: obj{"into": "BW-1001"}},
	"POST tickets/{number}/unmerge":                  {ready: mergedInto1001},
	"POST tickets/{number}/split":                    {body: obj{"subject": "Else"}}, // no message is chosen: 422 for who may
	"POST tickets/{number}/unlink":                   {ready: linkedTo1001, body: obj{"other": "BW-1001"}},
	"POST tickets/{number}/tags":                     {body: obj{"add": []string{"vpn"}}},
	"GET tickets/{number}/tags":                      {},
	"POST tickets/{number}/wait-proposal":            {body: obj{"until": "2026-12-01T10:00:00Z"}},
	"POST tickets/{number}/agree-wait":               {ready: waitProposed},
	"POST tickets/{number}/is-a-ticket":              {}, // it is one: 409 for who may
	"POST tickets/{number}/looked-at":                {},
	"POST tickets/{number}/calls":                    {body: obj{"body": "It drops still."}},
	"POST tickets/{number}/time":                     {body: obj{"minutes": 5}},
	"GET tickets/{number}/time":                      {},
	"POST calls":                                     {body: obj{"who": "anna@acme.example", "what": "Mouse"}},
	"GET tags":                                       {},
	"POST tags/{tag}/rename":                         {body: obj{"to": "x"}}, // nothing has it: 404 for who may
	"PATCH time/{id}":                                {ready: timeOfAgent, body: obj{"minutes": 6}},
	"POST time/{id}/remove":                          {ready: timeOfAgent},
	"GET time":                                       {},
	"GET tickets.csv":                                {},
	"GET views":                                      {},
	"POST views":                                     {body: obj{"name": "Mine", "query": "assignee:me"}},
	"GET views/{id}":                                 {ready: viewOfAgent},
	"PUT views/{id}":                                 {ready: viewOfAgent, body: obj{"name": "Missed", "query": "due:missed", "audience": "staff"}},
	"DELETE views/{id}":                              {ready: viewOfAgent},
	"POST bulk/preview":                              {body: obj{"tickets": []string{"BW-1001"}, "do": "tag", "tag": "vpn"}},
	"POST bulk":                                      {body: obj{"tickets": []string{"BW-1001"}, "do": "tag", "tag": "vpn"}},
	"GET bulk/{id}":                                  {ready: runOfAgent},
	"POST bulk/{id}/undo":                            {ready: runOfAgent},
	"GET me":                                         {},
	"GET people":                                     {},
	"GET sites":                                      {},
	"GET teams":                                      {},
	"GET agreements":                                 {},
	"GET agreements/{id}":                            {ready: agreementOfAcme},
	"GET agreements/{id}/versions":                   {ready: agreementOfAcme},
	"GET agreements/{id}/proposals":                  {ready: agreementOfAcme},
	"POST proposals":                                 {body: obj{"agreement": "00000000-0000-7000-8000-0000000000ff", "service_calendar": "x", "customer_calendar": "x", "from": "2027-01-01T00:00:00Z", "terms": obj{"targets": []obj{}, "ladder": []obj{}, "grace_days": 14}}},
	"GET scorecards":                                 {ready: theSite, query: cardOfHarbour},
	"GET scorecards/places":                          {},
	"GET scorecards/entries":                         {ready: theSite, query: cardOfHarbour},
	"GET scorecards/publications":                    {ready: theSite, query: cardOfHarbour},
	"POST scorecards/publications":                   {body: obj{"agreement": usualAgreement}},
	"GET agreements/versions/{id}/asked":             {ready: usualVersion},
	"POST agreements/versions/{id}/acknowledge":      {ready: usualVersion},
	"GET proposals/{id}":                             {ready: proposalToAcme},
	"POST proposals/{id}/withdraw":                   {ready: proposalToAcme, body: obj{"reason": "Not now."}},
	"GET disputes":                                   {},
	"POST disputes":                                  {body: obj{"ticket": "BW-1001", "obligation": "none-1", "reason": "we answered"}}, // there is none: 404 for who may
	"GET disputes/{id}":                              {ready: disputed},
	"POST disputes/{id}/proposals":                   {ready: disputed, body: obj{"as": "kept", "reason": "It was."}},
	"POST disputes/{id}/withdraw":                    {ready: disputed},
	"POST agreements/{id}/what-if":                   {ready: agreementOfAcme, body: obj{"terms": obj{"targets": []obj{}, "ladder": []obj{}, "grace_days": 14}}},
	"GET agreements/{id}/what-if":                    {ready: agreementOfAcme},
	"GET what-if/{id}":                               {ready: whatIfOfAcme},
	"POST what-if/{id}/stop":                         {ready: whatIfOfAcme},
	"GET approvals":                                  {},
	"GET approvals/mine":                             {},
	"GET approvals/{id}":                             {ready: askOfAcme},
	"POST approvals/{id}/votes":                      {ready: askOfAcme, body: obj{"consent": true, "digest": "of nothing"}},
	"POST approvals/{id}/withdraw":                   {ready: askOfAcme, body: obj{"reason": "Not now."}},
	"GET delegations":                                {},
	"POST delegations":                               {body: obj{"to": "nobody", "until": "2026-12-01T10:00:00Z"}},
	"POST delegations/{id}/end":                      {ready: askOfAcme}, // none of theirs: 404
	"GET mail/inbound":                               {},
	"GET mail/inbound/{id}/raw":                      {ready: received},
	"GET mail/outbound":                              {},
	"PATCH me":                                       {body: obj{"copies": false}},
	"GET me/addresses":                               {},
	"POST me/addresses":                              {body: obj{"address": "more@acme.example"}},
	"POST me/addresses/confirm":                      {body: obj{"secret": "address_nothing"}},
	"POST me/addresses/first":                        {body: obj{"address": "nobody@acme.example"}},
	"POST me/addresses/remove":                       {body: obj{"address": "nobody@acme.example"}},
	"POST me/password":                               {body: obj{"old": "one that it is not", "new": "a horse that is fine"}},
	"GET me/sessions":                                {},
	"POST me/sessions/end":                           {body: obj{"id": "0123456789abcdef"}},
	"GET me/mails":                                   {},
	"GET me/promises":                                {},
	"GET me/outcomes":                                {},
	"GET passages":                                   {},
	"GET sites/{id}/promises":                        {ready: theSite},
}

// TestRouteMatrix calls every route as everybody. The table is the API's permission matrix; look at each change of it.
func TestRouteMatrix(t *testing.T) {
	w := onSQLite(t)
	w.open() // BW-1001, to link to
	verbs := map[string]bool{}
	for _, v := range auth.Verbs() {
		verbs[string(v.Verb)] = true
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# What everybody gets on a ticket of anna's (Acme, site Harbour): go test ./internal/api -run TestRouteMatrix -update\n%-48s %-17s", "# route", "verb")
	for _, who := range actors {
		fmt.Fprintf(&out, " %8s", who)
	}
	out.WriteString("\n")
	seen := 0
	for _, op := range w.operations() {
		key := op.method + " " + op.path
		c, ok := tries[key]
		if !ok {
			t.Errorf("%s has no row in tries: say how it is called", key)
			continue
		}
		seen++
		if !verbs[op.verb] {
			t.Errorf("%s declares %q, which is no verb", key, op.verb)
		}
		fmt.Fprintf(&out, "%-48s %-17s", key, op.verb)
		for _, who := range actors {
			fmt.Fprintf(&out, " %8d", w.try(op, c, who).status)
		}
		out.WriteString("\n")
	}
	if seen != len(tries) {
		t.Errorf("%d rows of tries, %d routes: take out what is gone", len(tries), seen)
	}
	golden(t, "routes.golden", out.Bytes())
}

// try calls a route as somebody, on a ticket of its own.
func (w *world) try(op operation, c try, who string) answer {
	w.t.Helper()
	path, id := op.path, ""
	if c.query != "" {
		path += "?" + c.query
	}
	if strings.Contains(path, "{") {
		n := "BW-1001"
		if strings.Contains(path, "{number}") {
			n = w.open()
		}
		if c.ready != nil {
			id = c.ready(w, n)
		}
		path = strings.NewReplacer("{number}", n, "{id}", id).Replace(path)
	}
	return w.do(who, op.method, path, c.body)
}
