package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
)

// TestAFormThatCanNotBeTakenComesBack: status 422, what was typed is kept, and the fault stands at its field and on top.
func TestAFormThatCanNotBeTakenComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at, own := fmt.Sprintf("/desk/tickets/BW-%d", n), fmt.Sprintf("/requests/BW-%d", n)
	before := w.events()
	for _, c := range []struct {
		as           *person
		path, formID string
		send         []string
		field, says  string
		status       int
	}{
		{&w.amara, at + "/reply", "reply", []string{"body", " ", "after", "ours"}, "body", "It is empty.", 422},
		{&w.amara, at + "/reply", "reply", []string{"body", "Which?", "after", "ours", "need", "the model"}, "after", "choose that it is the customer’s turn", 422},
		{&w.amara, at + "/reply", "reply", []string{"body", "Which?", "after", "customer", "due", "2026-01-11T10:00"}, "due", "It has passed already.", 422},
		{&w.amara, at + "/reply", "reply", []string{"body", "Which?", "after", "customer", "due", "tomorrow"}, "due", "is no day and hour", 422},
		{&w.amara, at + "/note", "note", []string{"body", ""}, "body", "It is empty.", 422},
		{&w.amara, at + "/resolve", "resolve", []string{"body", ""}, "body", "It is empty.", 422},
		{&w.amara, at + "/wait", "wait", []string{"until", "2026-01-20T10:00", "kind", "agreed", "reason", ""}, "reason", "Say how the customer agreed", 422},
		{&w.amara, at + "/link", "link", []string{"other", "BW-4711"}, "other", "There is no ticket of this number", 422},
		{&w.amara, at + "/watch", "watch", []string{"person", "nobody@x.example"}, "person", "There is nobody with the address", 422},
		{&w.amara, "/desk/tickets", "new", []string{"subject", "Printer", "requester", "no address", "body", "They rang."}, "requester", "is no mail address", 422},
		{&w.helen, "/requests", "ask", []string{"subject", " ", "body", ""}, "subject", "Say in one line what you need.", 422},
		{&w.helen, own + "/message", "message", []string{"body", ""}, "body", "It is empty.", 422},
		{&w.helen, own + "/confirm", "", []string{"body", ""}, "", "There is no solution of BW-1001 to confirm yet", 409},
		{&w.helen, own + "/return", "", []string{"body", "x"}, "", "No question of BW-1001 waits for you", 409},
	} {
		a := w.post(c.as, c.path, c.send...).want(c.status)
		doc := a.doc()
		if !strings.HasPrefix(doc.Find("title").Text(), "Error: ") && c.formID != "" {
			t.Errorf("%s: title %q", c.path, doc.Find("title").Text())
		}
		if c.formID == "" {
			if !strings.Contains(a.words(), c.says) {
				t.Errorf("%s: %s", c.path, a.words())
			}
			continue
		}
		f := doc.Find("form#" + c.formID)
		if c.field != "" && !strings.Contains(f.Find("#"+c.formID+"-"+c.field+"-error").Text(), c.says) || !strings.Contains(doc.Find(".summary-err").Text(), c.says) {
			t.Errorf("%s %v: at the field %q, on top %q", c.path, c.send, f.Find("#"+c.formID+"-"+c.field+"-error").Text(), doc.Find(".summary-err").Text())
		}
		for i := 0; i < len(c.send); i += 2 {
			in := f.Find("[name=" + c.send[i] + "]")
			got := in.AttrOr("value", strings.TrimSpace(in.Text()))
			if in.Is("select") {
				got = in.Find("option[selected]").AttrOr("value", "")
			}
			if strings.TrimSpace(got) != strings.TrimSpace(c.send[i+1]) {
				t.Errorf("%s: the field %q holds %q, %q was typed", c.path, c.send[i], got, c.send[i+1])
			}
		}
	}
	if w.events() != before {
		t.Error("something was written")
	}
}

// TestWhatHappenedMeanwhileIsShown: a reply to a page that is old is not sent; it comes back with what the customer wrote since,
// and goes when it is sent again. What the desk itself did meanwhile holds nothing up.
func TestWhatHappenedMeanwhileIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	page := w.get(&w.amara, at)
	w.advance(time.Minute)
	w.post(&w.helen, fmt.Sprintf("/requests/BW-%d/message", n), "body", "Stop, it is the cable!").want(http.StatusSeeOther)
	back := w.submit(&w.amara, page, "reply", "body", "Try a new dock.").want(http.StatusPreconditionFailed)
	if got := back.words(); !strings.Contains(got, "Since you opened this page") || !strings.Contains(got, "Helen Marsh wrote “Stop, it is the cable!”") {
		t.Fatalf("the page says: %s", got)
	}
	if got := strings.TrimSpace(back.doc().Find("form#reply textarea").Text()); got != "Try a new dock." {
		t.Fatalf("the text is %q", got)
	}
	w.submit(&w.amara, back, "note", "body", "She found it herself.").want(http.StatusSeeOther)
	w.submit(&w.amara, back, "reply", "body", "A new cable is on its way.").want(http.StatusSeeOther)
	kofi := w.person("Kofi Mensah", "kofi@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	page = w.get(&w.amara, at)
	w.post(&kofi, at+"/take").want(http.StatusSeeOther)
	if got := w.submit(&w.amara, page, "take").want(http.StatusPreconditionFailed).words(); !strings.Contains(got, "Kofi Mensah took it.") {
		t.Errorf("taken twice: %s", got)
	}
}

