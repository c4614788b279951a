package web

import (
	"strconv"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui/staff"
)

// call is one form of a ticket on its way to the service.
type call struct {
	*visit
	f       *serve.Form
	n       int64
	version int64 // of the ticket as the sender read it; 0 = any
}

func (c *call) act() desk.Act {
	return desk.Act{Number: c.n, Version: c.version, Body: c.f.Values["body"], Reason: c.f.Value("reason")}
}

// command is one form of a ticket: POST to the ticket's address and its name.
type command struct {
	name   string
	verb   auth.Verb         // what the service asks the authoriser
	fields map[string]string // of the form, by the names the service calls them
	blind  bool              // it does not matter what happened since the page was read
	run    func(s *site, c *call) (desk.Ticket, error)
}

// deskCommands are what staff do with a ticket.
var deskCommands = []command{
	{"reply", auth.TicketSpeak, area.Fields("body", "after", "question.need=need", "question.due=due", "question=after", "files"), false, (*site).reply},
	{"note", auth.TicketNoteWrite, area.Fields("body", "files"), true, (*site).addNote},
	{"take", auth.TicketWork, nil, false, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Assign(c.ctx(), c.by, c.act(), c.me.ID, "")
	}},
	{"assign", auth.TicketWork, area.Fields("assignee=person", "team"), false, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Assign(c.ctx(), c.by, c.act(), c.f.Value("person"), c.f.Value("team"))
	}},
	{"priority", auth.TicketWork, area.Fields("impact", "urgency"), false, func(s *site, c *call) (desk.Ticket, error) {
		impact, urgency := c.f.Value("impact"), c.f.Value("urgency")
		return s.Desk.Change(c.ctx(), c.by, c.act(), desk.Change{Impact: &impact, Urgency: &urgency})
	}},
	{"resolve", auth.TicketWork, area.Fields("body"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Resolve(c.ctx(), c.by, c.act()) }},
	{"wait", auth.TicketWork, area.Fields("until", "reason"), false, (*site).wait},
	{"end-wait", auth.TicketSpeak, nil, false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.EndWait(c.ctx(), c.by, c.act()) }},
	{"supplier", auth.TicketWork, area.Fields("supplier"), false, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.AskSupplier(c.ctx(), c.by, c.act(), c.f.Value("supplier"))
	}},
	{"supplier-answered", auth.TicketWork, nil, false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.SupplierAnswered(c.ctx(), c.by, c.act()) }},
	{"reopen", auth.TicketReopen, area.Fields("body"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Reopen(c.ctx(), c.by, c.act()) }},
	{"not-a-ticket", auth.TicketWork, area.Fields("reason"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.DiscardAsNoTicket(c.ctx(), c.by, c.act()) }},
	{"link", auth.TicketWork, area.Fields("other", "kind"), true, (*site).link},
	{"no-turn", auth.TicketWork, area.Fields("message"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.MarkNoTurn(c.ctx(), c.by, c.act(), c.f.Value("message"))
	}},
	{"waive", auth.TicketWaive, area.Fields("reason", "obligation"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Waive(c.ctx(), c.by, c.act(), c.f.Value("obligation"))
	}},
	{"dispute", auth.TicketSpeak, area.Fields("reason", "obligation"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Dispute(c.ctx(), c.by, c.act(), c.f.Value("obligation"))
	}},
	{"watch", auth.TicketWork, area.Fields("person"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Watch(c.ctx(), c.by, c.act(), c.f.Value("person"), true)
	}},
	{"unwatch", auth.TicketWork, area.Fields("person"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Watch(c.ctx(), c.by, c.act(), c.f.Value("person"), false)
	}},
}

