package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/test/browser/chromium"
)

func tenSeconds(c *config.Config) { c.UndoSend = 10 }

// staff is somebody of the demo, for what a test does without a page.
func (w *world) staff(address string) auth.Actor {
	w.t.Helper()
	personID, err := w.app.People.SignInID(ctx, address)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.app.People.ActorOf(ctx, personID)
	if err != nil {
		w.t.Fatal(err)
	}
	a.Channel = "desk"
	return a
}

func (w *world) draft(address, ref string, m writing.Mode) writing.Draft {
	w.t.Helper()
	d, err := w.app.Desk.Writing.Draft(ctx, w.staff(address), w.ticket(ref).Number, m)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// until waits for something that a page does by itself.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 1200 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it never came to this: %s", what)
}

func said(x *chromium.Tab, form string) string {
	return x.MustEval(`f => document.querySelector(f + ' textarea').value`, form).Str()
}

// What is typed is on the server a second later, on any device, and belongs to its writer alone. The two texts never mix.
func TestDraftsAreKept(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "The driver comes at ")
	x.Choose("#reply-after", "customer")
	x.Fill("#reply-need", "a yes or no")
	x.Click(`label[for="w-note"]`)
	if got := said(x, "#note"); got != "" {
		t.Errorf("the note began with %q", got)
	}
	x.Fill("#note textarea", "canary-3c9d only us")
	until(t, "both drafts saved", func() bool {
		return w.draft(amara, ref, writing.Note).Body == "canary-3c9d only us" && w.draft(amara, ref, writing.Reply).Need == "a yes or no"
	})
	until(t, "it says so", func() bool { return strings.HasPrefix(x.Text("#note .ds"), "Draft saved 11:05") })
	x.Click(`label[for="w-reply"]`)
	if got := said(x, "#reply"); got != "The driver comes at " {
		t.Errorf("the reply became %q", got)
	}
	phone := w.tab(amara, chromium.Phone).Go("/desk/tickets/" + ref)
	if got := said(phone, "#reply") + "|" + said(phone, "#note"); got != "The driver comes at |canary-3c9d only us" {
		t.Errorf("on the phone it reads %q", got)
	}
	other := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	if got := said(other, "#reply") + said(other, "#note"); got != "" {
		t.Errorf("a colleague reads %q", got)
	}
	// One page goes on, the other has not seen it: both versions, and a choice.
	x.Fill("#reply textarea", "The driver comes at 13:30.")
	until(t, "saved", func() bool { return w.draft(amara, ref, writing.Reply).Body == "The driver comes at 13:30." })
	phone.Fill("#reply textarea", "I call you.")
	until(t, "both are shown", func() bool {
		return strings.Contains(phone.Text("#reply .say"), "another page or device “The driver comes at 13:30.”")
	})
	phone.ClickOn("#reply .say button", "Use both")
	until(t, "joined", func() bool {
		return w.draft(amara, ref, writing.Reply).Body == "The driver comes at 13:30.\n\nI call you."
	})
	phone.Then(func() { phone.MustEval(`() => document.querySelector('#reply').requestSubmit()`) })
	if d := w.draft(amara, ref, writing.Reply); d.Version != 0 {
		t.Errorf("after sending there is a draft %+v", d)
	}
	if d := w.draft(amara, ref, writing.Note); d.Body != "canary-3c9d only us" {
		t.Errorf("the note's draft is %q", d.Body)
	}
	if k := w.ticket(ref); strings.Contains(k.LastLine, "canary") {
		t.Errorf("the note was sent: %q", k.LastLine)
	}
}

func tail(s string) string { return s[max(0, len(s)-40):] }

// Two agents answer at once: the second reads the first before theirs goes, and nothing blocks either.
func TestTwoAgentsAnswer(t *testing.T) {
	w := newWorld(t, tenSeconds)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	y := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	until(t, "Amara sees Kofi", func() bool {
		x.MustEval(`() => document.dispatchEvent(new Event('visibilitychange'))`)
		return strings.Contains(x.Text("#live-here"), "Kofi is here")
	})
	x.Fill("#reply textarea", "From Amara.")
	y.Fill("#reply textarea", "From Kofi.")
	x.Then(func() { x.Click("#reply button.primary") })
	if got := x.Text(".toast"); !strings.HasPrefix(got, "Leaves at 11:05:10.") || !strings.Contains(got, "Undo") {
		t.Errorf("it says %q", got)
	}
	if k := w.ticket(ref); k.LastLine == "From Amara." {
		t.Error("it has left at once")
	}
	y.Click("#reply button.primary")
	until(t, "Kofi is told", func() bool {
		return strings.Contains(y.Text("#reply .say"), "Amara Okafor’s answer leaves at 11:05:10: “From Amara.”")
	})
	y.Then(func() { y.ClickOn("#reply .say button", "Send it all the same") })
	w.clk.Advance(11 * time.Second)
	w.run()
	l, err := w.app.Desk.Messages(ctx, auth.SystemActor(), w.ticket(ref).Number, "", 200)
	if err != nil {
		t.Fatal(err)
	}
	n := len(l.Items)
	if l.Items[n-2].Body != "From Amara." || l.Items[n-1].Body != "From Kofi." {
		t.Errorf("said %q, then %q", l.Items[n-2].Body, l.Items[n-1].Body)
	}
}

