package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/people"
)

// TestWhatIsNotSignedOnThePage: twice, by somebody who does not speak for a side, by a substitute before and after their dates, and what was
// answered with another proposal after one signature. Each is refused with words, and nothing is in force.
func TestWhatIsNotSignedOnThePage(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	deputy := w.person("Dora Lind", "dora@norvik.example", w.org.ID, w.site.ID)
	link, digest := "/approvals/"+n.p.AskID, must(w, n.p.Digest)
	sign := func(who *person, status int, says string) {
		t.Helper()
		if got := w.post(who, link, "decision", "consent", "digest", digest).want(status).words(); !strings.Contains(got, says) {
			t.Errorf("the answer does not say %q: %s", says, got)
		}
	}
	sign(&n.ingrid, http.StatusConflict, "You decided this on") // twice
	sign(&w.helen, http.StatusNotFound, "There is nothing")     // speaks for nobody
	sign(&w.amara, http.StatusNotFound, "There is nothing")     // nor for IT
	sign(&deputy, http.StatusNotFound, "There is nothing")      // before their dates
	from, until := w.clk.Now().Add(24*time.Hour), w.clk.Now().Add(48*time.Hour)
	must(w, func() (people.Absence, error) {
		return w.peo.AddAbsence(ctx, auth.SystemActor(), people.AbsenceInput{PersonID: n.graham.PersonID, SubstituteID: deputy.PersonID, From: from, Until: until})
	})
	sign(&deputy, http.StatusNotFound, "There is nothing")
	w.advance(30 * time.Hour)
	w.again(&deputy, &n.graham)
	if got := w.get(&deputy, link).want(http.StatusOK).words(); !strings.Contains(got, "You decide for Graham Pell") {
		t.Errorf("within their dates: %s", got)
	}
	w.advance(20 * time.Hour)
	w.again(&deputy, &n.graham, &n.ingrid)
	sign(&deputy, http.StatusNotFound, "There is nothing") // after their dates
	answered := must(w, func() (contract.Proposal, error) {
		terms := n.p.Terms
		terms.GraceDays = 40
		return w.contracts.Propose(ctx, n.graham.Actor, contract.Input{AgreementID: n.p.AgreementID, Service: n.p.Service, Customer: n.p.Customer, Terms: terms, From: n.p.From, Answers: n.p.ID})
	})
	sign(&n.graham, http.StatusConflict, "withdrawn") // what was signed once is not what is asked any more
	if got := w.post(&n.ingrid, "/approvals/"+answered.AskID, "decision", "consent", "digest", digest).want(http.StatusPreconditionFailed).words(); !strings.Contains(got, "What you saw is not what is asked") {
		t.Errorf("with the digest of the other: %s", got)
	}
	for _, x := range must(w, func() ([]contract.Proposal, error) { return w.contracts.Of(ctx, n.graham.Actor, n.p.AgreementID) }) {
		if x.State == contract.Signed {
			t.Errorf("version %d is in force", x.Number)
		}
	}
}
