package mine

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

func (p *Pages) levels(c *area.Call) error { return p.showLevels(c, nil) }

// matters are what a message at the second door may be about, in plain words.
var matters = []ui.Option{
	{Value: string(ticket.OfLevel), Label: "Another level", Hint: "Other hours, faster answers, another promise on either side"},
	{Value: string(ticket.OfPrice), Label: "The price", Hint: "What something costs, or would cost"},
	{Value: string(ticket.OfException), Label: "An exception", Hint: "Something else than what is agreed, for a while or for one case"},
	{Value: string(ticket.OfComplaint), Label: "How a promise was kept", Hint: "By IT, or by your own side"},
}

func (p *Pages) showLevels(c *area.Call, back *area.Returned) error {
	t, err := p.Terms.Of(c.Ctx(), c.By, c.Me)
	if err != nil {
		return err
	}
	g := t.Paper.Terms
	page := portal.LevelsPage{
		Frame: c.Face.Portal("Service levels", "/levels"), Whose: t.Whose(), Agreement: t.Paper.Name, Since: since(t, c.Reader), Pairs: pairs(t),
		Hours:    []ui.Fact{{Name: "IT", Value: hours(t.Service.TZ, terms.Week(t.Service))}, {Name: t.Whose(), Value: hours(t.Customer.TZ, terms.Week(t.Customer))}},
		ITLadder: rungs(g, agreement.MetricResolution), YouLadder: rungs(g, agreement.MetricAnswer), ConfirmLadder: rungs(g, agreement.MetricConfirm),
		Manager: "Service level management", Role: "Answers at this door", Write: back.Form("write", "/levels", nil),
	}
	page.Paper, page.All = ui.Link{Label: "Full text", Href: "/agreements/versions/" + t.Paper.ID}, ui.Link{Label: "Versions and proposals", Href: "/agreements"}
	page.Disputes = ui.Link{Label: "Disputes", Href: "/disputes"}
	if t.Record.IT.Due()+t.Record.You.Due() > 0 {
		page.Period = "The last 90 days"
	}
	if len(t.Managers) > 0 {
		page.Manager, page.Role = t.Managers[0].Name, "Service level manager"
	}
	page.Speaks = append(page.Speaks, ui.Fact{Name: "IT", Value: page.Manager})
	if len(t.Signs) > 0 {
		page.Speaks = append(page.Speaks, ui.Fact{Name: t.Whose(), Value: names(t.Signs)})
	} else {
		page.Speaks = append(page.Speaks, ui.Fact{Name: t.Whose(), Value: "Nobody is named yet"})
	}
	page.Note = "A closed request can be reopened for " + strconv.Itoa(g.GraceDays) + " days with one word."
	if g.SupplierStopsPromise {
		page.Note += " While a supplier has it, IT’s promise stands still."
	} else {
		page.Note += " While a supplier has it, IT’s promise to you runs on."
	}
	if reply := (terms.Matter{Door: agreement.DoorLevels}).Length(g.Targets, agreement.MetricFirstResponse, agreement.PriorityMedium); reply > 0 {
		page.Answers = reading.FirstName(page.Manager) + " answers within " + ui.Span(reply) + " of IT’s hours."
		if len(t.Managers) == 0 {
			page.Answers = "You get an answer within " + ui.Span(reply) + " of IT’s hours."
		}
	}
	page.Kinds = matters
	p.offer(c, t, &page)
	c.Face.Render(back.Status(), portal.Levels(page))
	return nil
}

