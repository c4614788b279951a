package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/compose"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui/staff"
)

// call is one form of a ticket on its way to the service.
type call struct {
	*visit
	f       *serve.Form
	n       int64
	version int64  // of the ticket as the sender read it; 0 = any
	held    string // id of the answer that can still be taken back
	to      int64  // the ticket to go on to; 0 = this one
}

func (c *call) act() desk.Act {
	a := desk.Act{Number: c.n, Version: c.version, Body: c.f.Values["body"], Reason: c.f.Value("reason")}
	for name, value := range c.f.Values {
		if field, ok := strings.CutPrefix(name, wasPrefix); ok {
			if a.Was == nil {
				a.Was = map[string]string{}
			}
			a.Was[field] = value
		}
	}
	return a
}

// sent is a value of the form; nil when the form had no such field.
func (c *call) sent(name string) *string {
	if _, ok := c.f.Values[name]; !ok {
		return nil
	}
	v := c.f.Value(name)
	return &v
}

// written is how the message or note of a form was written.
func (c *call) written() desk.Written {
	w := desk.Written{Draft: true, Once: c.f.Value("once")}
	for name := range c.f.Values {
		if uploadID, ok := strings.CutPrefix(name, uploadPrefix); ok {
			w.Uploads = append(w.Uploads, uploadID)
		}
	}
	slices.Sort(w.Uploads)
	return w
}

// uploadPrefix begins the names of the boxes beside files that were uploaded for a draft.
const uploadPrefix = "upload-"

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
	{"reply", auth.TicketSpeak, area.Fields("body", "after", "question.need=need", "question.due=due", "question=after", "files", "minutes"), false, (*site).reply},
	{"note", auth.TicketNoteWrite, area.Fields("body", "files", "minutes"), true, (*site).addNote},
	{"take", auth.TicketWork, nil, true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Assign(c.ctx(), c.by, c.act(), c.me.ID, "")
	}},
	{"assign", auth.TicketWork, area.Fields("assignee=person", "team"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Assign(c.ctx(), c.by, c.act(), c.f.Value("person"), c.f.Value("team"))
	}},
	{"priority", auth.TicketWork, area.Fields("impact", "urgency"), true, func(s *site, c *call) (desk.Ticket, error) {
		impact, urgency := c.f.Value("impact"), c.f.Value("urgency")
		return s.Desk.Change(c.ctx(), c.by, c.act(), desk.Change{Impact: &impact, Urgency: &urgency})
	}},
	{"fields", auth.TicketWork, area.Fields("subject", "kind", "matter", "service", "sensitivity"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Change(c.ctx(), c.by, c.act(), desk.Change{Subject: c.sent("subject"), Kind: c.sent("kind"), Matter: c.sent("matter"), Service: c.sent("service"), Sensitivity: c.sent("sensitivity")})
	}},
	{"parties", auth.TicketWork, area.Fields("requester", "affected"), true, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Parties(c.ctx(), c.by, c.act(), c.f.Value("requester"), c.f.Value("affected"))
	}},
	{"resolve", auth.TicketWork, area.Fields("body", "minutes"), false, (*site).resolve},
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
	{"waive", auth.TicketWaive, area.Fields("reason", "obligation"), true, (*site).waive},
	{"dispute", auth.TicketDispute, area.Fields("reason", "obligation"), true, (*site).dispute},
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
		if cmd.name == "reply" || cmd.name == "resolve" {
			held, err := s.unseenAnswers(c)
			if err != nil {
				return err
			}
			changed = append(changed, held...)
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
		return s.doneWith(c, t, cmd.name)
	}
	fields := cmd.fields
	if isReason(err, desk.FieldChanged) {
		err = s.bothVersions(c, err, fields)
	}
	back, ok := area.CameBack(cmd.name, c.f, err, fields)
	if !ok {
		return err
	}
	back.Changed = changed
	if serve.WantsJSON(v.r) {
		return s.refuse(c, back)
	}
	return s.showTicket(v, n, back)
}

// refuse tells a script of a form that came back, and what its sender has seen once they have read that.
func (s *site) refuse(c *call, back *area.Returned) error {
	out := back.Refusal()
	if len(back.Changed) > 0 {
		r, err := s.source.Read(c.ctx(), c.asStaff(), c.n)
		if err != nil {
			return err
		}
		held, err := writing.HeldOf(c.ctx(), s.DB.Read(), r.Ticket.ID)
		if err != nil {
			return err
		}
		out.Seen, out.Known = strconv.FormatInt(r.Seen(), 10), known(held)
	}
	serve.JSON(c.w, back.Status(), out)
	return nil
}

// doneWith leads to the ticket after a form was taken.
func (s *site) doneWith(c *call, t desk.Ticket, name string) error {
	to := "/desk/tickets/" + desk.Ref(cmp.Or(c.to, c.n)) + "?done=" + name
	if c.held != "" {
		to = "/desk/tickets/" + desk.Ref(c.n) + "?done=held&held=" + c.held
	} else {
		s.Settle(c.ctx(), t.ID)
	}
	if serve.WantsJSON(c.r) {
		serve.JSON(c.w, http.StatusOK, map[string]string{"next": to})
		return nil
	}
	return c.redirect(to)
}