// onTicket makes the handler of a staff command.
func (cmd command) onTicket(s *site, v *visit) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	c := &call{visit: v, n: n}
	if c.f, err = serve.ReadForm(v.w, v.r); err != nil {
		return err
	}
	var changed []string
	if !cmd.blind {
		if changed, err = s.changedSince(c); err != nil {
			return err
		}
	}
	var t desk.Ticket
	switch {
	case len(changed) > 0:
		err = errs.New(errs.Stale, "web."+cmd.name, "Something happened since you opened this page: it is listed below. What you typed is kept; send it again if it still fits.")
	case c.f.TooBig != nil:
		err = c.f.TooBig
	default:
		t, err = cmd.run(s, c)
	}
	if err == nil {
		s.Settle(v.ctx(), t.ID)
		return v.redirect("/desk/tickets/" + desk.Ref(n) + "?done=" + cmd.name)
	}
	back, ok := area.CameBack(cmd.name, c.f, err, cmd.fields)
	if !ok {
		return err
	}
	back.Changed = changed
	return s.showTicket(v, n, back)
}

// changedSince tells what somebody else did since the page of the form was read, and otherwise gives the version to act on.
func (s *site) changedSince(c *call) ([]string, error) {
	seen, err := strconv.ParseInt(c.f.Value("seen"), 10, 64)
	if err != nil {
		return nil, nil // sent without the page: as it is now
	}
	t, err := s.Desk.Get(c.ctx(), c.by, c.n)
	if err != nil {
		return nil, err
	}
	events, err := s.Desk.Events(c.ctx(), c.by, c.n)
	if err != nil {
		return nil, err
	}
	c.version = t.Version
	fresh := false
	for i := range events {
		e := &events[i]
		fresh = fresh || e.Seq > seen && e.Actor != c.by.PersonID && e.Actor != "system"
	}
	if !fresh {
		return nil, nil
	}
	r, err := s.source.Read(c.ctx(), c.asStaff(), c.n)
	if err != nil {
		return nil, err
	}
	return r.Since(seen), nil
}

func (s *site) reply(c *call) (desk.Ticket, error) {
	in := desk.SpeakInput{Number: c.n, Version: c.version, Body: c.f.Values["body"], Files: uploads(c.f)}
	need, due := c.f.Value("need"), c.f.Value("due")
	switch c.f.Value("after") {
	case staff.AfterCustomer:
		at, err := c.localTime("question.due", due)
		if err != nil {
			return desk.Ticket{}, err
		}
		if need == "" {
			need = "an answer"
		}
		in.Question = &desk.QuestionInput{Need: need, Due: at}
		if need == "a file or fact" {
			in.Question.Metric = string(agreement.MetricSupplyFacts)
		}
	default:
		if need != "" || due != "" {
			return desk.Ticket{}, errs.In("web.reply", "after", "You named what is needed, so choose that it is the customer’s turn, or take it out.")
		}
	}
	r, err := s.Desk.Speak(c.ctx(), c.by, in)
	return r.Ticket, err
}

func (s *site) addNote(c *call) (desk.Ticket, error) {
	n, err := s.Desk.AddNote(c.ctx(), c.by, desk.NoteInput{Number: c.n, Body: c.f.Values["body"], Files: uploads(c.f)})
	return desk.Ticket{ID: n.TicketID}, err
}

func (s *site) wait(c *call) (desk.Ticket, error) {
	until, err := c.localTime("until", c.f.Value("until"))
	if err != nil {
		return desk.Ticket{}, err
	}
	return s.Desk.Wait(c.ctx(), c.by, c.act(), desk.WaitInput{Until: until, Agreed: c.f.Value("kind") == "agreed"})
}

func (s *site) link(c *call) (desk.Ticket, error) {
	other, err := desk.ParseRef(c.f.Value("other"))
	if err == nil {
		_, err = s.Desk.Get(c.ctx(), c.by, other)
	}
	if errs.Is(err, errs.NotFound) {
		return desk.Ticket{}, errs.In("web.link", "other", "There is no ticket of this number that you can see. Write it like BW-1001.")
	}
	if err != nil {
		return desk.Ticket{}, err
	}
	return s.Desk.Join(c.ctx(), c.by, c.act(), other, c.f.Value("kind"))
}
