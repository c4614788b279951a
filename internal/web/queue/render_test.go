package queue

import (
	"bytes"
	"context"
	"fmt"
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

func sample(n int) Page {
	rows := make([]staff.QueueRow, n)
	for i := range rows {
		rows[i] = staff.QueueRow{Href: fmt.Sprintf("/desk/tickets/BW-%d", 1000+i), Number: fmt.Sprintf("BW-%d", 1000+i), Subject: "The printer on the third floor prints <blank> pages", Person: "Helen Marsh", Where: "Leeds", Last: "New toner did not help.", Holder: "Desk · Amara Okafor", Pick: true,
			Due: ui.Due{Side: ui.Provider, At: now.Add(time.Duration(i) * time.Hour), Left: time.Duration(i) * 10 * time.Minute}}
	}
	return Page{Frame: staff.Frame{Doc: ui.Doc{Title: "x"}, Reader: ui.Reader{Now: now}, Home: "/desk"}, Title: "Queue",
		Filter: staff.Filter{Action: "/desk", Query: `a"b sit:lund`, Clear: "/desk", Terms: []staff.FilterTerm{{Text: `a"b`, Without: "/desk?q=sit%3Alund"}},
			Slips: []staff.FilterSlip{{At: 5, Before: `a"b `, Word: "sit:lund", Text: "There is no field “sit”.", Try: "site:lund", TryHref: "/desk?q=x"}}},
		Groups: []staff.QueueGroup{
			{ID: "ours", Side: ui.Provider, Title: "Our turn", Count: "58", Rows: rows, Pages: ui.Pages{Next: "/desk?after=xyz", Label: "Our turn"}},
			{ID: "theirs", Side: ui.Customer, Title: "Their turn", Nothing: "Nobody owes us an answer."},
		}}
}

func TestQueue(t *testing.T) {
	doc := draw(t, View(sample(3)))
	rows := doc.Find(".q a")
	if rows.Length() != 3 || rows.Eq(1).AttrOr("href", "") != "/desk/tickets/BW-1001" {
		t.Fatalf("%d rows, in the order given", rows.Length())
	}
	if got := squeeze(rows.Eq(1).Find(".qs").Text()); got != "The printer on the third floor prints <blank> pages" {
		t.Errorf("subject %q", got)
	}
	if got := squeeze(rows.Eq(1).Find(".chip").Text()); got != "Time left: 10 min" {
		t.Errorf("chip %q", got)
	}
	if doc.Find(`a[rel=next]`).AttrOr("href", "") != "/desk?after=xyz" {
		t.Error("no way to the next page")
	}
	if !strings.Contains(doc.Find(".qnone").Text(), "Nobody owes us an answer.") {
		t.Error("an empty group says nothing")
	}
	if got := squeeze(doc.Find("h2.qsep").First().Text()); got != "Our turn 58" {
		t.Errorf("group %q", got)
	}
}

func TestTheFilterKeepsWhatWasAskedAndMarksWhatCannotBeRead(t *testing.T) {
	doc := draw(t, View(sample(1)))
	f := doc.Find("form.filter")
	in := f.Find("input[name=q]")
	if f.AttrOr("method", "") != "get" || in.AttrOr("value", "") != `a"b sit:lund` || in.AttrOr("aria-invalid", "") != "true" {
		t.Error("the filter lost what it was asked")
	}
	said := doc.Find("#" + in.AttrOr("aria-describedby", "none"))
	if said.Find("mark").Text() != "sit:lund" || !strings.Contains(squeeze(said.Text()), "At character 5: There is no field “sit”. Did you mean site:lund?") {
		t.Errorf("%s", squeeze(said.Text()))
	}
	if said.Find("a").AttrOr("href", "") != "/desk?q=x" || doc.Find(".terms a").First().AttrOr("href", "") != "/desk?q=sit%3Alund" {
		t.Error("what would be right can't be followed")
	}
}

// Rows are chosen without a script: each box belongs to the form of the bar.
func TestRowsCanBeChosen(t *testing.T) {
	for _, table := range []bool{false, true} {
		p := sample(2)
		if table {
			p.Groups[0].Columns = []string{"Site"}
			for i := range p.Groups[0].Rows {
				p.Groups[0].Rows[i].Cells = []staff.Cell{{Text: "Leeds"}}
			}
		}
		doc := draw(t, View(p))
		box := doc.Find(`input[name=pick][value="BW-1001"]`)
		if doc.Find("form#"+box.AttrOr("form", "none")+"[action='/desk/change']").Length() != 1 || doc.Find(`a[data-row="BW-1001"]#row-BW-1001`).Length() != 1 {
			t.Error("a row can't be chosen")
		}
		if label := squeeze(box.Parent().Text()); !strings.HasPrefix(label, "Choose BW-1001, The printer") {
			t.Errorf("a box is named %q", label)
		}
		if table && squeeze(doc.Find("tbody tr").First().Text()) != "Choose BW-1000, The printer on the third floor prints <blank> pagesBW-1000The printer on the third floor prints <blank> pagesLeeds" {
			t.Error(squeeze(doc.Find("tbody tr").First().Text()))
		}
	}
}

// The budget for the whole queue page is 500 a second on two cores, 4 ms of one core each; rendering may take a small part of
// that.
func BenchmarkQueue50(b *testing.B) {
	p := sample(50)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := View(p).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
