package scorecard

import (
	"net/http"
	"net/url"
	"time"

	"bothways/internal/agreement/asked"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/report"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/chart"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

// Base is the address of the pages.
const Base = "/scorecards"

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Report *report.Service
	Asked  *asked.Service
	DB     *db.DB
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	route := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	return []area.Route{
		route("GET", Base, auth.ScorecardRead, p.list),
		route("GET", Base+"/{id}", auth.ScorecardRead, p.card),
		route("GET", Base+"/{id}/entries", auth.ScorecardRead, p.entries),
		route("POST", Base+"/{id}/publish", auth.ScorecardPublish, p.publish),
		route("GET", "/agreements/versions/{id}/asked", auth.AgreementRead, p.sheet),
		route("POST", "/agreements/versions/{id}/asked", auth.AgreementRead, p.acknowledge),
	}
}

// Done are the sentences the pages say once after a form was taken, by the key in the address.
var Done = map[string]string{"published": "Published. These figures stay as they are now, and stand beside what they become.", "acknowledged": "Thank you. It is noted that you have read it."}

// frame is the shell of whoever reads: the workspace for IT, the portal for everybody else.
type frame struct {
	Staff  bool
	Desk   staff.Frame
	Portal ui.PortalFrame
}

func frameOf(c *area.Call, title string) (frame, error) {
	if !c.By.Staff() {
		return frame{Portal: c.Face.Portal(title, Base)}, nil
	}
	f, err := c.Face.Workspace(title, Base)
	return frame{Staff: true, Desk: f}, err
}

// asks are what a card was asked for in the address.
type asks struct{ id, site, from, to string }

func asksOf(c *area.Call) asks {
	return asks{c.R.PathValue("id"), c.Query("site"), c.Query("from"), c.Query("to")}
}

func (a asks) query() report.Query {
	return report.Query{AgreementID: a.id, SiteID: a.site, From: a.from, To: a.to}
}

// href is the address of a card, or of a page below it; more are names and values.
func (a asks) href(path string, more ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	for _, x := range [...][2]string{{"site", a.site}, {"from", a.from}, {"to", a.to}} {
		if x[1] != "" {
			q.Set(x[0], x[1])
		}
	}
	out := Base + "/" + a.id + path
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return out
}

// on is the same card in other days.
func (a asks) on(from, to time.Time) asks {
	a.from, a.to = from.Format(time.DateOnly), to.Format(time.DateOnly)
	return a
}

func (a asks) hidden() []ui.Hidden {
	var out []ui.Hidden
	for _, x := range [...][2]string{{"site", a.site}, {"from", a.from}, {"to", a.to}} {
		if x[1] != "" {
			out = append(out, ui.Hidden{Name: x[0], Value: x[1]})
		}
	}
	return out
}

type listPage struct {
	Frame frame
	Lead  string
	Table sheet.Table
}

// list shows the scorecards that the reader may read; who may read one reads it at once.
func (p *Pages) list(c *area.Call) error {
	places, err := p.Report.Places(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	if len(places) == 1 {
		return c.Redirect(asks{id: places[0].Paper.AgreementID, site: places[0].Site.ID}.href(""))
	}
	v := listPage{Lead: "How IT and its customers kept their promises to each other, counted the same way. Both sides read the same page."}
	if v.Frame, err = frameOf(c, "Scorecards"); err != nil {
		return err
	}
	v.Table = sheet.Table{
		Caption: "Scorecards", Cols: []sheet.Col{{Label: "With"}, {Label: "Agreement"}, {Label: "Since"}},
		Nothing: "There is no scorecard for you yet", NothingText: "Your site has one as soon as it has an agreement. The service level manager knows more.",
	}
	for _, x := range places {
		since := "From the beginning"
		if x.Paper.From().Unix() > 0 {
			since = c.Reader.Day(x.Paper.From())
		}
		whose := x.Whose
		if x.Site.ID == "" && x.Paper.OrgID == "" {
			whose = "Everybody without an agreement of their own"
		} else if x.Site.ID == "" {
			whose += ", every site"
		}
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(whose, asks{id: x.Paper.AgreementID, site: x.Site.ID}.href("")), sheet.Text(x.Paper.Name), sheet.Text(since)})
	}
	c.Face.Render(http.StatusOK, listView(v))
	return nil
}

type cardPage struct {
	Frame    frame
	Told     []string
	Bad      ui.Form // the period, where it could not be read
	Title    string
	Lead     string
	Segments []ui.Link
	Sites    []ui.Link // other places the reader may read, of the same agreement
	Period   periodView
	Publish  ui.Form // Action "" where the reader may not

	IT, You   chart.Head
	Both      string // who missed how much, in one sentence
	Whose     string
	Pairs     []chart.Pair
	PairsFoot string
	Lines     sheet.Table

	Tickets  string
	TimeLine string
	Parts    []chart.Part
	Places   sheet.Table
	Weeks    chart.Stacks
	WeekRows sheet.Table

	Helps    []chart.Help
	Restated *restatedView
	Effect   string
	Readers  string
	Asked    ui.Link

	OnScale  []chart.Site
	Others   []chart.Band
	Spread   string
	OthersNo string
}

type periodView struct {
	Action, From, To string
	Hidden           []ui.Hidden
}

// restatedView is a published card beside what it reads now.
type restatedView struct {
	When  string
	Table sheet.Table
}

func (p *Pages) card(c *area.Call) error { return p.show(c, asksOf(c), nil) }

func (p *Pages) show(c *area.Call, a asks, back *area.Returned) error {
	card, err := p.Report.Card(c.Ctx(), c.By, a.query())
	if err != nil {
		return p.unreadable(c, a, back, err)
	}
	if a.site == "" {
		a.site = card.Site.ID
	}
	v, err := p.view(c, a, card)
	if err != nil {
		return err
	}
	v.Told = back.Told()
	if auth.Can(c.By, auth.ScorecardPublish, card.Object()) == nil {
		v.Publish = back.Form("publish", a.href("/publish"), nil, a.hidden()...)
	}
	c.Face.Render(back.Status(), cardView(v))
	return nil
}

// unreadable shows the card of the usual days with what is wrong with those that were asked for.
func (p *Pages) unreadable(c *area.Call, a asks, back *area.Returned, err error) error {
	if back != nil || a.from == "" && a.to == "" {
		return err
	}
	b, ok := area.CameBack("period", &serve.Form{Values: map[string]string{"from": a.from, "to": a.to}}, err, area.Fields("from", "to"))
	if !ok {
		return err
	}
	a.from, a.to = "", ""
	return p.show(c, a, b)
}

func (p *Pages) publish(c *area.Call) error {
	a := asksOf(c)
	return c.Take("publish", area.Fields("from", "to"), func(f *serve.Form) (string, error) {
		a.site, a.from, a.to = f.Value("site"), f.Value("from"), f.Value("to")
		_, err := p.Report.Publish(c.Ctx(), c.By, a.query())
		return a.href("", "done", "published"), err
	}, func(b *area.Returned) error { return p.show(c, a, b) })
}
