package browser

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

const (
	payroll = "Payroll file will not open"
	monitor = "Second monitor"
)

// stands fails the test unless a ticket is where it should be.
func (w *world) stands(ref string, state desk.State, side agreement.Side) {
	w.t.Helper()
	if k := w.ticket(ref); k.State != state || k.TurnSide != side {
		w.t.Errorf("%s is %s, %s's turn; want %s, %s's", ref, k.State, k.TurnSide, state, side)
	}
}

func TestCustomerAsks(t *testing.T) {
	w := newWorld(t)
	x := w.tab(helen, chromium.Desktop).Go("/")
	x.Click(".own summary")
	x.Fill("#ask-subject", "The plotter draws in green only")
	x.Fill("#ask-body", "Since this morning.")
	x.Then(func() { x.Click("#ask button.primary") })
	ref := w.ref("The plotter draws in green only")
	if !strings.HasPrefix(x.Path(), "/requests/"+ref) || x.Text("h1") != "The plotter draws in green only" {
		t.Errorf("it leads to %s: %q", x.Path(), x.Text("h1"))
	}
	if got := x.Text(".move"); !strings.HasPrefix(got, "It is our turn: we reply by ") {
		t.Errorf("the page says %q", got)
	}
	w.stands(ref, desk.New, agreement.SideProvider)
	x.Go("/")
	x.Click(".own summary")
	x.Then(func() { x.Click("#ask button.primary") })
	if got := x.Text(".summary-err"); !strings.Contains(got, "Say in one line what you need.") {
		t.Errorf("without a word it says %q", got)
	}
}

func TestCustomerAnswers(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(payroll)
	x := w.tab(owen, chromium.Phone).Go("/requests/" + ref)
	if got := x.Text(".move"); !strings.Contains(got, "Your turn") || !strings.Contains(got, "the name of the file and its folder") || !strings.Contains(got, "11:10 today") {
		t.Fatalf("the page says %q", got)
	}
	x.Fill("#answer textarea", "pay-november.xlsx, in Finance.")
	x.Then(func() { x.Click("#answer button") })
	if got := x.Text(".toast"); got != "Thank you. It is our turn." {
		t.Errorf("it says %q", got)
	}
	if got := x.Text(".log .msg:last-of-type .prose"); got != "pay-november.xlsx, in Finance." {
		t.Errorf("the last message is %q", got)
	}
	w.stands(ref, desk.InProgress, agreement.SideProvider)
}

func TestCustomerAnswersOnTheFirstPage(t *testing.T) {
	w := newWorld(t)
	x := w.tab(owen, chromium.Desktop).Go("/")
	x.Fill(".todo .quick input[name=body]", "pay-november.xlsx, in Finance.")
	x.Then(func() { x.Click(".todo .quick button") })
	w.stands(w.ref(payroll), desk.InProgress, agreement.SideProvider)
}

// What the customer had told before was IT's time, not theirs.
func TestCustomerGivesTheQuestionBack(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(payroll)
	x := w.tab(owen, chromium.Desktop).Go("/requests/" + ref)
	x.ClickOn(".move summary", "You had this already")
	x.Fill("#return textarea", "It is in my mail of last week.")
	x.Then(func() { x.Click("#return button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	if got := x.Text(".ribbon .tot > span:last-child"); !strings.HasPrefix(got, "0 min") {
		t.Errorf("Owen's time is %q", got)
	}
}

func TestCustomerConfirmsAndReopens(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(monitor)
	x := w.tab(helen, chromium.Phone).Go("/")
	x.Then(func() { x.ClickOn(".todo button", "Yes, all good") })
	if got := x.Text(".toast"); got != "Thank you. It is closed." {
		t.Errorf("it says %q", got)
	}
	w.stands(ref, desk.Closed, agreement.SideNobody)
	if got := x.Text(".move"); !strings.Contains(got, "This request is closed") || !strings.Contains(got, "You can reopen it until") {
		t.Errorf("the page says %q", got)
	}
	x.Shoot("request-closed-phone-light", true)
	x.Check(t)
	w.clk.Advance(2 * time.Hour)
	x.Fill("#reopen textarea", "It went dark after lunch.")
	x.Then(func() { x.Click("#reopen button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	if got := x.Text(".move"); !strings.Contains(got, "It is our turn") {
		t.Errorf("reopened, the page says %q", got)
	}
}

func TestCustomerSaysNotYet(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(monitor)
	x := w.tab(helen, chromium.Desktop).Go("/")
	x.Then(func() { x.ClickOn(".todo a", "Not yet") })
	x.ClickOn(".move summary", "Not yet")
	x.Fill("#reject textarea", "It flickers.")
	x.Then(func() { x.Click("#reject button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	if got := x.Text(".log .msg:last-of-type .prose"); got != "It flickers." {
		t.Errorf("the last message is %q", got)
	}
}

func TestCustomerWithdraws(t *testing.T) {
	w := newWorld(t)
	ref := w.ref("Activate my new phone")
	x := w.tab(helen, chromium.Desktop).Go("/requests/" + ref)
	x.ClickOn("aside summary", "You do not need it any more")
	x.Then(func() { x.Click("#withdraw button") })
	w.stands(ref, desk.Withdrawn, agreement.SideNobody)
}

// The inbox shows what the desk would have mailed, and takes an answer as the receiver's own program would send it.
func TestInbox(t *testing.T) {
	w := newWorld(t)
	ref := w.ref(payroll)
	x := w.tab("", chromium.Desktop).Go("/inbox")
	x.Then(func() { x.ClickOn("[aria-labelledby=waiting] .reqrow", "Owen Clarke") })
	x.Then(func() { x.ClickOn("[aria-labelledby=waiting] .reqrow", payroll) })
	if got := x.Text(".mail"); !strings.Contains(got, "What is the file called, and in which folder does it lie?") || !strings.Contains(got, "the name of the file and its folder") {
		t.Errorf("the mail says %q", got)
	}
	if got := x.Text(".facts"); !strings.Contains(got, owen) {
		t.Errorf("its head says %q", got)
	}
	x.Then(func() { x.ClickOn("#away button", "out of office") })
	w.stands(ref, desk.WaitingForCustomer, agreement.SideCustomer) // nobody was there: it moves nothing
	x.Fill("#reply textarea", "It is pay-november.xlsx, in Finance.")
	x.Then(func() { x.Click("#reply button") })
	if got := x.Text(".toast"); got != "Sent to the desk." {
		t.Errorf("it says %q", got)
	}
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	y := w.tab(amara, chromium.Desktop).Go("/desk/tickets/" + ref)
	if got := y.Text(".log .msg.you:last-of-type .bubble"); !strings.Contains(got, "It is pay-november.xlsx, in Finance.") || !strings.Contains(got, "by email") {
		t.Errorf("Amara reads %q", got)
	}
	x.Go("/inbox?q=owen")
	x.Then(func() { x.ClickOn("[aria-labelledby=everybody] .reqrow", "Owen Clarke") })
	if got := x.MustEval(`() => document.querySelectorAll('[aria-labelledby=waiting] .reqrow').length`).Int(); got != 0 {
		t.Errorf("%d answers are still waited for", got)
	}
}
