package chromium

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// View is a window: its size in CSS pixels and whether the system is dark.
type View struct {
	Name          string
	Width, Height int
	Dark          bool
}

// Phone says whether the window is that of a phone.
func (v View) Phone() bool { return v.Width < 500 }

// The windows that pages are looked at in.
var (
	Desktop     = View{"desktop-light", 1440, 900, false}
	DesktopDark = View{"desktop-dark", 1440, 900, true}
	Phone       = View{"phone-light", 390, 844, false}
	PhoneDark   = View{"phone-dark", 390, 844, true}
	Narrow      = View{"narrow", 320, 640, false} // the narrowest a page has to fit (WCAG 2.2, 1.4.10)
)

// Views are all windows in which pages are checked and pictured.
var Views = []View{Desktop, DesktopDark, Phone, PhoneDark}

// Tab is a page of the browser that is watched.
type Tab struct {
	*rod.Page
	whole  *rod.Page // without the time limit
	t      testing.TB
	origin string

	mu    sync.Mutex
	odd   []string         // what no page may do
	bytes map[string]int64 // received, by address
	urls  map[proto.NetworkRequestID]string
}

// patience is how long a tab may take for all that is done between two pages.
const patience = 10 * time.Minute

// Open opens an empty tab in a profile of its own: no cookies, nothing cached. At its end the test fails for everything in
// it that no page may do: dialogs, errors of scripts, reports of the content security policy, requests to another origin.
func Open(t testing.TB, origin string, v View) *Tab {
	t.Helper()
	b := Browser(t)
	own, err := b.Incognito()
	if err != nil {
		t.Fatalf("a new profile: %v", err)
	}
	p, err := own.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatalf("a new tab: %v", err)
	}
	tab := &Tab{Page: p.Timeout(patience), whole: p, t: t, origin: origin, bytes: map[string]int64{}, urls: map[proto.NetworkRequestID]string{}}
	tab.watch(p)
	tab.Look(v)
	tab.MustEvalOnNewDocument(`addEventListener('securitypolicyviolation', e => { (window.__csp ||= []).push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample) })`)
	t.Cleanup(func() {
		tab.Innocent(t)
		_ = proto.TargetDisposeBrowserContext{BrowserContextID: own.BrowserContextID}.Call(b)
	})
	return tab
}

// Beside opens a page in another tab of the same browser: the same cookies, the same stream.
func (x *Tab) Beside(path string) *Tab {
	x.t.Helper()
	p, err := x.whole.Browser().Page(proto.TargetCreateTarget{})
	if err != nil {
		x.t.Fatalf("another tab: %v", err)
	}
	tab := &Tab{Page: p.Timeout(patience), whole: p, t: x.t, origin: x.origin, bytes: map[string]int64{}, urls: map[proto.NetworkRequestID]string{}}
	tab.watch(p)
	return tab.Go(path)
}

// Kill ends the tab's process without a word, as a crash does, and opens another tab of the same profile in its place.
func (x *Tab) Kill(v View) {
	x.t.Helper()
	old := x.whole
	_ = proto.PageCrash{}.Call(old.Timeout(2 * time.Second)) // nobody is left to answer
	p, err := old.Browser().Page(proto.TargetCreateTarget{})
	if err != nil {
		x.t.Fatalf("another tab: %v", err)
	}
	_, _ = proto.TargetCloseTarget{TargetID: old.TargetID}.Call(old.Browser())
	x.whole, x.Page = p, p.Timeout(patience)
	x.watch(p)
	x.Look(v)
}

// watch notes what the page does.
func (x *Tab) watch(p *rod.Page) {
	x.t.Helper()
	for _, enable := range []interface{ Call(proto.Client) error }{proto.NetworkEnable{}, proto.LogEnable{}, proto.RuntimeEnable{}, proto.PageEnable{}} {
		if err := enable.Call(p); err != nil {
			x.t.Fatalf("watch the tab: %v", err)
		}
	}
	go p.EachEvent(
		func(e *proto.PageJavascriptDialogOpening) {
			x.note("a dialog opened at %s: %s", e.URL, e.Message)
			_ = proto.PageHandleJavaScriptDialog{Accept: false}.Call(p)
		},
		func(e *proto.RuntimeExceptionThrown) { x.note("a script failed: %s", e.ExceptionDetails.Text) },
		func(e *proto.LogEntryAdded) {
			if e.Entry.Source == proto.LogLogEntrySourceSecurity || strings.Contains(e.Entry.Text, "Content Security Policy") {
				x.note("security report at %s: %s", e.Entry.URL, e.Entry.Text)
			}
		},
		func(e *proto.NetworkRequestWillBeSent) {
			x.mu.Lock()
			x.urls[e.RequestID] = e.Request.URL
			x.mu.Unlock()
			// data: is the browser's own: its pictures for date fields. A page's own would be a report of the policy.
			if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != x.origin {
				x.note("a request left for %s", e.Request.URL)
			}
		},
		func(e *proto.NetworkLoadingFinished) {
			x.mu.Lock()
			x.bytes[x.urls[e.RequestID]] += int64(e.EncodedDataLength)
			x.mu.Unlock()
		},
	)()
}

func (x *Tab) note(format string, args ...any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.odd = append(x.odd, fmt.Sprintf(format, args...))
}

