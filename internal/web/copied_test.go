package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestWhomAMailNamesIsShownBeforeAnAnswer: staff read on the ticket's page that somebody was named and does not get the answer yet,
// and in its history that they were; the customer's page says nothing of it, and who waits finds no ticket.
func TestWhomAMailNamesIsShownBeforeAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owen := w.person("Owen Clarke", "owen@norvik.example", w.org.ID, w.site.ID)
	n := w.arrive([]byte("From: Helen Marsh <helen@norvik.example>\r\nTo: desk@norvik.example\r\nCc: Owen Clarke <owen@norvik.example>\r\nSubject: VPN drops\r\nMessage-ID: <cc@norvik.example>\r\n\r\nSince Monday.\r\n"))
	at, own := fmt.Sprintf("/desk/tickets/BW-%d", n), fmt.Sprintf("/requests/BW-%d", n)
	page := w.get(&w.amara, at).want(http.StatusOK).words()
	for _, say := range []string{"Owen Clarke is named in a mail and not let in yet.", "nobody has let them in yet", "not let in yet: named in a mail of Helen Marsh"} {
		if !strings.Contains(page, say) {
			t.Errorf("the page does not say %q: %s", say, page)
		}
	}
	w.get(&owen, own).want(http.StatusNotFound)
	if got := w.get(&w.helen, own).want(http.StatusOK).words(); strings.Contains(got, "let in yet") {
		t.Errorf("the customer reads %s", got)
	}
	w.post(&w.amara, at+"/watch", "person", owen.address).want(http.StatusSeeOther)
	w.get(&owen, own).want(http.StatusOK)
	if got := w.get(&w.amara, at).words(); strings.Contains(got, "nobody has let them in yet") || !strings.Contains(got, "Owen Clarke follows it now.") {
		t.Errorf("let in, the page says %s", got)
	}
}