// TestAnAnswerIsAboutItsQuestion: an answer of one tap to a question that another has replaced is not taken for the new one's.
func TestAnAnswerIsAboutItsQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d/reply", n)
	w.post(&w.amara, at, "body", "Is 11:30 good?", "after", "customer", "need", "a yes or no").want(http.StatusSeeOther)
	home := w.get(&w.helen, "/")
	if home.doc().Find("form.quick").Length() != 1 {
		t.Fatal("there is no short answer")
	}
	about := home.doc().Find("form[action$='/answer'] input[name=about]").First().AttrOr("value", "")
	w.post(&w.helen, fmt.Sprintf("/requests/BW-%d/answer", n), "body", "Yes.", "about", about).want(http.StatusSeeOther)
	w.post(&w.amara, at, "body", "May we wipe it?", "after", "customer", "need", "a yes or no").want(http.StatusSeeOther)
	back := w.post(&w.helen, fmt.Sprintf("/requests/BW-%d/answer", n), "body", "Yes.", "about", about).want(http.StatusPreconditionFailed)
	if got := back.words(); !strings.Contains(got, "What we ask has changed since you opened this page") || !strings.Contains(got, "May we wipe it?") {
		t.Errorf("the page says: %s", got)
	}
	if got := w.ticket(n); got.State != desk.WaitingForCustomer {
		t.Errorf("the old answer counted: %v", got)
	}
}

// TestEveryActOfTheWorkspace does by form what staff can do, and looks at the ticket each time.
func TestEveryActOfTheWorkspace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sys := auth.SystemActor()
	network := must(w, func() (people.Team, error) {
		return w.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Network", Kind: people.EnterpriseTeam})
	})
	line := must(w, func() (people.Team, error) {
		return w.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Brightline", Kind: people.SupplierTeam})
	})
	lead := w.person("Site Lead", "lead@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.SiteITLead, Scope: auth.Everywhere})
	owen := w.person("Owen Clarke", "owen@norvik.example", w.org.ID, w.site.ID)
	other, n := w.ask(&w.helen, "Dock"), w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	act := func(as *person, form string, says string, pairs ...string) desk.Ticket {
		t.Helper()
		w.advance(time.Minute)
		page := w.follow(as, w.submit(as, w.get(as, at).want(http.StatusOK), form, pairs...)).want(http.StatusOK)
		if !strings.Contains(page.words(), says) {
			t.Errorf("after %s the page does not say %q: %s", form, says, page.words())
		}
		return w.ticket(n)
	}
	if got := act(&w.amara, "priority", "Priority is now high, it was medium.", "impact", "high", "urgency", "medium"); got.Priority != "high" {
		t.Errorf("priority: %v", got.Priority)
	}
	if got := act(&w.amara, "assign", "passed it from Service desk to Network.", "team", network.ID); got.TeamID != network.ID {
		t.Errorf("team: %v", got.TeamID)
	}
	if got := act(&w.amara, "supplier", "Brightline’s turn.", "supplier", line.ID); got.State != desk.WaitingForSupplier {
		t.Errorf("supplier: %v", got)
	}
	if got := act(&w.amara, "supplier-answered", "Brightline"); got.State == desk.WaitingForSupplier {
		t.Errorf("supplier answered: %v", got)
	}
	if got := act(&w.amara, "wait", "Nobody’s turn. Agreed to wait until Tue 20 Jan, 10:00 UTC.", "kind", "agreed", "until", "2026-01-20T10:00", "reason", "on the phone"); got.State != desk.Scheduled {
		t.Errorf("wait: %v", got)
	}
	if got := act(&w.amara, "end-wait", "The wait ended early."); got.State == desk.Scheduled {
		t.Errorf("end of the wait: %v", got)
	}
	act(&w.amara, "wait", "plans it for Tue 20 Jan, 10:00 UTC. IT’s clock runs on.", "kind", "plan", "until", "2026-01-20T10:00")
	act(&w.amara, "link", fmt.Sprintf("BW-%d, related", other), "other", desk.Ref(other))
	act(&w.amara, "watch", "Owen Clarke follows it now.", "person", owen.address)
	w.get(&owen, fmt.Sprintf("/requests/BW-%d", n)).want(http.StatusOK)
	act(&w.amara, "unwatch", "Owen Clarke does not follow it any more.", "person", owen.address)
	w.get(&owen, fmt.Sprintf("/requests/BW-%d", n)).want(http.StatusNotFound)
	act(&w.amara, "reply", "Helen’s turn.", "body", "Which dock?", "after", "customer", "need", "the model")
	w.advance(time.Hour)
	w.post(&w.helen, fmt.Sprintf("/requests/BW-%d/message", n), "body", "Thanks for asking").want(http.StatusSeeOther)
	if page := w.get(&w.amara, at); page.doc().Find("form#no-turn option").Length() > 0 {
		if got := act(&w.amara, "no-turn", "marked a message as one that moves no turn."); got.State != desk.WaitingForCustomer {
			t.Errorf("no turn: %v", got)
		}
	}
	act(&w.amara, "dispute", "is challenged.", "reason", "Counted on a holiday.")
	if page := w.get(&w.amara, at); page.doc().Find("form#waive").Length() != 0 {
		t.Error("an agent is offered to waive")
	}
	if page := w.get(&lead, at); page.doc().Find("form#waive option").Length() != 7 || strings.Contains(page.doc().Find("form#waive").Text(), "IT:") {
		t.Errorf("IT is offered to let itself off: %s", page.doc().Find("form#waive").Text())
	}
	act(&lead, "waive", "Site Lead took an answer off the list of promises.", "reason", "Flood at the site.")
	if got := act(&w.amara, "resolve", "Asked whether it works now.", "body", "New firmware."); got.State != desk.Resolved {
		t.Errorf("resolved: %v", got)
	}
	w.advance(time.Hour)
	own := fmt.Sprintf("/requests/BW-%d", n)
	if got := w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, own), "reject", "body", "Still drops.")).words(); !strings.Contains(got, "It is our turn") || w.ticket(n).State == desk.Resolved {
		t.Errorf("rejected: %s", got)
	}
	w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, own), "withdraw", "body", "Never mind."))
	if got := w.ticket(n); got.State != desk.Withdrawn {
		t.Errorf("withdrawn: %v", got)
	}
	w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, own), "reopen", "body", "It is back."))
	if got := w.ticket(n); !got.Open {
		t.Errorf("reopened: %v", got)
	}
}

