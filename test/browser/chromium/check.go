package chromium

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

var axe = sync.OnceValues(func() (string, error) {
	file := os.Getenv("BOTHWAYS_AXE")
	if file == "" {
		_, here, _, _ := runtime.Caller(0)
		file = filepath.Join(filepath.Dir(here), "..", "node_modules", "axe-core", "axe.min.js")
	}
	src, err := os.ReadFile(file)
	return string(src), err
})

// Axe is the source of axe-core. "" where it is not installed; with CI=true that is an error.
func Axe(t testing.TB) string {
	t.Helper()
	src, err := axe()
	if err != nil {
		if os.Getenv("BOTHWAYS_AXE") != "" || os.Getenv("CI") == "true" {
			t.Fatalf("axe-core can't be read: %v. Run npm ci in test/browser.", err)
		}
		t.Logf("no axe-core (%v): run npm ci in test/browser to check the accessibility rules too", err)
	}
	return src
}

// Check fails the test for what is wrong with the page as it stands: reports of the policy, ids used twice, names that name
// nothing, a page wider than its window, and every rule of axe-core it breaks.
func (x *Tab) Check(t testing.TB) {
	t.Helper()
	if v := x.MustEval(`() => (window.__csp || []).join('\n')`).Str(); v != "" {
		t.Errorf("content security policy: %s", v)
	}
	if ids := x.MustEval(`() => { const n = {}; for (const e of document.querySelectorAll('[id]')) n[e.id] = (n[e.id] || 0) + 1; return Object.keys(n).filter(k => n[k] > 1).join(' ') }`).Str(); ids != "" {
		t.Errorf("ids used twice: %s", ids)
	}
	if dangling := x.MustEval(`() => [...document.querySelectorAll('[aria-labelledby],[aria-describedby],label[for],a[href^="#"]')].flatMap(e => (e.getAttribute('aria-labelledby') || '').split(' ').concat((e.getAttribute('aria-describedby') || '').split(' '), e.htmlFor || '', (e.getAttribute('href') || '').startsWith('#') ? e.getAttribute('href').slice(1) : '')).filter(i => i && !document.getElementById(i)).join(' ')`).Str(); dangling != "" {
		t.Errorf("names of nothing: %s", dangling)
	}
	x.Fits(t)
	x.axe(t, "{resultTypes: ['violations']}")
}

// CheckColours fails the test for what can be wrong with a page that was checked, now that its colours are others.
func (x *Tab) CheckColours(t testing.TB) {
	t.Helper()
	x.Fits(t)
	x.axe(t, "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}")
}

// Fits fails the test when the page, or its main part, scrolls sideways.
func (x *Tab) Fits(t testing.TB) {
	t.Helper()
	wide := x.MustEval(`() => {
		const w = innerWidth, s = document.scrollingElement, m = document.querySelector('main')
		if (s.scrollWidth <= w && (!m || m.scrollWidth <= m.clientWidth)) return ''
		const far = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + .5 && e.checkVisibility() && !e.closest('.vh')).slice(0, 6)
		return w + ' px: ' + s.scrollWidth + ' px wide: ' + far.map(e => e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + Math.round(e.getBoundingClientRect().right)).join('; ')
	}`).Str()
	if wide != "" {
		t.Errorf("scrolls sideways at %s", wide)
	}
}

func (x *Tab) axe(t testing.TB, options string) {
	t.Helper()
	src := Axe(t)
	if src == "" {
		return
	}
	// The debugger may evaluate what the page's policy forbids the page.
	if !x.MustEval(`() => !!window.axe`).Bool() {
		if _, err := x.Eval(`src => { (0, eval)(src); return 0 }`, src); err != nil {
			t.Fatalf("load axe: %v", err)
		}
	}
	raw := x.MustEval(`() => axe.run(document, ` + options + `).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' | ' + (n.any[0]?.message || n.failureSummary || '').slice(0, 200))}))))`).Str()
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("axe %s: %s\n  %s", f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
	}
}
