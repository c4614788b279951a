package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/cli/demo"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// A customer finds the second door, asks for another level, the manager answers with a proposal and the customer's speaker signs it: with
// Tab, arrows and Enter alone. Every stop is seen.
func TestALevelIsAskedForAndSigned(t *testing.T) {
	w := newWorld(t)
	in := func(x *chromium.Tab, address string) {
		walk(t, x, "#in-email")
		x.MustInsertText(address)
		walk(t, x, "#in-password")
		x.MustInsertText(demo.Password)
		enter(x)
	}
	x := w.tab("", chromium.Desktop).Go("/")
	in(x, helen)
	walk(t, x, `.pnav a[href="/levels"]`)
	enter(x)
	walk(t, x, `a[href="#message"]`)
	x.Keyboard.MustType(input.Enter)
	walk(t, x, `#write input[name=matter]`)
	x.Keyboard.MustType(input.ArrowDown, input.ArrowUp) // there and back: another level
	walk(t, x, "#write-subject")
	x.MustInsertText("Two hours when the line stands still")
	walk(t, x, "#write textarea")
	x.MustInsertText("Four hours are half a shift.")
	walk(t, x, "#write button")
	enter(x)
	if got := x.Text(".toast"); !strings.Contains(got, "Sent to service level management.") {
		t.Errorf("it says %q", got)
	}
	ref := w.ref("Two hours when the line stands still")
	if k := w.ticket(ref); desk.DoorOf(k) != desk.DoorLevels || k.Matter != "level" {
		t.Fatalf("it is at %s, about %q", desk.DoorOf(k), k.Matter)
	}
	w.clk.Advance(time.Minute)

	y := w.tab("", chromium.Desktop).Go("/desk?q=door%3Alevels")
	in(y, ingrid)
	walk(t, y, `a[href*="`+ref+`"]`)
	enter(y)
	walk(t, y, `a[href*="/agreements/new"]`)
	enter(y)
	if got := y.MustEval(`() => document.querySelector('#propose-why').value`).Str(); !strings.Contains(got, ref) {
		t.Errorf("why: %q", got)
	}
	walk(t, y, `[id="propose-resolution.critical"]`)
	y.Keyboard.MustType(input.End, input.Backspace)
	y.MustInsertText("2")
	walk(t, y, "#propose button")
	enter(y)
	if got := y.Text("main"); !strings.Contains(got, "Solution, critical: 2 working hours, was 4 working hours") || !strings.Contains(got, "It is what was asked for in "+ref) {
		t.Errorf("the proposal says %q", got)
	}

	z := w.tab("", chromium.Desktop).Go(y.Path())
	in(z, graham)
	walk(t, z, `main a[href^="/approvals/"]`)
	enter(z)
	walk(t, z, `#decide input[name=decision]`)
	walk(t, z, "#decide button")
	enter(z)
	z.Go("/agreements")
	if got := z.Text("main"); !strings.Contains(got, "Signed by both") {
		t.Errorf("the list says %q", got)
	}
}
