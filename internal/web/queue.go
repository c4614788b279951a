package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// ended are the states in which nobody owes anything.
var ended = []desk.State{desk.Closed, desk.Withdrawn, desk.Declined, desk.Lapsed, desk.NotATicket}

// part is one part of the queue, as far as it is shown beside the others and alone.
type part struct {
	id     string // of the part in addresses: whose turn, or "ended"
	title  string
	hint   string
	beside int // rows beside the other parts
	turn   agreement.Side
}

// besideTicket is how many rows of the first two parts stand beside a ticket.
var besideTicket = [...]int{10, 5}

var parts = []part{
	{"provider", "Our turn", "", 30, agreement.SideProvider},
	{"customer", "Their turn", "We remind them for you", 14, agreement.SideCustomer},
	{"supplier", "With a supplier", "Our promise runs on", 6, agreement.SideSupplier},
	{"nobody", "Nobody’s turn", "Agreed waits", 6, agreement.SideNobody},
	{"ended", "Ended", "Newest first", 10, ""},
}

const alone = 50 // rows of a part that is shown alone

// asked is the filter of the queue as its address has it.
type asked struct {
	url.Values
}

func (a asked) with(name, value string) string {
	q := url.Values{}
	for k, v := range a.Values {
		if slices.Contains([]string{"q", "turn", "state", "team", "assignee", "site", "requester"}, k) && len(v) > 0 && v[0] != "" {
			q.Set(k, v[0])
		}
	}
	if q.Set(name, value); value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return "/desk"
	}
	return "/desk?" + q.Encode()
}

// queue is the page staff work from: whose turn, the promise that breaks first on top.
func (s *site) queue(v *visit) error {
	a := asked{v.r.URL.Query()}
	if n, err := desk.ParseRef(a.Get("q")); err == nil {
		if _, err := s.Desk.Get(v.ctx(), v.by, n); err == nil {
			return v.redirect("/desk/tickets/" + desk.Ref(n))
		}
	}
	f := desk.Filter{Words: a.Get("q"), Requester: a.Get("requester"), Team: a.Get("team"), Assignee: a.Get("assignee"), Site: a.Get("site"), ByDue: true, Open: true}
	if st := desk.State(a.Get("state")); st != "" {
		if !slices.Contains(desk.States(), st) {
			return errs.New(errs.Invalid, "web.queue", "there is no state “%s”.", st)
		}
		f.States = []desk.State{st}
	}
	teams, err := s.source.Directory(v.ctx())
	if err != nil {
		return err
	}
	p := deskpage.QueuePage{Title: "Queue", Frame: v.workspace("Queue", a.with("", ""), teams), Filter: filterOf(a)}
	p.Frame.Query = a.Get("q")
	for _, part := range parts {
		if !part.wanted(a, f) {
			continue
		}
		g, err := s.group(v, part, a, f)
		if err != nil {
			return err
		}
		if len(g.Rows) > 0 || part.id == a.Get("turn") || part.id == "provider" {
			p.Groups = append(p.Groups, g)
		}
	}
	if p.Filter.Clear != "" && !slices.ContainsFunc(p.Groups, func(g staff.QueueGroup) bool { return len(g.Rows) > 0 }) {
		p.Groups = nil
	}
	s.render(v, http.StatusOK, deskpage.Queue(p))
	return nil
}

// wanted says whether a part is shown under a filter. What has ended is shown when somebody looks for it.
func (p part) wanted(a asked, f desk.Filter) bool {
	if turn := a.Get("turn"); turn != "" {
		return turn == p.id
	}
	isEnded := len(f.States) > 0 && slices.Contains(ended, f.States[0])
	if p.id != "ended" {
		return !isEnded
	}
	return isEnded || len(f.States) == 0 && (f.Words != "" || f.Requester != "")
}