// For ten seconds an answer can be taken back; the turn moves when it leaves and not before. It works without a script, too.
func TestUndoSend(t *testing.T) {
	w := newWorld(t, tenSeconds)
	ref := w.ref(vpn)
	for _, script := range []bool{true, false} {
		x := w.tab(amara, chromium.Desktop)
		if !script {
			x.WithoutScript()
		}
		x.Go("/desk/tickets/" + ref)
		x.Fill("#reply textarea", "Is 13:30 good?")
		x.Choose("#reply-after", "customer")
		x.Then(func() { x.Click("#reply button.primary") })
		if k := w.ticket(ref); k.TurnSide != agreement.SideProvider {
			t.Fatalf("script %v: before it left it is %s's turn", script, k.TurnSide)
		}
		if got := x.Text(".msg.held"); !strings.Contains(got, "Leaves at") || !strings.Contains(got, "Is 13:30 good?") {
			t.Errorf("script %v: the page says %q", script, got)
		}
		x.Then(func() { x.Click(".toast button") })
		if got := said(x, "#reply"); got != "Is 13:30 good?" {
			t.Errorf("script %v: taken back it reads %q", script, got)
		}
		if got := x.MustEval(`() => document.querySelector('#reply-after').value`).Str(); got != "customer" {
			t.Errorf("script %v: the turn after it is %q", script, got)
		}
		w.clk.Advance(15 * time.Second)
		w.run()
		if k := w.ticket(ref); k.LastLine == "Is 13:30 good?" {
			t.Errorf("script %v: it was sent all the same", script)
		}
	}
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Then(func() { x.Click("#reply button.primary") })
	w.clk.Advance(11 * time.Second)
	w.run()
	if k := w.ticket(ref); k.TurnSide != agreement.SideCustomer || k.LastLine != "Is 13:30 good?" {
		t.Errorf("after it left: %s's turn, %q", k.TurnSide, k.LastLine)
	}
}

// Thirty pasted images are all in the message, or an error names which is not; one that is too large keeps the others.
func TestPastedImages(t *testing.T) {
	w := newWorld(t, func(c *config.Config) { c.MaxUpload = 6 << 20 })
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "All of them.")
	x.MustEval(`(n, size) => {
		const data = new DataTransfer();
		for (let i = 0; i < n; i++) { const b = new Uint8Array(size); b.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]); b[100] = i; data.items.add(new File([b], 'shot-' + i + '.png', {type: 'image/png'})); }
		data.items.add(new File([new Uint8Array(7 << 20)], 'film.bin'));
		document.querySelector('#reply textarea').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
	}`, 30, 5<<20)
	until(t, "all are up", func() bool { return !x.Has("#reply progress") && x.Has("#reply .ups .bad") })
	if got := x.Text("#reply .say"); !strings.Contains(got, "film.bin") || !strings.Contains(got, "the limit is 6 MB") {
		t.Errorf("it says %q", got)
	}
	x.Click("#reply button.primary")
	until(t, "it does not go without it", func() bool { return strings.Contains(x.Text("#reply .say"), "film.bin: try it again, or take it out.") })
	x.Click("#reply .ups .bad [data-drop]")
	x.Then(func() { x.Click("#reply button.primary") })
	l, err := w.app.Desk.Messages(ctx, auth.SystemActor(), w.ticket(ref).Number, "", 200)
	if err != nil {
		t.Fatal(err)
	}
	last := l.Items[len(l.Items)-1]
	if last.Body != "All of them." || len(last.Files) != 30 {
		t.Errorf("the message %q has %d files", last.Body, len(last.Files))
	}
	for _, f := range last.Files {
		if f.Size != 5<<20 || f.Type != "image/png" {
			t.Errorf("%s is %s of %d bytes", f.Name, f.Type, f.Size)
		}
	}
}

