package browser

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// as is a newcomer who has nothing but the page: one button on it makes them somebody.
func (w *world) as(name string, v chromium.View) *chromium.Tab {
	w.t.Helper()
	x := w.tab("", v).Go("/")
	x.Then(func() { x.ClickOn("#as button", "Sign in as "+name) })
	return x
}

// TestNewcomerAtThePortal: what waits on me is answered, something is asked for, and a late one says why, by what can be read on the
// page alone.
func TestNewcomerAtThePortal(t *testing.T) {
	w := newWorld(t)
	x := w.as("Owen Clarke", chromium.Desktop)
	if got := x.Text(".yours"); !strings.Contains(got, "Waiting on you") || !strings.Contains(got, payroll) {
		t.Fatalf("what waits on Owen: %q", got)
	}
	x.Then(func() { x.ClickOn(".yours a", payroll) })
	x.Fill("#answer textarea", "It is pay-november.xlsx, in Finance.")
	x.Then(func() { x.Click("#answer button") })
	w.stands(w.ref(payroll), desk.InProgress, agreement.SideProvider)

	y := w.as("Helen Marsh", chromium.Phone)
	y.ClickOn("summary", "Just tell us in your own words|Cannot find it")
	y.Fill("#ask-subject", "A lamp for the drawing table")
	y.Fill("#ask-body", "The one there flickers.")
	y.Then(func() { y.Click("#ask button.primary") })
	if got := y.Text(".move"); !strings.HasPrefix(got, "It is our turn: we reply by ") {
		t.Errorf("what was asked says %q", got)
	}

	z := w.as("Marek Nowak", chromium.Desktop)
	z.Then(func() { z.ClickOn("main a", "Labels at packing line 2 are shifted") })
	z.ClickOn(".turn-more summary", "Why")
	if got := z.Text("main"); !strings.Contains(got, "Missed") {
		t.Errorf("why it is late is not said: %q", got)
	}
}

// TestNewcomerAtTheDesk: an old ticket is found, one is handed over with a note, and a question passes the turn.
func TestNewcomerAtTheDesk(t *testing.T) {
	w := newWorld(t)
	x := w.as("Amara Okafor", chromium.Desktop)
	x.Fill("form[role=search] input[type=search]", "order system")
	x.Then(func() { x.Keyboard.MustType(input.Enter) })
	if got := x.Text("main"); !strings.Contains(got, "Nobody in Porto can reach the order system") {
		t.Errorf("an old ticket is not found: %q", got)
	}

	const drawings = "Access to supplier drawings"
	x.Go("/desk")
	x.Then(func() { x.ClickOn(".q a", drawings) })
	x.ClickOn(".menu summary", "More")
	x.ClickOn(".menu[open] summary", "Hand it over")
	x.MustElement("#hand-over select[name=team]").MustSelect("Business systems")
	x.Fill("#hand-over textarea", "The folder's owner sits with you.")
	x.Then(func() { x.Click("#hand-over button.primary") })
	if k := w.ticket(w.ref(drawings)); k.TurnSide != agreement.SideProvider || k.AssigneeID != "" {
		t.Errorf("handed over, it is %s's turn, with %q", k.TurnSide, k.AssigneeID)
	}

	x.Go("/desk")
	x.Then(func() { x.ClickOn(".q a", vpn) })
	x.Fill("#reply textarea", "The new driver is ready. May we put it on at 13:30?")
	x.Choose("#reply-after", "customer")
	x.Fill("#reply-need", "a yes or no")
	x.Then(func() { x.Click("#reply button.primary") })
	if got := x.Text(".turn-side.you.now"); !strings.Contains(got, "Helen’s clock") {
		t.Errorf("the turn did not pass: %q", got)
	}
}
