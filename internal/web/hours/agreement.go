package hours

import (
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/desk"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// contract is an agreement as its page shows it.
type contract struct {
	ID, Name, With string
	Versions       []version
	Tickets        int
}

type version struct {
	Title   string
	Facts   []ui.Fact
	Targets sheet.Table
	Ladder  sheet.Table
	Newest  bool
}

type agreementsPage struct {
	page
	Contracts []contract
}

// agreements shows what both sides promise. They are negotiated elsewhere; here they are read.
func (p *Pages) agreements(c *area.Call) error {
	papers, err := p.Book.List(c.Ctx())
	if err != nil {
		return err
	}
	v := agreementsPage{}
	for i := range papers {
		a := &papers[i]
		if a.OrgID != "" && auth.Can(c.By, auth.AgreementRead, auth.Object{Kind: "agreement", OrgID: a.OrgID}) != nil {
			continue
		}
		if n := len(v.Contracts); n == 0 || v.Contracts[n-1].ID != a.AgreementID {
			k := contract{ID: a.AgreementID, Name: a.Name, With: "Everybody who has none of their own"}
			if a.OrgID != "" {
				o, err := people.OrganisationByID(c.Ctx(), p.DB.Read(), a.OrgID)
				if err != nil {
					return err
				}
				k.With = o.Name
				if k.Tickets, err = p.Desk.Count(c.Ctx(), c.By, desk.Filter{Org: a.OrgID, Open: true}); err != nil {
					return err
				}
			}
			v.Contracts = append(v.Contracts, k)
		}
		k := &v.Contracts[len(v.Contracts)-1]
		made, err := p.version(c, a)
		if err != nil {
			return err
		}
		for j := range k.Versions {
			k.Versions[j].Newest = false
		}
		k.Versions = append([]version{made}, k.Versions...)
	}
	if v.page, err = p.start(c, nil, "/agreements", sheet.Head{Title: "Agreements", Lead: "What IT and its customers promise each other, in figures. A version never changes once it is in force."}); err != nil {
		return err
	}
	c.Face.Render(200, agreementsView(v))
	return nil
}

func (p *Pages) version(c *area.Call, a *agreement.Paper) (version, error) {
	v := version{Newest: true, Title: a.Name + ", version " + ui.Count(int(a.Number))}
	from := "the beginning"
	if t := a.From(); !t.IsZero() {
		from = c.Reader.Full(t)
	}
	hours := map[string]string{}
	for _, id := range []string{a.ServiceCalendar, a.CustomerCalendar} {
		d, err := calendar.ByID(c.Ctx(), p.DB.Read(), id)
		if err != nil {
			return v, err
		}
		hours[id] = d.Name + ", " + d.Spec.TZ
	}
	v.Facts = []ui.Fact{
		{Name: "In force from", Value: from}, {Name: "Hours of IT", Value: hours[a.ServiceCalendar], Href: base + "/calendars/" + a.ServiceCalendar},
		{Name: "Hours of customers", Value: hours[a.CustomerCalendar], Href: base + "/calendars/" + a.CustomerCalendar}, {Name: "Reopening", Value: ui.Count(a.Terms.GraceDays) + " days after closing"},
		{Name: "Suppliers", Value: map[bool]string{true: "Their turns stop IT’s promise", false: "Their turns run against IT’s promise"}[a.Terms.SupplierStopsPromise]},
	}
	of := ", " + a.Name + " " + ui.Count(int(a.Number))
	v.Targets = sheet.Table{Caption: "Promises" + of, Cols: []sheet.Col{{Label: "Promise"}, {Label: "Who"}, {Label: "Priority"}, {Label: "Within", Right: true}, {Label: "Warned at", Right: true}}, Nothing: "No promise in figures."}
	for _, t := range a.Terms.Targets {
		chip := ui.Chip{Kind: ui.ChipIT, Text: "IT"}
		if t.Metric.Side() == agreement.SideCustomer {
			chip = ui.Chip{Kind: ui.ChipYou, Text: "Customer"}
		}
		row := sheet.Row{sheet.Text(reading.Capital(metricWords(t.Metric))), sheet.Chips(chip), sheet.Text(reading.Capital(string(t.Priority))), sheet.Text(ui.Exact(time.Duration(t.Seconds) * time.Second)), {}}
		if row[2].Text == "" {
			row[2].Text = "Every other"
		}
		if t.Door == agreement.DoorLevels {
			row[0].Sub = "At the second door"
		}
		if t.Service != "" {
			name, err := catalog.NameOf(c.Ctx(), p.DB.Read(), t.Service)
			if err != nil {
				return v, err
			}
			row[0].Sub = strings.TrimPrefix(row[0].Sub+", "+name, ", ")
		}
		if t.WarnPercent > 0 {
			row[4].Text = ui.Count(t.WarnPercent) + " %"
		}
		v.Targets.Rows = append(v.Targets.Rows, row)
	}
	v.Ladder = sheet.Table{Caption: "What follows" + of, Cols: []sheet.Col{{Label: "When"}, {Label: "About"}, {Label: "What happens"}}, Nothing: "Nothing follows by itself."}
	for _, s := range a.Terms.Ladder {
		v.Ladder.Rows = append(v.Ladder.Rows, sheet.Row{sheet.Text(ladderWhen(s)), sheet.Text(reading.Capital(metricWords(s.Metric))), sheet.Text(ladderWhat(s))})
	}
	return v, nil
}

func ladderWhat(s agreement.Step) string {
	out := reading.Capital(strings.ReplaceAll(s.Action, "_", " "))
	if s.Price.Minor > 0 {
		out += ": " + s.Price.String() + ", " + s.Price.What
	}
	return out
}

func ladderWhen(s agreement.Step) string {
	switch {
	case s.Percent > 0:
		return "At " + ui.Count(s.Percent) + " % of the time"
	case s.PlusDays > 0:
		return ui.Count(s.PlusDays) + " days after"
	case s.PlusSeconds > 0:
		return ui.Exact(time.Duration(s.PlusSeconds)*time.Second) + " after"
	}
	return "When it is due"
}

func metricWords(m agreement.Metric) string {
	out := []rune(string(m))
	for i, r := range out {
		if r == '_' || r == '-' {
			out[i] = ' '
		}
	}
	return string(out)
}
