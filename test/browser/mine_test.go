package browser

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/cli/demo"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// A new user finds in a few taps why something is late: from the first page to the reason, with no script.
func TestWhyItIsLate(t *testing.T) {
	w := newWorld(t)
	x := w.tab(marek, chromium.Phone).WithoutScript().Go("/")
	x.Then(func() { x.ClickOn(".reqrow", "Labels at packing line 2 are shifted") })
	if got := x.Text(".callout.late"); !strings.Contains(got, "Why it is late") || !strings.Contains(got, "What happens now") || !strings.Contains(got, "Piotr Zając has it.") {
		t.Errorf("the page says %q", got)
	}
}

// One's own pages with no script: promises and their lists, quiet hours, a message through the second door, a challenge.
func TestOwnPagesWithoutScript(t *testing.T) {
	w := newWorld(t)
	x := w.tab("", chromium.Phone).WithoutScript().Go("/promises")
	signIn(x, helen, demo.Password)
	x.Then(func() { x.ClickOn(".figs.it a", "kept") })
	if got := x.Text("#list"); got != "IT’s: kept" {
		t.Errorf("the list is called %q", got)
	}
	if !x.Has("[aria-labelledby=list] .reqrow") {
		t.Error("the list is empty")
	}

	x.Go("/profile")
	x.Choose("#want-quiet_from", "20:00")
	x.Choose("#want-quiet_until", "07:00")
	x.Then(func() { x.Click("#want button") })
	if got := x.Text(".toast"); got != "Saved." {
		t.Errorf("it says %q", got)
	}

	x.Go("/levels")
	x.Fill("#write-subject", "Longer hours for the night shift")
	x.Fill("#write textarea", "Could Leeds have the desk until 22:00?")
	x.Then(func() { x.Click("#write button") })
	ref := w.ref("Longer hours for the night shift")
	if k := w.ticket(ref); desk.DoorOf(k) != desk.DoorLevels || k.TurnSide != agreement.SideProvider {
		t.Errorf("it is behind %s, %s's turn", desk.DoorOf(k), k.TurnSide)
	}
	w.clk.Advance(time.Minute)
	x.ClickOn("aside summary", "counted wrong")
	x.Fill("#dispute textarea", "We spoke on the phone before.")
	x.Then(func() { x.Click("#dispute button") })
	if got := x.Text(".log"); !strings.Contains(got, "challenged how") {
		t.Errorf("the conversation says %q", got)
	}
}
