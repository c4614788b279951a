package desk

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
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

func frame() staff.Frame {
	return staff.Frame{Doc: ui.Doc{Title: "x"}, Reader: ui.Reader{Now: now}, Home: "/desk"}
}

func ticket() TicketPage {
	return TicketPage{Frame: frame(), Back: "/desk", Number: "BW-1", Subject: "Printer",
		Composer: staff.Composer{Name: "Helen", To: "By email to helen@norvik.example",
			Reply: staff.ReplyForm{Form: ui.Form{ID: "reply", Action: "/desk/tickets/BW-1/reply"}, Needs: []ui.Option{{Value: "yes-no", Label: "a yes or no"}}},
			Note:  staff.NoteForm{Form: ui.Form{ID: "note", Action: "/desk/tickets/BW-1/note"}}}}
}

// Reply and note are two forms with two texts and two buttons; the choice
// between them belongs to neither, so nothing can turn one into the other.
func TestReplyAndNoteAreSeparateForms(t *testing.T) {
	p := ticket()
	p.Composer.Reply.Values = map[string]string{"body": "for Helen"}
	p.Composer.Note.Values = map[string]string{"body": "CANARY for IT"}
	doc := draw(t, Ticket(p))
	reply, note := doc.Find("form#reply"), doc.Find("form#note")
	if reply.AttrOr("action", "") != "/desk/tickets/BW-1/reply" || note.AttrOr("action", "") != "/desk/tickets/BW-1/note" {
		t.Fatal("the two forms do not post to their own addresses")
	}
	if reply.Find("textarea").Text() != "for Helen" || note.Find("textarea").Text() != "CANARY for IT" {
		t.Error("a form does not hold its own text")
	}
	if h, _ := reply.Html(); strings.Contains(h, "CANARY") {
		t.Error("the reply form holds the note's text")
	}
	if got := squeeze(reply.Find("button").Text()); !strings.HasPrefix(got, "Send to Helen") {
		t.Errorf("reply's button says %q", got)
	}
	if got := squeeze(note.Find("button").Text()); !strings.HasPrefix(got, "Save note for IT") {
		t.Errorf("note's button says %q", got)
	}
	if got := squeeze(note.Find(".to").Text()); got != "Only IT can read this. Helen gets nothing." {
		t.Errorf("the note says %q", got)
	}
	if !note.HasClass("note") || reply.HasClass("note") {
		t.Error("the note does not look like one")
	}
	doc.Find("input[name=write]").Each(func(_ int, s *goquery.Selection) {
		if s.Closest("form").Length() > 0 {
			t.Error("the choice between reply and note is part of a form")
		}
	})
	if doc.Find("input[name=write][checked]").AttrOr("value", "") != "reply" {
		t.Error("the reply is not in front")
	}
}

func TestNoteThatFailedIsInFront(t *testing.T) {
	p := ticket()
	p.Composer.Note.Errors = []ui.FieldError{{Field: "body", Text: "Write the note."}}
	doc := draw(t, Ticket(p))
	if doc.Find("input[name=write][checked]").AttrOr("value", "") != "note" {
		t.Error("the note that came back is hidden behind the reply")
	}
	if !strings.HasPrefix(doc.Find("head > title").Text(), "Error: ") {
		t.Error("the title does not say that something is to mend")
	}
	if doc.Find(`.summary-err a[href="#note-body"]`).Length() != 1 {
		t.Error("the summary does not lead to the note")
	}
}

// A reply passes the turn with a need and a time, or keeps it.
func TestReplyFormFields(t *testing.T) {
	p := ticket()
	p.Composer.Reply.Dues = []ui.Option{{Value: "2026-11-24T11:15:00Z", Label: "11:15"}}
	p.Composer.Reply.Values = map[string]string{"after": staff.AfterOurs, "due": "2026-11-24T11:15:00Z"}
	doc := draw(t, Ticket(p))
	f := doc.Find("form#reply")
	if f.Find("select[name=after] option[selected]").AttrOr("value", "") != "ours" {
		t.Error("the chosen turn is lost")
	}
	if f.Find("select[name=after] option").First().Text() != "it is Helen’s turn" {
		t.Error("the customer's turn is not named")
	}
	if f.Find("input[name=need][list]").Length() != 1 || f.Find("select[name=due] option[selected]").Length() != 1 {
		t.Error("need or due is missing")
	}
	p.Composer.Reply.Dues = nil
	if draw(t, Ticket(p)).Find("form#reply input[type=datetime-local][name=due]").Length() != 1 {
		t.Error("without proposals there is no field for a time")
	}
}

