package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
)

// negotiation is a site with both its speakers, and a proposal of IT's that waits for the customer's signature.
type negotiation struct {
	ingrid, graham person
	p              contract.Proposal
}

func negotiate(w *world) negotiation {
	n := negotiation{
		ingrid: w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere}),
		graham: w.person("Graham Pell", "graham@norvik.example", w.org.ID, w.site.ID, auth.Grant{Role: auth.Signatory, Scope: auth.Site, ScopeID: w.site.ID}),
	}
	held := must(w, func() (agreement.Paper, error) {
		return w.book.InForce(ctx, w.db.Read(), w.org.ID, w.site.ID, w.clk.Now())
	})
	terms := held.Terms
	terms.GraceDays = 30
	n.p = must(w, func() (contract.Proposal, error) {
		return w.contracts.Propose(ctx, n.ingrid.Actor, contract.Input{
			Name: "Standard 2026", OrgID: w.org.ID, SiteID: w.site.ID, Service: held.ServiceCalendar, Customer: held.CustomerCalendar, Terms: terms,
			From: w.clk.Now().AddDate(0, 0, 7), Why: "Time enough to see that it works.",
		})
	})
	return n
}

// TestP11 lets scanners of mail fetch the link before the person it was sent to: nothing is decided by that, and the person decides.
func TestP11(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	link := "/approvals/" + n.p.AskID
	for _, agent := range []string{"Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0; SafeLinks)", "ProofpointURLDefense/1.0", "BarracudaCentral/1.0"} {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			for _, who := range []*person{nil, &n.graham} {
				w.do(who, method, link, "", nil, func(r *http.Request) { r.Header.Set("User-Agent", agent) })
			}
		}
	}
	if a := must(w, func() (approval.Ask, error) { return w.approvals.Get(ctx, n.graham.Actor, n.p.AskID) }); a.State != approval.Pending || len(a.Votes) != 1 {
		t.Fatalf("a scanner decided: %+v", a)
	}
	digest := must(w, n.p.Digest)
	if to := w.get(nil, link).want(http.StatusSeeOther).Header().Get("Location"); !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("without signing in the link leads to %s", to)
	}
	page := w.get(&n.graham, link).want(http.StatusOK).words()
	for _, want := range []string{"Standard 2026, version 1, for Leeds", "Ingrid Solberg", "Your decision", "I consent"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	w.post(&n.graham, link, "decision", "consent", "digest", digest).want(http.StatusSeeOther)
	if p := must(w, func() (contract.Proposal, error) { return w.contracts.Get(ctx, n.graham.Actor, n.p.ID) }); p.State != contract.Signed {
		t.Fatalf("%+v", p)
	}
	// again, it says what was decided
	again := w.post(&n.graham, link, "decision", "refuse", "reason", "Changed my mind.", "digest", digest).want(http.StatusConflict).words()
	if !strings.Contains(again, "You decided this on") || !strings.Contains(again, "you consented") {
		t.Error("a replay does not show the decision")
	}
}

func TestDecidingOnThePage(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	link, digest := "/approvals/"+n.p.AskID, must(w, n.p.Digest)
	for name, c := range map[string]struct {
		who    *person
		form   []string
		status int
		says   string
	}{
		"who has nothing to do with it":   {&w.helen, []string{"decision", "consent", "digest", digest}, http.StatusNotFound, "There is nothing"},
		"who signed already":              {&n.ingrid, []string{"decision", "consent", "digest", digest}, http.StatusConflict, "You decided this on"},
		"no choice":                       {&n.graham, []string{"digest", digest}, http.StatusUnprocessableEntity, "Choose one of the two"},
		"no reason":                       {&n.graham, []string{"decision", "refuse", "digest", digest}, http.StatusUnprocessableEntity, "Say why"},
		"something else than was shown":   {&n.graham, []string{"decision", "consent", "digest", "0"}, http.StatusPreconditionFailed, "What you saw is not what is asked"},
		"a form without what it is about": {&n.graham, []string{"decision", "consent"}, http.StatusPreconditionFailed, "What you saw is not what is asked"},
	} {
		if got := w.post(c.who, link, c.form...).want(c.status).words(); !strings.Contains(got, c.says) {
			t.Errorf("%s: the answer does not say %q", name, c.says)
		}
	}
	w.get(&w.helen, link).want(http.StatusNotFound) // a colleague has nothing to do with it
	list := w.get(&n.graham, "/approvals").want(http.StatusOK).words()
	if !strings.Contains(list, "Standard 2026, version 1, for Leeds") || !strings.Contains(list, "Asked by Ingrid Solberg") {
		t.Error("it is not in the list")
	}
	w.post(&n.graham, link, "decision", "refuse", "reason", "Fourteen days are enough.", "digest", digest).want(http.StatusSeeOther)
	if got := w.get(&n.ingrid, link).want(http.StatusOK).words(); !strings.Contains(got, "Fourteen days are enough.") || !strings.Contains(got, "Not approved") {
		t.Error("the reason is not told")
	}
}

