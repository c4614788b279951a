package accord

import (
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/report/whatif"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// askPage asks for a period, and lists what was asked before.
type askPage struct {
	Frame ui.PortalFrame
	Crumb []ui.Link
	Title string
	Told  []string
	Form  ui.Form
	Runs  []line
}

// pastPage is a version over the past: how far it is, or what came out.
type pastPage struct {
	Frame       ui.PortalFrame
	Crumb       []ui.Link
	Title, Lead string
	Chip        ui.Chip
	Bar         *sheet.Bar
	Stop        string   // address
	Says        []string // the outcome in sentences
	Was, Would  sheet.Table
	Time        sheet.Table
	Back        []ui.Link
}

func (p *Pages) askWhatIf(c *area.Call) error { return p.showAsk(c, nil) }

func (p *Pages) showAsk(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	x, err := p.Contracts.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	runs, err := p.WhatIf.List(c.Ctx(), c.By, x.AgreementID, x.ID)
	if err != nil {
		return err
	}
	whose, err := p.whose(c, x.OrgID, x.SiteID)
	if err != nil {
		return err
	}
	today := p.Clock.Now().In(c.Reader.Zone)
	v := askPage{
		Frame: c.Face.Portal("What if: "+x.Name, "/levels"), Title: "What if: " + x.Name + ", version " + ui.Count(int(x.Number)) + ", " + whose, Told: back.Told(),
		Crumb: append(crumb[:2:2], ui.Link{Label: x.Name, Href: Base + "/proposals/" + x.ID}, ui.Link{Label: "What if"}),
		Form: back.Form("what-if", Base+"/proposals/"+x.ID+"/what-if", map[string]string{
			"from": today.AddDate(-1, 0, 0).Format(time.DateOnly), "to": today.Format(time.DateOnly),
		}),
	}
	for _, r := range runs {
		v.Runs = append(v.Runs, line{Href: pastHref(r.ID), Title: c.Reader.Day(r.Period.From) + " to " + c.Reader.Day(r.Period.LastDay()), Code: ui.Count(int(r.Total)) + " tickets", Text: "asked " + c.Reader.WhenIn(r.MadeAt), Side: ui.Provider, Chip: pastChip(r)})
	}
	c.Face.Render(back.Status(), askView(v))
	return nil
}

func pastHref(runID string) string { return Base + "/what-if/" + runID }

func pastChip(r whatif.Run) ui.Chip {
	switch r.State {
	case whatif.Complete:
		return ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Complete"}
	case whatif.Stopped:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Stopped"}
	}
	return ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "Reading"}
}

func (p *Pages) startWhatIf(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("what-if", area.Fields("from", "to"), func(f *serve.Form) (string, error) {
		r, err := p.WhatIf.Start(c.Ctx(), c.By, whatif.Input{ProposalID: id, From: f.Value("from"), To: f.Value("to")})
		return pastHref(r.ID), err
	}, func(b *area.Returned) error { return p.showAsk(c, b) })
}

func (p *Pages) stopWhatIf(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("stop", nil, func(*serve.Form) (string, error) {
		_, err := p.WhatIf.Stop(c.Ctx(), c.By, id)
		return pastHref(id), err
	}, func(*area.Returned) error { return p.whatIf(c) })
}

func (p *Pages) whatIf(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	r, err := p.WhatIf.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	whose, err := p.whose(c, r.OrgID, r.SiteID)
	if err != nil {
		return err
	}
	v := pastPage{
		Frame: c.Face.Portal("What if", "/levels"), Chip: pastChip(r), Title: "What if it had held from the beginning",
		Lead: whose + ", " + c.Reader.Day(r.Period.From) + " to " + c.Reader.Day(r.Period.LastDay()) + ". Asked " + c.Reader.WhenIn(r.MadeAt) + ".", Crumb: crumb[:2:2],
	}
	if r.ProposalID != "" {
		x, err := p.Contracts.Get(c.Ctx(), c.By, r.ProposalID)
		if err != nil {
			return err
		}
		v.Crumb = append(v.Crumb, ui.Link{Label: x.Name, Href: Base + "/proposals/" + x.ID}, ui.Link{Label: "What if", Href: Base + "/proposals/" + x.ID + "/what-if"})
		v.Back = []ui.Link{{Label: "The proposal", Href: Base + "/proposals/" + x.ID}, {Label: "Another period", Href: Base + "/proposals/" + x.ID + "/what-if"}}
	}
	v.Crumb = append(v.Crumb, ui.Link{Label: c.Reader.Day(r.Period.From) + " to " + c.Reader.Day(r.Period.LastDay())})
	switch r.State {
	case whatif.Running:
		v.Bar = &sheet.Bar{Label: "Reading the history", Done: r.Done, All: r.Total, Text: ui.Count(int(r.Done)) + " of " + ui.Count(int(r.Total)) + " tickets", Again: pastHref(r.ID)}
		v.Stop = pastHref(r.ID) + "/stop"
		v.Frame.Doc.Scripts = append(v.Frame.Doc.Scripts, "progress.js")
	case whatif.Stopped:
		v.Says = []string{"It was stopped before it was complete, so there are no figures. Ask again for the same period, or another."}
	default:
		v.outcome(r, whose)
	}
	c.Face.Render(200, pastView(v))
	return nil
}

