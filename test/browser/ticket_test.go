package browser

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

const vpn = "VPN drops when I dock my laptop"

// A reply that asks makes it the customer's turn, with a clock of theirs, on both pages.
func TestReplyThatAsks(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	if !x.Has(".turn-side.it.now") {
		t.Fatal("the demo's ticket is not our turn")
	}
	if x.Has("#reply-need") {
		t.Error("a reply that keeps the turn asks what is needed")
	}
	x.Fill("#reply textarea", "We can put the new driver on your laptop at **13:30**. Is that good?")
	x.Choose("#reply-after", "customer")
	x.Fill("#reply-need", "a yes or no")
	x.Then(func() { x.Click("#reply button.primary") })
	if got := x.Text(".toast"); got != "Sent." {
		t.Errorf("it says %q", got)
	}
	if k := w.ticket(ref); k.TurnSide != agreement.SideCustomer || k.DueAt.IsZero() {
		t.Errorf("it is %s's turn, due %s", k.TurnSide, k.DueAt)
	}
	if got := x.Text(".turn-side.you.now"); !strings.Contains(got, "Helen’s clock") || !strings.Contains(got, "Answer by") {
		t.Errorf("Helen's clock says %q", got)
	}
	if got := x.Text(".log .msg:last-of-type .asked"); !strings.Contains(got, "Needs a yes or no by") {
		t.Errorf("the question says %q", got)
	}
	if got := x.Text(".log .msg:last-of-type .prose strong"); got != "13:30" {
		t.Errorf("the marked words are %q", got)
	}
	y := w.tab(helen, chromium.Phone).Go("/")
	if got := y.Text(".todo"); !strings.Contains(got, vpn) || !strings.Contains(got, "We need a yes or no by") {
		t.Errorf("Helen's page says %q", got)
	}
	y.Then(func() { y.ClickOn(".todo button", "^Yes$") })
	if k := w.ticket(ref); k.TurnSide != agreement.SideProvider {
		t.Errorf("after her yes it is %s's turn", k.TurnSide)
	}
}

func TestReplyThatTells(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "The driver comes with the next restart.")
	x.Then(func() { x.Click("#reply button.primary") })
	if k := w.ticket(ref); k.TurnSide != agreement.SideProvider || k.LastLine != "The driver comes with the next restart." {
		t.Errorf("it is %s's turn: %q", k.TurnSide, k.LastLine)
	}
}

// Without words nothing is sent, and the form comes back open with what was chosen.
func TestReplyWithoutWords(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	before := w.ticket(ref).Version
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Choose("#reply-after", "customer")
	x.Fill("#reply-need", "a test")
	x.Click("#reply button.primary")
	x.MustElement("#reply .say .callout")
	if got := x.Text("#reply .say"); !strings.Contains(got, "It is empty.") {
		t.Errorf("it says %q", got)
	}
	if got := x.MustEval(`() => document.querySelector('#reply-after').value + '|' + document.querySelector('#reply-need').value`).Str(); got != "customer|a test" {
		t.Errorf("the form came back as %q", got)
	}
	if w.ticket(ref).Version != before {
		t.Error("something was changed")
	}
}

// What somebody else did meanwhile is shown before anything is sent; the words stay.
func TestReplyToATicketThatChanged(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Fill("#reply textarea", "I look into it.")
	y := w.tab(kofi, chromium.Desktop).Go("/desk/tickets/" + ref)
	y.Fill("#reply textarea", "The driver is ready.")
	y.Then(func() { y.Click("#reply button.primary") })
	x.Click("#reply button.primary")
	x.MustElement("#reply .say .callout")
	if got := x.Text("#reply .say"); !strings.Contains(got, "Since you opened this page") || !strings.Contains(got, "Kofi Mensah wrote “The driver is ready.”") {
		t.Errorf("it says %q", got)
	}
	if got := x.MustEval(`() => document.querySelector('#reply textarea').value`).Str(); got != "I look into it." {
		t.Errorf("the words became %q", got)
	}
	x.Then(func() { x.ClickOn("#reply .say button", "Send it all the same") })
	if k := w.ticket(ref); k.LastLine != "I look into it." {
		t.Errorf("sent again, the last line is %q", k.LastLine)
	}
}

