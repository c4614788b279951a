package browser

import (
	"regexp"
	"strings"
	"testing"

	"bothways/test/browser/chromium"
)

// Somebody who has never seen it, with the page alone: who misses more, by how much, and why one request was late. By keyboard to the page.
func TestScorecardTellsWhoAndWhy(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	goes(x, "gs")
	if x.Path() != "/scorecards" {
		t.Fatalf("g s leads to %s", x.Path())
	}
	x.Then(func() { x.ClickOn("main tbody a", "Everybody without an agreement") })
	said := x.Text("main")
	if !regexp.MustCompile(`Of a hundred promises IT missed [\d.]+ and Customers [\d.]+\.`).MatchString(said) || !strings.Contains(said, "What would help most") {
		t.Errorf("the page does not say who misses how many: %s", said)
	}
	x.Then(func() { x.ClickOn(".butter .R a", "missed") })
	x.Then(func() { x.Click("main tbody th a") })
	if !x.Has(".turn-more details") || !strings.Contains(x.Text("main"), "Why then?") {
		t.Errorf("%s does not say why it was late", x.Path())
	}
	x.Innocent(t)
}

// Without a script the customer's page is the same, and what is asked of people can be acknowledged.
func TestScorecardWithoutScript(t *testing.T) {
	w := newWorld(t)
	x := w.tab(marek, chromium.Phone).WithoutScript().Go("/scorecards")
	before := x.Text("main")
	if !strings.Contains(before, "Gdańsk and IT, both ways") {
		t.Fatalf("%s", before)
	}
	x.Then(func() { x.ClickOn(".pnav a", "Scorecard") })
	x.Then(func() { x.Click(`main a[href$="/asked"]`) })
	x.Then(func() { x.ClickOn("main button", "I have read it") })
	if got := x.Text("main"); !strings.Contains(got, "You said that you read it") {
		t.Errorf("%s", got)
	}
	x.Go("/scorecards")
	if got := x.Text("main"); got == before || !strings.Contains(got, "have said that they read what is asked of them") {
		t.Errorf("the share of those who have read it is the same: %s", got)
	}
}
