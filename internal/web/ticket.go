package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/ticket"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/asset"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/dispute"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// ticket is the page of one ticket for staff.
func (s *site) ticket(v *visit) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	return s.showTicket(v, n, nil)
}

// shown is a ticket on one of its pages.
type shown struct {
	*reading.Reading
	v      *visit
	others []people.Person // who is here, and not of the ticket
}

// Can says whether the reader may do something with the ticket: which forms the page shows.
func (t *shown) Can(v auth.Verb) bool { return auth.Can(t.v.by, v, t.Object()) == nil }

// showTicket renders a ticket; back is a form of it that came back.
func (s *site) showTicket(v *visit, n int64, back *area.Returned) error {
	r, err := s.source.Read(v.ctx(), v.asStaff(), n)
	if err != nil {
		return err
	}
	t := &shown{Reading: r, v: v}
	p, err := s.ticketPage(v, t, back)
	if err != nil {
		return err
	}
	earlier := 0
	p.Entries, earlier = t.StaffTalk(p.Address+"/files/", v.r.URL.Query().Has("all"))
	if earlier > 0 {
		p.Earlier = ui.Link{Label: ui.Count(earlier) + " earlier entries", Href: p.Address + "?all"}
	}
	if parts := wanted(v.r); parts != nil {
		s.render(v, back.Status(), deskpage.Parts(p, parts))
		return nil
	}
	v.w.Header().Set("Speculation-Rules", `"`+asset.URL(asset.Next)+`"`)
	s.render(v, back.Status(), deskpage.Ticket(p))
	return nil
}

// wanted are the parts of the page that a script asks for; nil is the whole page.
func wanted(r *http.Request) []string {
	if r.Header.Get("HX-Request") != "true" {
		return nil
	}
	names := strings.Fields(r.Header.Get("HX-Target"))
	for _, n := range names {
		switch n {
		case deskpage.PartQueue, deskpage.PartActs, deskpage.PartHere, deskpage.PartTalk, deskpage.PartTurn, deskpage.PartProps, deskpage.PartPanel:
		default:
			return nil
		}
	}
	return names
}

// ticketPage fills everything around the conversation.
func (s *site) ticketPage(v *visit, t *shown, back *area.Returned) (p deskpage.TicketPage, err error) {
	k := &t.Ticket
	p = deskpage.TicketPage{
		Frame: v.workspace(k.Subject+", "+k.Ref(), ""), Back: "/desk", Address: "/desk/tickets/" + k.Ref(),
		Number: k.Ref(), Subject: k.Subject, State: reading.StateWords[k.State], Kind: reading.KindWords[k.Kind],
		Holder: reading.Holder(t.Teams().Name(k.TeamID), t.Person(k.AssigneeID).Name), Priority: reading.Capital(string(k.Priority)),
	}
	if err := s.aboutWhat(v, k, &p); err != nil {
		return p, err
	}
	if p.Holder, err = s.standIn(v, t, p.Holder); err != nil {
		return p, err
	}
	if parts := wanted(v.r); parts == nil || slices.Contains(parts, deskpage.PartQueue) {
		if p.Queue, err = s.excerpt(v, k); err != nil {
			return p, err
		}
	}
	if p.Turns, err = t.Panel(v.ctx()); err != nil {
		return p, err
	}
	if p.Person, err = s.personPanel(v, t); err != nil {
		return p, err
	}
	if !t.AllArrived() {
		mails, err := s.Box.Of(v.ctx(), s.DB.Read(), k.ID)
		if err != nil {
			return p, err
		}
		p.Outgoing = stuck(mails)
	}
	moves, facts, err := s.joinedWith(v, t)
	if err != nil {
		return p, err
	}
	agreed, err := s.agreed(v, t)
	if err != nil {
		return p, err
	}
	p.Moves, p.Person.Facts = moves, slices.Concat(p.Person.Facts, agreed, facts, reading.NeverLapses(k))
	if p.Disputed = t.Disputed(); p.Disputed != "" || t.Challenged() {
		p.Disputes = ui.Link{Label: "Read what is challenged, and what came of it", Href: dispute.Base + "?ticket=" + k.Ref()}
	}
	w, err := s.Desk.Writing.On(v.ctx(), v.me.ID, k.ID)
	if err != nil {
		return p, err
	}
	if err := t.cast(v, &w); err != nil {
		return p, err
	}
	if err := t.forms(&p, back, &w); err != nil {
		return p, err
	}
	t.writing(&p, back, &w)
	p.Changed = back.Told()
	return p, nil
}

// stuck are the mails that have not been accepted, newest first.
func stuck(mails []box.Outbound) []deskpage.Outgoing {
	var out []deskpage.Outgoing
	for i := len(mails) - 1; i >= 0 && len(out) < 3; i-- {
		switch m := &mails[i]; {
		case m.State == box.Failed:
			out = append(out, deskpage.Outgoing{To: m.Recipient, State: "Could not be delivered: " + m.Answer})
		case m.State == box.Maybe:
			out = append(out, deskpage.Outgoing{To: m.Recipient, State: "Perhaps sent; we try again. " + m.Answer})
		case m.State == box.Queued && m.Attempts > 0:
			out = append(out, deskpage.Outgoing{To: m.Recipient, State: "Not sent yet; we try again. " + m.Answer})
		}
	}
	return out
}

// aboutWhat says which matter and service the ticket is about, and which services it could be.
func (s *site) aboutWhat(v *visit, k *desk.Ticket, p *deskpage.TicketPage) error {
	if k.Matter != "" && desk.DoorOf(*k) == desk.DoorLevels {
		p.About = reading.MatterWords[k.Matter]
	}
	places, err := s.names.Places(v.ctx())
	if err != nil {
		return err
	}
	p.Service = places.Service(k.ServiceID)
	for i := range places.Services {
		if x := &places.Services[i]; !x.Ended() || x.ID == k.ServiceID {
			p.Services = append(p.Services, ui.Option{Value: x.ID, Label: x.Name})
		}
	}
	return nil
}

