package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"bothways/internal/agreement"
	"bothways/internal/desk"
)

// TestKindsOfQuestions: a test, and a word that something was read, are asked for in the composer, mailed with what to do, answered with
// one tap in the portal, and kept as promises of their own.
func TestKindsOfQuestions(t *testing.T) {
	for need, c := range map[string]struct {
		metric    agreement.Metric
		mail, tap string
		answered  string
	}{
		"a test":                       {agreement.MetricTest, "We need a test by", "It works", "Tested: it works."},
		"a word that you have read it": {agreement.MetricAcknowledge, "Read it, then answer \"read\"", "I have read it", "I have read it."},
	} {
		t.Run(string(c.metric), func(t *testing.T) {
			w := newWorld(t)
			n := w.ask(&w.helen, "VPN")
			own, at := fmt.Sprintf("/requests/BW-%d", n), fmt.Sprintf("/desk/tickets/BW-%d", n)
			if w.get(&w.amara, at).doc().Find(`datalist option[value="`+need+`"]`).Length() != 1 {
				t.Errorf("the composer does not offer %q", need)
			}
			w.post(&w.amara, at+"/reply", "body", "Please.", "after", "customer", "need", need).want(http.StatusSeeOther)
			mailed := ""
			for _, m := range must(w, func() ([]string, error) { return w.mailsTo("helen@norvik.example") }) {
				mailed += m
			}
			if !strings.Contains(mailed, c.mail) {
				t.Errorf("the mail does not say %q: %s", c.mail, mailed)
			}
			page := w.get(&w.helen, own).want(http.StatusOK)
			if !strings.Contains(page.words(), "needs "+need) || !strings.Contains(page.words(), c.tap) {
				t.Errorf("the request says %s", page.words())
			}
			w.post(&w.helen, own+"/answer", "body", c.answered).want(http.StatusSeeOther)
			l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.amara.Actor, n) })
			kept := false
			for _, o := range l.Result.Obligations {
				kept = kept || o.Metric == c.metric && o.State == agreement.StateMet && o.Target > 0
			}
			if !kept {
				t.Errorf("it is no promise of its own: %+v", l.Result.Obligations)
			}
		})
	}
}

// mailsTo are the texts that were mailed to an address.
func (w *world) mailsTo(address string) ([]string, error) {
	rows, err := w.db.Read().Query(ctx, `SELECT body FROM mail_outbound WHERE recipient = $1 ORDER BY made_at`, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
