package web

import (
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// newTicket is the form for who called or came by.
func (s *site) newTicket(v *visit) error { return s.showNewTicket(v, nil) }

func (s *site) showNewTicket(v *visit, back *area.Returned) error {
	teams, err := s.source.Directory(v.ctx())
	if err != nil {
		return err
	}
	p := deskpage.NewTicketPage{
		Frame: v.workspace("New ticket", "/desk/tickets/new"), Crumb: crumb(ui.Link{Label: "Queue", Href: "/desk"}, "New ticket"), Upload: true,
		Form:    back.Form("new", "/desk/tickets", map[string]string{"impact": "medium", "urgency": "medium", "kind": string(desk.Incident), "requester": v.r.URL.Query().Get("requester")}),
		Kinds:   []ui.Option{{Value: string(desk.Incident), Label: "Something is broken"}, {Value: string(desk.ServiceRequest), Label: "Something is wanted"}, {Value: string(desk.Question), Label: "A question"}, {Value: string(desk.Complaint), Label: "A complaint"}},
		Impacts: reading.Levels, Urgencies: reading.Levels, Silence: reading.Silences,
	}
	places, err := s.names.Places(v.ctx())
	if err != nil {
		return err
	}
	for i := range places.Services {
		if x := &places.Services[i]; !x.Ended() {
			p.Services = append(p.Services, ui.Option{Value: x.ID, Label: x.Name})
		}
	}
	desks := ""
	for _, t := range teams.Teams {
		if t.Kind == people.DeskTeam && desks == "" {
			desks = t.ID
		}
		if t.Kind != people.SupplierTeam {
			p.Teams = append(p.Teams, ui.Option{Value: t.ID, Label: t.Name})
		}
	}
	if p.Form.Values["team"] == "" {
		p.Form.Values["team"] = desks
	}
	s.render(v, back.Status(), deskpage.NewTicket(p))
	return nil
}

// createTicket opens a ticket for somebody; they are told.
func (s *site) createTicket(v *visit) error {
	f, err := serve.ReadForm(v.w, v.r)
	if err != nil {
		return err
	}
	var t desk.Ticket
	if err = f.TooBig; err == nil {
		t, err = s.openFor(v, f)
	}
	if err == nil {
		s.Settle(v.ctx(), t.ID)
		return v.redirect("/desk/tickets/" + t.Ref() + "?done=new")
	}
	back, ok := area.CameBack("new", f, err, area.Fields("requester", "affected", "kind", "subject", "description=body", "impact", "urgency", "team", "service", "sensitivity", "files"))
	if !ok {
		return err
	}
	return s.showNewTicket(v, back)
}

func (s *site) openFor(v *visit, f *serve.Form) (desk.Ticket, error) {
	if f.Value("requester") == "" {
		return desk.Ticket{}, errs.In("web.new", "requester", "Whose request is it? Write their mail address.")
	}
	team := f.Value("team")
	if team != "" {
		if _, err := people.TeamByID(v.ctx(), s.DB.Read(), team); err != nil {
			return desk.Ticket{}, errs.In("web.new", "team", "There is no such team any more. Choose another.")
		}
	}
	door := desk.DoorDesk
	if people.IsLevels(team) { // it is opened there, not passed on
		door = desk.DoorLevels
	}
	t, err := s.Desk.Open(v.ctx(), v.by, desk.OpenInput{
		Door: door, Service: f.Value("service"), Kind: f.Value("kind"), Subject: f.Value("subject"), Description: f.Values["body"], Requester: f.Value("requester"), Affected: f.Value("affected"),
		Impact: f.Value("impact"), Urgency: f.Value("urgency"), Sensitivity: f.Value("sensitivity"), Files: uploads(f),
	})
	if err != nil || team == "" || team == t.TeamID {
		return t, err
	}
	passed, err := s.Desk.Assign(v.ctx(), v.by, desk.Act{Number: t.Number}, "", team)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) { // it was opened and may be out of their reach
		return t, nil
	}
	return passed, err
}
