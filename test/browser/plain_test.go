package browser

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/cli/demo"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// The main job with no script at all: a request, a question, an answer, a solution, a no, a solution, a yes, and open again.
func TestWithoutScript(t *testing.T) {
	w := newWorld(t)
	you := w.tab("", chromium.Phone).WithoutScript().Go("/")
	signIn(you, helen, demo.Password)
	if you.Has("[data-theme-toggle]") {
		t.Fatal("scripts run")
	}
	you.Click(".own summary")
	you.Fill("#ask-subject", "The plotter draws in green only")
	you.Then(func() { you.Click("#ask button.primary") })
	ref := w.ref("The plotter draws in green only")
	w.stands(ref, desk.New, agreement.SideProvider)

	it := w.tab("", chromium.Desktop).WithoutScript().Go("/desk")
	signIn(it, amara, demo.Password)
	it.Then(func() { it.ClickOn(".q a", "The plotter draws in green only") })
	it.Then(func() { it.ClickOn(".acts button", "Take it") })
	it.Fill("#reply textarea", "Which colours are in it?")
	it.Choose("#reply-after", "customer")
	it.Then(func() { it.Click("#reply button.primary") })
	w.stands(ref, desk.WaitingForCustomer, agreement.SideCustomer)
	it.Click(`label[for="w-note"]`)
	it.Fill("#note textarea", "Only green was ordered.")
	it.Then(func() { it.Click("#note button.primary") })

	w.clk.Advance(10 * time.Minute)
	you.Go("/")
	you.Then(func() { you.ClickOn(".todo h3 a", "plotter") })
	you.Fill("#answer textarea", "Green, four times.")
	you.Then(func() { you.Click("#answer button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)

	resolve := func(words string) {
		t.Helper()
		it.Go("/desk/tickets/" + ref)
		it.ClickOn(".acts summary", "Resolve")
		it.Fill("#resolve textarea", words)
		it.Then(func() { it.Click("#resolve button") })
		w.stands(ref, desk.Resolved, agreement.SideCustomer)
		you.Go("/requests/" + ref)
	}
	resolve("Now it has all four.")
	you.ClickOn(".move summary", "Not yet")
	you.Fill("#reject textarea", "Blue is missing.")
	you.Then(func() { you.Click("#reject button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	resolve("Blue is in.")
	you.Then(func() { you.Click("#confirm button") })
	w.stands(ref, desk.Closed, agreement.SideNobody)
	you.Then(func() { you.Click("#reopen button") })
	w.stands(ref, desk.InProgress, agreement.SideProvider)
	you.Click(".me summary")
	you.Then(func() { you.Click(".me form button") })
	if !strings.HasPrefix(you.Path(), "/sign-in") {
		t.Errorf("signed out, Helen is at %s", you.Path())
	}
}
