package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var dated = regexp.MustCompile(`\w{3} (\d{1,2} \w{3}, \d\d:\d\d)`)

// TestWhatHappensNextIsInOrder: on either side's turn what comes first stands first, and a reminder after the pause says what it is for.
func TestWhatHappensNextIsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	look := func() string {
		words := strings.Join(strings.Fields(w.get(&w.helen, fmt.Sprintf("/requests/BW-%d", n)).want(http.StatusOK).doc().Find("[aria-labelledby=next]").First().Text()), " ")
		all := dated.FindAllStringSubmatch(words, -1)
		if len(all) < 2 {
			t.Fatalf("it says %q", words)
		}
		var last time.Time
		for _, m := range all {
			at := must(w, func() (time.Time, error) { return time.Parse("2006 2 Jan, 15:04", "2026 "+m[1]) })
			if !last.IsZero() && at.Before(last) {
				t.Errorf("%s comes after a later one: %s", m[1], words)
			}
			last = at
		}
		return words
	}
	look()
	w.advance(time.Minute)
	w.follow(&w.amara, w.submit(&w.amara, w.get(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d", n)), "reply", "body", "Which dock?", "after", "customer", "need", "the model", "due", ""))
	if got := look(); strings.Count(got, "We remind you") != 1 || !strings.Contains(got, "We say that it closes tomorrow") || strings.Contains(got, "no more reminders") {
		t.Errorf("it says %q", got)
	}
}