// Innocent fails the test for what happened in the tab since it was asked last that no page may do.
func (x *Tab) Innocent(t testing.TB) {
	t.Helper()
	x.Settled()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range x.odd {
		t.Errorf("in the tab: %s", o)
	}
	x.odd = nil
}

// Received is how many bytes came over the wire, headers included, by address.
func (x *Tab) Received() map[string]int64 {
	x.Settled()
	x.mu.Lock()
	defer x.mu.Unlock()
	out := make(map[string]int64, len(x.bytes))
	for u, n := range x.bytes {
		out[u] = n
	}
	return out
}

// Settled waits until what the browser has to say about the page so far was said.
func (x *Tab) Settled() {
	_, _ = x.Eval(`() => 0`)
	time.Sleep(30 * time.Millisecond) // events are told by another goroutine
}

// Look changes the window.
func (x *Tab) Look(v View) {
	x.t.Helper()
	x.MustSetViewport(v.Width, v.Height, 1, v.Phone())
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	features := []*proto.EmulationMediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if err := (proto.EmulationSetEmulatedMedia{Features: features}).Call(x); err != nil {
		x.t.Fatal(err)
	}
}

// Go opens an address of the origin.
func (x *Tab) Go(path string) *Tab {
	x.t.Helper()
	x.Then(func() { x.MustNavigate(x.origin + path) })
	return x
}

// Text is what the first element of a selector says, in one line; "" when there is none.
func (x *Tab) Text(selector string) string {
	x.t.Helper()
	return x.MustEval(`s => (document.querySelector(s)?.innerText || '').replace(/\s+/g, ' ').trim()`, selector).Str()
}

// Has says whether the page shows what a selector names.
func (x *Tab) Has(selector string) bool {
	x.t.Helper()
	return x.MustEval(`s => { const e = document.querySelector(s); return !!e && e.checkVisibility({visibilityProperty: true}) }`, selector).Bool()
}

// Path is where the tab is.
func (x *Tab) Path() string {
	x.t.Helper()
	return x.MustEval(`() => location.pathname + location.search`).Str()
}

// Then waits until the page that an act leads to is loaded.
func (x *Tab) Then(act func()) {
	x.t.Helper()
	x.Page = x.whole.Timeout(patience)
	wait := x.WaitNavigation(proto.PageLifecycleEventNameLoad)
	act()
	wait()
	if err := x.GetContext().Err(); err != nil {
		x.t.Fatalf("no page came: %v", err)
	}
}

// WithoutScript has no script of a page run from now on, as if the browser had none.
func (x *Tab) WithoutScript() *Tab {
	x.t.Helper()
	if err := (proto.EmulationSetScriptExecutionDisabled{Value: true}).Call(x); err != nil {
		x.t.Fatal(err)
	}
	return x
}

// Click brings what a selector names into sight and clicks on it with the mouse.
func (x *Tab) Click(selector string) {
	x.t.Helper()
	x.press(x.MustElement(selector))
}

// ClickOn clicks the first element of a selector whose text matches a pattern.
func (x *Tab) ClickOn(selector, pattern string) {
	x.t.Helper()
	x.press(x.MustElementR(selector, pattern))
}

// press uses the mouse alone: what rod does beside it waits for frames of a script, which a page without script never gives.
func (x *Tab) press(e *rod.Element) {
	x.t.Helper()
	if err := (proto.DOMScrollIntoViewIfNeeded{ObjectID: e.Object.ObjectID}).Call(x); err != nil {
		x.t.Fatalf("bring %s into sight: %v", e, err)
	}
	shape, err := e.Shape()
	if err != nil || shape.OnePointInside() == nil {
		x.t.Fatalf("%s has no place on the page: %v", e, err)
	}
	x.Mouse.MustMoveTo(shape.OnePointInside().X, shape.OnePointInside().Y).MustClick(proto.InputMouseButtonLeft)
}

// Fill replaces what a field holds.
func (x *Tab) Fill(selector, text string) {
	x.t.Helper()
	e := x.MustElement(selector)
	x.press(e)
	e.MustEval(`() => this.select()`)
	x.MustInsertText(text)
}

// Choose takes an option of a select by its value.
func (x *Tab) Choose(selector, value string) {
	x.t.Helper()
	if !x.MustElement(selector).MustEval(`v => { this.value = v; this.dispatchEvent(new Event('change', {bubbles: true})); return this.value === v }`, value).Bool() {
		x.t.Fatalf("%s has no choice %q", selector, value)
	}
}

// Texts are what all elements of a selector say, each in one line.
func (x *Tab) Texts(selector string) []string {
	x.t.Helper()
	var out []string
	for _, v := range x.MustEval(`s => [...document.querySelectorAll(s)].map(e => e.innerText.replace(/\s+/g, ' ').trim())`, selector).Arr() {
		out = append(out, v.Str())
	}
	return out
}

// Shoot writes a picture of the window into the folder BOTHWAYS_SHOTS. full is the whole page, as far as the window scrolls.
func (x *Tab) Shoot(name string, full bool) {
	x.t.Helper()
	dir := os.Getenv("BOTHWAYS_SHOTS")
	if dir == "" {
		return
	}
	img, err := x.Screenshot(full, &proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng})
	if err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), img, 0o644); err != nil {
		x.t.Fatal(err)
	}
}
