package browser

import (
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/agreement"
	"bothways/internal/cli/demo"
	"bothways/test/browser/chromium"
)

// focused says what is wrong with how the focus is shown; "" when nothing is. Where a field is hidden behind its label or part
// of a box that looks like one, those show it.
const focused = `() => {
	const e = document.activeElement
	if (!e || e === document.body) return ''
	const label = e.id && document.querySelector('label[for="' + CSS.escape(e.id) + '"]')
	const looks = [e, e.closest('.cmd'), e.matches('.vh') && label].filter(Boolean)
	const name = e.tagName + '#' + e.id + '.' + (e.getAttribute('class') || '') + ' ' + (e.innerText || e.getAttribute('aria-label') || '').slice(0, 40)
	if (!looks.some(x => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 })) return name + ' shows no focus'
	const seen = looks.some(x => {
		const r = x.getBoundingClientRect()
		const left = Math.max(r.left, 0), right = Math.min(r.right, innerWidth), top = Math.max(r.top, 0), bottom = Math.min(r.bottom, innerHeight)
		if (right - left < 4 || bottom - top < 4) return false
		for (const [fx, fy] of [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]]) {
			const hit = document.elementFromPoint(left + (right - left) * fx, top + (bottom - top) * fy)
			if (hit && (x.contains(hit) || hit.contains(x) && hit.closest('label'))) return true
		}
		return false
	})
	return seen ? '' : name + ' has the focus and is out of sight'
}`

// walk presses Tab until the focus is on what a selector names, and looks at every stop.
func walk(t *testing.T, x *chromium.Tab, selector string) {
	t.Helper()
	for range 120 {
		x.Keyboard.MustType(input.Tab)
		if bad := x.MustEval(focused).Str(); bad != "" {
			t.Errorf("at %s: %s", x.Path(), bad)
		}
		if x.MustEval(`s => document.activeElement.matches(s)`, selector).Bool() {
			return
		}
	}
	t.Fatalf("at %s 120 times Tab do not lead to %s", x.Path(), selector)
}

func enter(x *chromium.Tab) { x.Then(func() { x.Keyboard.MustType(input.Enter) }) }

// The main job of an agent with Tab and Enter alone: sign in, choose a ticket, answer it. Every stop is seen.
func TestKeyboardAlone(t *testing.T) {
	for _, v := range []chromium.View{chromium.Desktop, chromium.Phone} {
		t.Run(v.Name, func(t *testing.T) {
			w := newWorld(t)
			ref := w.ref(payroll)
			x := w.tab("", v).Go("/sign-in")
			walk(t, x, ".skip")
			walk(t, x, "#in-email")
			x.MustInsertText(amara)
			walk(t, x, "#in-password")
			x.MustInsertText(demo.Password)
			enter(x)
			if x.Path() != "/desk" {
				t.Fatalf("signed in, the agent is at %s", x.Path())
			}
			walk(t, x, `.q a[href="/desk/tickets/`+ref+`"]`)
			enter(x)
			walk(t, x, "#reply textarea")
			x.MustInsertText("I ask the colleague who keeps the copies.")
			walk(t, x, "#reply button.primary")
			enter(x)
			if k := w.ticket(ref); k.LastLine != "I ask the colleague who keeps the copies." || k.TurnSide != agreement.SideCustomer {
				t.Errorf("the last line is %q, it is %s's turn", k.LastLine, k.TurnSide)
			}
		})
	}
}

// The customer's page of a question with Tab and Enter alone.
func TestKeyboardAloneCustomer(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(payroll)
	x := w.tab(owen, chromium.Desktop).Go("/")
	walk(t, x, `.todo a[href="/requests/`+ref+`"]`)
	enter(x)
	walk(t, x, "#answer textarea")
	x.MustInsertText("pay-november.xlsx")
	walk(t, x, "#answer button")
	enter(x)
	if k := w.ticket(ref); k.TurnSide != agreement.SideProvider {
		t.Errorf("it is %s's turn", k.TurnSide)
	}
}