func TestSomebodyElseDecidesMeanwhile(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	zone := must(w, func() (*time.Location, error) { return time.LoadLocation("Europe/London") })
	until := w.clk.Now().Add(48 * time.Hour).In(zone).Format("2006-01-02T15:04")
	for says, form := range map[string][]string{
		"There is nobody of that address": {"person", "nobody@norvik.example", "until", until},
		"Say until when":                  {"person", "helen@norvik.example"},
		"is no day and hour":              {"person", "helen@norvik.example", "until", "soon"},
		"This is you":                     {"person", "graham@norvik.example", "until", until},
	} {
		if got := w.post(&n.graham, "/approvals/delegations", form...).want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, says) {
			t.Errorf("%v does not say %q", form, says)
		}
	}
	w.post(&n.graham, "/approvals/delegations", "person", "helen@norvik.example", "until", until).want(http.StatusSeeOther)
	page := w.get(&w.helen, "/approvals/"+n.p.AskID).want(http.StatusOK).words()
	if !strings.Contains(page, "You decide for Graham Pell, delegated until") {
		t.Error("the page does not say for whom she decides")
	}
	w.post(&w.helen, "/approvals/"+n.p.AskID, "decision", "consent", "digest", must(w, n.p.Digest)).want(http.StatusSeeOther)
	if got := w.get(&n.ingrid, "/approvals/"+n.p.AskID).want(http.StatusOK).words(); !strings.Contains(got, "Helen Marsh for Graham Pell, delegated until") {
		t.Error("it does not say that Helen decided for Graham")
	}
}

func TestAnAgreementIsNegotiatedOnPages(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	at := "/agreements/proposals/" + n.p.ID
	page := w.get(&n.graham, at).want(http.StatusOK).words()
	for _, want := range []string{"Reopening: within 30 days, was within 14 days", "Sign or decline", "Answer with another proposal", "Time enough to see that it works.", "Between", "IT and Leeds"} {
		if !strings.Contains(page, want) {
			t.Errorf("the proposal does not say %q", want)
		}
	}
	if got := w.get(&w.helen, at).want(http.StatusOK).words(); strings.Contains(got, "Sign or decline") || strings.Contains(got, "Take this proposal back") {
		t.Error("who does not speak for the site is offered to sign")
	}
	// the customer's speaker answers with a proposal of their own
	form := w.get(&n.graham, "/agreements/new?agreement="+n.p.AgreementID+"&answers="+n.p.ID).want(http.StatusOK)
	if got := w.submit(&n.graham, form, "propose", "resolution.critical", "two hours").want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, "It is no length in hours") {
		t.Error("a length that is none is not named")
	}
	better := []string{"resolution.critical", "2", "prices", "One person, per month; 41.20; GBP", "why", "Two hours when everything stands still."}
	to := w.submit(&n.graham, form, "propose", better...).want(http.StatusSeeOther).Header().Get("Location")
	answer := w.get(&n.ingrid, strings.TrimSuffix(to, "?done=proposed")).want(http.StatusOK).words()
	for _, want := range []string{"Solution, critical: 2 working hours, was 4 working hours", "Price, One person, per month: 41.20 GBP, new", "proposed by Leeds"} {
		if !strings.Contains(answer, want) {
			t.Errorf("the answer does not say %q", want)
		}
	}
	if got := w.get(&n.graham, at).want(http.StatusOK).words(); !strings.Contains(got, "Answered") {
		t.Error("what was answered still waits")
	}
	// nobody else gets at the form, nor does a forged one
	w.get(&w.helen, "/agreements/new?agreement="+n.p.AgreementID).want(http.StatusForbidden)
	w.submit(&w.helen, form, "propose", better...).want(http.StatusForbidden)
	stranger := w.person("Tina", "tina@elsewhere.example", must(w, func() (people.Organisation, error) {
		return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Elsewhere"})
	}).ID, "")
	w.get(&stranger, at).want(http.StatusNotFound)
	w.post(&stranger, at+"/withdraw", "reason", "x").want(http.StatusNotFound)
}

// TestWhatIfOnPages: who speaks for a side holds a proposal over the past, sees how far it is without a script, and reads the same figures.
func TestWhatIfOnPages(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	at := "/agreements/proposals/" + n.p.ID
	if got := w.get(&n.graham, at).want(http.StatusOK).words(); !strings.Contains(got, "What would have been") {
		t.Error("the proposal does not lead to what would have been")
	}
	if got := w.get(&w.helen, at).want(http.StatusOK).words(); strings.Contains(got, "What would have been") {
		t.Error("who does not speak for the site is led there")
	}
	w.get(&w.helen, at+"/what-if").want(http.StatusForbidden)
	form := w.get(&n.graham, at+"/what-if").want(http.StatusOK)
	if got := w.submit(&n.graham, form, "what-if", "from", "2026-02-30").want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, "is no day. Write it like 2026-01-31.") {
		t.Error("a day that is none is not named")
	}
	to := w.submit(&n.graham, form, "what-if").want(http.StatusSeeOther).Header().Get("Location")
	page := w.get(&n.ingrid, to).want(http.StatusOK)
	if got := page.words(); !strings.Contains(got, "Reading the history") || !strings.Contains(got, "See how far it is") || !strings.Contains(got, "Stop it") {
		t.Errorf("it does not say how far it is: %s", got)
	}
	w.get(&w.helen, to).want(http.StatusForbidden)
	w.post(&w.helen, to+"/stop").want(http.StatusForbidden)
	w.submit(&n.graham, page, "stop").want(http.StatusSeeOther)
	if got := w.get(&n.ingrid, to).want(http.StatusOK).words(); !strings.Contains(got, "It was stopped before it was complete") {
		t.Error("it does not say that it was stopped")
	}
	to = w.submit(&n.ingrid, form, "what-if").want(http.StatusSeeOther).Header().Get("Location")
	w.jobs.Handle(whatif.JobRun, w.whatIf.Work)
	if err := w.jobs.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	if got := w.get(&n.graham, to).want(http.StatusOK).words(); !strings.Contains(got, "Complete") || strings.Contains(got, "Reading the history") {
		t.Errorf("it is not complete: %s", got)
	}
	if got := w.get(&n.graham, at+"/what-if").want(http.StatusOK).words(); !strings.Contains(got, "Asked before") || !strings.Contains(got, "Stopped") {
		t.Error("what was asked before is not listed")
	}
}
