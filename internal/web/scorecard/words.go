package scorecard

import (
	"strconv"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/report"
	"bothways/internal/report/score"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/chart"
	"bothways/internal/web/ui/sheet"
)

// both says in one sentence how many promises of a hundred each side missed; "" where either had too few.
func both(card report.Card) string {
	if card.Provider.Small() || card.Customer.Small() {
		return "There were too few promises in these days to set the two sides beside each other."
	}
	it, _ := score.Permille(card.Provider.Broken, card.Provider.Counted())
	you, _ := score.Permille(card.Customer.Broken, card.Customer.Counted())
	return "Of a hundred promises IT missed " + chart.Percent(it) + " and " + card.Whose + " " + chart.Percent(you) + ". The requests behind them are one click away."
}

// course says how a side's share moved over the weeks, and what was missed most. The same words for both sides.
func course(col score.Column, weeks []score.Week) string {
	var first, last score.Figures
	for i := range weeks {
		f := &weeks[i].Provider
		if col.Side == agreement.SideCustomer {
			f = &weeks[i].Customer
		}
		switch third := max(len(weeks)/3, 1); {
		case i < third:
			first.Kept, first.Broken = first.Kept+f.Kept, first.Broken+f.Broken
		case i >= len(weeks)-third:
			last.Kept, last.Broken = last.Kept+f.Kept, last.Broken+f.Broken
		}
	}
	out := ""
	if a, ok := first.Permille(); ok && !first.Small() && !last.Small() {
		b, _ := last.Permille()
		switch d := b - a; {
		case d >= 20:
			out = "Up from " + chart.Percent(a) + "% in the first weeks. "
		case d <= -20:
			out = "Down from " + chart.Percent(a) + "% in the first weeks. "
		default:
			out = "Steady. "
		}
	}
	if col.Broken == 0 {
		if col.Counted() > 0 {
			out += "Nothing missed."
		}
		return strings.TrimSpace(out)
	}
	most := col.Metrics[0]
	for _, l := range col.Metrics {
		if l.Broken > most.Broken {
			most = l
		}
	}
	out += ui.Count(int(col.Broken)) + " missed"
	if most.Broken < col.Broken {
		return out + ", " + ui.Count(int(most.Broken)) + " of them " + thing(most.Metric) + "."
	}
	return out + ": " + thing(most.Metric) + " each time."
}

// ways say what tends to make a promise easier to keep. They accuse nobody: whoever has the promise is not always who can change it.
var ways = map[agreement.Metric]string{
	agreement.MetricFirstResponse: "A short first reply keeps it: who has it, and what comes next.",
	agreement.MetricNextResponse:  "A line on where it stands keeps it, also when there is nothing new.",
	agreement.MetricResolution:    "Handing over early what another team or a supplier will solve saves most of it.",
	agreement.MetricAnswer:        "Questions that a yes or no answers come back sooner; so do those that go to whoever stands in.",
	agreement.MetricSupplyFacts:   "Asked for in the first reply, with how to find them, facts come once and sooner.",
	agreement.MetricTest:          "A test that says what to try, and takes minutes, is tried sooner.",
	agreement.MetricAcknowledge:   "One tap in the mail says that it was read.",
	agreement.MetricConfirm:       "A confirmation by one tap in the mail takes no visit to the page.",
}

// helps is what would have saved most hours on each side, and questions that were not needed.
func helps(a asks, card report.Card) []chart.Help {
	var out []chart.Help
	for _, col := range []score.Column{card.Provider, card.Customer} {
		l, ok := col.Help()
		if !ok {
			continue
		}
		who := "IT"
		if col.Side == agreement.SideCustomer {
			who = card.Whose
		}
		n := l.Broken - l.Owed
		took := " took longer than promised, by "
		out = append(out, chart.Help{
			Side: reading.Side(col.Side), Title: who + ": " + thing(l.Metric) + " in the promised time",
			Text: "Saves " + span(l.Over) + " of working time: " + ui.Count(int(n)) + took + span(l.Over/max(n, 1)) + " each on average. " + ways[l.Metric],
			Way:  ui.Link{Label: "See which", Href: a.href("/entries", "side", string(col.Side), "metric", string(l.Metric), "state", report.StateBroken)},
		})
	}
	if n := card.Customer.Needless; n > 0 {
		out = append(out, chart.Help{
			Side: ui.Provider, Title: "IT: reading back before asking", Text: "IT asked " + questions(n) + " already. That time is IT’s.",
			Way: ui.Link{Label: "See which", Href: a.href("/entries", "side", "customer", "state", report.StateNeedless)},
		})
	}
	return out
}