// bothVersions tells of fields that somebody else set meanwhile: what they are now, by whom, and that the sender's choice is kept.
func (s *site) bothVersions(c *call, err error, fields map[string]string) error {
	var e *errs.E
	if !errors.As(err, &e) {
		return err
	}
	r, rerr := s.source.Read(c.ctx(), c.asStaff(), c.n)
	if rerr != nil {
		return rerr
	}
	out := &errs.E{Kind: errs.Stale, Op: e.Op, Type: e.Type, Msg: e.Msg}
	for _, f := range e.Fields {
		value := f.Msg
		switch f.Path {
		case "team":
			value = r.Teams().Name(value)
		case "assignee", "requester", "affected":
			value = r.Person(value).Name
		default:
			value = reading.Capital(strings.ReplaceAll(value, "_", " "))
		}
		if value == "" {
			value = "nobody"
		}
		words := "It is “" + value + "” now. Send yours again to use it instead."
		if who, at := r.LastSet(f.Path); !at.IsZero() {
			words = r.Start(who) + " set it to “" + value + "” " + c.reader.WhenIn(at) + ". Send yours again to use it instead."
		}
		if _, shown := fields[f.Path]; !shown {
			words = reading.Capital(f.Path) + ": " + words
		}
		out.Fields = append(out.Fields, errs.Field{Path: f.Path, Msg: words})
	}
	return out
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

// unseenAnswers tells of answers that are about to leave and that the sender of a reply has not seen.
func (s *site) unseenAnswers(c *call) ([]string, error) {
	if c.f.Value("seen") == "" {
		return nil, nil
	}
	t, err := s.Desk.Get(c.ctx(), c.by, c.n)
	if err != nil {
		return nil, err
	}
	held, err := writing.HeldOf(c.ctx(), s.DB.Read(), t.ID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, h := range held {
		if h.PersonID == c.me.ID || strings.Contains(c.f.Value("known"), h.ID) {
			continue
		}
		p, err := people.PersonByID(c.ctx(), s.DB.Read(), h.PersonID)
		if err != nil {
			return nil, err
		}
		out = append(out, p.Name+"’s answer leaves at "+c.reader.Second(h.LeavesAt)+": “"+text.Cut(text.Line(h.Body), 140)+"”")
	}
	return out, nil
}

func (s *site) reply(c *call) (desk.Ticket, error) {
	in := desk.SpeakInput{Number: c.n, Version: c.version, Body: c.f.Values["body"], Files: uploads(c.f), Written: c.written()}
	need, due := c.f.Value("need"), c.f.Value("due")
	var err error
	if in.Work, err = c.work(); err != nil {
		return desk.Ticket{}, err
	}
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
		in.Question.Metric = string(reading.Needed[need])
	case staff.AfterConfirm:
		in.Solved = true
	default:
		if need != "" || due != "" {
			return desk.Ticket{}, errs.In("web.reply", "after", "You named what is needed, so choose that it is the customer’s turn, or take it out.")
		}
	}
	if s.UndoSend > 0 {
		return s.hold(c, in)
	}
	r, err := s.Desk.Speak(c.ctx(), c.by, in)
	return r.Ticket, err
}

// hold keeps what is said for as long as it can be taken back.
func (s *site) hold(c *call, in desk.SpeakInput) (desk.Ticket, error) {
	seen, _ := strconv.ParseInt(c.f.Value("seen"), 10, 64) // sent without the page: nothing was seen
	h, err := s.Desk.Hold(c.ctx(), c.by, desk.HoldInput{SpeakInput: in, For: s.UndoSend, Seen: seen, Known: strings.Fields(c.f.Value("known"))})
	c.held = h.ID
	return desk.Ticket{ID: h.TicketID}, err
}

func (s *site) addNote(c *call) (desk.Ticket, error) {
	teams, err := s.source.Directory(c.ctx())
	if err != nil {
		return desk.Ticket{}, err
	}
	work, err := c.work()
	if err != nil {
		return desk.Ticket{}, err
	}
	body := c.f.Values["body"]
	n, err := s.Desk.AddNote(c.ctx(), c.by, desk.NoteInput{Number: c.n, Body: body, Work: work, Files: uploads(c.f), Mentions: compose.Mentioned(body, teams.Members), Written: c.written()})
	return desk.Ticket{ID: n.TicketID}, err
}

func (s *site) resolve(c *call) (desk.Ticket, error) {
	a := c.act()
	var err error
	if a.Work, err = c.work(); err != nil {
		return desk.Ticket{}, err
	}
	if s.UndoSend > 0 { // an unsent reply stays: it is not what is sent here
		return s.hold(c, desk.SpeakInput{Number: c.n, Version: c.version, Body: a.Body, Solved: true, Work: a.Work, Written: desk.Written{Once: c.f.Value("once")}})
	}
	return s.Desk.Resolve(c.ctx(), c.by, a)
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
