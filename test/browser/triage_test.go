package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// comesTrue waits until the services say that something is so: what a key sent may still be on its way.
func comesTrue(t *testing.T, what string, so func() bool) {
	t.Helper()
	for try := 0; !so(); try++ {
		if try > 3000 {
			t.Fatalf("it never came to be that %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// triage is the script of fifty tickets: what is pressed on the n-th, and how it stands afterwards.
var triage = []struct {
	name string
	do   func(x *chromium.Tab)
	so   func(w *world, k desk.Ticket) bool
}{
	{"i: take it", func(x *chromium.Tab) {
		types(x, "i")
		toast(x, "yours now")
	}, func(w *world, k desk.Ticket) bool { return k.AssigneeID == w.actor(amara).PersonID }},
	{"r, answer, Esc, t, what is needed, Enter: the customer’s turn", func(x *chromium.Tab) {
		types(x, "r")
		x.MustInsertText("Thank you. Does it happen on the other laptop, too?")
		stroke{key: "Escape", code: "Escape"}.press(x)
		types(x, "t")
		x.MustEval(`() => document.activeElement.select()`)
		x.MustInsertText("a yes or no")
		x.Then(func() { x.Keyboard.MustType(input.Enter) })
	}, func(_ *world, k desk.Ticket) bool {
		return strings.HasPrefix(k.LastLine, "Thank you. Does it happen") && k.TurnSide == agreement.SideCustomer
	}},
	{"e, what was done, Ctrl Enter: resolved", func(x *chromium.Tab) {
		types(x, "e")
		x.MustInsertText("The driver was put back to the one before.")
		x.Then(func() { stroke{key: "Enter", code: "Enter", held: 2}.press(x) })
	}, func(_ *world, k desk.Ticket) bool { return k.State == desk.Resolved }},
	{"n, a note, Ctrl Enter", func(x *chromium.Tab) {
		types(x, "n")
		x.MustInsertText("Same cause as the Turku cases.")
		x.Then(func() { stroke{key: "Enter", code: "Enter", held: 2}.press(x) })
	}, func(w *world, k desk.Ticket) bool {
		l, err := w.app.Desk.Notes(ctx, auth.SystemActor(), k.Number, "", 10)
		return err == nil && len(l.Items) == 1 && l.Items[0].Body == "Same cause as the Turku cases."
	}},
	{"Ctrl K, “assign to”, Enter, “Kofi”, Enter", func(x *chromium.Tab) {
		chord(x, 'k')
		x.MustInsertText("assign to")
		x.Keyboard.MustType(input.Enter)
		x.MustInsertText("kofi")
		x.Keyboard.MustType(input.Enter)
		toast(x, "Passed on")
	}, func(w *world, k desk.Ticket) bool { return k.AssigneeID == w.actor(kofi).PersonID }},
}

func toast(x *chromium.Tab, says string) {
	x.MustWait(`w => !!document.querySelector('.toast')?.textContent.includes(w)`, says)
}

// TestFiftyTicketsByKeyboard works through fifty tickets without a mouse: filter, open, act, go on to the next.
func TestFiftyTicketsByKeyboard(t *testing.T) {
	w := newWorld(t)
	for i := range 50 {
		who := []string{helen, owen}[i%2]
		if _, err := w.app.Desk.Open(ctx, w.actor(who), desk.OpenInput{Kind: "incident", Subject: fmt.Sprintf("Sorting %02d", i), Description: "It does not work.", Impact: "medium", Urgency: "medium"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.app.Jobs.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	x := w.tab(amara, chromium.Desktop)
	x.MustEvalOnNewDocument(`addEventListener('mousedown', () => sessionStorage.setItem('mouse', '1'), true)`)
	x.Go("/desk")
	types(x, "f")
	x.MustInsertText("turn:provider sorting")
	x.Then(func() { x.Keyboard.MustType(input.Enter) })
	rows := x.MustEval(`() => document.querySelectorAll('[data-row]').length`).Int()
	if rows != 50 {
		t.Fatalf("the filter shows %d tickets", rows)
	}
	types(x, "j")
	enter(x)
	done := map[string]int{}
	var seen []string
	for i := range 50 {
		ref := x.Path()[strings.LastIndex(x.Path(), "/")+1:]
		ref, _, _ = strings.Cut(ref, "?")
		if slices.Contains(seen, ref) {
			t.Fatalf("after %d tickets %s comes again", i, ref)
		}
		seen = append(seen, ref)
		step := triage[i%len(triage)]
		step.do(x)
		w.clk.Advance(15 * time.Second) // an answer can be taken back for ten
		if err := w.app.Jobs.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
		comesTrue(t, ref+" is done by "+step.name, func() bool { return step.so(w, w.ticket(ref)) })
		done[step.name]++
		t.Logf("%s  %s, j", ref, step.name)
		if i < 49 {
			goes(x, "j")
		}
	}
	goes(x, "u")
	if p := x.Path(); !strings.HasPrefix(p, "/desk?q=turn%3Aprovider+sorting") {
		t.Errorf("u leads to %s", p)
	}
	for _, step := range triage {
		if done[step.name] != 10 {
			t.Errorf("%s: %d", step.name, done[step.name])
		}
	}
	if x.MustEval(`() => sessionStorage.getItem('mouse')`).Str() == "1" {
		t.Error("a mouse was used")
	}
}

// named is what a screen reader says of the page: role and name of each element it tells of.
func named(t *testing.T, x *chromium.Tab) []string {
	t.Helper()
	tree, err := proto.AccessibilityGetFullAXTree{}.Call(x)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil || n.Name == nil {
			continue
		}
		out = append(out, n.Role.Value.Str()+" “"+strings.Join(strings.Fields(n.Name.Value.Str()), " ")+"”")
	}
	return out
}

func wantNamed(t *testing.T, x *chromium.Tab, all ...string) {
	t.Helper()
	has := named(t, x)
	for _, want := range all {
		if !slices.ContainsFunc(has, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("at %s nothing is named %s; there is\n  %s", x.Path(), want, strings.Join(has, "\n  "))
		}
	}
}

// What a screen reader is told: rows of the queue, the composer, the dialogs, and what happened.
func TestScreenReaderNames(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	wantNamed(t, x, "heading “Our turn", "list “Our turn", "link “"+vpn, "heading “Their turn", "navigation “Views", "searchbox “Search", "button “Command menu, Ctrl K”", "link “Keyboard shortcuts”", "link “Skip to main content”")
	x.Go("/desk/tickets/" + ref)
	wantNamed(t, x, "heading “"+vpn, "radio “Reply to Helen”", "radio “Note for IT”", "textbox “Your reply to Helen”", "button “Send to Helen", "region “Conversation”", "complementary “About Helen Marsh”")
	types(x, "n")
	wantNamed(t, x, "textbox “Your note for IT”", "button “Save note for IT")
	stroke{key: "Escape", code: "Escape"}.press(x)
	chord(x, 'k')
	wantNamed(t, x, "dialog “Command menu”", "combobox “Search or run a command”", "listbox “Commands”", "group “On this ticket”", "option “Reply to Helen", "option “Note for IT", "option “Assign to …", "group “Go to”")
	if got := x.MustEval(`() => document.getElementById(document.querySelector('#palette input').getAttribute('aria-activedescendant')).innerText.trim().split('\n')[0]`).Str(); got != "Reply to Helen" {
		t.Errorf("the first choice is %q", got)
	}
	x.MustInsertText("payroll")
	x.MustWait(`() => document.querySelectorAll('#pal .id').length > 0`)
	wantNamed(t, x, "option “"+w.ref(payroll)+" "+payroll)
	stroke{key: "Escape", code: "Escape"}.press(x)
	types(x, "?")
	x.MustWait(`() => document.querySelector('#keys')?.open`)
	wantNamed(t, x, "dialog “Keyboard shortcuts”", "checkbox “Single keys are on in this browser”", "heading “Move”", "button “Close”")
	stroke{key: "Escape", code: "Escape"}.press(x)
	types(x, ".")
	toast(x, "Copied")
	wantNamed(t, x, "status “")
}

// The command menu goes somewhere, finds what its reader may read, and acts by the page's own forms.
func TestPalette(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	chord(x, 'k')
	x.MustInsertText("set the prio")
	x.Keyboard.MustType(input.Enter)
	x.MustInsertText("impact high")
	x.Keyboard.MustType(input.Enter)
	toast(x, "priority")
	if k := w.ticket(ref); k.Impact != "high" {
		t.Errorf("the impact is %s", k.Impact)
	}
	chord(x, 'k')
	x.MustInsertText("assign to")
	x.Keyboard.MustType(input.Enter)
	x.Keyboard.MustType(input.Escape) // one level up
	if !x.Has("#palette input") || x.Text("#pal .palh") != "On this ticket" {
		t.Errorf("Escape in a choice leads to %q", x.Text("#pal .palh"))
	}
	x.MustInsertText(strings.ToLower(w.ref(payroll)))
	x.MustWait(`r => [...document.querySelectorAll('#pal .id')].some(e => e.textContent === r)`, w.ref(payroll))
	x.Then(func() { x.Keyboard.MustType(input.Enter) })
	if x.Path() != "/desk/tickets/"+w.ref(payroll) {
		t.Errorf("a number leads to %s", x.Path())
	}
	x.Click("[data-palette]")
	x.MustInsertText("helen marsh")
	x.MustWait(`() => [...document.querySelectorAll('#pal .palh')].some(e => e.textContent === 'People')`)
	x.Keyboard.MustType(input.ArrowUp) // from the first to the last: people come last
	x.Then(func() { x.Keyboard.MustType(input.Enter) })
	if !strings.Contains(x.Text("main"), vpn) {
		t.Errorf("a person leads to %s without their ticket", x.Path())
	}
}

// Without script the command menu is a page, and so is the list of shortcuts.
func TestPaletteWithoutScript(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).WithoutScript().Go("/desk")
	if x.Has("[data-palette]") {
		t.Error("a button that does nothing is shown")
	}
	x.Then(func() { x.Click("a[data-keys]") })
	if !strings.Contains(x.Text("main"), "Next ticket") || x.Has("[data-keys-set]") {
		t.Error("the list of shortcuts shows a switch that does nothing, or no list")
	}
	x.Go("/desk/palette?q=payroll")
	x.Then(func() { x.ClickOn("#found a", payroll) })
	if x.Path() != "/desk/tickets/"+w.ref(payroll) {
		t.Errorf("what was found leads to %s", x.Path())
	}
}