// outcome is what came out, in sentences and tables.
func (v *pastPage) outcome(r whatif.Run, whose string) {
	was, would := r.Result.Was, r.Result.Would
	if r.Result.Tickets == 0 {
		v.Says = []string{"Nothing was decided and nothing ended in that period. Choose an earlier first day."}
		return
	}
	v.Says = []string{
		shift("IT", was.Provider.Line, would.Provider.Line), shift(whose, was.Customer.Line, would.Customer.Line),
		"Of " + ui.Count(int(r.Result.Tickets)) + " tickets. The median is of working time. What people did is taken as they did it; where the desk reminded or closed by itself, it does so as the version says. Whether anybody would have acted otherwise, no figure can say.",
	}
	v.Was, v.Would = recordOf("What was", whose, was, would), recordOf("What would have been", whose, would, was)
	v.Time = sheet.Table{Caption: "Where the time went", Cols: []sheet.Col{{Label: "Whose turn"}, {Label: "It was, hours", Right: true}, {Label: "It would have been", Right: true}, {Label: "Working hours", Right: true}, {Label: "Would have been", Right: true}}}
	for i, t := range was.Time {
		o := would.Time[i]
		v.Time.Rows = append(v.Time.Rows, sheet.Row{sheet.Text(turnOf(t.Side, whose)), sheet.Text(ui.Hours(t.Wall)), sheet.Text(ui.Hours(o.Wall)), sheet.Text(ui.Hours(t.Working)), sheet.Text(ui.Hours(o.Working))})
	}
}

func turnOf(s agreement.Side, whose string) string {
	switch s {
	case agreement.SideProvider:
		return "IT"
	case agreement.SideCustomer:
		return whose
	case agreement.SideSupplier:
		return "A supplier"
	}
	return "Nobody"
}

// shift says how one side's record would be another.
func shift(who string, was, would whatif.Line) string {
	if would.Permille == nil || was.Permille == nil {
		return who + ": " + keptOf(was) + ", and would have " + keptOf(would) + "."
	}
	return who + " kept " + percent(was.Permille) + " of " + ui.Count(int(was.Kept+was.Broken)) + " promises, and would have kept " + percent(would.Permille) + " of " + ui.Count(int(would.Kept+would.Broken)) + "."
}

func keptOf(l whatif.Line) string {
	return ui.Count(int(l.Kept)) + " of " + ui.Count(int(l.Kept+l.Broken)) + " promises kept"
}

// percent writes thousandths; "–" for none.
func percent(n *int64) string {
	if n == nil {
		return "–"
	}
	return ui.Count(int(*n/10)) + "." + ui.Count(int(*n%10)) + " %"
}

// recordOf is one record as a table, with a row for every kind of promise that either record has.
func recordOf(caption, whose string, f, other whatif.Figures) sheet.Table {
	t := sheet.Table{Caption: caption, Cols: []sheet.Col{{Label: "Promise"}, {Label: "Due", Right: true}, {Label: "Kept", Right: true}, {Label: "Not kept", Right: true}, {Label: "Share", Right: true}, {Label: "Median", Right: true}}, Nothing: "Nothing fell due."}
	for _, c := range []struct {
		who      string
		own, its whatif.Column
	}{{"IT", f.Provider, other.Provider}, {whose, f.Customer, other.Customer}} {
		t.Rows = append(t.Rows, figureRow(c.who+", all", c.own.Line))
		for _, m := range agreement.Metrics() {
			own, its := c.own.Of(m), c.its.Of(m)
			if own.Due+own.Silence+its.Due+its.Silence > 0 {
				t.Rows = append(t.Rows, figureRow(c.who+": "+contract.Title(m), own))
			}
		}
	}
	return t
}

func figureRow(name string, l whatif.Line) sheet.Row {
	median := "–"
	if l.Median != nil {
		median = ui.Span(time.Duration(*l.Median) * time.Second)
	}
	n := func(v int64) sheet.Cell { return sheet.Text(ui.Count(int(v))) }
	return sheet.Row{sheet.Text(name), n(l.Due), n(l.Kept), n(l.Broken), sheet.Text(percent(l.Permille)), sheet.Text(median)}
}
