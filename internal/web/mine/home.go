package mine

import (
	"net/http"
	"net/url"
	"strconv"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/text"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
)

const (
	mostWaiting = 5  // things that wait on somebody, told in full
	mostRows    = 60 // requests that are looked at for the first page
	mostShown   = 10 // requests shown on it

	minutesTap   = 1 // about how long an answer of one tap takes, with reading the question
	minutesWords = 2 // and one in words
)

// homePage is the first page of a customer. Staff work elsewhere.
func (s *Pages) homePage(c *area.Call) error {
	if c.By.Staff() {
		return c.Redirect("/desk")
	}
	by := c.AsCustomer()
	rows, err := s.Desk.List(c.Ctx(), by.Actor, desk.Filter{Requester: c.Me.ID, Open: true, ByDue: true}, "", mostRows)
	if err != nil {
		return err
	}
	p := portal.HomePage{
		Frame: c.Face.Portal("Home", "/"), First: reading.FirstName(c.Me.Name), Upload: true, Search: "/search",
		Ask: ui.Form{ID: "ask", Action: "/requests"}, All: ui.Link{Label: "All requests", Href: "/requests"},
	}
	for _, r := range byTurn(rows.Items) {
		p.Requests = append(p.Requests, requestRow(c, s.Source.DeskName, r))
		switch {
		case r.TurnSide != agreement.SideCustomer:
		case len(p.Waiting) == mostWaiting:
			p.More++
			p.Minutes += minutesWords
		default:
			w, err := s.waiting(c, r)
			if err != nil {
				return err
			}
			p.Waiting = append(p.Waiting, w)
			if p.Minutes += minutesTap; w.Answer.Action != "" {
				p.Minutes += minutesWords - minutesTap
			}
		}
	}
	if len(p.Requests) > mostShown {
		p.Requests = p.Requests[:mostShown]
	}
	if p.Others, err = s.ofSite(c, mostShown); err != nil {
		return err
	}
	if err := s.doors(c, &p); err != nil {
		return err
	}
	c.Face.Render(http.StatusOK, portal.Home(p))
	return nil
}

// byTurn puts what waits on the reader first, then what waits on IT, then the rest; in each the promise that breaks first on top, as
// they came.
func byTurn(rows []desk.Row) []*desk.Row {
	var out []*desk.Row
	for _, g := range turnGroups {
		for i := range rows {
			if g.has(&rows[i]) {
				out = append(out, &rows[i])
			}
		}
	}
	return out
}

// turnGroups are the parts of a customer's requests, by whose turn it is.
var turnGroups = []struct {
	id, title string
	has       func(r *desk.Row) bool
}{
	{"yours", "Your turn", func(r *desk.Row) bool { return r.Open && r.TurnSide == agreement.SideCustomer }},
	{"ours", "Our turn", func(r *desk.Row) bool { return r.Open && r.TurnSide == agreement.SideProvider }},
	{"others", "With others, or waiting as agreed", func(r *desk.Row) bool {
		return r.Open && r.TurnSide != agreement.SideCustomer && r.TurnSide != agreement.SideProvider
	}},
}

// ofSite are the open requests of other people at the reader's site, for who may read them by their role.
func (s *Pages) ofSite(c *area.Call, most int) (portal.RequestGroup, error) {
	if c.By.Staff() || c.Me.SiteID == "" || !c.By.Holds(auth.SiteContact) && !c.By.Holds(auth.Signatory) {
		return portal.RequestGroup{}, nil
	}
	g := portal.RequestGroup{ID: "site", Title: "Asked by people in " + c.Me.SiteName, All: ui.Link{Label: "All of them", Href: "/requests?of=site"}}
	rows, err := s.Desk.List(c.Ctx(), c.AsCustomer().Actor, desk.Filter{Site: c.Me.SiteID, Open: true, ByDue: true}, "", 3*most)
	for _, r := range byTurn(rows.Items) {
		if r.RequesterID != c.Me.ID && r.AffectedID != c.Me.ID && len(g.Requests) < most {
			row := requestRow(c, s.Source.DeskName, r)
			row.With, row.Due.Whose = r.RequesterName+" · "+row.With, reading.FirstName(r.RequesterName)+"’s"
			g.Requests = append(g.Requests, row)
		}
	}
	return g, err
}