// questions are those that were not needed.
func questions(n int64) string {
	if n == 1 {
		return "1 question that had been answered"
	}
	return ui.Count(int(n)) + " questions that had been answered"
}

// effect tells hours a request before and after signing.
func effect(card report.Card, in ui.Reader) string {
	e := card.Effect
	if e == nil {
		return ""
	}
	hour := func(v float64) string {
		return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), "-", "−", 1) + " h"
	}
	out := "Since the agreement is in force (" + in.Day(e.Signed) + ") a request takes " + hour(e.After.Mean) + " of working time, before it took " + hour(e.Before.Mean) +
		" (" + ui.Count(int(e.After.N)) + " and " + ui.Count(int(e.Before.N)) + " requests, " + ui.Count(e.Days) + " days each). The difference is " + hour(e.Difference) +
		", with 95% confidence between " + hour(e.Lowest) + " and " + hour(e.Highest) + " (Welch’s interval)."
	if !e.Clear() {
		out += " That may be chance."
	}
	return out
}

// readers tells who has read what is asked of them.
func readers(card report.Card) string {
	s := card.Readers
	percent, ok := s.Percent()
	if !ok {
		return "Nobody is known here yet."
	}
	return ui.Count(int(s.Read)) + " of " + ui.Count(int(s.People)) + " people (" + strconv.FormatInt(percent, 10) + "%) have said that they read what is asked of them."
}

// sites sets the sites beside each other: by name for whoever may read them, as a spread for the others.
func sites(v *cardPage, a asks, card report.Card) {
	for _, s := range card.Sites {
		it, _ := s.Provider.Permille()
		you, _ := s.Customer.Permille()
		x := chart.Site{Name: s.Site.Name, Me: s.Site.ID == card.Site.ID, Few: s.Provider.Small() || s.Customer.Small(), IT: it, You: you}
		x.Note = chart.Percent(you) + "%"
		x.Label = s.Site.Name + ": IT kept " + chart.Percent(it) + " percent, the site " + chart.Percent(you) + " percent of promises"
		if x.Few {
			x.Note = "too few"
		}
		own := a
		own.site = s.Site.ID
		if card.Paper.SiteID == "" && !x.Me {
			x.Href = own.href("")
		}
		v.OnScale = append(v.OnScale, x)
	}
	if card.Site.ID == "" {
		return
	}
	o := card.Others
	if o == nil {
		if len(card.Sites) == 0 {
			v.OthersNo = "Other sites are told together and without names, once there are five with enough promises."
		}
		return
	}
	v.Spread = ui.Count(o.Sites) + " other sites, without names"
	band := func(side ui.Side, who string, r report.Range, f score.Figures) chart.Band {
		own, ok := f.Permille()
		b := chart.Band{Side: side, Lowest: r.Lowest, Middle: r.Middle, Highest: r.Highest, Own: -1}
		b.Label = who + " elsewhere: " + chart.Percent(r.Lowest) + " to " + chart.Percent(r.Highest) + "%, the middle " + chart.Percent(r.Middle) + "%."
		if ok && !f.Small() {
			b.Own = own
			b.Label += " Here: " + chart.Percent(own) + "%."
		}
		return b
	}
	v.Others = []chart.Band{band(ui.Provider, "IT", o.Provider, card.Provider.Figures), band(ui.Customer, "The sites", o.Customer, card.Customer.Figures)}
}

// restated sets what was published beside what it is now.
func restated(card report.Card, was report.Publication) sheet.Table {
	t := sheet.Table{Caption: "As published, and as it reads now", Cols: []sheet.Col{{Label: "Side"}, {Label: "Published", Right: true}, {Label: "Now", Right: true}}}
	now := report.FiguresOf(card.Card)
	told := func(c report.PublishedCounts) string {
		return ui.Count(int(c.Kept)) + " kept, " + ui.Count(int(c.Broken)) + " missed, " + ui.Count(int(c.Waived)) + " let off, " + ui.Count(int(c.Disputed)) + " challenged"
	}
	t.Rows = append(t.Rows, sheet.Row{sheet.Text("IT"), sheet.Text(told(was.Figures.Provider.Total)), sheet.Text(told(now.Provider.Total))})
	t.Rows = append(t.Rows, sheet.Row{sheet.Text(card.Whose), sheet.Text(told(was.Figures.Customer.Total)), sheet.Text(told(now.Customer.Total))})
	t.Rows = append(t.Rows, sheet.Row{sheet.Text("Finished requests"), sheet.Text(ui.Count(int(was.Figures.Tickets))), sheet.Text(ui.Count(int(now.Tickets)))})
	return t
}
