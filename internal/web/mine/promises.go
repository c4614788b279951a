package mine

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

// view is what the page of promises is asked for.
type view struct {
	days int
	as   string // outcome.AsIT, or "" for who asks
	side agreement.Side
	st   agreement.State
}

// spans are the periods one can look back on.
var spans = []struct {
	days  int
	label string
}{{90, "90 days"}, {365, "A year"}}

// ends are how a promise can have ended, and what each is called on both sides alike.
var ends = []struct {
	state agreement.State
	label string
}{
	{agreement.StateMet, "kept"}, {agreement.StateBreached, "missed"}, {agreement.StateWaived, "let off"}, {agreement.StateDisputed, "challenged"},
}

func viewOf(c *area.Call) view {
	v := view{days: spans[0].days}
	if n, err := strconv.Atoi(c.Query("days")); err == nil {
		for _, s := range spans {
			if s.days == n {
				v.days = n
			}
		}
	}
	if c.Query("as") == outcome.AsIT && c.By.Staff() {
		v.as = outcome.AsIT
	}
	if s := agreement.Side(c.Query("side")); s == agreement.SideProvider || s == agreement.SideCustomer {
		v.side = s
	}
	for _, e := range ends {
		if string(e.state) == c.Query("state") {
			v.st = e.state
		}
	}
	return v
}

// href is the address of another view.
func (v view) href(change func(*view)) string {
	change(&v)
	q := url.Values{}
	if v.days != spans[0].days {
		q.Set("days", strconv.Itoa(v.days))
	}
	for name, value := range map[string]string{"as": v.as, "side": string(v.side), "state": string(v.st)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/promises"
	}
	return "/promises?" + q.Encode()
}

// promises shows both columns of the reader's own record, what runs now, and the list that a figure opens.
func (p *Pages) promises(c *area.Call) error {
	v := viewOf(c)
	from := c.Reader.Now.AddDate(0, 0, -v.days)
	read := p.Desk.Outcomes.Mine
	page := portal.PromisesPage{Frame: c.Face.Portal("Promises", "/promises"), Title: "Promises both ways", Lead: "What IT promised you and what you promised IT, counted the same way. Nobody but you sees this page."}
	if v.as == outcome.AsIT {
		read = p.Desk.Outcomes.Owed
		page.Title, page.Lead = "What you promised as IT", "On requests that were yours when the time ran out or the work was done. Nobody but you sees this page."
	}
	r, err := read(c.Ctx(), c.By, from)
	if err != nil {
		return err
	}
	running, err := p.running(c, v)
	if err != nil {
		return err
	}
	p.columns(&page, v, r, running)
	if r.Needless > 0 && v.as == "" {
		page.Needle = "You gave back " + times(r.Needless) + " that you had answered already. They count in no column of yours."
	}
	if err := p.list(c, &page, v, from); err != nil {
		return err
	}
	for _, o := range running {
		page.Running = append(page.Running, o.row(c.Reader, v))
	}
	c.Face.Render(http.StatusOK, portal.Promises(page))
	return nil
}

func times(n int64) string {
	if n == 1 {
		return "1 question"
	}
	return ui.Count(int(n)) + " questions"
}

// columns fills the record of each side and the ways between the views.
func (p *Pages) columns(page *portal.PromisesPage, v view, r outcome.Record, running []owed) {
	column := func(side agreement.Side, title string, n outcome.Count) portal.Column {
		col := portal.Column{Side: reading.Side(side), Title: title, Sub: "Nothing has ended in these days."}
		if ended := n.Kept + n.Missed; ended > 0 {
			col.Sub = ui.Count(int(n.Kept)) + " of " + ui.Count(int(ended)) + " kept in time."
		}
		count := int64(0)
		for _, o := range running {
			if o.Side == side {
				count++
			}
		}
		col.Figures = append(col.Figures, door.Figure{Label: "running", N: count, Href: "#running"})
		for _, e := range ends {
			f := door.Figure{Label: e.label, Current: v.side == side && v.st == e.state}
			f.N = map[agreement.State]int64{agreement.StateMet: n.Kept, agreement.StateBreached: n.Missed, agreement.StateWaived: n.Waived, agreement.StateDisputed: n.Disputed}[e.state]
			f.Href = v.href(func(v *view) { v.side, v.st = side, e.state }) + "#list"
			col.Figures = append(col.Figures, f)
		}
		return col
	}
	if v.as == outcome.AsIT {
		page.IT = column(agreement.SideProvider, "You, as IT", r.IT)
	} else {
		page.IT = column(agreement.SideProvider, "IT to you", r.IT)
		you := column(agreement.SideCustomer, "You to IT", r.You)
		page.You = &you
	}
	for _, s := range spans {
		page.Spans = append(page.Spans, ui.Link{Label: s.label, Current: s.days == v.days, Href: v.href(func(v *view) { v.days = s.days })})
	}
}

