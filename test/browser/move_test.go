package browser

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// more opens one of the acts behind More.
func more(x *chromium.Tab, title string) {
	x.Click(".acts details.menu:last-of-type > summary")
	x.ClickOn("details.more > summary", "^"+title+"$")
}

// A ticket is handed over with what the next one needs to know; the customer reads to whom, without the note.
func TestHandingOver(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	more(x, "Hand it over")
	x.Shoot("hand-over", false)
	x.Then(func() { x.Click("#hand-over button.primary, form[action$='/hand-over'] button.primary") })
	if got := x.Text("form[action$='/hand-over']"); !strings.Contains(got, "Say what they need to know") {
		t.Errorf("without a note it says %q", got)
	}
	team := x.MustEval(`() => [...document.querySelector("form[action$='/hand-over'] select[name=team]").options].find(o => !o.selected).value`).Str()
	x.Choose("form[action$='/hand-over'] select[name=team]", team)
	x.Fill("form[action$='/hand-over'] textarea", "CANARY the dock is a WD19, its firmware is old.")
	x.Then(func() { x.Click("form[action$='/hand-over'] button.primary") })
	if k := w.ticket(ref); k.TeamID != team || k.TurnSide != agreement.SideProvider {
		t.Errorf("%+v", k)
	}
	if got := x.Text(".log"); !strings.Contains(got, "CANARY") {
		t.Errorf("IT reads %q", got)
	}
	x.Shoot("handed-over", false)
	y := w.tab(helen, chromium.Phone).Go("/requests/" + ref)
	if got := y.Text("main"); !strings.Contains(got, "Passed to") || strings.Contains(got, "CANARY") {
		t.Errorf("Helen reads %q", got)
	}
}

// Two requests go on as one, and each by itself again when the customer says that it is another matter.
func TestMergingAndTakingItBack(t *testing.T) {
	w := newWorld(t)
	into := w.ref(vpn)
	z := w.tab(helen, chromium.Desktop).Go("/requests/new")
	z.Fill("input[name=subject]", "VPN again")
	z.Fill("textarea[name=body]", "It dropped at noon, too.")
	z.Then(func() { z.ClickOn("main button", "Send") })
	ref := w.ref("VPN again")
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	more(x, "Merge it into another")
	x.Fill("form[action$='/merge'] input[name=into]", into)
	x.Then(func() { x.Click("form[action$='/merge'] button.primary") })
	if k := w.ticket(ref); k.State != desk.Merged {
		t.Fatalf("%+v: %s", k, x.Text("main"))
	}
	x.Shoot("merged", false)
	x.Check(t)
	x.Go("/desk/tickets/" + into)
	if got := x.Text(".log"); !strings.Contains(got, "It dropped at noon, too.") || !strings.Contains(got, "in "+ref) {
		t.Errorf("what was said there is read here, marked: %q", got)
	}
	x.Shoot("merged-into", false)
	z.Go("/requests/" + ref)
	z.Shoot("merged-portal", true)
	z.Check(t)
	if got := z.Text("main"); !strings.Contains(got, "It goes on in another request") {
		t.Errorf("Helen reads %q", got)
	}
	z.Then(func() { z.ClickOn("main button", "It is another matter") })
	if k := w.ticket(ref); !k.Open || k.TurnSide != agreement.SideProvider {
		t.Errorf("%+v", k)
	}
}

// A call is logged with the keyboard: who, what, minutes, Ctrl+Enter wherever the cursor is.
func TestLoggingACall(t *testing.T) {
	w := newWorld(t)
	for _, v := range []chromium.View{chromium.Desktop, chromium.Phone} {
		x := w.tab(amara, v).Go("/desk/log")
		x.Shoot("log", true)
		x.Check(t)
		x.Fits(t)
		x.Fill("input[name=who]", "helen@norvik.example")
		x.Fill("textarea[name=what]", "Mouse battery, "+v.Name)
		x.Fill("input[name=minutes]", "3")
		x.Then(func() { x.KeyActions().Press(input.ControlLeft).Type(input.Enter).MustDo() })
		if got := x.Text(".toast"); !strings.Contains(got, "Noted") {
			t.Errorf("it says %q in %s", got, x.Text("main"))
		}
		if k := w.ticket(w.ref("Mouse battery, " + v.Name)); k.State != desk.Closed || k.Channel != "phone" {
			t.Errorf("%+v", k)
		}
		x.Go("/desk/time")
		x.Shoot("time", true)
		x.Check(t)
		x.Fits(t)
		if got := x.Text("main"); !strings.Contains(got, "3 min") {
			t.Errorf("the week says %q", got)
		}
		for _, page := range []string{"/desk/aside", "/desk/tags"} {
			x.Go(page).Check(t)
			x.Fits(t)
		}
	}
}

// A wait is proposed, and agreed to with one tap.
func TestAProposedWait(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	more(x, "Ask whether it may wait")
	until := w.app.Clock.Now().AddDate(0, 0, 3).Format("2006-01-02T15:04")
	x.MustEval(`v => document.querySelector("form[action$='/wait-proposal'] input[name=until]").value = v`, until)
	x.Then(func() { x.Click("form[action$='/wait-proposal'] button.primary") })
	y := w.tab(helen, chromium.Phone).Go("/")
	y.Shoot("wait-proposed", true)
	y.Then(func() { y.ClickOn(".todo button", "^Yes, wait until") })
	if k := w.ticket(ref); k.State != desk.Scheduled {
		t.Errorf("%+v: %s", k, y.Text("main"))
	}
}

// What was said on the telephone is noted, tags are kept, time is noted and shown.
func TestNotesOfTheDay(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	more(x, "Tags")
	x.Fill("form[action$='/tags'] input[name=tags]", "Dock Firmware, vpn")
	x.Then(func() { x.Click("form[action$='/tags'] button.primary") })
	more(x, "Note working time")
	x.Fill("form[action$='/time'] input[name=minutes]", "75")
	x.Then(func() { x.Click("form[action$='/time'] button.primary") })
	more(x, "Note what was said")
	x.Shoot("note-call", false)
	x.Fill("form[action$='/call'] textarea", "It only drops on the third floor.")
	x.Then(func() { x.Click("form[action$='/call'] button.primary") })
	x.Shoot("noted", false)
	x.Check(t)
	for _, want := range []string{"by phone, noted by", "third floor"} {
		if got := x.Text(".log"); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	for _, want := range []string{"Dock Firmware", "1 h 15"} {
		if got := x.Text(".panel, aside.person, .side-panel, main"); !strings.Contains(got, want) {
			t.Errorf("%q is not in the panel", want)
		}
	}
	more(x, "Begin a new ticket with some of this")
	x.Shoot("split", false)
	x.Fill("form[action$='/split'] input[name=subject]", "Third floor access point")
	x.ClickOn("form[action$='/split'] label.check", "third floor")
	x.Then(func() { x.Click("form[action$='/split'] button.primary") })
	if got := x.Text("h1"); got != "Third floor access point" {
		t.Errorf("it goes on to %q", got)
	}
}
