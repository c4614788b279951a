package scorecard

import (
	"context"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/score"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/chart"
	"bothways/internal/web/ui/sheet"
)

// view makes a card readable.
func (p *Pages) view(c *area.Call, a asks, card report.Card) (cardPage, error) {
	v := cardPage{Title: card.Whose + " and IT, both ways", Whose: card.Whose, Both: both(card)}
	r := c.Reader
	in := ui.Reader{Now: r.Now, Zone: card.Zone}
	v.Lead = in.Day(card.From) + " to " + in.Day(card.LastDay()) + " · agreement " + card.Paper.Name + " · days in " + card.Zone.String()
	var err error
	if v.Frame, err = frameOf(c, "Scorecard: "+card.Whose); err != nil {
		return v, err
	}
	v.Segments, v.Period = segments(a, card, in), periodView{a.href(""), card.From.In(card.Zone).Format(time.DateOnly), card.LastDay().In(card.Zone).Format(time.DateOnly), asks{site: a.site}.hidden()}
	v.IT = head(a, "IT", card.Provider, card.Weeks)
	v.You = head(a, card.Whose, card.Customer, card.Weeks)
	chart.Level(&v.IT.Trend, &v.You.Trend)
	v.Pairs, v.PairsFoot = pairs(a, card), "Shares are of what was kept or missed. Fewer than twenty are told as they are and compared with nothing."
	if n := card.Customer.Needless; n > 0 {
		v.PairsFoot += " IT asked " + questions(n) + " already; that time is IT’s."
	}
	v.Lines = lines(a, card)
	if err := p.time(c.Ctx(), &v, card, in); err != nil {
		return v, err
	}
	v.Helps = helps(a, card)
	v.Effect = effect(card, in)
	v.Readers, v.Asked = readers(card), ui.Link{Label: "What is asked of " + card.Whose, Href: "/agreements/versions/" + card.Paper.ID + "/asked"}
	sites(&v, a, card)
	was, changed, err := p.Report.Restated(c.Ctx(), card)
	if err == nil && changed {
		v.Restated = &restatedView{r.Full(was.At), restated(card, was)}
	}
	return v, err
}

// segments are the usual periods.
func segments(a asks, card report.Card, in ui.Reader) []ui.Link {
	now := in.In(in.Now)
	quarter := time.Date(now.Year(), now.Month()-(now.Month()-1)%3, 1, 0, 0, 0, 0, card.Zone)
	usual := a
	usual.from, usual.to = "", ""
	out := []ui.Link{
		{Label: "13 weeks", Href: usual.href("")},
		{Label: "Month", Href: a.on(time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, card.Zone), now).href("")},
		{Label: "Quarter", Href: a.on(quarter, now).href("")},
		{Label: "Last quarter", Href: a.on(quarter.AddDate(0, -3, 0), quarter.AddDate(0, 0, -1)).href("")},
		{Label: "Year", Href: a.on(now.AddDate(-1, 0, 1), now).href("")},
	}
	for i := range out {
		out[i].Current = out[i].Href == a.href("")
	}
	return out
}

func head(a asks, name string, col score.Column, weeks []score.Week) chart.Head {
	side := string(col.Side)
	h := chart.Head{
		Side: reading.Side(col.Side), Name: name, Kept: col.Kept, Counted: col.Counted(), Few: col.Small(),
		KeptHref: a.href("/entries", "side", side, "state", report.StateKept), AllHref: a.href("/entries", "side", side),
	}
	share, ok := col.Permille()
	h.Share, h.None = share, !ok
	h.Trend = chart.Trend{Side: h.Side}
	for _, w := range weeks {
		f := w.Provider
		if col.Side == agreement.SideCustomer {
			f = w.Customer
		}
		s, ok := f.Permille()
		if !ok {
			s = -1
		}
		h.Trend.Values = append(h.Trend.Values, s)
	}
	h.Trend.Label = name + ", share of promises kept each week for " + ui.Count(len(weeks)) + " weeks, over all " + chart.Percent(share) + " percent"
	h.Text = course(col, weeks)
	return h
}

// pairs are the promises of the version in force facing each other, and what else was promised.
func pairs(a asks, card report.Card) []chart.Pair {
	var out []chart.Pair
	told := map[agreement.Metric]bool{}
	wing := func(col *score.Column, p terms.Promise) chart.Wing {
		told[p.Metric] = true
		l := col.Of(p.Metric)
		text := p.Text
		if text == "" && l.Due()+l.Running > 0 {
			text = noun(p.Metric)
		}
		return wingOf(a, col.Side, text, l)
	}
	for _, x := range terms.Pairs(card.Paper.Terms.Targets) {
		out = append(out, chart.Pair{About: x.About, IT: wing(&card.Provider, x.IT), You: wing(&card.Customer, x.You)})
	}
	for i, col := range []*score.Column{&card.Provider, &card.Customer} {
		for _, l := range col.Metrics {
			if told[l.Metric] || l.Due()+l.Running == 0 {
				continue
			}
			w := wingOf(a, col.Side, noun(l.Metric), l)
			x := chart.Pair{About: reading.Capital(reading.Promises[l.Metric].Verb)}
			if i == 0 {
				x.IT = w
			} else {
				x.You = w
			}
			out = append(out, x)
		}
	}
	return out
}

