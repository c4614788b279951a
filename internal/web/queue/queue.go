package queue

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/desk/view"
	"bothways/internal/kit/id"
	"bothways/internal/web/area"
	"bothways/internal/web/asset"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// Pages are the pages of many tickets.
type Pages struct {
	Desk  *desk.Service
	Names *naming.Directory
	Views *view.Service
	Bulk  *bulk.Service
	nav   navCache
}

// Routes lists the pages. With zero Pages it names them alone.
func (p *Pages) Routes() []area.Route {
	return []area.Route{
		{Method: "GET", Path: "/desk", Door: area.ForStaff, Verb: auth.TicketRead, Do: p.show},
		{Method: "GET", Path: "/desk/export.csv", Door: area.ForStaff, Verb: auth.TicketRead, Do: p.export},
		{Method: "GET", Path: "/desk/change", Door: area.ForStaff, Verb: auth.TicketWork, Do: p.choose},
		{Method: "POST", Path: "/desk/change", Door: area.ForStaff, Verb: auth.TicketWork, Do: p.change},
		{Method: "GET", Path: "/desk/change/{id}", Door: area.ForStaff, Verb: auth.TicketWork, Do: p.made},
		{Method: "POST", Path: "/desk/change/{id}/undo", Door: area.ForStaff, Verb: auth.TicketWork, Do: p.takeBack},
		{Method: "GET", Path: "/desk/views", Door: area.ForStaff, Verb: auth.TicketRead, Do: p.listViews},
		{Method: "GET", Path: "/desk/views/new", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.newView},
		{Method: "POST", Path: "/desk/views", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.createView},
		{Method: "GET", Path: "/desk/views/{id}", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.editView},
		{Method: "POST", Path: "/desk/views/{id}", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.updateView},
		{Method: "POST", Path: "/desk/views/{id}/delete", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.deleteView},
		{Method: "POST", Path: "/desk/views/{id}/up", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.moveView(false)},
		{Method: "POST", Path: "/desk/views/{id}/down", Door: area.ForStaff, Verb: auth.ViewKeep, Do: p.moveView(true)},
	}
}

// part is a part of the queue: how it is told, and how many rows of it stand beside the others.
type part struct {
	is     read.Part
	title  string
	hint   string
	beside int
}

var parts = []part{
	{read.OurTurn, "Our turn", "", 30},
	{read.TheirTurn, "Their turn", "We remind them for you", 14},
	{read.WithSupplier, "With a supplier", "Our promise runs on", 6},
	{read.AgreedWait, "Nobody’s turn", "Agreed waits", 6},
	{read.Ended, "Ended", "Newest first", 10},
}

const alone = 50 // rows of a part that is shown alone

// Address is the queue under a filter.
func Address(q string) string {
	if q == "" {
		return "/desk"
	}
	return "/desk?" + url.Values{"q": {q}}.Encode()
}

// asked is one request for the queue: the filter as written and as it was read.
type asked struct {
	*area.Call
	q     filter.Query
	whole filter.Query // with what is meant and not written
	b     filter.Bound
	parts []read.Part
}

// ask reads the filter of the address. Errors: those of looking names up.
func (p *Pages) ask(c *area.Call) (asked, error) {
	a := asked{Call: c, q: filter.Parse(c.Query("q"))}
	others, err := p.Desk.StandsFor(c.Ctx(), c.By)
	if err != nil {
		return a, err
	}
	b, err := a.q.Bind(c.Ctx(), filter.Reader{PersonID: c.By.PersonID, For: others, Teams: c.By.Teams, Now: c.Reader.In(c.Reader.Now), Names: p.Names.For(c.By)})
	if len(a.q.Terms) == 0 { // the queue as it is: what goes in by the second door has a queue of its own
		b.Conds = append(b.Conds, filter.Desk())
		a.whole = filter.Parse("door:desk " + a.q.Text)
	} else {
		a.whole = a.q
	}
	a.b, a.parts = b, read.Shown(b)
	return a, err
}

func (a asked) selection(parts ...read.Part) read.Selection {
	return read.Selection{Bound: a.b, Parts: parts}
}

