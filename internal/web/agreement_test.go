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
	"bothways/internal/catalog"
)

// offered makes a service that is offered to everybody.
func (w *world) offered(name string) catalog.Service {
	w.t.Helper()
	return must(w, func() (catalog.Service, error) {
		return catalog.New(w.db, w.clk, w.peo).Put(ctx, auth.SystemActor(), catalog.Input{Name: name, OwnerID: w.amara.PersonID})
	})
}

// wrongAt is what the page says at a field.
func wrongAt(a answer, field string) string {
	return strings.Join(strings.Fields(a.doc().Find(`[id="propose-`+field+`-error"]`).Text()), " ")
}

// TestWhatAVersionCannotSay: each is refused at its field, with what to do, and nothing that was typed is lost.
func TestWhatAVersionCannotSay(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	w.offered("E-mail")
	digest := must(w, n.p.Digest)
	must(w, func() (approval.Ask, error) {
		return w.approvals.Vote(ctx, n.graham.Actor, n.p.AskID, approval.Ballot{Consent: true, Digest: digest})
	})
	form := w.get(&n.ingrid, "/agreements/new?agreement="+n.p.AgreementID).want(http.StatusOK)
	zone := "2006-01-02T15:04"
	for _, c := range []struct{ field, value, says string }{
		{"from", n.p.From.Add(-24 * time.Hour).Format(zone), "It overlaps: the version before it is in force from"},
		{"from", w.clk.Now().Add(-time.Hour).Format(zone), "This time has passed."},
		{"from", "", "Say from when it is in force."},
		{"service_calendar", "", "The targets of IT have no calendar"},
		{"customer_calendar", "", "The targets of the customer have no calendar"},
		{"review", w.clk.Now().AddDate(0, 0, -1).Format(zone), "The review is in the past."},
		{"until", w.clk.Now().AddDate(0, 0, -1).Format(zone), "The end of the term is in the past."},
		{"resolution.high", "99999", "It is no length in hours."},
		{"resolution.high", "9999", "A target is 1 second to"},
		{"levels.first_response", "soon", "It is no length in hours."},
		{"own", "E-mail; solution; high", "Line 1: \"high\" is no length in hours."},
		{"own", "\nE-mail; joy; high; 4", "Line 2: \"joy\" is nothing that can be promised."},
		{"own", "Weather; solution; high; 4", "Line 1: There is no service \"Weather\" for this customer."},
		{"own", "E-mail; solution; 4\nE-mail; solution; every; 5", "Line 2: There are two targets for resolution"},
		{"covered", "Weather", "Line 1: There is no service \"Weather\""},
		{"teams", "Network; answer; 4", "Line 1: It is one of what the provider promises"},
		{"suppliers", "Brightline", "Line 1: write four things with semicolons between them"},
		{"prices", "A seat; 4.20; pounds", "It is a currency of three letters"},
	} {
		back := w.submit(&n.ingrid, form, "propose", c.field, c.value, "why", "Kept words.").want(http.StatusUnprocessableEntity)
		if got := wrongAt(back, c.field); !strings.Contains(got, c.says) {
			t.Errorf("%s = %q: %q, want %q", c.field, c.value, got, c.says)
		}
		if !strings.Contains(back.Body.String(), "Kept words.") {
			t.Errorf("%s: what was typed is lost", c.field)
		}
	}
	if all := must(w, func() ([]contract.Proposal, error) { return w.contracts.Of(ctx, n.ingrid.Actor, n.p.AgreementID) }); len(all) != 1 {
		t.Errorf("%d proposals", len(all))
	}
}

