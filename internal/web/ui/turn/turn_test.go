package turn

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/web/ui"
)

var nov = func(day, h, m int) time.Time { return time.Date(2026, 11, day, h, m, 0, 0, time.UTC) }

var desk = ui.Reader{Now: nov(24, 9, 42), Zone: time.FixedZone("GMT", 0)}

func TestClockWords(t *testing.T) {
	run := Clock{Side: ui.Provider, State: Running, Promise: "Reply", Done: "Replied", Due: nov(24, 10, 24), Used: 78 * time.Minute, Target: 2 * time.Hour, Kept: 2, Of: 2}
	missed, stopped, kept := run, run, run
	missed.State, missed.Used, missed.Due = Missed, 137*time.Minute, nov(24, 9, 25)
	stopped.State = Stopped
	kept.State, kept.Met = Kept, nov(24, 9, 30)
	for _, c := range []struct {
		name      string
		c         Clock
		head, sub string
		percent   int
	}{
		{"running", run, "Reply by 10:24", "42 min left of 2 h", 65},
		{"missed", missed, "Missed: reply by 09:25", "17 min over 2 h", 100},
		{"stopped", stopped, "Stopped", "1 h 18 of 2 h used", 65},
		{"kept", kept, "Replied today 09:30", "Took 1 h 18 of 2 h", 65},
		{"waived", Clock{State: Waived}, "Waived", "", 0},
		{"disputed", Clock{State: Disputed}, "Disputed", "", 0},
		{"none", Clock{State: None}, "Nothing promised now", "", 0},
		{"zero", Clock{}, "Nothing promised now", "", 0},
	} {
		if got := c.c.Head(desk); got != c.head {
			t.Errorf("%s: head %q, want %q", c.name, got, c.head)
		}
		if got := c.c.Sub(); got != c.sub {
			t.Errorf("%s: sub %q, want %q", c.name, got, c.sub)
		}
		if got := c.c.Percent(); got != c.percent {
			t.Errorf("%s: percent %d, want %d", c.name, got, c.percent)
		}
	}
	if got := run.Record(); got != "kept 2 of 2 so far" {
		t.Errorf("record %q", got)
	}
}

func life() Ribbon {
	return Ribbon{ITName: "IT", YouName: "Helen",
		Spans: []Span{
			{Side: ui.Provider, From: nov(19, 15, 0), To: nov(19, 17, 0)},
			{Side: ui.Customer, From: nov(19, 17, 0), To: nov(20, 9, 0)},
			{Side: ui.Supplier, From: nov(20, 9, 0), To: nov(20, 10, 0)},
			{Side: ui.Nobody, From: nov(20, 10, 0), To: nov(20, 11, 0)},
			{Side: ui.Provider, From: nov(20, 11, 0), To: nov(20, 12, 0)},
		},
		Hours: []Period{{From: nov(18, 8, 0), To: nov(18, 18, 0)}, {From: nov(19, 8, 0), To: nov(19, 18, 0)}, {From: nov(20, 8, 0), To: nov(20, 18, 0)}},
		Marks: []Mark{{Side: ui.Customer, At: nov(20, 8, 30), Text: "reminder sent"}}}
}

// Service hours of this life: 15-18 on the 19th and 8-12 on the 20th, 7 h.
func TestRibbonFoldsNights(t *testing.T) {
	v, ok := life().view(desk)
	if !ok || !v.folded {
		t.Fatal("not drawn, or not folded")
	}
	if v.it.shown != 3*time.Hour || v.you.shown != 2*time.Hour || v.it.percent != 43 || v.you.percent != 29 {
		t.Errorf("IT %v %d%%, you %v %d%%", v.it.shown, v.it.percent, v.you.shown, v.you.percent)
	}
	if v.it.wall != 3*time.Hour || v.you.wall != 16*time.Hour {
		t.Errorf("wall time: IT %v, you %v", v.it.wall, v.you.wall)
	}
	if len(v.bars) != 5 || len(v.passes) != 4 {
		t.Fatalf("%d bars, %d passes", len(v.bars), len(v.passes))
	}
	if v.bars[1].x != "28.57%" || v.bars[1].width != "28.57%" || v.bars[1].y != "24" {
		t.Errorf("customer's bar: %+v", v.bars[1])
	}
	if v.bars[3].height != "4" {
		t.Errorf("nobody's span is not the thin line between the lanes: %+v", v.bars[3])
	}
	if v.dots[0].x != "50.00%" {
		t.Errorf("a mark at half past eight on the second day stands at %s", v.dots[0].x)
	}
	if want := "Whose turn it has been. IT: 3 h, 43 percent. Helen: 2 h, 29 percent. Now: IT."; v.label != want {
		t.Errorf("label %q", v.label)
	}
}

