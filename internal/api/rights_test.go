package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestAttack17_ForeignAndUnknownTicketsAreOneAnswer asks every route of a ticket as somebody of the twin organisation, about a
// ticket that exists, one that does not and nonsense: status, headers and body are the same bytes.
func TestAttack17_ForeignAndUnknownTicketsAreOneAnswer(t *testing.T) {
	each(t, func(w *world) {
		n := w.open()
		fileID, mailID := publicFile(w, n), received(w, n)
		unknown := w.get(tina, "nothing/like/this")
		if unknown.status != 404 {
			t.Fatalf("an unknown route: %d", unknown.status)
		}
		for _, op := range w.operations() {
			if !strings.Contains(op.path, "{number}") {
				continue
			}
			c := tries[op.method+" "+op.path]
			for _, ref := range []string{n, "BW-999999", "bw" + n[3:], "9223372036854775807", "99999999999999999999", "-1", "x", "%00", "..%2f..", "BW-1%27"} {
				for _, who := range []string{tina, stranger, carl, hillIT, netIT} {
					path := strings.NewReplacer("{number}", ref, "{id}", fileID).Replace(op.path)
					a := w.do(who, op.method, path, c.body)
					if a.status != 404 || !bytes.Equal(a.raw, unknown.raw) || !same(a.head, unknown.head) {
						t.Errorf("%s: %d %v %s\nwant %v %s", a.what, a.status, a.head, a.raw, unknown.head, unknown.raw)
					}
				}
			}
		}
		if a := w.get(tina, "mail/inbound/"+mailID+"/raw"); !bytes.Equal(a.raw, unknown.raw) {
			t.Errorf("%s: %s", a.what, a.raw)
		}
	})
}

func same(a, b http.Header) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// TestAttack28_RightsAreThoseOfNow takes away a role, a person and a token between two calls.
func TestAttack28_RightsAreThoseOfNow(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	w.get(lead, "tickets/"+n).is(200)
	w.must(w.people.Revoke(ctx, sys, w.grants(lead), "left"))
	w.get(lead, "tickets/"+n).is(404)
	w.must(w.people.DisablePerson(ctx, sys, w.persons[lead].ID))
	w.get(lead, "tickets/"+n).is(401)
	tokens, err := w.auth.Tokens(ctx, sys, w.persons[agent].ID)
	w.must(err)
	for _, tk := range tokens {
		w.must(w.auth.RevokeToken(ctx, sys, tk.ID))
	}
	w.get(agent, "tickets/"+n).is(401).equal(obj{"type": "urn:bothways:token-invalid"})
}
