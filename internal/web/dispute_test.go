package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
)

// TestADisputeOnThePages: the customer challenges whose turn a span was, without scripts; a service level manager with no part in it
// proposes how it stands, who signs for the site agrees, and both pages of the request tell both versions.
func TestADisputeOnThePages(t *testing.T) {
	w := newWorld(t)
	ingrid := w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	graham := w.person("Graham Pell", "graham@norvik.example", w.org.ID, w.site.ID, auth.Grant{Role: auth.Signatory, Scope: auth.Site, ScopeID: w.site.ID})
	n := w.ask(&w.helen, "VPN drops")
	own, desk := fmt.Sprintf("/requests/BW-%d", n), fmt.Sprintf("/desk/tickets/BW-%d", n)
	w.advance(time.Hour)
	w.post(&w.amara, desk+"/reply", "body", "Which?", "after", "customer", "need", "the name").want(http.StatusSeeOther)
	w.advance(2 * time.Hour)
	w.post(&w.helen, own+"/message", "body", "I said so on the phone.").want(http.StatusSeeOther)
	w.advance(time.Minute)
	page := w.get(&w.helen, own).want(http.StatusOK)
	span := ""
	for _, o := range page.doc().Find("form#dispute option").EachIter() {
		if strings.HasPrefix(o.Text(), "Your turn, ") {
			span = o.AttrOr("value", "")
		}
	}
	if !strings.HasPrefix(span, "span-") {
		t.Fatalf("the span is not offered: %s", page.doc().Find("form#dispute").Text())
	}
	if got := w.submit(&w.helen, page, "dispute", "obligation", span, "reason", "").want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, "It is empty. Say why") {
		t.Errorf("without a reason: %s", got)
	}
	told := w.follow(&w.helen, w.submit(&w.helen, page, "dispute", "obligation", span, "reason", "I had told you on the phone.")).words()
	for _, want := range []string{"challenged whose turn it was from", "What is challenged, and what came of it", "counted as the customer’s turn", "I had told you on the phone."} {
		if !strings.Contains(told, want) {
			t.Errorf("the request does not say %q", want)
		}
	}
	list := w.get(&ingrid, "/disputes").want(http.StatusOK)
	at := list.doc().Find(`a[href^="/disputes/"]`).First().AttrOr("href", "")
	if !strings.HasPrefix(at, "/disputes/") {
		t.Fatalf("the list leads to %q", at)
	}
	if w.get(&w.amara, at).want(http.StatusOK).doc().Find("form#propose").Length() != 0 {
		t.Error("an agent who has a part in it is offered to propose")
	}
	w.post(&w.amara, at+"/propose", "as", "customer", "reason", "x").want(http.StatusForbidden)
	mine := w.get(&ingrid, at).want(http.StatusOK)
	if got := w.submit(&ingrid, mine, "propose", "as", "provider", "reason", "").want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, "Say why it stands so") {
		t.Errorf("without a reason: %s", got)
	}
	if got := w.follow(&ingrid, w.submit(&ingrid, mine, "propose", "as", "provider", "reason", "The log of calls says so.")).words(); !strings.Contains(got, "Proposed, with your signature for IT") {
		t.Errorf("proposed: %s", got)
	}
	ask := w.get(&graham, at).want(http.StatusOK).doc().Find(`a[href^="/approvals/"]`).First().AttrOr("href", "")
	decide := w.get(&graham, ask).want(http.StatusOK)
	if got := decide.words(); !strings.Contains(got, "to stand as IT’s turn") || !strings.Contains(got, "Read the dispute") {
		t.Errorf("asked: %s", got)
	}
	w.submit(&graham, decide, "decide", "decision", "consent").want(http.StatusSeeOther)
	settled := w.get(&w.helen, at).want(http.StatusOK).words()
	for _, want := range []string{"Settled", "As it was countedThe customer’s turn", "As both sides agreedIT’s turn, since", "Agreed by both sides", "The log of calls says so."} {
		if !strings.Contains(settled, want) {
			t.Errorf("the page does not say %q: %s", want, settled)
		}
	}
	for who, where := range map[*person]string{&w.helen: own, &w.amara: desk} {
		if got := w.get(who, where).want(http.StatusOK).words(); !strings.Contains(got, "Both sides agree whose turn it was from") {
			t.Errorf("%s does not tell what was agreed", where)
		}
	}
	stranger := w.person("Owen Clarke", "owen@norvik.example", w.org.ID, w.site.ID)
	w.get(&stranger, at).want(http.StatusNotFound)
}

// TestLettingITOff: who asked lets IT off a missed promise on their own page, with a reason that stays on record.
func TestLettingITOff(t *testing.T) {
	w := newWorld(t)
	n := w.ask(&w.helen, "Printer")
	w.advance(26 * time.Hour)
	w.again(&w.helen)
	own := fmt.Sprintf("/requests/BW-%d", n)
	page := w.get(&w.helen, own).want(http.StatusOK)
	told := w.follow(&w.helen, w.submit(&w.helen, page, "waive", "reason", "The whole street had no power.")).words()
	for _, want := range []string{"Taken off the list of promises", "Waived by Helen Marsh: IT’s first response, because: The whole street had no power."} {
		if !strings.Contains(told, want) {
			t.Errorf("it does not say %q: %s", want, told)
		}
	}
}