// group reads one part of the queue: one statement for its rows, one more to count what does not fit.
func (s *site) group(v *visit, p part, a asked, f desk.Filter) (staff.QueueGroup, error) {
	single := a.Get("turn") == p.id || len(f.States) > 0 && p.id == "ended"
	limit, cursor := p.beside, ""
	if single {
		limit, cursor = alone, a.Get("cursor")
	}
	f.Turn = p.turn
	if p.id == "ended" {
		f.Open, f.ByDue = false, false
		if len(f.States) == 0 {
			f.States = ended
		}
	}
	rows, err := s.Desk.List(v.ctx(), v.by, f, cursor, limit)
	if err != nil {
		return staff.QueueGroup{}, err
	}
	g := staff.QueueGroup{ID: p.id, Side: reading.Side(p.turn), Title: p.title, Hint: p.hint, Rows: queueRows(v, rows.Items, 0), Pages: ui.Pages{Label: p.title}}
	if p.id == "ended" {
		g.Side = ui.Nobody
	}
	if p.id == "provider" {
		g.Nothing = "Nothing waits for us."
	}
	g.Count = strconv.Itoa(len(rows.Items))
	if rows.Next != "" || cursor != "" {
		n, err := s.Desk.Count(v.ctx(), v.by, f)
		if err != nil {
			return g, err
		}
		g.Count = countWords(n)
	}
	here := a.with("turn", p.id)
	if rows.Next != "" {
		g.Pages.Next = here + "&cursor=" + url.QueryEscape(rows.Next)
	}
	if cursor != "" {
		g.Pages.First = here
	}
	return g, nil
}

// countWords is a count that stops at a thousand.
func countWords(n int) string {
	if n > 1000 {
		return "1,000+"
	}
	return ui.Count(n)
}

func queueRows(v *visit, rows []desk.Row, current int64) []staff.QueueRow {
	out := make([]staff.QueueRow, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = staff.QueueRow{
			Href: "/desk/tickets/" + r.Ref(), Number: r.Ref(), Subject: r.Subject, Person: r.RequesterName, Where: r.SiteName, Last: r.LastLine,
			Holder: holderOf(r.TeamName, r.AssigneeName), Due: dueOf(v.reader, &r.Ticket), Unread: r.State == desk.New, Current: r.Number == current,
		}
	}
	return out
}

func holderOf(team, person string) string {
	switch {
	case person == "":
		return team
	case team == "":
		return person
	}
	return team + " · " + person
}

// dueOf is the promise of a ticket that breaks first, as rows show it.
func dueOf(r ui.Reader, t *desk.Ticket) ui.Due {
	d := ui.Due{Side: reading.Side(t.TurnSide), At: t.DueAt, Confirm: t.DueMetric == agreement.MetricConfirm}
	if !t.Open {
		return ui.Due{Side: ui.Nobody, Waiting: reading.StateWords[t.State]}
	}
	switch t.TurnSide {
	case agreement.SideNobody:
		d.Waiting = "An agreed wait"
	case agreement.SideSupplier:
		d.Waiting = "With the supplier"
	}
	if t.DueAt.IsZero() {
		return d
	}
	left := t.DueAt.Sub(r.Now)
	d.Missed = left < 0
	d.Soon = !d.Missed && left < t.DueAt.Sub(t.DueStarted)/4
	return d
}

// filterOf is the filter as a form that asks by address.
func filterOf(a asked) staff.Filter {
	f := staff.Filter{Action: "/desk", State: a.Get("state"), Turn: a.Get("turn"), Query: a.Get("q"), Turns: []ui.Option{{Value: "", Label: "Anybody’s"}}, States: []ui.Option{{Value: "", Label: "Any state"}}}
	for _, p := range parts {
		f.Turns = append(f.Turns, ui.Option{Value: p.id, Label: p.title})
	}
	for _, st := range desk.States() {
		f.States = append(f.States, ui.Option{Value: string(st), Label: reading.StateWords[st]})
	}
	for _, name := range []string{"team", "assignee", "site", "requester"} {
		if v := a.Get(name); v != "" {
			f.Hidden = append(f.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	if a.with("", "") != "/desk" {
		f.Clear = "/desk"
	}
	return f
}

// excerpt is the part of the queue beside a ticket.
func (s *site) excerpt(v *visit, current int64) (*deskpage.QueueExcerpt, error) {
	out := &deskpage.QueueExcerpt{Title: "Queue", Href: "/desk"}
	for i, p := range parts[:len(besideTicket)] {
		rows, err := s.Desk.List(v.ctx(), v.by, desk.Filter{Open: true, Turn: p.turn, ByDue: true}, "", besideTicket[i])
		if err != nil {
			return nil, err
		}
		g := staff.QueueGroup{ID: p.id, Side: reading.Side(p.turn), Title: p.title, Rows: queueRows(v, rows.Items, current)}
		if rows.Next != "" {
			g.Pages = ui.Pages{Next: "/desk?turn=" + p.id, Label: p.title}
		}
		out.Groups = append(out.Groups, g)
	}
	return out, nil
}