// What the model does not carry is not on the page.
func TestBareTicketShowsNothingInvented(t *testing.T) {
	doc := draw(t, Ticket(TicketPage{Frame: frame(), Back: "/desk", Number: "BW-1", Subject: "Printer"}))
	for _, sel := range []string{".panel", ".queue", ".composers", ".menu", ".acts form", ".chip", ".toast", ".side a", "figure"} {
		if n := doc.Find(sel).Length(); n > 0 {
			t.Errorf("%d of %s without data", n, sel)
		}
	}
}

func TestTicketActions(t *testing.T) {
	p := ticket()
	p.Take = ui.Form{ID: "take", Action: "/t/take"}
	p.Assign = staff.AssignForm{Form: ui.Form{ID: "assign", Action: "/t/assign"}, Teams: []ui.Option{{Value: "a", Label: "A"}}, People: []ui.Option{{Value: "b", Label: "B"}}}
	p.Prio = staff.PriorityForm{Form: ui.Form{ID: "prio", Action: "/t/priority"}}
	p.Wait = staff.WaitForm{Form: ui.Form{ID: "wait", Action: "/t/wait"}}
	p.Resolve = staff.ResolveForm{Form: ui.Form{ID: "resolve", Action: "/t/resolve", Errors: []ui.FieldError{{Field: "body", Text: "Say what was done."}}}}
	doc := draw(t, Ticket(p))
	for id, names := range map[string]string{"take": "", "assign": "team,person", "prio": "impact,urgency", "wait": "until,reason", "resolve": "body"} {
		f := doc.Find("form#" + id)
		if f.Length() != 1 || f.AttrOr("method", "") != "post" {
			t.Errorf("form %s is missing", id)
			continue
		}
		for _, n := range strings.Split(names, ",") {
			if n != "" && f.Find("[name="+n+"]").Length() != 1 {
				t.Errorf("form %s has no field %s", id, n)
			}
		}
	}
	if doc.Find("details.menu[open] form#resolve").Length() != 1 {
		t.Error("a form that came back is folded away")
	}
}

func TestNewTicketKeepsWhatWasTyped(t *testing.T) {
	p := NewTicketPage{Frame: frame(), Upload: true, Kinds: []ui.Option{{Value: "incident", Label: "Broken"}, {Value: "request", Label: "Wanted"}},
		Form: ui.Form{ID: "new", Action: "/desk/new", Values: map[string]string{"requester": "h@n.example", "kind": "request", "subject": "S", "body": "B"}, Errors: []ui.FieldError{{Field: "subject", Text: "Longer."}}}}
	doc := draw(t, NewTicket(p))
	f := doc.Find("form#new")
	if f.Find("[name=requester]").AttrOr("value", "") != "h@n.example" || f.Find("[name=body]").Text() != "B" || f.Find("[name=kind][checked]").AttrOr("value", "") != "request" {
		t.Error("typed values are lost")
	}
	if f.AttrOr("enctype", "") != "multipart/form-data" {
		t.Error("files cannot be sent")
	}
}

func BenchmarkTicket20(b *testing.B) {
	p := ticket()
	for range 20 {
		p.Entries = append(p.Entries, staff.Entry{Message: &ui.PublicMessage{From: ui.Author{Name: "Helen Marsh", Side: ui.Customer}, Via: "by email", At: now, Body: ui.Plain("I updated it on Monday evening and it still dropped twice this morning.\n\nLog attached.")}})
	}
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := Ticket(p).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
