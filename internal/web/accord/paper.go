package accord

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/calendar"
	"bothways/internal/desk/beneath"
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
	Disputes []string
	Own      []ownPromises
	Supplier string // what holds while a supplier has it
	Signed   []door.Signature
	Digest   string
	Reader   ui.Reader
}

// ownPromises are those for one thing alone: a service, the second door.
type ownPromises struct {
	ID, Title string
	Pairs     []door.PromisePair
}

// paper makes a version readable. from is when it holds, askID the approval in which it is signed.
func (p *Pages) paper(c *area.Call, v agreement.Paper, from time.Time, askID string) (paperView, error) {
	out := paperView{Reader: c.Reader}
	var err error
	if out.Whose, err = p.whose(c, v.OrgID, v.SiteID); err != nil {
		return out, err
	}
	t := v.Terms
	if out.Facts, err = p.facts(c, v, from, out.Whose); err != nil {
		return out, err
	}
	names := p.Contracts.Names(c.Ctx(), c.Reader.Zone)
	under, err := p.beneath(c, v)
	if err != nil {
		return out, err
	}
	for _, x := range terms.Pairs(t.Targets) {
		pair := door.PromisePair{About: x.About, IT: cell(x.IT), You: cell(x.You)}
		pair.IT.Under = under[x.IT.Metric]
		out.Pairs = append(out.Pairs, pair)
	}
	for i, m := range terms.Matters(t.Targets, names.Service) {
		own := ownPromises{ID: "own-" + strconv.Itoa(i), Title: terms.MatterTitle(m, names.Service)}
		for _, x := range m.Pairs(t.Targets) {
			own.Pairs = append(own.Pairs, door.PromisePair{About: x.About, IT: cell(x.IT), You: cell(x.You)})
		}
		out.Own = append(out.Own, own)
	}
	if out.Signed, out.Digest, err = p.signatures(c, askID, out.Whose); err != nil {
		return out, err
	}
	out.IT, out.You, out.Confirm = rungs(t, agreement.MetricResolution), rungs(t, agreement.MetricAnswer), rungs(t, agreement.MetricConfirm)
	out.Covered = paragraphs(t.Boundaries)
	for _, id := range t.Services {
		out.Services = append(out.Services, names.Service(id))
	}
	slices.Sort(out.Services)
	out.Prices = prices(t.Prices)
	out.Disputes = paragraphs(t.Escalation)
	if t.DisputeDays > 0 {
		out.Disputes = append([]string{"Either side can challenge a span within " + ui.Count(t.DisputeDays) + " days after it ended."}, out.Disputes...)
	}
	return out, nil
}

// facts are between whom it is, from when to when it holds, in which hours, and what else holds in a line.
func (p *Pages) facts(c *area.Call, v agreement.Paper, from time.Time, whose string) ([]ui.Fact, error) {
	t := v.Terms
	service, err := p.hours(c, v.ServiceCalendar)
	if err != nil {
		return nil, err
	}
	customer, err := p.hours(c, v.CustomerCalendar)
	if err != nil {
		return nil, err
	}
	began := "From the beginning"
	if from.Unix() > 0 {
		began = c.Reader.Dated(from)
	}
	out := []ui.Fact{{Name: "Between", Value: "IT and " + whose}, {Name: "In force from", Value: began}}
	out = append(out, p.dates(c, t)...)
	out = append(out, ui.Fact{Name: "Hours of IT", Value: service}, ui.Fact{Name: "Hours of " + whose, Value: customer})
	out = append(out, ui.Fact{Name: "Reopening", Value: "One word reopens a closed request for " + ui.Count(t.GraceDays) + " days"})
	if t.SupplierStopsPromise {
		out = append(out, ui.Fact{Name: "Suppliers", Value: "While a supplier has it, IT’s promise stands still"})
	} else {
		out = append(out, ui.Fact{Name: "Suppliers", Value: "While a supplier has it, IT’s promise runs on"})
	}
	return out, nil
}

func (p *Pages) dates(c *area.Call, t agreement.Terms) []ui.Fact {
	var out []ui.Fact
	if t.Until != 0 {
		out = append(out, ui.Fact{Name: "Term", Value: "To " + c.Reader.Dated(time.Unix(t.Until, 0)) + "; it holds on until a version takes its place"})
	}
	if t.Review != 0 {
		out = append(out, ui.Fact{Name: "Next review", Value: c.Reader.Dated(time.Unix(t.Review, 0))})
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

// beneath is what teams and suppliers promise IT, so that it can keep its own promises: in words, by the promise that each serves, with
// how it was kept where the ledger can say it.
func (p *Pages) beneath(c *area.Call, v agreement.Paper) (map[agreement.Metric][]string, error) {
	k, err := p.shares(c, v)
	if err != nil {
		return nil, err
	}
	out := map[agreement.Metric][]string{}
	for _, side := range []struct {
		word   string
		all    []agreement.Inner
		shares []beneath.Share
	}{{"team", v.Terms.Teams, k.teams}, {"supplier", v.Terms.Suppliers, k.suppliers}} {
		for i, x := range side.all {
			line := x.Who + ", " + side.word + ": within " + contract.Working(x.Seconds)
			if x.Priority != "" {
				line += " when " + string(x.Priority)
			}
			if i < len(side.shares) {
				line += told(side.shares[i])
			}
			out[x.Metric] = append(out[x.Metric], line)
		}
	}
	return out, nil
}

// told says how a promise beneath was kept.
func told(s beneath.Share) string {
	switch n := s.Kept + s.Missed; {
	case !s.Counted:
		return ""
	case n == 0:
		return "; nothing came to it in the last 90 days"
	default:
		return "; kept " + ui.Count(s.Kept) + " of " + ui.Count(n) + " in the last 90 days"
	}
}
