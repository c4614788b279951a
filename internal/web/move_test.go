package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
)

// moves is a ticket that staff move about, with another to join it to and a team to pass it to.
type moves struct {
	*world
	n, other int64
	network  people.Team
}

func newMoves(t *testing.T) *moves {
	m := &moves{world: newWorld(t)}
	m.network = must(m.world, func() (people.Team, error) {
		return m.peo.CreateTeam(ctx, auth.SystemActor(), people.TeamInput{Name: "Network", Kind: people.EnterpriseTeam})
	})
	m.other, m.n = m.ask(&m.helen, "Dock"), m.ask(&m.helen, "VPN drops")
	m.advance(time.Minute)
	return m
}

func (m *moves) at(n int64) string { return fmt.Sprintf("/desk/tickets/BW-%d", n) }

// move fills a form of the ticket's page as staff do, and reads the page that it leads to.
func (m *moves) move(n int64, form, says string, pairs ...string) answer {
	m.t.Helper()
	m.advance(time.Minute)
	page := m.follow(&m.amara, m.submit(&m.amara, m.get(&m.amara, m.at(n)).want(http.StatusOK), form, pairs...)).want(http.StatusOK)
	if !strings.Contains(page.words(), says) {
		m.t.Errorf("after %s the page does not say %q: %s", form, says, page.words())
	}
	return page
}

// TestEveryMoveByItsForm does each move by the form that its page offers, and looks at the ticket.
func TestEveryMoveByItsForm(t *testing.T) {
	t.Parallel()
	m := newMoves(t)
	m.move(m.n, "hand-over", "Handed over.", "team", m.network.ID, "body", "Port 4 flaps.")
	if k := m.ticket(m.n); k.TeamID != m.network.ID {
		t.Errorf("handed over: %v", k.TeamID)
	}
	m.move(m.n, "hand-over", "Handed over.", "team", m.base.Desk.ID, "person", m.amara.PersonID, "body", "Back to you.")
	if k := m.ticket(m.n); k.AssigneeID != m.amara.PersonID {
		t.Errorf("handed to Amara: %v", k.AssigneeID)
	}
	m.move(m.n, "tags", "The tags are kept.", "tags", "dock, VPN")
	if tags := must(m.world, func() ([]string, error) { return m.desk.Tags(ctx, m.amara.Actor, m.n) }); !slices.Equal(tags, []string{"dock", "VPN"}) {
		t.Errorf("tags: %v", tags)
	}
	m.move(m.n, "tags", "The tags are kept.", "tags", "VPN")
	if tags := must(m.world, func() ([]string, error) { return m.desk.Tags(ctx, m.amara.Actor, m.n) }); !slices.Equal(tags, []string{"VPN"}) {
		t.Errorf("a tag taken away: %v", tags)
	}
	m.move(m.n, "link", fmt.Sprintf("BW-%d, follows", m.other), "other", desk.Ref(m.other), "kind", "follows")
	m.move(m.n, "unlink", "The link is gone.", "other", desk.Ref(m.other))
	if got := m.get(&m.amara, m.at(m.n)).doc().Find("form#unlink").Length(); got != 0 {
		t.Errorf("a link is left")
	}
	page := m.get(&m.amara, m.at(m.n))
	first := page.doc().Find("form#split [name^='messages.']").First().AttrOr("name", "")
	m.advance(time.Minute)
	made := m.post(&m.amara, m.at(m.n)+"/split", "subject", "A mouse", first, "on").want(http.StatusSeeOther)
	if to := m.follow(&m.amara, made).words(); !strings.Contains(to, "A mouse") || !strings.Contains(to, "A new ticket, begun with what was said.") || strings.Contains(made.Header().Get("Location"), desk.Ref(m.n)) {
		t.Errorf("split led to %s: %s", made.Header().Get("Location"), to)
	}
	m.move(m.n, "merge", "Merged. Both go on as one.", "into", desk.Ref(m.other))
	if k := m.ticket(m.n); k.State != desk.Merged {
		t.Errorf("merged: %v", k.State)
	}
	m.move(m.n, "unmerge", "It goes on by itself again.")
	if k := m.ticket(m.n); k.State == desk.Merged || k.TurnSide != "provider" {
		t.Errorf("unmerged: %v", k)
	}
	m.move(m.n, "wait-proposal", "Asked. The turn moves when it has arrived.", "until", "2026-01-20T10:00", "body", "May it wait for the dock?")
	if k := m.ticket(m.n); k.State != desk.WaitingForCustomer {
		t.Errorf("a wait was proposed: %v", k.State)
	}
	own := fmt.Sprintf("/requests/BW-%d", m.n)
	yes := m.get(&m.helen, own).doc().Find("form[action='" + own + "/agree-wait']")
	if yes.Length() != 1 {
		t.Fatalf("Helen is offered %d ways to say yes", yes.Length())
	}
	m.post(&m.helen, own+"/agree-wait").want(http.StatusSeeOther)
	if k := m.ticket(m.n); k.State != desk.Scheduled {
		t.Errorf("agreed: %v", k.State)
	}
	if w := m.get(&m.helen, fmt.Sprintf("/requests/BW-%d", m.n)).words(); strings.Contains(w, "Port 4 flaps") || strings.Contains(w, "Tag") {
		t.Errorf("the customer reads what is IT's: %s", w)
	}
}

