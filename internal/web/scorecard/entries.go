package scorecard

import (
	"net/http"
	"strconv"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/report"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type entriesPage struct {
	Frame  frame
	Crumb  []ui.Link
	Title  string
	Lead   string
	Reader ui.Reader
	Table  sheet.Table
}

// stateWords say how entries stand, after whose they are.
var stateWords = map[string]string{
	"": "what was kept, missed, let off and challenged", report.StateKept: "kept", report.StateBroken: "missed", report.StateWaived: "let off", report.StateDisputed: "challenged",
	report.StateRunning: "running", report.StateSilence: "accepted by silence", report.StateNeedless: "asked needlessly",
}

// entries lists what stands behind a figure.
func (p *Pages) entries(c *area.Call) error {
	a := asksOf(c)
	b := report.Behind{Query: a.query(), Side: c.Query("side"), Metric: c.Query("metric"), Priority: c.Query("priority"), State: c.Query("state")}
	l, err := p.Report.Entries(c.Ctx(), c.By, b, c.Query("cursor"), 50)
	if err != nil {
		return err
	}
	v := entriesPage{Reader: c.Reader, Lead: "The promises behind the figure, on requests that you may open."}
	whose := "Both sides"
	switch agreement.Side(b.Side) {
	case agreement.SideProvider:
		whose = "IT"
	case agreement.SideCustomer:
		whose = l.Whose
	}
	v.Title = whose + ": "
	if b.Metric != "" {
		v.Title += thing(agreement.Metric(b.Metric)) + ", "
	}
	if v.Title += stateWords[b.State]; b.Priority != "" {
		v.Title += " (" + b.Priority + ")"
	}
	if v.Frame, err = frameOf(c, v.Title); err != nil {
		return err
	}
	v.Crumb = []ui.Link{{Label: "Scorecards", Href: Base}, {Label: l.Whose + " and IT", Href: a.href("")}, {Label: "Entries"}}
	v.Table = sheet.Table{
		Caption: v.Title, Cols: []sheet.Col{{Label: "Request"}, {Label: "Promise"}, {Label: "Used"}, {Label: "Stands"}, {Label: "When"}}, Pages: c.Pages(v.Title, l.Next),
		Nothing: "Nothing that you may open", NothingText: "The figure may count requests of other people; their names and words are theirs.",
	}
	for i := range l.Items {
		v.Table.Rows = append(v.Table.Rows, entryRow(c, &l.Items[i], l.Whose))
	}
	c.Face.Render(http.StatusOK, entriesView(v))
	return nil
}

func entryRow(c *area.Call, i *outcome.Item, whose string) sheet.Row {
	who := "IT: "
	if i.Side == agreement.SideCustomer {
		who = whose + ": "
	}
	request := sheet.Link(desk.Ref(i.Number), ticket(c, i.Number))
	request.Sub = i.Subject
	used := sheet.Text("still owed")
	if i.Ended != 0 {
		used = sheet.Text(span(i.Used))
	}
	used.Sub = "of " + span(i.Target)
	state := report.StateOf(i.Outcome)
	chip := ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconScale, Text: reading.Capital(stateWords[state])}
	switch {
	case state == report.StateKept && i.Side == agreement.SideCustomer:
		chip.Kind, chip.Icon = ui.ChipYou, ui.IconCheck
	case state == report.StateKept:
		chip.Kind, chip.Icon = ui.ChipIT, ui.IconCheck
	case state == report.StateBroken:
		chip.Kind, chip.Icon = ui.ChipLate, ui.IconClock
	}
	at := i.Decided
	if at == 0 {
		at = i.Started
	}
	return sheet.Row{request, sheet.Text(who + thing(i.Metric) + ", " + priorityWord(i.Priority)), used, sheet.Chips(chip), sheet.When(time.Unix(at, 0).UTC())}
}

type askedPage struct {
	Frame  frame
	Crumb  []ui.Link
	Title  string
	Lead   string
	Lines  []asked.Line
	Return string
	Read   string  // when the reader said so
	Form   ui.Form // Action "" where nothing is asked of the reader
}

// sheet is what a version asks of its people, on one screen.
func (p *Pages) sheet(c *area.Call) error { return p.showSheet(c, nil) }

func (p *Pages) showSheet(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	s, err := p.Asked.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	v := askedPage{Title: "What is asked of you", Lines: s.Lines, Return: asked.Returned(s.Paper)}
	v.Lead = "From " + s.Paper.Name + ", version " + strconv.FormatInt(s.Paper.Number, 10) + ". It takes a minute, and it makes your requests quicker."
	if v.Frame, err = frameOf(c, v.Title); err != nil {
		return err
	}
	v.Crumb = []ui.Link{{Label: "Agreement", Href: "/agreements/versions/" + id}, {Label: v.Title}}
	switch {
	case !s.Read.IsZero():
		v.Read = "You said that you read it, " + c.Reader.WhenIn(s.Read) + "."
	case s.Asks:
		v.Form = back.Form("read", "/agreements/versions/"+id+"/asked", nil)
	}
	c.Face.Render(back.Status(), askedView(v))
	return nil
}

func (p *Pages) acknowledge(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("read", nil, func(*serve.Form) (string, error) {
		_, err := p.Asked.Acknowledge(c.Ctx(), c.By, id)
		return "/agreements/versions/" + id + "/asked?done=acknowledged", err
	}, func(b *area.Returned) error { return p.showSheet(c, b) })
}
