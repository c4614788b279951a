package inbox

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

func TestMail(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	p := MailPage{Frame: ui.PortalFrame{Reader: ui.Reader{Now: at}, Home: "/"}, From: "Desk <desk@b.example>", To: "h@n.example", Subject: "Your turn <1>", At: at, Text: "Line one\n  indented <b>\n\n> quoted"}
	doc := draw(t, Mail(p))
	if got := doc.Find("pre.mail").Text(); got != p.Text {
		t.Errorf("the text reads %q, want %q", got, p.Text)
	}
	if got := strings.Join(strings.Fields(doc.Find("dl").Text()), " "); got != "FromDesk <desk@b.example>Toh@n.exampleSentTue 24 Nov, 09:30 UTC" {
		t.Errorf("head %q", got)
	}
	if doc.Find("main form").Length() > 0 {
		t.Error("a form to answer without an address to post to")
	}
}

func TestList(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	p := ListPage{Frame: ui.PortalFrame{Reader: ui.Reader{Now: at}, Home: "/"}, Mails: []Row{{Href: "/inbox/1", From: "desk@b.example", To: "h@n.example", Subject: "Your turn", At: at, State: "Sent"}}}
	doc := draw(t, List(p))
	if row := doc.Find(".reqrow"); row.AttrOr("href", "") != "/inbox/1" || !strings.Contains(row.Text(), "desk@b.example to h@n.example") {
		t.Errorf("row %q", row.Text())
	}
	if empty := draw(t, List(ListPage{Frame: p.Frame})); !strings.Contains(empty.Text(), "No mail yet") {
		t.Error("an empty inbox says nothing")
	}
}