// TestAMoveThatCanNotBeTakenComesBack: 422 with the fault at its field, what was typed in it, and nothing written.
func TestAMoveThatCanNotBeTakenComesBack(t *testing.T) {
	t.Parallel()
	m := newMoves(t)
	theirs := m.person("Tara Quist", "tara@twin.example", m.org.ID, "")
	closed := m.ask(&theirs, "Theirs")
	rui := m.person("Rui Costa", "rui@it.example", m.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Team, ScopeID: m.network.ID})
	m.post(&m.amara, m.at(m.n)+"/assign", "team", m.network.ID).want(http.StatusSeeOther)
	before := m.events()
	for _, c := range []struct {
		as          *person
		form, field string
		send        []string
		says        string
	}{
		{&m.amara, "hand-over", "body", []string{"team", m.base.Desk.ID, "body", " "}, ""},
		{&m.amara, "hand-over", "team", []string{"team", "no-such-team", "body", "x"}, ""},
		{&m.amara, "merge", "into", []string{"into", "BW-4711"}, "There is no ticket of this number"},
		{&m.amara, "merge", "into", []string{"into", "twelve"}, ""},
		{&m.amara, "merge", "into", []string{"into", desk.Ref(m.n)}, ""},
		{&rui, "merge", "into", []string{"into", desk.Ref(closed)}, "There is no ticket of this number"}, // there is; he cannot see it
		{&m.amara, "link", "other", []string{"other", "BW-4711"}, "There is no ticket of this number"},
		{&rui, "link", "other", []string{"other", desk.Ref(closed)}, "There is no ticket of this number"},
		{&m.amara, "split", "subject", []string{"subject", " "}, ""},
		{&m.amara, "split", "messages", []string{"subject", "x"}, ""},
		{&m.amara, "tags", "tags", []string{"tags", strings.Repeat("long ", 60)}, ""},
		{&m.amara, "wait-proposal", "until", []string{"until", "2026-01-01T10:00"}, "It is not between now and 90 days from now."},
		{&m.amara, "wait-proposal", "until", []string{"until", "some day"}, "is no day and hour"},
		{&m.amara, "wait", "until", []string{"until", "", "kind", "plan"}, ""},
		{&m.amara, "time", "minutes", []string{"minutes", "an hour", "kind", "work"}, "is no number of minutes"},
		{&m.amara, "call", "body", []string{"body", "", "said", "theirs", "channel", "phone"}, ""},
	} {
		a := m.post(c.as, m.at(m.n)+"/"+c.form, c.send...)
		if a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s %v: %d: %s", c.form, c.send, a.Code, a.words())
			continue
		}
		doc := a.doc()
		at := doc.Find("#" + c.form + "-" + c.field + "-error")
		if at.Length() != 1 || !strings.Contains(at.Text(), c.says) || doc.Find(".summary-err").Length() != 1 {
			t.Errorf("%s %v: %q at %s, %q on top", c.form, c.send, at.Text(), c.field, doc.Find(".summary-err").Text())
		}
		for i := 0; i+1 < len(c.send); i += 2 {
			in := doc.Find("form#" + c.form + " [name='" + c.send[i] + "']")
			got := in.AttrOr("value", strings.TrimSpace(in.Text()))
			if in.Is("select") || in.Is("[type=radio]") || in.Is("[type=checkbox]") || in.Length() == 0 {
				continue
			}
			if strings.TrimSpace(got) != strings.TrimSpace(c.send[i+1]) {
				t.Errorf("%s: %q holds %q, %q was typed", c.form, c.send[i], got, c.send[i+1])
			}
		}
	}
	m.post(&m.amara, m.at(m.n)+"/split", "subject", "x", "messages.nothing-like-this", "on").want(http.StatusNotFound) // no page offers it
	for form, send := range map[string][]string{"unmerge": nil, "unlink": {"other", desk.Ref(m.other)}} {              // nothing to take back
		if a := m.post(&m.amara, m.at(m.n)+"/"+form, send...); a.Code != http.StatusConflict && a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", form, a.Code)
		}
	}
	if m.events() != before {
		t.Error("something was written")
	}
}