func requestRow(c *area.Call, deskName string, r *desk.Row) portal.RequestRow {
	out := portal.RequestRow{Href: "/requests/" + r.Ref(), Number: r.Ref(), Subject: r.Subject, With: r.AssigneeName, Due: reading.Due(c.Reader, &r.Ticket)}
	if out.With == "" {
		out.With = deskName
	}
	return out
}

// waiting is one thing that waits on the reader: what is needed by when, what happens otherwise, and its answers.
func (s *Pages) waiting(c *area.Call, r *desk.Row) (portal.WaitingItem, error) {
	at := "/requests/" + r.Ref()
	w := portal.WaitingItem{Href: at, Title: r.Subject, Due: r.DueAt, Missed: !r.DueAt.IsZero() && r.DueAt.Before(c.Reader.Now)}
	l, err := s.Desk.Ledger(c.Ctx(), c.AsCustomer().Actor, r.Number)
	if err != nil {
		return w, err
	}
	t := s.Source.Glance(l, c.AsCustomer())
	o := reading.Owed(l.Result)
	if o == nil {
		w.Need = "We wait for your answer"
		return w, nil
	}
	w.Then = t.Silence(l.Ahead(), o.ID)
	about := ui.Hidden{Name: "about", Value: strconv.FormatInt(o.CauseSeq, 10)}
	if o.Metric == agreement.MetricConfirm {
		w.Need = "Does it work now? We need your yes or no"
		w.Answers = []ui.OneTap{{Label: "Yes, all good", Action: at + "/confirm", Main: true, Hidden: []ui.Hidden{about}}, {Label: "Not yet", Href: at + "#move"}}
		return w, nil
	}
	m, err := s.Desk.Need(c.Ctx(), l)
	if err != nil {
		return w, err
	}
	w.Need = "We need " + m.Need
	w.Answers = append(reading.Quick(m.Need, at, about), ui.OneTap{Label: "Read the question", Href: at})
	w.Answer = ui.Form{ID: "answer-" + r.Ref(), Action: at + "/answer", Hidden: []ui.Hidden{about}}
	return w, nil
}

// requests is everything the reader asked for, or that is for them: by whose turn it is, then what has ended. With ?of=site it is
// what people of their site asked for, for who may read that.
func (s *Pages) requests(c *area.Call) error {
	cursor := c.R.URL.Query().Get("cursor")
	p := portal.ListPage{Frame: c.Face.Portal("My requests", "/requests"), Crumb: crumb("My requests"), Title: "My requests", Pages: ui.Pages{Label: "My requests"}}
	if c.R.URL.Query().Get("of") == "site" {
		g, err := s.ofSite(c, 200)
		if err != nil {
			return err
		}
		if g.Title == "" {
			return nothing()
		}
		p.Title, p.Lead, g.Title, g.All = g.Title, "You see them because you speak for the site, or are its contact. Notes of IT are not among what you see.", "By whose turn", ui.Link{}
		p.Groups = []portal.RequestGroup{g}
		c.Face.Render(http.StatusOK, portal.List(p))
		return nil
	}
	by := c.AsCustomer().Actor
	if cursor == "" {
		open, err := s.Desk.List(c.Ctx(), by, desk.Filter{Requester: c.Me.ID, Open: true, ByDue: true}, "", 200)
		if err != nil {
			return err
		}
		for _, t := range turnGroups {
			g := portal.RequestGroup{ID: t.id, Title: t.title}
			for i := range open.Items {
				if r := &open.Items[i]; t.has(r) {
					g.Requests = append(g.Requests, requestRow(c, s.Source.DeskName, r))
				}
			}
			if len(g.Requests) > 0 {
				p.Groups = append(p.Groups, g)
			}
		}
	}
	ended, err := s.Desk.List(c.Ctx(), by, desk.Filter{Requester: c.Me.ID, States: endedStates}, cursor, mostRows/2)
	if err != nil {
		return err
	}
	if len(ended.Items) > 0 {
		g := portal.RequestGroup{ID: "ended", Title: "Ended, newest first"}
		for i := range ended.Items {
			g.Requests = append(g.Requests, requestRow(c, s.Source.DeskName, &ended.Items[i]))
		}
		p.Groups = append(p.Groups, g)
	}
	if ended.Next != "" {
		p.Pages.Next = "/requests?cursor=" + url.QueryEscape(ended.Next)
	}
	if cursor != "" {
		p.Pages.First = "/requests"
	}
	c.Face.Render(http.StatusOK, portal.List(p))
	return nil
}

