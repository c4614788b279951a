package portal

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"bothways/internal/web/ui"
)

var now = time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC)

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

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func frame() ui.PortalFrame {
	return ui.PortalFrame{Doc: ui.Doc{Title: "x"}, Reader: ui.Reader{Now: now, Zone: time.FixedZone("GMT", 0)}, Home: "/"}
}

func TestHome(t *testing.T) {
	p := HomePage{Frame: frame(), First: "Helen", Ask: ui.Form{ID: "ask", Action: "/requests"},
		Waiting: []WaitingItem{
			{Href: "/requests/BW-1", Title: "Is 11:30 good for you?", Need: "Amara needs a yes or no", Due: now.Add(93 * time.Minute), Then: "Then it works before 13:00.", Answers: []ui.OneTap{{Label: "Yes", Action: "/requests/BW-1/answer", Hidden: []ui.Hidden{{Name: "body", Value: "Yes"}}, Main: true}}},
			{Href: "/requests/BW-2", Title: "Does it work?", Need: "We need your yes or no", Due: now.Add(-time.Hour), Missed: true},
		},
		Requests: []RequestRow{{Href: "/requests/BW-1", Number: "BW-1", Subject: "VPN", With: "Amara Okafor", Due: ui.Due{Side: ui.Customer, At: now.Add(93 * time.Minute)}}}}
	doc := draw(t, Home(p))
	if got := doc.Find("h1").Text(); got != "Good morning, Helen" {
		t.Errorf("greeting %q", got)
	}
	if got := squeeze(doc.Find(".yours header").Text()); got != "Waiting on you2 things" {
		t.Errorf("panel %q", got)
	}
	if got := squeeze(doc.Find(".todo .need").Eq(0).Text()); got != "Amara needs a yes or no by 11:15 today. Then it works before 13:00." {
		t.Errorf("need %q", got)
	}
	if got := squeeze(doc.Find(".todo .need").Eq(1).Text()); got != "We need your yes or no; it was due 08:42 today." {
		t.Errorf("missed need %q", got)
	}
	one := doc.Find(`form[action="/requests/BW-1/answer"]`)
	if one.AttrOr("method", "") != "post" || one.Find("input[name=body]").AttrOr("value", "") != "Yes" {
		t.Error("no one-tap answer")
	}
	ask := doc.Find("form#ask")
	if ask.AttrOr("action", "") != "/requests" || ask.Find("input[name=subject]").Length() != 1 || ask.Find("textarea[name=body]").Length() != 1 {
		t.Error("no form for a new request")
	}
	if got := squeeze(doc.Find(".reqrow").Text()); got != "VPN BW-1 · Amara OkaforYour turn, by 11:15" {
		t.Errorf("request %q", got)
	}
}

func TestNothingWaits(t *testing.T) {
	doc := draw(t, Home(HomePage{Frame: frame()}))
	if doc.Find(".yours").Length() > 0 || doc.Find("h1").Text() != "Good morning" {
		t.Error("a panel without anything that waits, or a greeting to nobody")
	}
	if !strings.Contains(doc.Text(), "No requests yet") {
		t.Error("an empty list says nothing")
	}
}

func TestRequestMoves(t *testing.T) {
	base := RequestPage{Frame: frame(), Number: "BW-1", Subject: "VPN"}
	form := func(id string) ui.Form { return ui.Form{ID: id, Action: "/requests/BW-1/" + id} }
	question, confirm, reopen, ours := base, base, base, base
	question.Question = &Question{Text: ui.Plain("Is 11:30 good?"), Need: "Amara needs a yes or no", Due: now.Add(93 * time.Minute), Then: "We pause this.", Answer: form("answer"), Return: form("return")}
	confirm.Confirm = &Confirm{What: "New driver.", Due: now.Add(80 * time.Hour), Yes: form("confirm"), No: form("reject")}
	reopen.Reopen = &Reopen{Until: now.Add(80 * time.Hour), Form: form("reopen")}
	ours.Turns.Turn, ours.Now, ours.Write = ui.Provider, "Our turn: we reply by 10:24", form("message")
	for _, c := range []struct {
		name  string
		page  RequestPage
		forms string
		says  string
	}{
		{"question", question, "answer return", "Your turn Amara needs a yes or no by 11:15 today. We pause this. Is 11:30 good?"},
		{"confirm", confirm, "confirm reject", "Does it work now? New driver. We need your yes or no by Fri 27 Nov, 17:42."},
		{"reopen", reopen, "reopen", "This request is closed You can reopen it until Fri 27 Nov, 17:42 GMT. Nothing is lost."},
		{"ours", ours, "message", "Our turn: we reply by 10:24"},
	} {
		doc := draw(t, Request(c.page))
		var got []string
		doc.Find("main form").Each(func(_ int, s *goquery.Selection) { got = append(got, s.AttrOr("id", "")) })
		if strings.Join(got, " ") != c.forms {
			t.Errorf("%s: forms %v, want %s", c.name, got, c.forms)
		}
		var text []string
		doc.Find(".move").Find("h2, p").Each(func(_ int, s *goquery.Selection) { text = append(text, squeeze(s.Text())) })
		if said := strings.Join(text, " "); !strings.HasPrefix(said, c.says) {
			t.Errorf("%s: says %q, want %q", c.name, said, c.says)
		}
	}
}

func TestRequestKeepsAnswerOnError(t *testing.T) {
	p := RequestPage{Frame: frame(), Subject: "VPN", Question: &Question{Need: "Amara needs it", Answer: ui.Form{ID: "answer", Action: "/a", Values: map[string]string{"body": "long text"}, Errors: []ui.FieldError{{Field: "body", Text: "Shorter."}}},
		Return: ui.Form{ID: "return", Action: "/r", Errors: []ui.FieldError{{Field: "body", Text: "Say where."}}}}}
	doc := draw(t, Request(p))
	if doc.Find("form#answer textarea").Text() != "long text" {
		t.Error("the answer is lost")
	}
	if doc.Find(".summary-err a").Length() != 2 || !strings.HasPrefix(doc.Find("head > title").Text(), "Error: ") {
		t.Error("the errors are not on top")
	}
	if doc.Find("details[open] form#return").Length() != 1 {
		t.Error("the form that came back is folded away")
	}
}
