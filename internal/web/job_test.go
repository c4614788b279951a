package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/desk"
)

// TestTheMainJobByPage is the main job of the product done with forms alone: asked, a blocking question, answered, solved,
// confirmed. Every second of the ticket's life is somebody's.
func TestTheMainJobByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops when I dock my laptop")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	w.advance(20 * time.Minute)

	queue := w.get(&w.amara, "/desk").want(http.StatusOK)
	row := queue.doc().Find(`a[href="` + at + `"]`)
	if row.Length() != 1 || !strings.Contains(row.Text(), "VPN drops when I dock my laptop") || !strings.Contains(row.Text(), "Helen Marsh") {
		t.Fatalf("the queue does not show the ticket: %s", queue.words())
	}
	page := w.get(&w.amara, at).want(http.StatusOK)
	page = w.follow(&w.amara, w.submit(&w.amara, page, "take"))
	if got := w.ticket(n); got.AssigneeID != w.amara.PersonID {
		t.Fatal("the ticket was not taken")
	}
	sent := w.follow(&w.amara, w.submit(&w.amara, page, "reply", "body", "Is 11:30 good for you?", "after", "customer", "need", "a yes or no", "due", "2026-01-12T11:15"))
	if got := w.ticket(n); got.State != desk.WaitingForCustomer {
		t.Fatalf("after the question: %v\n%s", got, sent.words())
	}
	for _, want := range []string{"Helen’s turn", "We need a yes or no; Mon 12 Jan, 11:15 UTC would help us most", "Amara Okafor took it"} {
		if !strings.Contains(sent.words(), want) {
			t.Errorf("the agent's page does not say %q: %s", want, sent.words())
		}
	}
	w.advance(30 * time.Minute)

	home := w.get(&w.helen, "/").want(http.StatusOK)
	for _, want := range []string{"Waiting on you", "We need a yes or no", "If we hear nothing we remind you on", "Nothing is lost; one word reopens it."} {
		if !strings.Contains(home.words(), want) {
			t.Errorf("home does not say %q: %s", want, home.words())
		}
	}
	request := w.get(&w.helen, fmt.Sprintf("/requests/BW-%d", n)).want(http.StatusOK)
	if !strings.Contains(request.words(), "Amara Okafor needs a yes or no by") || !strings.Contains(request.words(), "your turn now") {
		t.Errorf("the request does not say what is needed: %s", request.words())
	}
	thanks := w.follow(&w.helen, w.submit(&w.helen, request, "answer", "body", "Yes, that suits me."))
	if got := w.ticket(n); got.State != desk.InProgress || !strings.Contains(thanks.words(), "It is our turn: we reply by") {
		t.Fatalf("after the answer: %v\n%s", got, thanks.words())
	}
	w.advance(10 * time.Minute)

	page = w.get(&w.amara, at).want(http.StatusOK)
	w.follow(&w.amara, w.submit(&w.amara, page, "resolve", "body", "Your laptop has a new driver."))
	if got := w.ticket(n); got.State != desk.Resolved {
		t.Fatalf("after the solution: %v", got)
	}
	w.advance(40 * time.Minute)
	request = w.get(&w.helen, fmt.Sprintf("/requests/BW-%d", n))
	closed := w.follow(&w.helen, w.submit(&w.helen, request, "confirm"))
	if got := w.ticket(n); got.State != desk.Closed || !strings.Contains(closed.words(), "This request is closed") {
		t.Fatalf("after the confirmation: %v\n%s", got, closed.words())
	}
	if got, want := w.turns(n), "provider 1200, customer 1800, provider 600, customer 2400, nobody 0"; got != want {
		t.Fatalf("turns: %s, want %s", got, want)
	}
}
