package accord

import (
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/calendar"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
	"bothways/internal/web/ui/sheet"
)

// paperView is what a version says, as a page and as a print.
type paperView struct {
	Whose    string
	Facts    []ui.Fact
	Pairs    []door.PromisePair
	IT       []door.Rung
	You      []door.Rung
	Confirm  []door.Rung
	Covered  []string // in paragraphs
	Services []string
	Prices   sheet.Table
	Inner    sheet.Table
	Disputes []string
}

// paper makes a version readable. from is when it holds, signed who signed it.
func (p *Pages) paper(c *area.Call, v agreement.Paper, from time.Time, signed []ui.Fact) (paperView, error) {
	out := paperView{}
	var err error
	if out.Whose, err = p.whose(c, v.OrgID, v.SiteID); err != nil {
		return out, err
	}
	t := v.Terms
	service, err := p.hours(c, v.ServiceCalendar)
	if err != nil {
		return out, err
	}
	customer, err := p.hours(c, v.CustomerCalendar)
	if err != nil {
		return out, err
	}
	began := "From the beginning"
	if from.Unix() > 0 {
		began = c.Reader.Full(from)
	}
	out.Facts = []ui.Fact{{Name: "Between", Value: "IT and " + out.Whose}, {Name: "In force from", Value: began}}
	out.Facts = append(out.Facts, p.dates(c, t)...)
	out.Facts = append(out.Facts, ui.Fact{Name: "Hours of IT", Value: service}, ui.Fact{Name: "Hours of " + out.Whose, Value: customer})
	out.Facts = append(out.Facts, ui.Fact{Name: "Reopening", Value: "One word reopens a closed request for " + ui.Count(t.GraceDays) + " days"})
	if t.SupplierStopsPromise {
		out.Facts = append(out.Facts, ui.Fact{Name: "Suppliers", Value: "While a supplier has it, IT’s promise stands still"})
	} else {
		out.Facts = append(out.Facts, ui.Fact{Name: "Suppliers", Value: "While a supplier has it, IT’s promise runs on"})
	}
	out.Facts = append(out.Facts, signed...)
	for _, x := range terms.Pairs(t.Targets) {
		out.Pairs = append(out.Pairs, door.PromisePair{About: x.About, IT: cell(x.IT), You: cell(x.You)})
	}
	out.IT, out.You, out.Confirm = rungs(t, agreement.MetricResolution), rungs(t, agreement.MetricAnswer), rungs(t, agreement.MetricConfirm)
	out.Covered = paragraphs(t.Boundaries)
	names := p.Contracts.Names(c.Ctx(), c.Reader.Zone)
	for _, id := range t.Services {
		out.Services = append(out.Services, names.Service(id))
	}
	slices.Sort(out.Services)
	out.Prices = prices(t.Prices)
	out.Inner = beneath(t)
	out.Disputes = paragraphs(t.Escalation)
	if t.DisputeDays > 0 {
		out.Disputes = append([]string{"Either side can challenge a span within " + ui.Count(t.DisputeDays) + " days after it ended."}, out.Disputes...)
	}
	return out, nil
}

func (p *Pages) dates(c *area.Call, t agreement.Terms) []ui.Fact {
	var out []ui.Fact
	if t.Until != 0 {
		out = append(out, ui.Fact{Name: "Term", Value: "To " + c.Reader.Day(time.Unix(t.Until, 0)) + "; it holds on until a version takes its place"})
	}
	if t.Review != 0 {
		out = append(out, ui.Fact{Name: "Next review", Value: c.Reader.Full(time.Unix(t.Review, 0))})
	}
	return out
}

// whose is the customer's side by name.
func (p *Pages) whose(c *area.Call, orgID, siteID string) (string, error) {
	if siteID != "" {
		s, err := people.SiteByID(c.Ctx(), p.DB.Read(), siteID)
		return s.Name, err
	}
	if orgID == "" {
		return "Everybody who has none of their own", nil
	}
	o, err := people.OrganisationByID(c.Ctx(), p.DB.Read(), orgID)
	return o.Name, err
}

// hours names a calendar with its week.
func (p *Pages) hours(c *area.Call, calendarID string) (string, error) {
	d, err := calendar.ByID(c.Ctx(), p.DB.Read(), calendarID)
	if err != nil {
		return "", err
	}
	zone := d.Spec.TZ[strings.LastIndex(d.Spec.TZ, "/")+1:]
	return d.Name + ": " + terms.Week(d.Spec) + " (" + strings.ReplaceAll(zone, "_", " ") + " time)", nil
}

func cell(x terms.Promise) door.PromiseCell {
	return door.PromiseCell{Text: x.Text, Other: x.Other, Percent: -1}
}

func rungs(t agreement.Terms, m agreement.Metric) []door.Rung {
	var out []door.Rung
	for _, r := range terms.Ladder(t.Ladder, m) {
		out = append(out, door.Rung(r))
	}
	return out
}

func paragraphs(s string) []string {
	var out []string
	for _, x := range strings.Split(s, "\n") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

func prices(all []agreement.Price) sheet.Table {
	t := sheet.Table{Caption: "Prices", Cols: []sheet.Col{{Label: "For"}, {Label: "Price", Right: true}}, Nothing: "No price is stated."}
	for _, p := range all {
		t.Rows = append(t.Rows, sheet.Row{sheet.Text(p.What), sheet.Text(contract.Amount(p))})
	}
	return t
}

var innerWords = map[agreement.Metric]string{agreement.MetricFirstResponse: "A first reply", agreement.MetricNextResponse: "Every reply after that", agreement.MetricResolution: "A solution"}

// beneath is what teams and suppliers promise IT, so that it can keep its own promises.
func beneath(t agreement.Terms) sheet.Table {
	out := sheet.Table{Caption: "What IT’s teams and suppliers promise", Cols: []sheet.Col{{Label: "Who"}, {Label: "Promise"}, {Label: "Priority"}, {Label: "Within", Right: true}}, Nothing: "Nothing is stated beneath this agreement."}
	for _, all := range [][]agreement.Inner{t.Teams, t.Suppliers} {
		for _, x := range all {
			prio := "Every other"
			if x.Priority != "" {
				prio = string(x.Priority)
			}
			out.Rows = append(out.Rows, sheet.Row{sheet.Text(x.Who), sheet.Text(innerWords[x.Metric]), sheet.Text(prio), sheet.Text(contract.Working(x.Seconds))})
		}
	}
	return out
}
