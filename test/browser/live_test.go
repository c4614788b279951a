package browser

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/web/area"
	"bothways/test/browser/chromium"
)

// actor is somebody of the demo as the services know them.
func (w *world) actor(address string) auth.Actor {
	w.t.Helper()
	personID, err := w.app.People.SignInID(ctx, address)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.app.People.ActorOf(ctx, personID)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// say has somebody write on a ticket elsewhere.
func (w *world) say(address, ref, body string) {
	w.t.Helper()
	if _, err := w.app.Desk.Speak(ctx, w.actor(address), desk.SpeakInput{Number: w.ticket(ref).Number, Body: body}); err != nil {
		w.t.Fatal(err)
	}
}

// live opens a page and waits until its stream runs.
func live(x *chromium.Tab, path string) *chromium.Tab {
	x.Go(path)
	x.MustWait(`() => globalThis.bothways?.stream?.readyState === 1`)
	return x
}

// comes waits until an element of the page says something.
func comes(x *chromium.Tab, selector, text string) {
	x.MustWait(`(s, t) => [...document.querySelectorAll(s)].some(e => e.textContent.replace(/\s+/g, ' ').includes(t))`, selector, text)
}

// A page that has just been read is not read again, unless something changed meanwhile.
func TestAPageIsReadOnce(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop)
	asked := `p => performance.getEntriesByType('resource').filter(r => r.initiatorType === 'fetch' && new URL(r.name).pathname === p).length`
	for _, path := range []string{"/desk", "/desk/tickets/" + ref} {
		live(x, path)
		x.MustEval(`() => new Promise(done => setTimeout(done, 2500))`) // longer than a page waits before it asks
		if n := x.MustEval(asked, path).Int(); n != 0 {
			t.Errorf("%s was read again %d times, and nothing has changed", path, n)
		}
	}
	// What was said while nobody listened is read as soon as somebody does.
	w.server.CloseClientConnections()
	w.say(helen, ref, "It drops again.")
	until(t, "the page reads anew", func() bool { return strings.Contains(x.Text("#live-talk"), "It drops again.") })
}

// What others write appears, and nothing that somebody has half written is touched: the rules of DESIGN.md §4, as measured.
func TestALivePageKeepsWhatIsWritten(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := live(w.tab(amara, chromium.Desktop), "/desk/tickets/"+ref)
	x.Click(`label[for="w-note"]`)
	x.Fill("#note textarea", "ask Kofi about 23.60")
	x.Click(`label[for="w-reply"]`)
	x.Choose("#reply-after", "customer")
	x.Fill("#reply-need", "a yes or no")
	x.Click(".turn-more summary") // "why then?" is open
	x.Fill("#reply textarea", "Thank you, Helen, the log")
	x.Keyboard.MustType(input.ArrowLeft, input.ArrowLeft, input.ArrowLeft)
	x.MustEval(`() => { window.box = document.querySelector('#reply textarea'); window.scrollTo(0, 0) }`)

	w.say(helen, ref, "And now it drops in the meeting room, too.")
	comes(x, "#live-talk", "drops in the meeting room")

	if got := x.MustEval(`() => { const t = document.activeElement; return [t === window.box, t.value, t.selectionStart].join('|') }`).Str(); got != "true|Thank you, Helen, the log|22" {
		t.Errorf("the reply in the making is now: %s", got)
	}
	for selector, want := range map[string]string{"#note textarea": "ask Kofi about 23.60", "#reply-after": "customer", "#reply-need": "a yes or no"} {
		if got := x.MustEval(`s => document.querySelector(s).value`, selector).Str(); got != want {
			t.Errorf("%s held %q and now holds %q", selector, want, got)
		}
	}
	if !x.MustEval(`() => document.querySelector('.turn-more details').open`).Bool() {
		t.Error("what was opened to be read is shut")
	}

	// in note mode with the note unfinished and the focus elsewhere
	x.Click(`label[for="w-note"]`)
	x.MustEval(`() => document.querySelector('.scroller').focus()`)
	w.say(helen, ref, "I can bring the laptop at noon.")
	comes(x, "#live-talk", "laptop at noon")
	if !x.Has("#note textarea") || x.Has("#reply textarea") {
		t.Error("the page fell back from the note to the reply")
	}
	if got := x.MustEval(`() => document.querySelector('#note textarea').value + '|' + document.querySelector('#reply textarea').value`).Str(); got != "ask Kofi about 23.60|Thank you, Helen, the log" {
		t.Errorf("note and reply are now %s", got)
	}
	if !x.MustEval(`() => document.activeElement.matches('.scroller')`).Bool() {
		t.Error("the focus went elsewhere")
	}
	x.Check(t)
}

