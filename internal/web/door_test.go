package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
)

// TestTheSecondDoorHasAQueueOfItsOwn: what went in there is in no part of the desk's queue, its people have views of it with counts,
// and everybody else in IT one line, so that nothing waits there unseen.
func TestTheSecondDoorHasAQueueOfItsOwn(t *testing.T) {
	w := newWorld(t)
	ingrid := w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	w.ask(&w.helen, "VPN drops")
	page := w.get(&w.helen, "/levels").want(http.StatusOK)
	w.follow(&w.helen, w.submit(&w.helen, page, "write", "matter", "price", "subject", "What do longer hours cost?", "body", "Until 20:00."))
	w.advance(time.Minute)
	if got := w.get(&ingrid, "/desk").words(); !strings.Contains(got, "VPN drops") || strings.Contains(got, "longer hours") || !strings.Contains(got, "Second door 1") || !strings.Contains(got, "Due within a day 1") {
		t.Errorf("the desk's queue: %s", got)
	}
	queue := w.get(&ingrid, "/desk?q=door%3Alevels").want(http.StatusOK)
	if got := queue.words(); strings.Contains(got, "VPN drops") || !strings.Contains(got, "longer hours") {
		t.Errorf("the second door's queue: %s", got)
	}
	for _, q := range []string{"matter%3Aprice", "door%3Alevels+matter%3Aprice,level", "-door%3Adesk"} {
		if got := w.get(&ingrid, "/desk?q="+q).want(http.StatusOK).words(); strings.Contains(got, "VPN drops") || !strings.Contains(got, "longer hours") {
			t.Errorf("%s: %s", q, got)
		}
	}
	if got := w.get(&w.amara, "/desk").words(); strings.Contains(got, "longer hours") || !strings.Contains(got, "Second door 1") || strings.Contains(got, "Due within a day") {
		t.Errorf("an agent's: %s", got)
	}
	if csv := w.get(&w.amara, "/desk/export.csv").Body.String(); strings.Contains(csv, "longer hours") || !strings.Contains(csv, "VPN drops") {
		t.Errorf("the file: %s", csv)
	}
	beside := w.get(&ingrid, "/desk/tickets/BW-1002").want(http.StatusOK)
	if got := strings.ReplaceAll(beside.words(), " ", ""); !strings.Contains(got, "SeconddoorOurturnHMWhatdolongerhourscost?") || !strings.Contains(got, "About:Price") {
		t.Errorf("beside it: %s", got)
	}
}

// TestATicketGoesThroughTheOtherDoor: one step on its page; the customer reads who has it, the page of doors counts it.
func TestATicketGoesThroughTheOtherDoor(t *testing.T) {
	m := newMoves(t)
	m.person("Ingrid Solberg", "ingrid@it.example", m.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	m.move(m.n, "pass", "Passed to the other door.")
	if k := m.ticket(m.n); desk.DoorOf(k) != desk.DoorLevels {
		t.Fatalf("it is at %s", desk.DoorOf(k))
	}
	if got := m.get(&m.amara, m.at(m.n)).words(); !strings.Contains(got, "Amara Okafor passed it from the service desk to service level management. No clock began anew.") {
		t.Errorf("IT reads %s", got)
	}
	if got := m.get(&m.helen, "/requests/BW-1002").words(); !strings.Contains(got, "Passed from the service desk to service level management, with everything that was said. No clock began anew.") || strings.Contains(got, "Passed to Service level management") {
		t.Errorf("Helen reads %s", got)
	}
	m.move(m.n, "pass", "Passed to the other door.", "body", "She means her printer.")
	if got := m.get(&m.amara, m.at(m.n)).words(); !strings.Contains(got, "She means her printer.") {
		t.Errorf("the note: %s", got)
	}
	if got := m.get(&m.helen, "/requests/BW-1002").words(); strings.Contains(got, "She means her printer.") {
		t.Error("Helen reads the note")
	}
	page := m.get(&m.amara, "/desk/doors").want(http.StatusOK)
	if got := page.words(); !strings.Contains(got, "1 To service level management") || !strings.Contains(got, "1 To the service desk") || !strings.Contains(got, "VPN drops") {
		t.Errorf("the doors: %s", got)
	}
	m.get(&m.amara, "/desk/doors?days=365").want(http.StatusOK)
	m.get(&m.helen, "/desk/doors").want(http.StatusNotFound)
}
