package browser

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// stroke is a key as a keyboard layout gives it: the character, the place on the keyboard, and what was held.
type stroke struct {
	key, code string
	held      int // 1 Alt, 2 Ctrl, 4 Meta, 8 Shift
	altGr     bool
}

// press presses and lets go of a key. AltGr is held as systems tell it: as a key of its own and, on Windows, as Ctrl and Alt.
func (s stroke) press(x *chromium.Tab) {
	x.MustEval(`() => 0`) // a page that is still coming has no keyboard
	event := func(typ proto.InputDispatchKeyEventType, text string) {
		e := proto.InputDispatchKeyEvent{Type: typ, Key: s.key, Code: s.code, Modifiers: s.held, Text: text, UnmodifiedText: text, WindowsVirtualKeyCode: map[string]int{"Escape": 27, "Enter": 13}[s.key]}
		if err := e.Call(x); err != nil {
			panic(err)
		}
	}
	if s.altGr {
		if err := (proto.InputDispatchKeyEvent{Type: proto.InputDispatchKeyEventTypeRawKeyDown, Key: "AltGraph", Code: "AltRight", Modifiers: s.held}).Call(x); err != nil {
			panic(err)
		}
	}
	text := ""
	if len([]rune(s.key)) == 1 && s.held&^8 == 0 || s.altGr {
		text = s.key
	}
	event(proto.InputDispatchKeyEventTypeKeyDown, text)
	event(proto.InputDispatchKeyEventTypeKeyUp, "")
	if s.altGr {
		if err := (proto.InputDispatchKeyEvent{Type: proto.InputDispatchKeyEventTypeKeyUp, Key: "AltGraph", Code: "AltRight"}).Call(x); err != nil {
			panic(err)
		}
	}
}

// types presses single keys one after another; letters as they are, with shift for capitals.
func types(x *chromium.Tab, keys string) {
	for _, r := range keys {
		s := stroke{key: string(r), code: "Key" + string(r-'a'+'A')}
		switch {
		case r >= 'A' && r <= 'Z':
			s.code, s.held = "Key"+string(r), 8
		case r == '?':
			s.code, s.held = "Slash", 8
		case r == '/':
			s.code = "Slash"
		case r == '.':
			s.code = "Period"
		}
		s.press(x)
	}
}

// chord presses a key with Ctrl held.
func chord(x *chromium.Tab, r rune) {
	stroke{key: string(r), code: "Key" + string(r-'a'+'A'), held: 2}.press(x)
	x.Settled()
}

// on says what has the focus: the address of a link, else the id.
func on(x *chromium.Tab) string {
	return x.MustEval(`() => document.activeElement.getAttribute('href') || document.activeElement.id || document.activeElement.tagName`).Str()
}

// goes presses keys that lead to another page.
func goes(x *chromium.Tab, keys string) { x.Then(func() { types(x, keys) }) }

// From the list to a ticket, to the next one, and back to the row it was left from.
func TestKeysMove(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	var rows []string
	for _, v := range x.MustEval(`() => [...document.querySelectorAll('.q a')].map(a => a.getAttribute('href'))`).Arr() {
		rows = append(rows, v.Str())
	}
	for i, step := range []struct{ keys, want string }{
		{"j", rows[0]}, {"j", rows[1]}, {"jj", rows[3]}, {"k", rows[2]}, {"kkkkkk", rows[0]}, {"jj", rows[2]},
	} {
		if types(x, step.keys); on(x) != step.want {
			t.Fatalf("step %d: %q leads to %s, not to %s", i, step.keys, on(x), step.want)
		}
	}
	enter(x)
	if x.Path() != rows[2] {
		t.Fatalf("Enter opens %s, not %s", x.Path(), rows[2])
	}
	goes(x, "j")
	goes(x, "j")
	goes(x, "k")
	if x.Path() != rows[3] {
		t.Errorf("j, j, k lead to %s, not to %s", x.Path(), rows[3])
	}
	goes(x, "u")
	if x.Path() != "/desk" || on(x) != rows[3] {
		t.Errorf("u leads to %s at %s, not to the row it was left from", x.Path(), on(x))
	}
	goes(x, "gt")
	if x.Path() != "/desk?q=turn%3Acustomer+door%3Adesk" {
		t.Errorf("g t leads to %s", x.Path())
	}
	goes(x, "gi")
	if x.Path() != "/desk" {
		t.Errorf("g i leads to %s", x.Path())
	}
	if types(x, "/"); x.MustEval(`() => document.activeElement.matches('.cmd input')`).Bool() != true {
		t.Errorf("/ leads to %s", on(x))
	}
	stroke{key: "Escape", code: "Escape"}.press(x)
	if types(x, "f"); !x.MustEval(`() => document.activeElement.matches('form.filter input, [data-filter]')`).Bool() {
		t.Errorf("f leads to %s", on(x))
	}
}

