package sign

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"bothways/internal/web/ui"
)

func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSignIn(t *testing.T) {
	p := SignInPage{Home: "/", Form: ui.Form{ID: "in", Action: "/sign-in", Values: map[string]string{"email": "h@n.example", "password": "hunter2"}, Hidden: []ui.Hidden{{Name: "next", Value: "/desk?turn=customer"}}, Errors: []ui.FieldError{{Field: "password", Text: "Address and password do not go together."}}}}
	doc := draw(t, SignIn(p))
	f := doc.Find("form#in")
	if f.Find("[name=email]").AttrOr("value", "") != "h@n.example" || f.Find("[name=email]").AttrOr("autocomplete", "") != "username" || f.Find("[name=password]").AttrOr("autocomplete", "") != "current-password" {
		t.Error("password managers cannot fill the form, or the address is lost")
	}
	if html, _ := doc.Html(); strings.Contains(html, "hunter2") {
		t.Error("the password came back in the page")
	}
	if f.Find("[name=next]").AttrOr("value", "") != "/desk?turn=customer" {
		t.Error("the way back is lost")
	}
	if got := doc.Find("head > title").Text(); got != "Error: Sign in · Bothways" {
		t.Errorf("title %q", got)
	}
}

// No error page is a dead end, and none tells what exists.
func TestErrorPages(t *testing.T) {
	base := ErrorPage{Home: "/", Ways: []ui.Link{{Label: "Home", Href: "/"}}}
	for _, p := range []ErrorPage{NotFound(base), NotYours(base), TooManyTries(base, "2 min"), Broken(base, "7f3a")} {
		doc := draw(t, Error(p))
		if doc.Find("h1").Text() != p.Title || p.Title == "" || doc.Find(".lead").Text() == "" {
			t.Errorf("%q does not say what is so", p.Title)
		}
		if doc.Find("main a").Length() == 0 {
			t.Errorf("%q leads nowhere", p.Title)
		}
	}
	if !strings.Contains(draw(t, Error(Broken(base, "7f3a"))).Find("main").Text(), "7f3a") {
		t.Error("the reference is missing")
	}
}

// What changes something is a form with a button, never a link alone.
func TestNoticeActsByForm(t *testing.T) {
	doc := draw(t, Notice(NoticePage{Home: "/", Tone: ui.ToneGood, Icon: ui.IconCheck, Title: "Reopen this request?", Act: ui.Form{ID: "reopen", Action: "/r", Hidden: []ui.Hidden{{Name: "token", Value: "abc"}}}, Button: "Reopen it"}))
	f := doc.Find("form#reopen")
	if f.AttrOr("method", "") != "post" || f.Find("[name=token]").AttrOr("value", "") != "abc" || f.Find("button").Text() != "Reopen it" {
		t.Error("no form to act with")
	}
}