// list fills the list that a figure opened.
func (p *Pages) list(c *area.Call, page *portal.PromisesPage, v view, from time.Time) error {
	if c.By.Staff() {
		page.Views = []ui.Link{{Label: "On my requests", Current: v.as == "", Href: v.href(func(v *view) { *v = view{days: v.days} })}, {Label: "As IT", Current: v.as != "", Href: v.href(func(v *view) { *v = view{days: v.days, as: outcome.AsIT} })}}
	}
	if v.side == "" || v.st == "" {
		return nil
	}
	cursor := c.Query("cursor")
	l, err := p.Desk.Outcomes.List(c.Ctx(), c.By, outcome.Filter{Side: v.side, State: v.st, As: v.as, From: from}, cursor, 20)
	if err != nil {
		return err
	}
	whose := "IT’s"
	if v.side == agreement.SideCustomer {
		whose = "Yours"
	} else if v.as == outcome.AsIT {
		whose = "Yours, as IT"
	}
	for _, e := range ends {
		if e.state == v.st {
			page.ListTitle = whose + ": " + e.label
		}
	}
	page.Clear = ui.Link{Label: "Close the list", Href: v.href(func(v *view) { v.side, v.st = "", "" })}
	for i := range l.Items {
		page.List = append(page.List, itemRow(c.Reader, v, &l.Items[i]))
	}
	page.Pages = ui.Pages{Label: page.ListTitle}
	if l.Next != "" {
		page.Pages.Next = v.href(func(*view) {}) + "&cursor=" + url.QueryEscape(l.Next) + "#list"
	}
	if cursor != "" {
		page.Pages.First = v.href(func(*view) {}) + "#list"
	}
	return nil
}

func (v view) ticket(number int64) string {
	if v.as == outcome.AsIT {
		return "/desk/tickets/" + desk.Ref(number)
	}
	return "/requests/" + desk.Ref(number)
}

func itemRow(r ui.Reader, v view, i *outcome.Item) portal.PromiseRow {
	row := portal.PromiseRow{Href: v.ticket(i.Number), Number: desk.Ref(i.Number), Subject: i.Subject, Side: reading.Side(i.Side)}
	p := reading.Promises[i.Metric]
	if row.Text = reading.Capital(p.Noun) + " within " + span(i.Target) + ": "; i.Ended == 0 {
		row.Text += "still owed"
	} else {
		row.Text += span(i.Used) + " used"
	}
	at := r.WhenIn(reading.Instant(i.Decided))
	row.Chip = map[agreement.State]ui.Chip{
		agreement.StateMet: {Kind: hue(i.Side), Icon: ui.IconCheck, Text: "Kept " + at}, agreement.StateBreached: {Kind: ui.ChipLate, Icon: ui.IconClock, Text: "Missed " + at},
		agreement.StateWaived: {Kind: ui.ChipPlain, Icon: ui.IconScale, Text: "Let off " + at}, agreement.StateDisputed: {Kind: ui.ChipPlain, Icon: ui.IconScale, Text: "Challenged"},
	}[i.State]
	return row
}

func hue(s agreement.Side) ui.ChipKind {
	if s == agreement.SideCustomer {
		return ui.ChipYou
	}
	return ui.ChipIT
}

func span(seconds int64) string { return ui.Span(time.Duration(seconds) * time.Second) }

// owed is a promise that runs on an open ticket.
type owed struct {
	agreement.Obligation
	ticket desk.Ticket
}

// mostRunning is how many open requests are read for what runs now.
const mostRunning = 40

// running are the promises that run on the reader's open requests, or on the tickets they have as IT; the first to end on top.
func (p *Pages) running(c *area.Call, v view) ([]owed, error) {
	by, f := c.AsCustomer().Actor, desk.Filter{Requester: c.Me.ID, Open: true, ByDue: true}
	if v.as == outcome.AsIT {
		by, f = c.By, desk.Filter{Assignee: c.Me.ID, Open: true, ByDue: true}
	}
	rows, err := p.Desk.List(c.Ctx(), by, f, "", mostRunning)
	if err != nil {
		return nil, err
	}
	var out []owed
	for i := range rows.Items {
		l, err := p.Desk.Ledger(c.Ctx(), by, rows.Items[i].Number)
		if err != nil {
			return nil, err
		}
		out = append(out, open(l, v)...)
	}
	slices.SortStableFunc(out, func(a, b owed) int {
		return cmp.Or(cmp.Compare(never(a.Due), never(b.Due)), cmp.Compare(a.ticket.Number, b.ticket.Number))
	})
	return out, nil
}

func open(l desk.Ledger, v view) []owed {
	var out []owed
	for _, o := range l.Result.Obligations {
		if o.Ended == 0 && o.Target > 0 && o.State != agreement.StateVoid && (v.as == "" || o.Side == agreement.SideProvider) {
			out = append(out, owed{o, l.Ticket})
		}
	}
	return out
}

// never puts what has no end at the end.
func never(due int64) int64 {
	if due == 0 {
		return 1 << 62
	}
	return due
}

func (o owed) row(r ui.Reader, v view) portal.PromiseRow {
	row := portal.PromiseRow{Href: v.ticket(o.ticket.Number), Number: o.ticket.Ref(), Subject: o.ticket.Subject, Side: reading.Side(o.Side)}
	p := reading.Promises[o.Metric]
	who := "IT: "
	if o.Side == agreement.SideCustomer {
		who = "You: "
	}
	row.Text = who + strings.ToLower(p.Verb[:1]) + p.Verb[1:] + ", " + span(o.Used) + " of " + span(o.Target) + " used"
	due := reading.Instant(o.Due)
	switch o.State {
	case agreement.StateBreached:
		row.Chip = ui.Chip{Kind: ui.ChipLate, Icon: ui.IconClock, Text: "Missed, was due " + r.ShortIn(due)}
	case agreement.StateDisputed:
		row.Chip = ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconScale, Text: "Challenged"}
	case agreement.StatePaused:
		row.Chip = ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Stands still"}
	default:
		row.Chip = ui.Chip{Kind: hue(o.Side), Icon: ui.IconClock, Text: "By " + r.ShortIn(due)}
		if o.AtRisk {
			row.Chip.Kind = ui.ChipSoon
		}
	}
	return row
}