// A form in a menu that somebody fills in stays as it is; the others show how the ticket stands now.
func TestALivePageKeepsAnOpenForm(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := live(w.tab(amara, chromium.Desktop), "/desk/tickets/"+ref)
	x.MustEval(`() => { document.querySelector('#resolve').closest('details').open = true }`)
	x.Fill("#resolve textarea", "New network driver")
	x.MustEval(`() => document.querySelector('.scroller').focus()`)
	before := x.MustEval(`() => document.querySelector('#resolve [name=seen]').value`).Str()
	if _, err := w.app.Desk.Assign(ctx, w.actor(kofi), desk.Act{Number: w.ticket(ref).Number}, w.actor(kofi).PersonID, ""); err != nil {
		t.Fatal(err)
	}
	comes(x, "#live-props summary", "Kofi Mensah")
	if got := x.MustEval(`() => { const f = document.querySelector('#resolve'); return [f.querySelector('textarea').value, f.closest('details').open, f.querySelector('[name=seen]').value].join('|') }`).Str(); got != "New network driver|true|"+before {
		t.Errorf("the half-written resolution is now %s, wanted it as it was, seen %s", got, before)
	}
	if now := x.MustEval(`() => document.querySelector('#assign [name=seen]').value`).Str(); now == before {
		t.Error("a form nobody uses still acts on the ticket as it was")
	}
}

// The queue moves a row when the turn passes, keeps the focus and where it was scrolled to, and says so once, politely.
func TestALiveQueue(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(payroll)
	x := live(w.tab(amara, chromium.Desktop), "/desk")
	row := `.q a[href="/desk/tickets/` + ref + `"]`
	group := `s => document.querySelector(s).closest('ul').getAttribute('aria-labelledby')`
	if g := x.MustEval(group, row).Str(); g != "g-customer" {
		t.Fatalf("the row is in %s", g)
	}
	x.MustEval(`s => { document.querySelector(s).focus(); document.querySelector('.queue').scrollTop = 120 }`, row)
	at := x.MustEval(`() => document.querySelector('.queue').scrollTop`).Int()
	w.say(owen, ref, "It is pay-november.xlsx.")
	x.MustWait(`s => document.querySelector(s).closest('ul').getAttribute('aria-labelledby') === 'g-provider'`, row)
	if !x.MustEval(`s => document.activeElement === document.querySelector(s)`, row).Bool() {
		t.Error("the row lost the focus")
	}
	if now := x.MustEval(`() => document.querySelector('.queue').scrollTop`).Int(); now != at {
		t.Errorf("the queue was scrolled to %d and is at %d", at, now)
	}
	comes(x, `[role="status"]`, ref+": our turn now")
	x.Check(t)
}

// One stream a browser: the second tab hears by the first, and takes over when that is closed.
func TestOneStreamABrowser(t *testing.T) {
	var streams atomic.Int32
	w := newWorld(t)
	handler := w.server.Config.Handler
	w.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" {
			streams.Add(1)
			defer streams.Add(-1)
		}
		handler.ServeHTTP(rw, r)
	})
	ref := w.ref(vpn)
	x := live(w.tab(amara, chromium.Desktop), "/desk/tickets/"+ref)
	y := x.Beside("/desk/tickets/" + ref)
	w.say(helen, ref, "Once more.")
	comes(y, "#live-talk", "Once more.")
	if _, err := x.Activate(); err != nil { // a tab nobody sees reads when it is seen
		t.Fatal(err)
	}
	comes(x, "#live-talk", "Once more.")
	if n := streams.Load(); n != 1 {
		t.Errorf("two tabs have %d streams", n)
	}
	x.MustClose()
	y.MustWait(`() => globalThis.bothways?.stream?.readyState === 1`)
	if _, err := y.Activate(); err != nil {
		t.Fatal(err)
	}
	w.say(helen, ref, "And again.")
	comes(y, "#live-talk", "And again.")
	for streams.Load() != 1 { // the closed tab's ends when its connection does
	}
}

// An open page, with all it reads by itself, says so: none of that is a use of the session.
func TestALivePageSaysThatItAsksByItself(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	var asked, own atomic.Int32
	handler := w.server.Config.Handler
	w.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/desk") {
			asked.Add(1)
			if r.Header.Get(area.Background) != "" || strings.HasPrefix(r.Header.Get("Sec-Purpose"), "prefetch") {
				own.Add(1)
			}
		}
		handler.ServeHTTP(rw, r)
	})
	x := live(w.tab(amara, chromium.Desktop), "/desk/tickets/"+ref)
	w.say(helen, ref, "Once more.")
	comes(x, "#live-talk", "Once more.")
	if a, o := asked.Load(), own.Load(); a < 2 || o != a-1 {
		t.Errorf("of %d requests %d say that nobody asked for them", a, o)
	}
}

// A page whose reader has signed out elsewhere stops asking, and keeps what it shows.
func TestALivePageEndsWithTheSession(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := live(w.tab(amara, chromium.Desktop), "/desk/tickets/"+ref)
	x.Fill("#reply textarea", "half a sentence")
	if err := w.app.Auth.EndAll(ctx, auth.SystemActor(), w.actor(amara).PersonID); err != nil {
		t.Fatal(err)
	}
	w.say(helen, ref, "Once more.")
	x.MustWait(`() => globalThis.bothways.stream.readyState === 2`)
	if got := x.MustEval(`() => document.querySelector('#reply textarea').value`).Str(); got != "half a sentence" || x.Path() != "/desk/tickets/"+ref {
		t.Errorf("at %s the reply is %q", x.Path(), got)
	}
}