// What is sent without a network waits in the outbox and goes once, when it is back.
func TestOutbox(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "Sent from the train.")
	until(t, "saved", func() bool { return w.draft(amara, ref, writing.Reply).Version > 0 })
	offline(x, true)
	x.Click("#reply button.primary")
	until(t, "it waits", func() bool { return strings.Contains(x.Text(".outbox"), "Outbox (1), sends when you are back") })
	if k := w.ticket(ref); k.LastLine == "Sent from the train." {
		t.Fatal("it was sent")
	}
	x.Then(func() { offline(x, false) })
	if k := w.ticket(ref); k.LastLine != "Sent from the train." {
		t.Errorf("the last line is %q", k.LastLine)
	}
	if x.Has(".outbox") {
		t.Errorf("the outbox says %q", x.Text(".outbox"))
	}
	if d := w.draft(amara, ref, writing.Reply); d.Version != 0 {
		t.Errorf("a draft is left: %q", d.Body)
	}
}

// Completion by keyboard: @ calls a colleague in a note, # names a ticket, ; brings a saved answer filled in.
func TestCompletion(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	e := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	e.Fill("#reply textarea", "Hello")
	e.Click(`#reply [data-do=";"]`)
	until(t, "it says that there are none", func() bool { return strings.Contains(e.Text("#reply"), "You have no saved answers yet. Make one") })
	e.Check(t)
	e.Shoot("ticket-no-answers-"+chromium.Desktop.Name, false)
	if got := said(e, "#reply"); got != "Hello" {
		t.Errorf("the text became %q", got)
	}
	e.Fill("#reply textarea", "")
	a := w.tab(amara, chromium.Desktop).Go("/desk/answers")
	a.Fill("#answer-title", "Driver ready")
	a.Fill("#answer-body", "Hello {requester.first}, the driver for {number} is ready. {me.first}")
	a.Then(func() { a.Click("#answer button.primary") })
	if got := a.Text(".keptlist"); !strings.Contains(got, "Driver ready") {
		t.Fatalf("the answers are %q", got)
	}
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", ";driver")
	until(t, "it is offered", func() bool { return x.Has("#reply .complete [aria-selected=true]") })
	x.Check(t)
	x.Shoot("ticket-complete-"+chromium.Desktop.Name, false)
	x.Keyboard.MustType(input.Enter)
	if got, want := said(x, "#reply"), "Hello Helen, the driver for "+ref+" is ready. Amara"; got != want {
		t.Errorf("it became %q, want %q", got, want)
	}
	x.Fill("#reply textarea", "@Kof")
	time.Sleep(300 * time.Millisecond)
	if x.Has("#reply .complete") {
		t.Error("a reply calls colleagues")
	}
	x.Click(`label[for="w-note"]`)
	x.Fill("#note textarea", "@kof")
	until(t, "Kofi is offered", func() bool { return strings.Contains(x.Text("#note .complete"), "Kofi Mensah") })
	x.Keyboard.MustType(input.Tab)
	x.MustInsertText("like in #payroll file")
	until(t, "the ticket is offered", func() bool { return strings.Contains(x.Text("#note .complete"), "Payroll file will not open") })
	x.Keyboard.MustType(input.Enter)
	if got, want := said(x, "#note"), "@Kofi Mensah like in "+w.ref("Payroll file will not open")+" "; got != want {
		t.Errorf("the note is %q, want %q", got, want)
	}
	x.Then(func() { x.Click("#note button.primary") })
	if got := x.Text("#live-panel .people"); !strings.Contains(got, "Kofi Mensah") || !strings.Contains(got, "called them in a note") {
		t.Errorf("taking part: %q", got)
	}
}

// Two fields at once both land; the same field shows both versions.
func TestFieldsMergeOnThePage(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	y := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	y.MustEval(`() => { const f = document.querySelector('#priority'); f.elements.impact.value = 'high' }`)
	y.Then(func() { y.MustEval(`() => document.querySelector('#priority').requestSubmit()`) })
	x.MustEval(`() => { const f = document.querySelector('#fields'); f.elements.subject.value = 'VPN drops in the dock' }`)
	x.Then(func() { x.MustEval(`() => document.querySelector('#fields').requestSubmit()`) })
	if k := w.ticket(ref); k.Impact != desk.High || k.Subject != "VPN drops in the dock" {
		t.Fatalf("it is %s, %q", k.Impact, k.Subject)
	}
	z := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	z.MustEval(`() => { document.querySelector('#priority').elements.impact.value = 'medium' }`)
	y.Go("/desk/tickets/" + ref)
	y.MustEval(`() => { document.querySelector('#priority').elements.impact.value = 'low' }`)
	y.Then(func() { y.MustEval(`() => document.querySelector('#priority').requestSubmit()`) })
	z.Then(func() { z.MustEval(`() => document.querySelector('#priority').requestSubmit()`) })
	if got := z.Text(".summary-err"); !strings.Contains(got, "Kofi Mensah set it to “Low” today 11:05") {
		t.Errorf("it says %q", got)
	}
	z.Then(func() { z.MustEval(`() => document.querySelector('#priority').requestSubmit()`) })
	if k := w.ticket(ref); k.Impact != desk.Medium {
		t.Errorf("sent again it is %s", k.Impact)
	}
}