// show is the page staff work from: whose turn, the promise that breaks first on top.
func (p *Pages) show(c *area.Call) error {
	if moved := p.moved(c); moved != "" {
		return c.Redirect(moved)
	}
	if n, err := desk.ParseRef(c.Query("q")); err == nil {
		if _, err := p.Desk.Get(c.Ctx(), c.By, n); err == nil {
			return c.Redirect("/desk/tickets/" + desk.Ref(n))
		}
	}
	a, err := p.ask(c)
	if err != nil {
		return err
	}
	e, err := p.entry(c.Ctx(), c.By, c.Reader)
	if err != nil {
		return err
	}
	title := titleOf(e, a)
	frame, err := c.Face.Workspace(title, Address(a.q.Text))
	if err != nil {
		return err
	}
	frame.Doc.Scripts = append(frame.Doc.Scripts, asset.Queue)
	page := Page{Title: title, Frame: frame, Filter: filterOf(a), Picked: []ui.Hidden{{Name: "q", Value: a.q.Text}}}
	if v, ok := viewOf(e, a.q.Text); !ok {
		page.Filter.Save, page.Filter.SaveLabel = join("/desk/views/new", "q", a.q.Text), "Save view"
	} else if view.Changes(c.By, v) {
		page.Filter.Save, page.Filter.SaveLabel = "/desk/views/"+v.ID, "Change view"
	}
	if len(a.b.Problems) == 0 {
		page.Filter.Export = "/desk/export.csv"
		if a.q.Text != "" {
			page.Filter.Export = join(page.Filter.Export, "q", a.q.Text)
		}
	}
	if page.Groups, err = p.groups(a); err != nil {
		return err
	}
	if page.Filter.Clear != "" && !slices.ContainsFunc(page.Groups, func(g staff.QueueGroup) bool { return len(g.Rows) > 0 }) {
		page.Groups = nil
	}
	c.Face.Render(http.StatusOK, View(page))
	return nil
}

// groups reads the parts that are shown: a statement for each, one to count what does not fit, one for the names of all.
func (p *Pages) groups(a asked) ([]staff.QueueGroup, error) {
	single := len(a.parts) == 1
	cursor := ""
	if single {
		cursor = a.Query("cursor")
	}
	var out []staff.QueueGroup
	var all []desk.Ticket
	var counted []int // which groups have more than is shown
	var count []read.Selection
	lens := []int{}
	for _, pt := range parts {
		if !slices.Contains(a.parts, pt.is) {
			continue
		}
		limit := pt.beside
		if single {
			limit = alone
		}
		l, err := p.Desk.Select(a.Ctx(), a.By, a.selection(pt.is), cursor, limit)
		if err != nil {
			return nil, err
		}
		if len(l.Items) == 0 && !single && (pt.is != read.OurTurn || a.q.Text != "") {
			continue
		}
		g := a.group(pt, l.Next, cursor)
		g.Count = strconv.Itoa(len(l.Items))
		if l.Next != "" || cursor != "" {
			counted, count = append(counted, len(out)), append(count, a.selection(pt.is))
		}
		out, all, lens = append(out, g), append(all, l.Items...), append(lens, len(l.Items))
	}
	numbers, err := p.Desk.Counts(a.Ctx(), a.By, count...)
	if err != nil {
		return nil, err
	}
	for i, n := range numbers {
		out[counted[i]].Count = reading.Count(n)
	}
	rows, err := p.rows(a, all)
	if err != nil {
		return nil, err
	}
	for i, n := range lens {
		out[i].Rows, rows = rows[:n:n], rows[n:]
	}
	return out, nil
}

// group is a part without its rows.
func (a asked) group(pt part, next, cursor string) staff.QueueGroup {
	g := staff.QueueGroup{ID: string(pt.is), Side: ui.Side(pt.is), Title: pt.title, Hint: pt.hint, Pages: ui.Pages{Label: pt.title}}
	if pt.is == read.Ended {
		g.Side = ui.Nobody
	}
	if pt.is == read.OurTurn {
		g.Nothing = "Nothing waits for us."
	}
	if a.b.Sort.By != "" {
		g.Hint = ""
	}
	for _, c := range a.b.Columns {
		g.Columns = append(g.Columns, columnWords[c])
	}
	here := Address(a.whole.With(filter.Turn, string(pt.is)))
	if len(a.parts) == 1 {
		here = Address(a.q.Text)
	}
	if next != "" {
		g.Pages.Next = join(here, "cursor", next)
	}
	if cursor != "" {
		g.Pages.First = here
	}
	return g
}

// join adds a value to an address.
func join(address, name, value string) string {
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + url.Values{name: {value}}.Encode()
}