// TestANewTicketForSomebodyWhoRang: staff write it down, for a known address or a new one, and it reaches a team.
func TestANewTicketForSomebodyWhoRang(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.get(&w.amara, "/desk/tickets/new").want(http.StatusOK)
	made := w.follow(&w.amara, w.submit(&w.amara, page, "new", "requester", "helen@norvik.example", "subject", "Rang about the VPN", "body", "Drops.", "kind", "question"))
	if got := made.words(); !strings.Contains(got, "Rang about the VPN") || !strings.Contains(got, "Helen Marsh") || !strings.Contains(got, "Question") {
		t.Errorf("the page says: %s", got)
	}
	if got := w.get(&w.helen, "/").words(); !strings.Contains(got, "Rang about the VPN") {
		t.Errorf("Helen's home: %s", got)
	}
	w.submit(&w.amara, page, "new", "requester", "stranger@else.example", "subject", "Who are you?").want(http.StatusSeeOther)
	n := int64(1002)
	if got := w.follow(&w.amara, w.submit(&w.amara, w.get(&w.amara, "/desk/tickets/"+desk.Ref(n)), "not-a-ticket", "reason", "Advertising.")).words(); !strings.Contains(got, "Set aside: it was no request.") {
		t.Errorf("set aside: %s", got)
	}
}

// TestAQuestionGivenBack: the time since it was asked was IT's.
func TestAQuestionGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	w.post(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", "Your serial?", "after", "customer", "need", "the serial").want(http.StatusSeeOther)
	w.advance(2 * time.Hour)
	own := fmt.Sprintf("/requests/BW-%d", n)
	page := w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, own), "return", "body", "In my first mail."))
	if got := w.turns(n); got != "provider 7200" || !strings.Contains(page.words(), "You gave the question back") {
		t.Errorf("turns %s: %s", got, page.words())
	}
}

// TestTimesAreTheReaders: the same instant in the zone of who reads.
func TestTimesAreTheReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	turku := must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: w.org.ID, Name: "Turku", Zone: "Europe/Helsinki", Region: "north"})
	})
	aino := w.person("Aino Laine", "aino@norvik.example", w.org.ID, turku.ID)
	n := w.ask(&aino, "Badge reader")
	if got := w.get(&aino, fmt.Sprintf("/requests/BW-%d", n)).words(); !strings.Contains(got, "Mon 12 Jan, 11:00 EET") || !strings.Contains(got, "we reply by 15:00 today") {
		t.Errorf("Aino reads: %s", got)
	}
	if got := w.get(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d", n)).words(); !strings.Contains(got, "Turku · 11:00 there") || !strings.Contains(got, "Reply by 13:00") {
		t.Errorf("Amara reads: %s", got)
	}
}