func TestRibbonWithoutHours(t *testing.T) {
	r := life()
	r.Hours, r.Ended = nil, true
	v, ok := r.view(desk)
	if !ok || v.folded || v.nowX != "" {
		t.Fatalf("drawn %v, folded %v, now %q", ok, v.folded, v.nowX)
	}
	if v.you.shown != 16*time.Hour || v.you.percent != 76 {
		t.Errorf("you %v %d%%", v.you.shown, v.you.percent)
	}
	if strings.Contains(v.label, "Now") {
		t.Errorf("an ended life has no now: %q", v.label)
	}
}

// A life entirely outside service hours is drawn by the wall clock rather
// than as nothing, and an empty one is not drawn.
func TestRibbonOddLives(t *testing.T) {
	r := life()
	r.Hours = []Period{{From: nov(1, 8, 0), To: nov(1, 9, 0)}}
	if v, ok := r.view(desk); !ok || v.folded {
		t.Errorf("outside hours: drawn %v, folded %v", ok, v.folded)
	}
	if _, ok := (Ribbon{}).view(desk); ok {
		t.Error("an empty life was drawn")
	}
	at := nov(24, 9, 0)
	if _, ok := (Ribbon{Spans: []Span{{Side: ui.Provider, From: at, To: at}}}).view(desk); ok {
		t.Error("a life without length was drawn")
	}
}

// However long the life, day labels do not run into each other.
func TestRibbonDayLabels(t *testing.T) {
	for _, n := range []int{1, 3, 9, 30, 200} {
		r := Ribbon{ITName: "IT", YouName: "You", Spans: []Span{{Side: ui.Provider, From: nov(1, 9, 0), To: nov(1, 9, 0).AddDate(0, 0, n)}}}
		v, _ := r.view(desk)
		if len(v.days) == 0 || len(v.days) > 11 {
			t.Errorf("%d days give %d labels", n, len(v.days))
		}
	}
}

func TestSums(t *testing.T) {
	c, s := Sums([]Explained{{From: nov(20, 13, 20), To: nov(20, 18, 0), Counted: true}, {From: nov(20, 18, 0), To: nov(23, 7, 0)}, {From: nov(23, 7, 0), To: nov(23, 8, 0), Counted: true}})
	if c != 5*time.Hour+40*time.Minute || s != 61*time.Hour {
		t.Errorf("counted %v, skipped %v", c, s)
	}
}

func BenchmarkRibbonView(b *testing.B) {
	r := life()
	for b.Loop() {
		r.view(desk)
	}
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestTurnView(t *testing.T) {
	p := Panel{Turn: ui.Provider, TurnText: "our turn now", Ribbon: life(),
		IT:  Clock{Side: ui.Provider, Title: "IT’s clock", State: Running, Promise: "Reply", Due: nov(24, 10, 24), Used: 78 * time.Minute, Target: 2 * time.Hour, Why: []Explained{{From: nov(24, 8, 24), To: nov(24, 9, 42), Counted: true, Reason: "IT’s turn"}}},
		You: Clock{Side: ui.Customer, Title: "Helen’s clock", State: Stopped, Target: 22 * time.Hour, Why: []Explained{{From: nov(20, 13, 20), To: nov(20, 18, 0), Counted: true, Reason: "Helen’s turn"}, {From: nov(20, 18, 0), To: nov(23, 7, 0), Reason: "weekend"}}}}
	var b strings.Builder
	if err := View(desk, p).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	sides := doc.Find(".turn-side")
	if sides.Length() != 2 || !sides.Eq(0).HasClass("it") || !sides.Eq(0).HasClass("now") || !sides.Eq(1).HasClass("you") || sides.Eq(1).HasClass("now") {
		t.Error("IT stands left, the customer right, and the turn is IT's")
	}
	if got := words(sides.Eq(0).Text()); got != "IT’s clock · our turn nowReply by 10:24 42 min left of 2 h" {
		t.Errorf("IT's side reads %q", got)
	}
	why := doc.Find("details").Eq(1)
	if why.Find("tbody tr").Length() != 2 {
		t.Errorf("%d spans explained", why.Find("tbody tr").Length())
	}
	if got := words(why.Find("tfoot").Text()); got != "Adds up to4 h 40 min61 hof 22 h promised" {
		t.Errorf("the sum reads %q", got)
	}
	if got := words(why.Find("tbody tr").Eq(1).Text()); got != "Fri 18:00 to Mon 07:0061 hweekend" {
		t.Errorf("a skipped span reads %q", got)
	}
	list := doc.Find("details").Eq(2)
	if list.Find("tbody tr").Length() != 5 || !strings.Contains(words(list.Find("tfoot").Text()), "21 h") {
		t.Error("the list of turns is not whole")
	}
	if svg := doc.Find("figure svg"); svg.AttrOr("role", "") != "img" || !strings.HasPrefix(svg.AttrOr("aria-label", ""), "Whose turn it has been.") {
		t.Error("the drawing is not said in words")
	}
	if doc.Find("details[open]").Length() > 0 {
		t.Error("explanations are read on demand")
	}
}