// TestAFormKeepsWhatItDoesNotShow: promises for services and for the second door, teams and suppliers go through the form unchanged.
func TestAFormKeepsWhatItDoesNotShow(t *testing.T) {
	w := newWorld(t)
	n := negotiate(w)
	mail := w.offered("E-mail")
	form := w.get(&n.graham, "/agreements/new?agreement="+n.p.AgreementID+"&answers="+n.p.ID).want(http.StatusOK)
	to := w.submit(&n.graham, form, "propose", "own", "e-mail; solution; high; 4\nE-mail; Answer; ; 2.5", "covered", "E-mail", "levels.first_response", "6", "teams", "Network; a solution; critical; 3", "suppliers", "Brightline Telecom; solution; 16").want(http.StatusSeeOther).Header().Get("Location")
	page := w.get(&n.ingrid, strings.TrimSuffix(to, "?done=proposed")).want(http.StatusOK).words()
	for _, want := range []string{
		"Solution, E-mail, high: 4 working hours, new", "Answer, E-mail: 2 hours 30 minutes of working time, new", "First reply, at the second door: 6 working hours, was 8 working hours",
		"Network, team: within 3 working hours when critical", "Brightline Telecom, supplier: within 16 working hours", "Services covered: E-mail, was all", "For ITNot signed yet", "SHA-256 of what was signed",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the proposal does not say %q: %s", want, page)
		}
	}
	all := must(w, func() ([]contract.Proposal, error) { return w.contracts.Of(ctx, n.graham.Actor, n.p.AgreementID) })
	again := w.get(&n.ingrid, "/agreements/new?agreement="+n.p.AgreementID+"&answers="+all[0].ID).want(http.StatusOK)
	w.submit(&n.ingrid, again, "propose", "grace_days", "15").want(http.StatusSeeOther)
	next := must(w, func() ([]contract.Proposal, error) { return w.contracts.Of(ctx, n.graham.Actor, n.p.AgreementID) })
	before, after := all[0].Paper(), next[0].Paper()
	names := w.contracts.Names(ctx, time.UTC)
	if got := contract.Differences(before, after, names); len(got) != 1 || !strings.HasPrefix(got[0], "Reopening") {
		t.Errorf("the form changed more than was typed: %q", got)
	}
	if got, ok := agreement.TargetFor(after.Terms.Targets, agreement.MetricResolution, agreement.PriorityHigh, mail.ID, agreement.DoorDesk); !ok || got.Seconds != 4*3600 {
		t.Errorf("for e-mail: %+v", got)
	}
}

// TestAServiceWithPromisesOfItsOwn: a customer is asked about services only where naming one matters; what is promised for it holds.
func TestAServiceWithPromisesOfItsOwn(t *testing.T) {
	w := newWorld(t)
	if got := w.get(&w.helen, "/requests/new").want(http.StatusOK); got.doc().Find(`[name="service"]`).Length() != 0 {
		t.Error("a service is asked for that changes nothing")
	}
	n := negotiate(w)
	mail := w.offered("E-mail")
	form := w.get(&n.graham, "/agreements/new?agreement="+n.p.AgreementID+"&answers="+n.p.ID).want(http.StatusOK)
	w.submit(&n.graham, form, "propose", "own", "E-mail; solution; 6").want(http.StatusSeeOther)
	all := must(w, func() ([]contract.Proposal, error) { return w.contracts.Of(ctx, n.ingrid.Actor, n.p.AgreementID) })
	digest := must(w, all[0].Digest)
	must(w, func() (approval.Ask, error) {
		return w.approvals.Vote(ctx, n.ingrid.Actor, all[0].AskID, approval.Ballot{Consent: true, Digest: digest})
	})
	w.clk.Advance(8 * 24 * time.Hour) // nobody here handles the job that looks at open tickets then
	w.again(&w.helen, &w.amara)
	page := w.get(&w.helen, "/requests/new").want(http.StatusOK)
	w.submit(&w.helen, page, "ask", "subject", "No mail", "service", mail.ID).want(http.StatusSeeOther)
	if k := w.ticket(1001); k.ServiceID != mail.ID {
		t.Fatalf("about %q", k.ServiceID)
	}
	if got := w.get(&w.helen, "/requests/BW-1001").words(); !strings.Contains(got, "a solution within 6 h") {
		t.Errorf("Helen reads %s", got)
	}
	if got := w.get(&w.helen, "/levels").words(); !strings.Contains(got, "E-mail") || !strings.Contains(got, "A solution within 6 h") {
		t.Errorf("her levels: %s", got)
	}
	desk := w.get(&w.amara, "/desk/tickets/BW-1001").want(http.StatusOK)
	if got := desk.words(); !strings.Contains(got, "Service: E-mail") && !strings.Contains(got, "ServiceE-mail") {
		t.Errorf("Amara reads %s", got)
	}
	after := w.follow(&w.amara, w.submit(&w.amara, desk, "fields", "service", "")).words()
	if !strings.Contains(after, "Amara Okafor took the service off it.") {
		t.Errorf("taken off: %s", after)
	}
	if k := w.ticket(1001); k.ServiceID != "" {
		t.Errorf("about %q", k.ServiceID)
	}
	if got := w.get(&w.amara, "/desk?q=service%3Ae-mail").words(); strings.Contains(got, "No mail") {
		t.Error("it is found by the service it was about")
	}
}
