// Package doors holds the page that counts what went from one door to the other, and shows which requests those were.
package doors

import (
	"strconv"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/passage"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

// Path is the address of the page.
const Path = "/desk/doors"

// Pages are the page with what it stands on. It is safe for concurrent use.
type Pages struct {
	Passages *passage.Book
	DB       *db.DB
	Clock    clock.Clock
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	return []area.Route{{Method: "GET", Path: Path, Door: area.ForStaff, Verb: auth.TicketRead, Do: p.show}}
}

type page struct {
	Frame   staff.Frame
	Head    sheet.Head
	Figures []sheet.Figure
	Months  sheet.Table
	Newest  sheet.Table
}

// periods are how far back the page looks, in days.
var periods = []struct {
	days  int
	label string
}{{90, "90 days"}, {365, "A year"}}

// listed is how many requests the page names.
const listed = 50

func (p *Pages) show(c *area.Call) error {
	days := periods[0].days
	if n, err := strconv.Atoi(c.Query("days")); err == nil && n == periods[1].days {
		days = n
	}
	now := p.Clock.Now()
	r, err := p.Passages.Between(c.Ctx(), c.By, now.AddDate(0, 0, -days), now.Add(time.Second), c.Reader.Zone, listed)
	if err != nil {
		return err
	}
	v := page{Head: sheet.Head{Title: "From door to door", Lead: "How often a request went from the service desk to service level management, or back. Each went with everything that was said, and no clock began anew."}}
	for _, x := range periods {
		v.Head.Tabs = append(v.Head.Tabs, ui.Link{Label: x.label, Href: Path + "?days=" + strconv.Itoa(x.days), Current: x.days == days})
	}
	v.Figures = []sheet.Figure{{Label: "To service level management", Value: ui.Count(r.ToLevels), Href: "#newest"}, {Label: "To the service desk", Value: ui.Count(r.ToDesk), Href: "#newest"}}
	if r.More {
		v.Head.Lead += " The newest are counted; there are more."
	}
	v.Months = sheet.Table{Caption: "By month", Cols: []sheet.Col{{Label: "Month"}, {Label: "To service level management", Right: true}, {Label: "To the service desk", Right: true}}}
	for i := len(r.Months) - 1; i >= 0; i-- {
		m := r.Months[i]
		v.Months.Rows = append(v.Months.Rows, sheet.Row{sheet.Text(m.Begins.Format("January 2006")), sheet.Text(ui.Count(m.ToLevels)), sheet.Text(ui.Count(m.ToDesk))})
	}
	if v.Newest, err = p.newest(c, r.Newest); err != nil {
		return err
	}
	if v.Frame, err = c.Face.Workspace(v.Head.Title, Path); err != nil {
		return err
	}
	c.Face.Render(200, view(v))
	return nil
}

var doorWords = map[agreement.Door]string{agreement.DoorDesk: "Service desk", agreement.DoorLevels: "Service level management"}

// newest are the requests themselves.
func (p *Pages) newest(c *area.Call, all []passage.Passage) (sheet.Table, error) {
	t := sheet.Table{Caption: "The newest", Cols: []sheet.Col{{Label: "Request"}, {Label: "To"}, {Label: "By"}, {Label: "When"}}, Nothing: "None went to the other door", NothingText: "Everything came in where it belongs."}
	var ids []string
	for i := range all {
		for _, who := range []string{all[i].ByID, all[i].PersonID} {
			if id.Valid(who) {
				ids = append(ids, who)
			}
		}
	}
	found, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return t, err
	}
	name := map[string]string{}
	for _, x := range found {
		name[x.ID] = x.Name
	}
	for i := range all {
		x := &all[i]
		to := doorWords[x.To]
		if n := name[x.PersonID]; n != "" {
			to += ": " + n
		}
		first := sheet.Link(x.Subject, "/desk/tickets/"+desk.Ref(x.Number))
		first.Sub = desk.Ref(x.Number)
		t.Rows = append(t.Rows, sheet.Row{first, sheet.Text(to), sheet.Text(name[x.ByID]), sheet.When(x.At)})
	}
	return t, nil
}