// forms fills the forms that the reader may send now.
func (t *shown) forms(p *deskpage.TicketPage, back *area.Returned, w *writing.Desk) error {
	k, at := &t.Ticket, p.Address+"/"
	seen := ui.Hidden{Name: "seen", Value: strconv.FormatInt(t.Seen(), 10)}
	form := func(name string, fresh map[string]string, more ...ui.Hidden) ui.Form {
		return back.Form(name, at+name, fresh, append(more, seen)...)
	}
	if err := t.compose(p, form, back, w); err != nil {
		return err
	}
	if t.Mine() {
		p.Own = "/requests/" + k.Ref()
	}
	if !k.Open {
		if k.State != desk.Merged && t.Can(auth.TicketReopen) && t.v.reader.Now.Before(k.ClosedAt.AddDate(0, 0, t.Ledger.Grace)) {
			p.Reopen = form("reopen", nil)
		}
	}
	if !t.Can(auth.TicketWork) {
		return nil
	}
	if k.Open {
		if k.AssigneeID != t.v.me.ID {
			p.Take = form("take", nil, was(k, "assignee")...)
		}
		p.Assign = staff.AssignForm{Form: form("assign", map[string]string{"team": k.TeamID, "person": k.AssigneeID}, was(k, "team", "assignee")...)}
		p.Assign.Teams, p.Assign.People = t.holders()
		p.Prio = staff.PriorityForm{Form: form("priority", map[string]string{"impact": string(k.Impact), "urgency": string(k.Urgency)}, was(k, "impact", "urgency")...), Impacts: reading.Levels, Urgencies: reading.Levels}
		p.Wait = staff.WaitForm{Form: form("wait", nil), Kinds: []ui.Option{{Value: "agreed", Label: p.Composer.Name + " agreed to it"}, {Value: "plan", Label: "A plan of ours; our clock runs on"}}}
		if k.State != desk.Resolved && !t.Mine() {
			p.Resolve = staff.ResolveForm{Form: form("resolve", nil, ui.Hidden{Name: "known", Value: known(w.Held)}, ui.Hidden{Name: "once", Value: id.New()})}
		}
		p.Person.Follow = back.Form("follow", at+"watch", nil, seen)
		p.Person.Ask = form("parties", map[string]string{"requester": t.Person(k.RequesterID).Address, "affected": t.Person(k.AffectedID).Address}, was(k, "requester", "affected")...)
	}
	t.follow(p, form)
	p.More = t.moveActs(&p.Moves, form)
	p.More = append(p.More, t.more(func(name string, fresh map[string]string) ui.Form { return form(name, fresh) })...)
	p.More = append(p.More, staff.Act{
		Form: form("fields", map[string]string{"subject": k.Subject, "kind": string(k.Kind), "matter": string(k.Matter), "service": k.ServiceID, "sensitivity": k.Sensitivity}, was(k, "subject", "kind", "matter", "service", "sensitivity")...), Title: "Change the title, the kind or the service", Button: "Change it",
		Fields: append(t.about(p.Services), staff.ActField{Field: ui.Field{Name: "sensitivity", Label: "May silence close it?"}, Options: reading.Silences}),
	})
	deskpage.Group(p.More)
	return nil
}

// about are the fields of what the ticket is about. Which service it is decides which promises hold from now on.
func (t *shown) about(services []ui.Option) []staff.ActField {
	out := []staff.ActField{{Field: ui.Field{Name: "subject", Label: "Title", MaxLength: 250}}, {Field: ui.Field{Name: "kind", Label: "Kind"}, Options: reading.Kinds}}
	if desk.DoorOf(t.Ticket) == desk.DoorLevels {
		matters := []ui.Option{{Value: "", Label: "Nobody has said"}}
		for _, m := range ticket.Matters() {
			matters = append(matters, ui.Option{Value: string(m), Label: reading.MatterWords[m]})
		}
		out = append(out, staff.ActField{Field: ui.Field{Name: "matter", Label: "What it is about"}, Options: matters})
	}
	if len(services) > 0 {
		out = append(out, staff.ActField{Field: ui.Field{Name: "service", Label: "Service", Hint: "Its promises hold from now on; time used stays used."}, Options: append([]ui.Option{{Value: "", Label: "None named"}}, services...)})
	}
	return out
}

// was are what fields hold as the reader sees them: who sets the same one meanwhile is told of.
func was(k *desk.Ticket, names ...string) []ui.Hidden {
	have := desk.Fields(*k)
	out := make([]ui.Hidden, len(names))
	for i, n := range names {
		out[i] = ui.Hidden{Name: wasPrefix + n, Value: have[n]}
	}
	return out
}

const wasPrefix = "was."

// holders are who a ticket can be given to.
func (t *shown) holders() (teams, persons []ui.Option) {
	for _, team := range t.Teams().Teams {
		if team.Kind != people.SupplierTeam {
			teams = append(teams, ui.Option{Value: team.ID, Label: team.Name})
		}
	}
	persons = []ui.Option{{Value: "", Label: "Nobody yet"}}
	have := false
	for _, p := range t.Teams().Members {
		persons = append(persons, ui.Option{Value: p.ID, Label: p.Name})
		have = have || p.ID == t.Ticket.AssigneeID
	}
	if p := t.Person(t.Ticket.AssigneeID); p.ID != "" && !have {
		persons = append(persons, ui.Option{Value: p.ID, Label: p.Name})
	}
	return teams, persons
}
