package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

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

// TestSilenceNeverCloses: a kind that silence never closes is set on the ticket's page, read by both sides, and kept when the ticket goes on
// in another.
func TestSilenceNeverCloses(t *testing.T) {
	w := newWorld(t)
	n, other := w.ask(&w.helen, "Phishing"), w.ask(&w.helen, "Phishing again")
	at := func(n int64) string { return fmt.Sprintf("/desk/tickets/BW-%d", n) }
	page := w.get(&w.amara, at(n)).want(http.StatusOK)
	w.submit(&w.amara, page, "fields", "sensitivity", "security").want(http.StatusSeeOther)
	for who, where := range map[*person]string{&w.amara: at(n), &w.helen: fmt.Sprintf("/requests/BW-%d", n)} {
		if got := w.get(who, where).want(http.StatusOK).words(); !strings.Contains(got, "Never closes it: security") {
			t.Errorf("%s does not say that silence never closes it", where)
		}
	}
	w.post(&w.amara, at(n)+"/merge", "into", desk.Ref(other)).want(http.StatusSeeOther)
	if got := w.ticket(other); got.Sensitivity != "security" {
		t.Errorf("what it goes on in may lapse: %+v", got)
	}
	w.post(&w.amara, at(other)+"/reply", "body", "Which?", "after", "customer", "need", "the mail").want(http.StatusSeeOther)
	l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.amara.Actor, other) })
	for _, st := range l.Ahead() {
		if st.Action == agreement.ActionLapse || st.Action == agreement.ActionClose {
			t.Errorf("silence closes it: %+v", st)
		}
	}
	w.advance(60 * 24 * time.Hour)
	if got := w.ticket(other); !got.Open {
		t.Errorf("it is %s", got.State)
	}
	w.again(&w.amara)
	made := w.submit(&w.amara, w.get(&w.amara, "/desk/tickets/new"), "new", "requester", "helen@norvik.example", "subject", "Hold", "body", "Keep it.", "sensitivity", "legal_hold")
	if got := w.follow(&w.amara, made).words(); !strings.Contains(got, "Never closes it: legal hold") {
		t.Error("a new one is not kept from lapsing")
	}
}
