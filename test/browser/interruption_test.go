package browser

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bothways/internal/cli/demo"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/test/browser/chromium"
)

// A hundred times something ends the page or the session in the middle of typing: at most what was typed in the last second is lost.
func TestHundredInterruptions(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	rng := rand.New(rand.NewPCG(7, 11))
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	text := ""
	for i := range 100 {
		word := fmt.Sprintf("w%d ", i)
		x.MustElement("#reply textarea").MustEval(`() => { this.focus(); this.setSelectionRange(this.value.length, this.value.length) }`)
		x.MustInsertText(word)
		text += word
		time.Sleep(time.Duration(rng.IntN(60)) * 10 * time.Millisecond)
		what := rng.IntN(8)
		t.Logf("interruption %d of kind %d", i, what)
		switch what {
		case 0: // the tab is killed without a word, and the browser opens it again
			x.Kill(chromium.Desktop)
			x.Go("/desk/tickets/" + ref)
		case 1: // away and back
			x.Go("/desk")
			x.Go("/desk/tickets/" + ref)
		case 2: // the session ends: the page asks, and goes on
			w.endSessions(amara)
			x.MustInsertText("s")
			text += "s"
			until(t, "the dialog", func() bool { return x.Has("dialog.again") })
			x.Fill("#again-email", amara)
			x.Fill("#again-password", demo.Password)
			x.Click("dialog.again button")
			until(t, "it goes on", func() bool { return !x.Has("dialog.again") })
		case 3: // the network goes and comes back
			offline(x, true)
			x.MustInsertText("n")
			text += "n"
			time.Sleep(50 * time.Millisecond)
			offline(x, false)
		case 4: // the ticket changes under it
			w.note(kofi, ref, "Looking.")
		case 7: // a colleague merges it into another, and takes that back
			w.merge(ref, w.ref(payroll))
			x.MustInsertText("m")
			text += "m"
			until(t, "the page says so", func() bool { return strings.Contains(x.Text("#live-talk"), "It goes on in another ticket") })
			if _, err := w.app.Desk.Unmerge(ctx, w.staff(kofi), desk.Act{Number: w.ticket(ref).Number}); err != nil {
				t.Fatal(err)
			}
		case 6: // the server is stopped and started again
			x.MustInsertText("r")
			text += "r"
			w.restart()
			x.Go("/desk/tickets/" + ref)
		case 5: // reloaded
			x.Then(func() { x.MustEval(`() => setTimeout(() => location.reload())`) })
		}
		var got string
		lost := 0
		for range 1200 { // the page has to be drawn and its script to run first, also on a busy machine
			if got = strings.TrimRight(said(x, "#reply"), " "); got == strings.TrimRight(text, " ") {
				break
			}
			// a tab that is killed may take with it what was typed within the last second, and no more than that
			if what == 0 && got == strings.TrimRight(strings.TrimSuffix(text, word), " ") {
				if lost++; lost > 100 {
					t.Logf("%q, typed less than a second before the tab was killed, is lost", word)
					text = strings.TrimSuffix(text, word)
					break
				}
			}
			time.Sleep(50 * time.Millisecond)
		}
		if got != strings.TrimRight(text, " ") {
			t.Fatalf("after interruption %d the box holds …%q, want …%q; it says %q", i, tail(got), tail(text), x.Text("#reply .say"))
		}
	}
	until(t, "all of it is on the server", func() bool {
		return strings.TrimRight(w.draft(amara, ref, writing.Reply).Body, " ") == strings.TrimRight(text, " ")
	})
}

// A colleague merges the ticket while somebody writes: what they typed stays where it is, cannot be sent there, and is offered at the
// ticket that took it over.
func TestAMergeKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	ref, into := w.ref(vpn), w.ref(payroll)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "The driver comes at 13:30.")
	w.merge(ref, into)
	until(t, "the page says so", func() bool { return strings.Contains(x.Text("#live-talk"), "It goes on in another ticket") })
	if got := said(x, "#reply"); got != "The driver comes at 13:30." {
		t.Errorf("the box holds %q", got)
	}
	until(t, "saved", func() bool { return w.draft(amara, ref, writing.Reply).Body == "The driver comes at 13:30." })
	x.Click("#reply button.primary")
	until(t, "it is told why not", func() bool { return x.Has("#reply .say .callout") })
	if got := said(x, "#reply"); got != "The driver comes at 13:30." {
		t.Errorf("after it was not sent the box holds %q; it says %q", got, x.Text("#reply .say"))
	}
	x.Go("/desk/tickets/" + into)
	if got := x.Text(".notices"); !strings.Contains(got, "unsent reply to "+ref) || !strings.Contains(got, "The driver comes at 13:30.") {
		t.Errorf("where it goes on it says %q", got)
	}
	if got := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + into).Text("main"); strings.Contains(got, "The driver comes at 13:30.") {
		t.Error("a colleague reads it")
	}
}