func TestNoteIsForITAlone(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.Click(`label[for="w-note"]`)
	x.Fill("#note textarea", "canary-7f3a: the driver is 23.60")
	x.Then(func() { x.Click("#note button.primary") })
	if got := x.Text(".log .msg.note:last-of-type"); !strings.Contains(got, "canary-7f3a") || !strings.Contains(got, "Only IT sees this") {
		t.Errorf("the note reads %q", got)
	}
	y := w.tab(helen, chromium.Desktop)
	for _, path := range []string{"/requests/" + ref, "/requests/" + ref + "?all", "/requests", "/", "/inbox"} {
		if y.Go(path); strings.Contains(y.MustHTML(), "canary-7f3a") {
			t.Errorf("the note is on %s", path)
		}
	}
	if k := w.ticket(ref); k.TurnSide != agreement.SideProvider {
		t.Errorf("a note made it %s's turn", k.TurnSide)
	}
}

func TestResolve(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(vpn)
	x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	x.ClickOn(".acts summary", "Resolve")
	x.Fill("#resolve textarea", "The new driver is on your laptop.")
	x.Then(func() { x.Click("#resolve button") })
	if k := w.ticket(ref); k.State != desk.Resolved || k.TurnSide != agreement.SideCustomer {
		t.Fatalf("it is %s, %s's turn", k.State, k.TurnSide)
	}
	if got := x.Text(".turn-side.you.now"); !strings.Contains(got, "Confirm by") {
		t.Errorf("Helen's clock says %q", got)
	}
	y := w.tab(helen, chromium.Desktop).Go("/requests/" + ref)
	if got := y.Text(".move"); !strings.Contains(got, "Does it work now?") || !strings.Contains(got, "The new driver is on your laptop.") {
		t.Errorf("Helen reads %q", got)
	}
}

// The explanation of a promise adds up: line by line, to the second.
func TestWhyThen(t *testing.T) {
	w := newWorld(t)
	for _, subject := range []string{vpn, "Payroll file will not open", "Labels at packing line 2 are shifted"} {
		x := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + w.ref(subject))
		n := len(x.Texts(".turn-more details"))
		if n < 2 {
			t.Fatalf("%s: %d explanations", subject, n)
		}
		for i := range n - 1 { // the last is the list of turns
			x.MustElements(".turn-more summary")[i].MustClick()
			table := ".turn-more details[open] .why"
			if !x.Has(table) {
				t.Fatalf("%s: explanation %d does not open", subject, i)
			}
			var counted, skipped time.Duration
			for _, s := range x.Texts(table + " tbody td:nth-child(2)") {
				counted += length(t, s)
			}
			for _, s := range x.Texts(table + " tbody td:nth-child(3)") {
				skipped += length(t, s)
			}
			sums := x.Texts(table + " tfoot td")
			if len(sums) < 2 || length(t, sums[0]) != counted || length(t, sums[1]) != skipped {
				t.Errorf("%s: the lines add up to %s and %s, the page says %q", subject, counted, skipped, sums)
			}
			for _, why := range x.Texts(table + " tbody td:nth-child(4)") {
				if why == "" {
					t.Errorf("%s: a line without a reason", subject)
				}
			}
		}
	}
}

// length reads "1 h 05 min 03 s" as pages write it.
func length(t *testing.T, s string) time.Duration {
	t.Helper()
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(strings.NewReplacer(",", "", " h", "h", " min", "m", " s", "s", " ", "").Replace(s))
	if err != nil {
		t.Fatalf("%q is no length: %v", s, err)
	}
	return d
}