// Each key of a ticket does what the page's button does.
func TestKeysAct(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	for _, step := range []struct{ keys, field string }{
		{"r", "#reply textarea"}, {"n", "#note textarea"}, {"t", `#reply [name="need"]`}, {"a", `#assign [name="person"]`}, {"e", "#resolve textarea"}, {"s", `#wait [name="until"]`},
	} {
		types(x, step.keys)
		if !x.MustEval(`s => document.activeElement === document.querySelector(s)`, step.field).Bool() || !x.Has(step.field) {
			t.Errorf("%s leads to %s, not to %s", step.keys, on(x), step.field)
		}
		if step.keys == "t" && x.MustEval(`() => document.querySelector('#reply [name="after"]').value`).Str() != "customer" {
			t.Error("t does not pass the turn")
		}
		x.MustEval(`() => { document.activeElement.blur(); for (const d of document.querySelectorAll('details[open]')) d.open = false }`)
	}
	if w.ticket(ref).AssigneeID == w.actor(kofi).PersonID {
		t.Fatal("the ticket is Kofi's already")
	}
	y := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	types(y, "i")
	y.MustWait(`() => /yours now/.test(document.querySelector('.toast')?.textContent)`)
	if w.ticket(ref).AssigneeID != w.actor(kofi).PersonID {
		t.Error("i does not take the ticket")
	}
	if y.MustEval(`() => [...document.querySelectorAll('form')].some(f => f.action.endsWith('/take'))`).Bool() || !strings.Contains(y.Text("#live-props"), "Kofi Mensah") {
		t.Error("the page still shows how the ticket was")
	}
	types(y, "r")
	y.MustInsertText("I have it in my hands.")
	y.Then(func() { stroke{key: "Enter", code: "Enter", held: 2}.press(y) })
	if got := w.ticket(ref).LastLine; got != "I have it in my hands." {
		t.Errorf("Ctrl Enter sent %q", got)
	}
	for _, want := range []string{"Copied: " + ref, "Copied: " + ref + " VPN drops", "/desk/tickets/" + ref} {
		types(y, ".")
		y.MustWait(`w => document.querySelector('.toast')?.textContent.includes(w)`, want)
	}
}

// What a key can't do is told, and the page shows how things stand.
func TestARefusedKeyIsTold(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	give := func(to string) {
		t.Helper()
		if _, err := w.app.Desk.Assign(ctx, w.actor(amara), desk.Act{Number: w.ticket(ref).Number}, to, ""); err != nil {
			t.Fatal(err)
		}
	}
	give("")
	x := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.MustEval(`() => { globalThis.bothways.stream?.close() }`) // it does not hear
	give(w.actor(amara).PersonID)
	types(x, "i")
	x.MustWait(`() => !!document.querySelector('.toast')`)
	if got := x.Text(".toast"); strings.Contains(got, "yours now") || w.ticket(ref).AssigneeID != w.actor(amara).PersonID {
		t.Errorf("it was taken from Amara, and says %q", got)
	}
	comes(x, "#live-props summary", "Amara Okafor")
}

// Keys are letters while somebody writes, and nothing while a dialog is open.
func TestKeysAreOffWhileWriting(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + w.ref(vpn))
	x.Click("#reply textarea")
	all := "jkuxrntaieszgi/f?."
	types(x, all)
	if got := x.MustEval(`() => document.querySelector('#reply textarea').value`).Str(); got != all {
		t.Errorf("%q was written as %q", all, got)
	}
	stroke{key: "Escape", code: "Escape"}.press(x)
	if on(x) != "BODY" {
		t.Errorf("Escape leaves the focus on %s", on(x))
	}
	types(x, "?")
	x.MustWait(`() => document.querySelector('#keys')?.open`)
	types(x, "n")
	if x.MustEval(`() => document.activeElement.matches('textarea')`).Bool() {
		t.Error("a key acts behind a dialog")
	}
	stroke{key: "Escape", code: "Escape"}.press(x)
	x.Click("#reply textarea")
	chord(x, 'k') // the one chord, also while writing
	if !x.Has("#palette input") {
		t.Error("Ctrl K opens no menu while writing")
	}
	stroke{key: "Escape", code: "Escape"}.press(x)
	if !x.MustEval(`() => document.activeElement === document.querySelector('#reply textarea')`).Bool() {
		t.Errorf("the focus came back to %s", on(x))
	}
}

