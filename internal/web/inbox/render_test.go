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

func TestLists(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	frame := ui.PortalFrame{Reader: ui.Reader{Now: at}, Home: "/"}
	helen := Owner{Href: "/inbox?of=h%40n.example", Name: "Helen Marsh", Address: "h@n.example", Site: "Leeds", Mails: 3, Waiting: 1}
	people := draw(t, PeoplePage(People{Frame: frame, Waiting: []Owner{helen}, All: []Owner{helen}}))
	if row := people.Find("[aria-labelledby=everybody] .reqrow"); row.AttrOr("href", "") != helen.Href || !strings.Contains(row.Text(), "h@n.example · Leeds") || !strings.Contains(row.Text(), "1 answer") || !strings.Contains(row.Text(), "3 mails") {
		t.Errorf("mailbox %q", row.Text())
	}
	yours := Row{Href: "/inbox/1", From: "desk@b.example", To: "h@n.example", Subject: "Your turn", At: at}
	doc := draw(t, MailboxPage(Mailbox{Frame: frame, Owner: helen, Waiting: []Row{yours}, Mails: []Row{yours}}))
	if row := doc.Find("[aria-labelledby=waiting] .reqrow"); row.AttrOr("href", "") != "/inbox/1" || !strings.Contains(row.Text(), "desk@b.example to h@n.example") {
		t.Errorf("row %q", row.Text())
	}
	if empty := draw(t, PeoplePage(People{Frame: frame})); !strings.Contains(empty.Text(), "No mail yet") {
		t.Error("an empty inbox says nothing")
	}
}

func TestMailThread(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	doc := draw(t, Mail(MailPage{Frame: ui.PortalFrame{Reader: ui.Reader{Now: at}, Home: "/"}, To: "h@n.example", At: at, Reply: ui.Form{ID: "reply", Action: "/inbox/1"}, Away: ui.Form{ID: "away", Action: "/inbox/1/away"},
		Before: []Said{{Who: "h@n.example", Own: true, At: at, Text: "it is broken"}, {Who: "Desk", Subject: "We have it", At: at, Text: "thank you", Href: "/inbox/2"}}}))
	if doc.Find("form#away[action='/inbox/1/away'] button").Length() != 1 || doc.Find("details").Length() != 2 || doc.Find("details a[href='/inbox/2']").Length() != 1 {
		t.Error("the thread or the way to be away is missing")
	}
	if got := doc.Find("details summary").First().Text(); !strings.HasPrefix(got, "They wrote, ") {
		t.Errorf("the first says %q", got)
	}
}