func wingOf(a asks, side agreement.Side, text string, l score.Line) chart.Wing {
	w := chart.Wing{Text: text, Width: -1}
	if text == "" {
		return w
	}
	entries := func(state string) string {
		return a.href("/entries", "side", string(side), "metric", string(l.Metric), "state", state)
	}
	share, ok := l.Permille()
	switch {
	case !ok:
		w.Share = "–"
	case l.Small():
		w.Share = ui.Count(int(l.Kept)) + " of " + ui.Count(int(l.Counted()))
	default:
		w.Share, w.Width = chart.Percent(share)+"%", int((share+5)/10)
	}
	for _, x := range []struct {
		n           int64
		word, state string
	}{
		{l.Kept, "kept", report.StateKept}, {l.Broken, "missed", report.StateBroken}, {l.Waived, "let off", report.StateWaived}, {l.Disputed, "challenged", report.StateDisputed},
		{l.Running, "running", report.StateRunning}, {l.Silence, "accepted by silence", report.StateSilence},
	} {
		if x.n > 0 {
			w.Links = append(w.Links, ui.Link{Label: ui.Count(int(x.n)) + " " + x.word, Href: entries(x.state)})
		}
	}
	if half, ok := l.Used(50); ok {
		ninth, _ := l.Used(90)
		w.Note = "half within " + span(half) + ", nine of ten within " + span(ninth)
	}
	if !ok && len(w.Links) == 0 {
		w.Note = "nothing fell due"
	}
	return w
}

// lines are all figures, by metric and priority: the drawing as a table.
func lines(a asks, card report.Card) sheet.Table {
	right := func(label string) sheet.Col { return sheet.Col{Label: label, Right: true} }
	t := sheet.Table{
		Caption: "Every figure, by promise and priority",
		Cols: []sheet.Col{{Label: "Promise"}, {Label: "Priority"}, right("Due"), right("Kept"), right("Missed"), right("Let off"), right("Challenged"), right("Running"),
			right("Share kept"), right("Half within"), right("Nine of ten within"), right("Past the promise")},
		Nothing: "Nothing fell due in these days.",
	}
	for _, col := range []score.Column{card.Provider, card.Customer} {
		who := "IT: "
		if col.Side == agreement.SideCustomer {
			who = card.Whose + ": "
		}
		t.Rows = append(t.Rows, lineRow(a, col.Side, who+"all", "", "", col.Figures))
		for _, l := range col.Lines {
			t.Rows = append(t.Rows, lineRow(a, col.Side, who+noun(l.Metric), l.Metric, l.Priority, l.Figures))
		}
	}
	return t
}

func lineRow(a asks, side agreement.Side, text string, m agreement.Metric, p agreement.Priority, f score.Figures) sheet.Row {
	n := func(v int64, state string) sheet.Cell {
		if v == 0 {
			return sheet.Text("0")
		}
		return sheet.Link(ui.Count(int(v)), a.href("/entries", "side", string(side), "metric", string(m), "priority", string(p), "state", state))
	}
	share, half, ninth, over := "–", "–", "–", "–"
	if s, ok := f.Permille(); ok {
		if share = chart.Percent(s) + "%"; f.Small() {
			share = "few"
		}
	}
	if s, ok := f.Used(50); ok {
		half = span(s)
		s, _ = f.Used(90)
		ninth = span(s)
	}
	if f.Over > 0 {
		over = span(f.Over)
	}
	return sheet.Row{sheet.Text(text), sheet.Text(priorityWord(p)), n(f.Due(), ""), n(f.Kept, report.StateKept), n(f.Broken, report.StateBroken), n(f.Waived, report.StateWaived),
		n(f.Disputed, report.StateDisputed), n(f.Running, report.StateRunning), sheet.Text(share), sheet.Text(half), sheet.Text(ninth), sheet.Text(over)}
}

// time says where the time went, of tickets that ended.
func (p *Pages) time(ctx context.Context, v *cardPage, card report.Card, in ui.Reader) error {
	v.Tickets = ui.Count(int(card.Tickets)) + " finished requests"
	if card.Tickets == 1 {
		v.Tickets = "1 finished request"
	}
	wall := int64(0)
	for _, s := range card.Sides {
		wall += s.Wall
	}
	if wall == 0 {
		return nil
	}
	v.TimeLine = ""
	names := []string{"IT’s turn", of(card.Whose) + " turn", "Supplier", "Agreed pause"}
	for i, s := range card.Sides {
		share, _ := score.Permille(s.Wall, wall)
		hue := []string{"it", "you", chart.HueSupplier, chart.HuePause}[i]
		v.Parts = append(v.Parts, chart.Part{Hue: hue, Label: names[i], Share: chart.Percent(share) + "%", Width: float64(s.Wall) * 100 / float64(wall)})
		if i > 0 {
			v.TimeLine += ", "
		}
		v.TimeLine += names[i] + " " + chart.Percent(share) + " percent"
	}
	v.Places = sheet.Table{Caption: "Where the time went", Cols: []sheet.Col{{Label: "Whose turn"}, {Label: "All hours", Right: true}, {Label: "Working hours", Right: true}, {Label: "Share", Right: true}, {Label: "Requests", Right: true}}}
	for _, t := range card.Time {
		name, err := p.party(ctx, t.Side, t.Party)
		if err != nil {
			return err
		}
		share, _ := score.Permille(t.Wall, wall)
		v.Places.Rows = append(v.Places.Rows, sheet.Row{sheet.Text(name), sheet.Text(hours(t.Wall)), sheet.Text(hours(t.Working)), sheet.Text(chart.Percent(share) + "%"), sheet.Text(ui.Count(int(t.Tickets)))})
	}
	weeks(v, card, in)
	return nil
}