// offer is what the agreement says beside its promises, and the way to another one: who speaks for the site proposes a version, everybody
// else writes.
func (p *Pages) offer(c *area.Call, t terms.Terms, page *portal.LevelsPage) {
	g := t.Paper.Terms
	name := p.Terms.ServiceNames(c.Ctx(), g)
	for _, m := range terms.Matters(g.Targets, name) {
		own := portal.OwnPromises{Title: terms.MatterTitle(m, name)}
		for _, x := range m.Pairs(g.Targets) {
			own.Pairs = append(own.Pairs, door.PromisePair{About: x.About, IT: door.PromiseCell{Text: x.IT.Text, Other: x.IT.Other, Percent: -1}, You: door.PromiseCell{Text: x.You.Text, Other: x.You.Other, Percent: -1}})
		}
		page.Own = append(page.Own, own)
	}
	for _, x := range g.Prices {
		page.Prices = append(page.Prices, ui.Fact{Name: x.What, Value: contract.Amount(x)})
	}
	for _, id := range g.Services {
		page.Covered = append(page.Covered, name(id))
	}
	slices.Sort(page.Covered)
	for _, x := range strings.Split(g.Boundaries, "\n") {
		if x = strings.TrimSpace(x); x != "" {
			page.Bounds = append(page.Bounds, x)
		}
	}
	if g.Review != 0 {
		page.Review = c.Reader.Full(time.Unix(g.Review, 0))
	}
	if g.Until != 0 {
		page.Since = "In force to " + c.Reader.Day(time.Unix(g.Until, 0))
	}
	if t.Site.ID == "" || auth.Can(c.By, auth.AgreementSign, auth.Object{Kind: "agreement", OrgID: t.Site.OrgID, SiteID: t.Site.ID, Region: t.Site.Region}) != nil {
		return
	}
	page.Propose = ui.Link{Label: "Propose a version", Href: "/agreements/new?site=" + t.Site.ID}
	if t.Paper.SiteID != "" {
		page.Propose.Href = "/agreements/new?agreement=" + t.Paper.AgreementID
	}
}

func since(t terms.Terms, r ui.Reader) string {
	out := "Version " + strconv.FormatInt(t.Paper.Number, 10)
	if from := t.Paper.From(); !from.IsZero() && from.Unix() > 0 {
		return out + ", in force since " + r.Day(from)
	}
	return out + ", in force"
}

func hours(zone, week string) string {
	return week + " (" + strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ") + " time)"
}

func rungs(t agreement.Terms, m agreement.Metric) []door.Rung {
	var out []door.Rung
	for _, r := range terms.Ladder(t.Ladder, m) {
		out = append(out, door.Rung(r))
	}
	return out
}

func pairs(t terms.Terms) []door.PromisePair {
	var out []door.PromisePair
	for _, p := range terms.Pairs(t.Paper.Terms.Targets) {
		out = append(out, door.PromisePair{About: p.About, IT: cell(p.IT, t.Record), You: cell(p.You, t.Record)})
	}
	return out
}

// cell is a promise with how the site's were kept, where there were enough to say.
func cell(p terms.Promise, r outcome.Record) door.PromiseCell {
	c := door.PromiseCell{Text: p.Text, Other: p.Other, Percent: -1}
	n := r.Metrics[p.Metric]
	switch ended := n.Kept + n.Missed; {
	case p.Text == "":
	case ended >= terms.Enough:
		c.Percent = int(n.Percent())
		c.Note = strconv.Itoa(c.Percent) + "% of " + ui.Count(int(ended)) + " kept"
	case ended > 0:
		c.Note = strconv.FormatInt(n.Kept, 10) + " of " + strconv.FormatInt(ended, 10) + " kept; too few for a share"
	}
	return c
}

func names(all []people.Person) string {
	var out []string
	for _, p := range all[:min(len(all), 3)] {
		out = append(out, p.Name)
	}
	return reading.List(out)
}

// writeLevels takes a message to service level management: it is a request of its own, in their queue.
func (p *Pages) writeLevels(c *area.Call) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	in := desk.OpenInput{Matter: f.Value("matter"), Subject: f.Value("subject"), Description: f.Values["body"], Door: desk.DoorLevels}
	if in.Subject == "" {
		in.Subject = text.Cut(text.Line(f.Values["body"]), 120)
	}
	k, err := p.Desk.Open(c.Ctx(), c.By, in)
	if err == nil {
		c.Face.Settle(k.ID)
		return c.Redirect("/requests/" + k.Ref() + "?done=levels")
	}
	back, ok := area.CameBack("write", f, err, area.Fields("matter", "subject", "description=body"))
	if !ok {
		return err
	}
	return p.showLevels(c, back)
}