// rows makes rows of tickets, with the names of all of them.
func (p *Pages) rows(a asked, all []desk.Ticket) ([]staff.QueueRow, error) {
	names, err := p.Names.Of(a.Ctx(), all)
	if err != nil {
		return nil, err
	}
	places, err := p.Names.Places(a.Ctx())
	if err != nil {
		return nil, err
	}
	out := make([]staff.QueueRow, len(all))
	for i := range all {
		t := &all[i]
		out[i] = reading.QueueRow(a.Reader, t, names[t.RequesterID], places.Site(t.SiteID), places.Team(t.TeamID), names[t.AssigneeID])
		out[i].Pick = true
		for _, c := range a.b.Columns {
			out[i].Cells = append(out[i].Cells, cell(a.Reader, c, t, &out[i], names, places))
		}
	}
	return out, nil
}

var columnWords = map[filter.Column]string{
	filter.ColTurn: "Turn", filter.ColDue: "Due", filter.ColRequester: "Requester", filter.ColAffected: "Affected", filter.ColSite: "Site",
	filter.ColTeam: "Team", filter.ColAssignee: "Assignee", filter.ColPriority: "Priority", filter.ColState: "State", filter.ColKind: "Kind",
	filter.ColChannel: "Came in", filter.ColMade: "Made", filter.ColChanged: "Changed", filter.ColLast: "Last words",
}

func cell(r ui.Reader, c filter.Column, t *desk.Ticket, row *staff.QueueRow, names map[string]string, places *naming.Places) staff.Cell {
	switch c {
	case filter.ColDue:
		return staff.Cell{Due: true}
	case filter.ColTurn:
		return staff.Cell{Text: turnWords[read.Part(t.TurnSide)]}
	case filter.ColRequester:
		return staff.Cell{Text: row.Person}
	case filter.ColAffected:
		return staff.Cell{Text: names[t.AffectedID]}
	case filter.ColSite:
		return staff.Cell{Text: row.Where}
	case filter.ColTeam:
		return staff.Cell{Text: places.Team(t.TeamID)}
	case filter.ColAssignee:
		return staff.Cell{Text: names[t.AssigneeID]}
	case filter.ColPriority:
		return staff.Cell{Text: reading.Capital(string(t.Priority))}
	case filter.ColState:
		return staff.Cell{Text: reading.StateWords[t.State]}
	case filter.ColKind:
		return staff.Cell{Text: reading.KindWords[t.Kind]}
	case filter.ColChannel:
		return staff.Cell{Text: reading.Capital(reading.ChannelWords[t.Channel])}
	case filter.ColMade:
		return staff.Cell{Text: r.When(t.MadeAt), Title: r.Full(t.MadeAt)}
	case filter.ColChanged:
		return staff.Cell{Text: r.When(t.ChangedAt), Title: r.Full(t.ChangedAt)}
	}
	return staff.Cell{Text: t.LastLine, Title: t.LastLine}
}

var turnWords = func() map[read.Part]string {
	out := map[read.Part]string{}
	for _, p := range parts {
		out[p.is] = p.title
	}
	return out
}()

// moved is where an address of before leads now: its parts as one filter. "" when it is none.
func (p *Pages) moved(c *area.Call) string {
	old := c.R.URL.Query()
	q := filter.Parse(old.Get("q"))
	found := false
	for _, f := range []struct {
		name  string
		field filter.Field
		what  filter.What
	}{
		{"turn", filter.Turn, 0}, {"state", filter.State, 0}, {"team", filter.Team, filter.OfTeam}, {"assignee", filter.Assignee, filter.OfStaff},
		{"site", filter.Site, filter.OfSite}, {"requester", filter.Person, filter.OfPerson},
	} {
		v := old.Get(f.name)
		if v == "" {
			continue
		}
		found = true
		q = filter.Parse(q.With(f.field, p.named(c, f.what, v)))
	}
	if !found {
		return ""
	}
	return Address(q.Text)
}

// named gives the name of an id, when it names nothing else.
func (p *Pages) named(c *area.Call, what filter.What, v string) string {
	if what == 0 || !id.Valid(v) {
		return v
	}
	if v == c.By.PersonID {
		return filter.Me
	}
	names := p.Names.For(c.By)
	one, _, err := names.Find(c.Ctx(), what, v)
	if err != nil || len(one) != 1 {
		return v
	}
	if same, _, err := names.Find(c.Ctx(), what, one[0].Name); err != nil || len(same) != 1 {
		return v
	}
	return one[0].Name
}