// TestAMoveOnAnOldPageIsNotMade: what the customer or a colleague did meanwhile is shown first, for every move that it may change.
func TestAMoveOnAnOldPageIsNotMade(t *testing.T) {
	t.Parallel()
	m := newMoves(t)
	kofi := m.person("Kofi Mensah", "kofi@it.example", m.base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	page := m.get(&m.amara, m.at(m.n))
	m.advance(time.Minute)
	m.post(&m.helen, fmt.Sprintf("/requests/BW-%d/message", m.n), "body", "Stop, it is the cable!").want(http.StatusSeeOther)
	m.post(&kofi, m.at(m.n)+"/take").want(http.StatusSeeOther)
	before := m.events()
	for form, send := range map[string][]string{
		"hand-over": {"team", m.network.ID, "body", "Port 4 flaps."}, "wait-proposal": {"until", "2026-01-20T10:00"}, "wait": {"until", "2026-01-20T10:00", "kind", "plan"}, "resolve": {"body", "Done."},
	} {
		back := m.submit(&m.amara, page, form, send...).want(http.StatusPreconditionFailed)
		if got := back.words(); !strings.Contains(got, "Since you opened this page") || !strings.Contains(got, "Stop, it is the cable!") || !strings.Contains(got, "Kofi Mensah") {
			t.Errorf("%s: %s", form, got)
		}
		if form == "hand-over" && !strings.Contains(back.doc().Find("form#hand-over").Text(), "Port 4 flaps.") {
			t.Error("the note of the hand-over is gone")
		}
	}
	if m.events() != before {
		t.Error("something was written")
	}
	// What does not depend on it goes through: tags, links, time.
	m.submit(&m.amara, page, "tags", "tags", "cable").want(http.StatusSeeOther)
	m.submit(&m.amara, page, "link", "other", desk.Ref(m.other)).want(http.StatusSeeOther)
	m.submit(&m.amara, page, "time", "minutes", "5").want(http.StatusSeeOther)
	// Two who merge at once: the second is told, and nothing is done twice.
	m.submit(&m.amara, page, "merge", "into", desk.Ref(m.other)).want(http.StatusSeeOther)
	if a := m.submit(&m.amara, page, "merge", "into", desk.Ref(m.other)); a.Code != http.StatusConflict && a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusPreconditionFailed {
		t.Errorf("merged twice: %d", a.Code)
	}
}

// TestMovesAreNotACustomers: for them there is no such address, with every form filled as staff would, and on their own ticket.
func TestMovesAreNotACustomers(t *testing.T) {
	t.Parallel()
	m := newMoves(t)
	contact := m.person("Cora Tact", "cora@norvik.example", m.org.ID, m.site.ID, auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: m.site.ID})
	before := m.events()
	for form, send := range map[string][]string{
		"hand-over": {"team", m.network.ID, "body", "x"}, "merge": {"into", desk.Ref(m.other)}, "unmerge": nil, "split": {"subject", "x"}, "link": {"other", desk.Ref(m.other)}, "unlink": {"other", desk.Ref(m.other)},
		"tags": {"tags", "x"}, "wait": {"until", "2026-01-20T10:00", "kind", "plan"}, "wait-proposal": {"until", "2026-01-20T10:00"}, "call": {"body", "x"}, "time": {"minutes", "5"}, "assign": {"team", m.network.ID}, "take": nil,
		"not-a-ticket": {"reason", "x"}, "is-a-ticket": nil, "looked-at": nil, "priority": {"impact", "high"}, "fields": {"subject", "x"}, "supplier": {"supplier", "x"}, "waive": {"reason", "x"}, "watch": {"person", "x@y.example"}, "note": {"body", "x"},
	} {
		for _, who := range []*person{&m.helen, &contact} {
			theirs, none := m.post(who, m.at(m.n)+"/"+form, send...).want(http.StatusNotFound), m.post(who, m.at(999_999)+"/"+form, send...).want(http.StatusNotFound)
			if theirs.Body.String() != none.Body.String() {
				t.Errorf("%s tells that the ticket exists", form)
			}
		}
	}
	for _, form := range []string{"hand-over", "merge", "split", "tags"} {
		m.post(&m.helen, fmt.Sprintf("/requests/BW-%d/%s", m.n, form), "body", "x").want(http.StatusNotFound)
	}
	m.get(&m.helen, fmt.Sprintf("/requests/BW-%d", m.n)).want(http.StatusOK).doc().Find("form").Each(func(_ int, f *goquery.Selection) {
		if strings.Contains(f.AttrOr("action", ""), "/desk") {
			t.Errorf("the customer's page has the form %s", f.AttrOr("action", ""))
		}
	})
	if m.events() != before {
		t.Error("something was written")
	}
}