// WCAG 2.2, 2.1.4: single keys can be turned off and given other letters; both last.
func TestKeysCanBeTurnedOff(t *testing.T) {
	w := newWorld(t)
	path := "/desk/tickets/" + w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go(path)
	types(x, "?")
	x.MustWait(`() => document.querySelector('#keys')?.open`)
	x.Click("[data-keys-on]")
	stroke{key: "Escape", code: "Escape"}.press(x)
	quiet := func() {
		t.Helper()
		types(x, "rnatesi?")
		if on(x) != "BODY" || x.Path() != path || x.Has("dialog") {
			t.Errorf("turned off, keys lead to %s at %s", on(x), x.Path())
		}
	}
	quiet()
	x.Go(path)
	quiet()
	chord(x, 'k')
	if !x.Has("#palette input") {
		t.Error("Ctrl K is no single key and stays")
	}
	x.Go("/desk/keys")
	x.Click("[data-keys-on]") // on again
	x.Click(".keyset details summary")
	letter := `() => [...document.querySelectorAll('.keymap label')].find(l => l.textContent === 'Reply').querySelector('input')`
	x.MustElementByJS(letter).MustSelectAllText().MustInput("w")
	x.MustEval(`() => document.activeElement.blur()`)
	x.MustElementByJS(strings.Replace(letter, "Reply", "Take it", 1)).MustSelectAllText().MustInput("j")
	x.MustEval(`() => document.activeElement.blur()`)
	if got := x.Text("[data-keys-said]"); !strings.Contains(got, "J is taken by “Next ticket”") {
		t.Errorf("a letter that is taken is answered %q", got)
	}
	x.Go(path)
	if types(x, "r"); on(x) != "BODY" {
		t.Errorf("r leads to %s although reply is w", on(x))
	}
	if types(x, "w"); !x.MustEval(`() => document.activeElement === document.querySelector('#reply textarea')`).Bool() {
		t.Errorf("w leads to %s", on(x))
	}
}

// A key is the character it gives, on every layout; what AltGr, Alt or Ctrl Alt write is never a shortcut, and no shortcut of the
// browser is taken but Ctrl K.
func TestKeysOnOtherLayouts(t *testing.T) {
	w := newWorld(t)
	path := "/desk/tickets/" + w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go(path)
	x.MustEval(`() => { window.took = []; document.addEventListener('keydown', e => setTimeout(() => { if (e.defaultPrevented) window.took.push(e.key) })) }`)
	const alt, ctrl, meta, shift = 1, 2, 4, 8
	for _, s := range []stroke{
		{key: "ę", code: "KeyE", altGr: true}, {key: "ź", code: "KeyX", altGr: true}, {key: "ó", code: "KeyO", altGr: true}, {key: "ń", code: "KeyN", altGr: true}, // Polish
		{key: "ę", code: "KeyE", held: ctrl | alt, altGr: true}, {key: "ś", code: "KeyS", held: ctrl | alt, altGr: true}, // on Windows
		{key: "@", code: "Digit2", altGr: true}, {key: "#", code: "Digit3", altGr: true}, {key: "€", code: "KeyE", altGr: true}, // Swiss German
		{key: "@", code: "Digit0", altGr: true}, {key: "€", code: "KeyE", held: ctrl | alt, altGr: true}, // French
		{key: "r", code: "KeyR", held: ctrl | alt}, {key: "j", code: "KeyJ", held: alt}, {key: "k", code: "KeyK", held: ctrl | alt}, {key: "k", code: "KeyK", altGr: true, held: ctrl | alt},
		{key: "µ", code: "KeyM", held: alt}, {key: "å", code: "KeyA", held: alt}, // Option on a Mac
		{key: "f", code: "KeyF", held: ctrl}, {key: "n", code: "KeyN", held: ctrl}, {key: "r", code: "KeyR", held: meta}, {key: "s", code: "KeyS", held: ctrl}, {key: "t", code: "KeyT", held: ctrl}, {key: "e", code: "KeyE", held: ctrl},
		{key: "K", code: "KeyK", held: ctrl | shift}, {key: "R", code: "KeyR", held: shift},
		{key: "Dead", code: "BracketRight"}, {key: "Process", code: "KeyR"},
	} {
		s.press(x)
		if on(x) != "BODY" || x.Has("dialog") || x.Path() != path {
			t.Fatalf("%+v leads to %s at %s", s, on(x), x.Path())
		}
	}
	// a letter AltGr leaves as it is: the debugger can't hold AltGr as Linux does, so the event is made in the page
	for _, k := range "erijk/?." {
		x.MustEval(`k => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: k, modifierAltGraph: true, bubbles: true, cancelable: true}))`, string(k))
		if on(x) != "BODY" || x.Has("dialog") || x.Path() != path {
			t.Fatalf("AltGr %c leads to %s at %s", k, on(x), x.Path())
		}
	}
	x.Settled()
	if took := x.MustEval(`() => window.took.join(' ')`).Str(); took != "" {
		t.Errorf("these were taken from the browser or the writer: %s", took)
	}
	for _, s := range []struct {
		stroke
		where string
	}{
		{stroke{key: "/", code: "Digit7", held: shift}, ".cmd input"}, // German: shift 7
		{stroke{key: "a", code: "KeyQ"}, `#assign [name="person"]`},   // French: where a Q is on others
		{stroke{key: "n", code: "KeyB"}, "#note textarea"},            // Dvorak-like
		{stroke{key: "R", code: "KeyR"}, "#reply textarea"},           // with Caps Lock
	} {
		s.press(x)
		if !x.MustEval(`s => document.activeElement === document.querySelector(s)`, s.where).Bool() {
			t.Errorf("%+v leads to %s", s.stroke, on(x))
		}
		x.MustEval(`() => { document.activeElement.blur(); for (const d of document.querySelectorAll('details[open]')) d.open = false }`)
	}
	stroke{key: "?", code: "Minus", held: shift}.press(x) // German: shift ß
	x.MustWait(`() => document.querySelector('#keys')?.open`)
}
