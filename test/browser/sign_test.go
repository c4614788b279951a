package browser

import (
	"strings"
	"testing"

	"bothways/internal/cli/demo"
	"bothways/test/browser/chromium"
)

// signIn uses the form, as everybody does.
func signIn(x *chromium.Tab, address, password string) {
	x.Fill("#in-email", address)
	x.Fill("#in-password", password)
	x.Then(func() { x.Click("#in button") })
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	x := w.tab("", chromium.Desktop).Go("/")
	if x.Path() != "/sign-in" {
		t.Fatalf("who is not signed in comes to %s", x.Path())
	}
	signIn(x, helen, "not this one")
	if got := x.Text(".summary-err"); !strings.Contains(got, "Address and password do not go together. Check both.") {
		t.Errorf("after a wrong password the page says %q", got)
	}
	if title := x.MustInfo().Title; !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title %q", title)
	}
	if !x.MustEval(`() => document.activeElement.classList.contains('summary-err')`).Bool() {
		t.Error("what is to mend is not where the reader starts")
	}
	if got := x.MustEval(`() => [document.querySelector('#in-email').value, document.querySelector('#in-password').value].join('|')`).Str(); got != helen+"|" {
		t.Errorf("the form came back as %q", got)
	}
	x.Fill("#in-password", demo.Password)
	x.Then(func() { x.Click("#in button") })
	if x.Path() != "/" || x.Text("h1") != "Good morning, Helen" {
		t.Fatalf("signed in, Helen is at %s: %q", x.Path(), x.Text("h1"))
	}
	x.Click(".me summary")
	x.Then(func() { x.Click(".me form button") })
	if got := x.Text("main"); !strings.Contains(got, "You are signed out.") {
		t.Errorf("signed out, the page says %q", got)
	}
	if x.Go("/requests").Path() != "/sign-in?next=%2Frequests" {
		t.Errorf("signed out, the requests are at %s", x.Path())
	}
}

// A link to a page leads there after the sign-in; another person's does not exist.
func TestSignInLeadsOn(t *testing.T) {
	w := newWorld(t)
	to := "/desk/tickets/" + w.ref("VPN drops when I dock my laptop")
	x := w.tab("", chromium.Desktop).Go(to)
	signIn(x, amara, demo.Password)
	if x.Path() != to {
		t.Fatalf("Amara is at %s", x.Path())
	}
	y := w.tab("", chromium.Phone).Go(to)
	signIn(y, helen, demo.Password)
	if got := y.Text("h1"); got != "There is nothing at this address" {
		t.Errorf("a customer at the desk reads %q", got)
	}
}