// party names whose turn it was.
func (p *Pages) party(ctx context.Context, side agreement.Side, party string) (string, error) {
	switch {
	case side == agreement.SideProvider:
		t, err := people.TeamByID(ctx, p.DB.Read(), party)
		if errs.Is(err, errs.NotFound) {
			return "IT", nil
		}
		return "IT, " + t.Name, err
	case side == agreement.SideCustomer && party != "":
		s, err := people.SiteByID(ctx, p.DB.Read(), party)
		return s.Name, err
	case side == agreement.SideCustomer:
		return "People without a site", nil
	case side == agreement.SideSupplier && id.Valid(party):
		t, err := people.TeamByID(ctx, p.DB.Read(), party)
		return "Supplier, " + t.Name, err
	case side == agreement.SideSupplier:
		return "Supplier, " + party, nil
	}
	return "Nobody: agreed pauses, and time after the end", nil
}

// weeks draws the working hours a finished request took, week by week.
func weeks(v *cardPage, card report.Card, in ui.Reader) {
	v.WeekRows = sheet.Table{Caption: "Working hours a finished request took, by week", Cols: []sheet.Col{{Label: "Week from"}, {Label: "Finished", Right: true}, {Label: "IT", Right: true}, {Label: card.Whose, Right: true}, {Label: "Supplier", Right: true}, {Label: "Pause", Right: true}}}
	month, labelled := "", -9
	first, last := -1.0, 0.0
	for i, w := range card.Weeks {
		at := in.In(time.Unix(w.From, 0))
		s := chart.Stack{}
		if m := at.Format("Jan"); m != month && (i-labelled)*340 > 34*len(card.Weeks) {
			if s.Label = m; i+2 < len(card.Weeks) && at.Day() > 24 {
				s.Label = "" // the month begins in the next
			} else {
				month, labelled = m, i
			}
		}
		row := sheet.Row{sheet.Text(in.Day(time.Unix(w.From, 0))), sheet.Text(ui.Count(int(w.Tickets)))}
		sum := 0.0
		for k, x := range w.Sides {
			each := 0.0
			if w.Tickets > 0 {
				each = float64(x.Working) / 3600 / float64(w.Tickets)
			}
			s.Parts[k], sum = each, sum+each
			row = append(row, sheet.Text(strconv.FormatFloat(each, 'f', 1, 64)))
		}
		s.Title = in.Day(time.Unix(w.From, 0)) + ": " + strconv.FormatFloat(sum, 'f', 1, 64) + " working hours a request, " + ui.Count(int(w.Tickets)) + " finished"
		if w.Tickets > 0 {
			if first < 0 {
				first = sum
			}
			last = sum
		}
		v.Weeks.All, v.WeekRows.Rows = append(v.Weeks.All, s), append(v.WeekRows.Rows, row)
	}
	v.Weeks.Unit = "h"
	v.Weeks.Label = "Working hours a finished request took, by week, split by whose turn it was: " + strconv.FormatFloat(max(first, 0), 'f', 1, 64) + " hours in the first week, " + strconv.FormatFloat(last, 'f', 1, 64) + " in the last."
}

// of is a name as whose something is.
func of(name string) string {
	if strings.HasSuffix(name, "s") {
		return name + "’"
	}
	return name + "’s"
}

func hours(seconds int64) string { return ui.Hours(seconds) + " h" }

func span(seconds int64) string { return ui.Span(time.Duration(seconds) * time.Second) }

func noun(m agreement.Metric) string { return reading.Capital(thing(m)) }

// thing is what a metric promises, so that the first reply and those after it can be told apart.
func thing(m agreement.Metric) string {
	switch m {
	case agreement.MetricFirstResponse:
		return "a first reply"
	case agreement.MetricNextResponse:
		return "a next reply"
	}
	return reading.Promises[m].Noun
}

func priorityWord(p agreement.Priority) string {
	if p == "" {
		return "every"
	}
	return string(p)
}

// ticket is the address of a ticket for whoever reads.
func ticket(c *area.Call, number int64) string {
	if c.By.Staff() {
		return "/desk/tickets/" + desk.Ref(number)
	}
	return "/requests/" + desk.Ref(number)
}
