package web

import (
	"net/http"
	"net/url"
	"strconv"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

const (
	mostWaiting = 5  // things that wait on somebody, told in full
	mostRows    = 30 // requests on the first page
)

// homePage is the first page of a customer. Staff work elsewhere.
func (s *site) homePage(v *visit) error {
	if v.by.Staff() {
		return v.redirect("/desk")
	}
	by := v.asCustomer()
	rows, err := s.Desk.List(v.ctx(), by.Actor, desk.Filter{Requester: v.me.ID, Open: true, ByDue: true}, "", mostRows)
	if err != nil {
		return err
	}
	p := portal.HomePage{
		Frame: v.portal("Home", "/"), First: reading.FirstName(v.me.Name), About: v.me.SiteName, Upload: true,
		Ask: ui.Form{ID: "ask", Action: "/requests"}, All: ui.Link{Label: "All requests", Href: "/requests"},
	}
	var ours []portal.RequestRow
	for i := range rows.Items {
		r := &rows.Items[i]
		if r.TurnSide != agreement.SideCustomer {
			ours = append(ours, requestRow(v, r))
			continue
		}
		p.Requests = append(p.Requests, requestRow(v, r))
		if len(p.Waiting) < mostWaiting {
			w, err := s.waiting(v, r)
			if err != nil {
				return err
			}
			p.Waiting = append(p.Waiting, w)
		}
	}
	p.Requests = append(p.Requests, ours...)
	s.render(v, http.StatusOK, portal.Home(p))
	return nil
}

func requestRow(v *visit, r *desk.Row) portal.RequestRow {
	out := portal.RequestRow{Href: "/requests/" + r.Ref(), Number: r.Ref(), Subject: r.Subject, With: r.AssigneeName, Due: reading.Due(v.reader, &r.Ticket)}
	if out.With == "" {
		out.With = v.DeskName
	}
	return out
}

// waiting is one thing that waits on the reader: what is needed by when, what happens otherwise, and its answers.
func (s *site) waiting(v *visit, r *desk.Row) (portal.WaitingItem, error) {
	at := "/requests/" + r.Ref()
	w := portal.WaitingItem{Href: at, Title: r.Subject, Due: r.DueAt, Missed: !r.DueAt.IsZero() && r.DueAt.Before(v.reader.Now)}
	l, err := s.Desk.Ledger(v.ctx(), v.asCustomer().Actor, r.Number)
	if err != nil {
		return w, err
	}
	t := s.source.Glance(l, v.asCustomer())
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
	m, err := s.Desk.Need(v.ctx(), l)
	if err != nil {
		return w, err
	}
	w.Need = "We need " + m.Need
	w.Answers = append(quick(m.Need, at, about), ui.OneTap{Label: "Read the question", Href: at})
	w.Answer = ui.Form{ID: "answer-" + r.Ref(), Action: at + "/answer", Hidden: []ui.Hidden{about}}
	return w, nil
}

// quick are the answers of one tap to a question that wants no more.
func quick(need, at string, about ui.Hidden) []ui.OneTap {
	if need != "a yes or no" {
		return nil
	}
	return []ui.OneTap{
		{Label: "Yes", Action: at + "/answer", Main: true, Hidden: []ui.Hidden{about, {Name: "body", Value: "Yes."}}},
		{Label: "No", Action: at + "/answer", Hidden: []ui.Hidden{about, {Name: "body", Value: "No."}}},
	}
}

// requests is everything the reader asked for, or that is for them.
func (s *site) requests(v *visit) error {
	cursor := v.r.URL.Query().Get("cursor")
	rows, err := s.Desk.List(v.ctx(), v.asCustomer().Actor, desk.Filter{Requester: v.me.ID}, cursor, mostRows)
	if err != nil {
		return err
	}
	p := portal.ListPage{Frame: v.portal("My requests", "/requests"), Crumb: crumb(ui.Link{Label: "Home", Href: "/"}, "My requests"), Title: "My requests", Pages: ui.Pages{Label: "My requests"}}
	for i := range rows.Items {
		p.Requests = append(p.Requests, requestRow(v, &rows.Items[i]))
	}
	if rows.Next != "" {
		p.Pages.Next = "/requests?cursor=" + url.QueryEscape(rows.Next)
	}
	if cursor != "" {
		p.Pages.First = "/requests"
	}
	s.render(v, http.StatusOK, portal.List(p))
	return nil
}

func (s *site) newRequest(v *visit) error { return s.showNewRequest(v, nil) }

func (s *site) showNewRequest(v *visit, back *area.Returned) error {
	p := portal.NewRequestPage{
		Frame: v.portal("New request", "/requests/new"), Crumb: crumb(ui.Link{Label: "Home", Href: "/"}, "New request"),
		Form: back.Form("ask", "/requests", nil), Upload: true,
		Next: []ui.Step{
			{Side: ui.Customer, Title: "You ask", Text: "In your own words", Current: true}, {Side: ui.Provider, Title: "We answer", Text: "You see by when as soon as it is sent"},
			{Side: ui.Customer, Title: "You confirm", Text: "One tap when it works"},
		},
	}
	s.render(v, back.Status(), portal.NewRequest(p))
	return nil
}

// createRequest opens a ticket for the reader. One line is enough, above or below.
func (s *site) createRequest(v *visit) error {
	f, err := serve.ReadForm(v.w, v.r)
	if err != nil {
		return err
	}
	subject := f.Value("subject")
	if subject == "" {
		subject = firstLine(f.Values["body"])
	}
	var t desk.Ticket
	if err = f.TooBig; err == nil {
		t, err = s.Desk.Open(v.ctx(), v.by, desk.OpenInput{Subject: subject, Description: f.Values["body"], Files: uploads(f)})
	}
	if err == nil {
		s.Settle(v.ctx(), t.ID)
		return v.redirect("/requests/" + t.Ref() + "?done=new")
	}
	back, ok := area.CameBack("ask", f, err, area.Fields("subject", "description=body", "files"))
	if !ok {
		return err
	}
	if subject == "" {
		back.Errs = []ui.FieldError{{Field: "subject", Text: "Say in one line what you need."}}
	}
	return s.showNewRequest(v, back)
}