var endedStates = []desk.State{desk.Closed, desk.Withdrawn, desk.Declined, desk.Lapsed, desk.Merged, desk.NotATicket}

func (s *Pages) newRequest(c *area.Call) error { return s.showNewRequest(c, nil) }

// wants are what a request may be about, in the customer's words.
var wants = []ui.Option{
	{Value: "", Label: "I leave it to you"}, {Value: string(desk.Incident), Label: "Something is not working"}, {Value: string(desk.ServiceRequest), Label: "I need something"},
	{Value: string(desk.Question), Label: "I have a question"}, {Value: string(desk.Complaint), Label: "Something should go better"},
}

func (s *Pages) showNewRequest(c *area.Call, back *area.Returned) error {
	q := c.R.URL.Query()
	p := portal.NewRequestPage{
		Frame: c.Face.Portal("New request", "/requests/new"), Crumb: crumb("New request"), Kinds: wants,
		Form: back.Form("ask", "/requests", map[string]string{"kind": q.Get("kind"), "subject": text.Cut(text.Line(q.Get("subject")), 200)}), Upload: true,
		Next: []ui.Step{
			{Side: ui.Customer, Title: "You ask", Text: "In your own words", Current: true}, {Side: ui.Provider, Title: "We answer", Text: "You see by when as soon as it is sent"},
			{Side: ui.Customer, Title: "You confirm", Text: "One tap when it works"},
		},
	}
	var err error
	if p.Services, err = s.ownPromises(c); err != nil {
		return err
	}
	c.Face.Render(back.Status(), portal.NewRequest(p))
	return nil
}

// ownPromises are the services for which the reader's agreement promises something of their own: naming one matters.
func (s *Pages) ownPromises(c *area.Call) ([]ui.Option, error) {
	paper, err := s.Terms.Book.InForce(c.Ctx(), s.DB.Read(), c.Me.OrgID, c.Me.SiteID, c.Reader.Now)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	name := s.Terms.ServiceNames(c.Ctx(), paper.Terms)
	for _, m := range terms.Matters(paper.Terms.Targets, name) {
		if m.Service == "" || m.Door == agreement.DoorLevels {
			continue
		}
		if out == nil {
			out = append(out, ui.Option{Value: "", Label: "No, or I am not sure"})
		}
		out = append(out, ui.Option{Value: m.Service, Label: name(m.Service)})
	}
	return out, nil
}

// createRequest opens a ticket for the reader. One line is enough, above or below.
func (s *Pages) createRequest(c *area.Call) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	subject := f.Value("subject")
	if subject == "" {
		subject = firstLine(f.Values["body"])
	}
	var t desk.Ticket
	if err = f.TooBig; err == nil {
		t, err = s.Desk.Open(c.Ctx(), c.By, desk.OpenInput{Kind: f.Value("kind"), Service: f.Value("service"), Subject: subject, Description: f.Values["body"], Files: uploads(f)})
	}
	if err == nil {
		c.Face.Settle(t.ID)
		return c.Redirect("/requests/" + t.Ref() + "?done=new")
	}
	back, ok := area.CameBack("ask", f, err, area.Fields("kind", "service", "subject", "description=body", "files"))
	if !ok {
		return err
	}
	if subject == "" {
		back.Errs = []ui.FieldError{{Field: "subject", Text: "Say in one line what you need."}}
	}
	return s.showNewRequest(c, back)
}
