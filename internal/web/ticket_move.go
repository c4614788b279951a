package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/ticket"
	"bothways/internal/effort"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/web/area"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// moveCommands are what staff do with a ticket beside its conversation.
var moveCommands = []command{
	{"hand-over", auth.TicketWork, area.Fields("body", "team", "assignee=person"), false, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.HandOver(c.ctx(), c.by, c.act(), c.f.Value("person"), c.f.Value("team"))
	}},
	{"pass", auth.TicketWork, area.Fields("body", "door"), false, func(s *site, c *call) (desk.Ticket, error) {
		return s.Desk.Pass(c.ctx(), c.by, c.act(), c.f.Value("door"))
	}},
	{"call", auth.TicketWork, area.Fields("body", "question.need=need", "question=need", "minutes", "channel"), true, (*site).noteCall},
	{"time", auth.TicketNoteWrite, area.Fields("minutes", "kind", "note"), true, func(s *site, c *call) (desk.Ticket, error) {
		w, err := c.work()
		if err != nil {
			return desk.Ticket{}, err
		}
		_, err = s.Effort.Log(c.ctx(), c.by, c.n, w)
		return desk.Ticket{}, err
	}},
	{"tags", auth.TicketWork, area.Fields("tag=tags"), true, (*site).setTags},
	{"wait-proposal", auth.TicketWork, area.Fields("until", "body"), false, func(s *site, c *call) (desk.Ticket, error) {
		until, err := c.localTime("until", c.f.Value("until"))
		if err != nil {
			return desk.Ticket{}, err
		}
		r, err := s.Desk.ProposeWait(c.ctx(), c.by, c.act(), until)
		return r.Ticket, err
	}},
	{"merge", auth.TicketWork, area.Fields("into"), true, func(s *site, c *call) (desk.Ticket, error) {
		into, err := s.other(c, "into")
		if err != nil {
			return desk.Ticket{}, err
		}
		return s.Desk.Merge(c.ctx(), c.by, c.act(), desk.MergeInput{Into: into, Shared: c.f.Value("shared") != ""})
	}},
	{"unmerge", auth.TicketWork, nil, true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Unmerge(c.ctx(), c.by, c.act()) }},
	{"split", auth.TicketWork, area.Fields("subject", "messages"), true, func(s *site, c *call) (desk.Ticket, error) {
		var chosen []string
		for name := range c.f.Values {
			if id, ok := strings.CutPrefix(name, "messages."); ok {
				chosen = append(chosen, id)
			}
		}
		made, err := s.Desk.Split(c.ctx(), c.by, c.act(), desk.SplitInput{Subject: c.f.Value("subject"), Messages: chosen})
		c.to = made.Number
		return made, err
	}},
	{"unlink", auth.TicketWork, area.Fields("other"), true, func(s *site, c *call) (desk.Ticket, error) {
		other, err := s.other(c, "other")
		if err != nil {
			return desk.Ticket{}, err
		}
		return s.Desk.Unlink(c.ctx(), c.by, c.act(), other)
	}},
	{"is-a-ticket", auth.TicketWork, nil, true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.RestoreTicket(c.ctx(), c.by, c.act()) }},
	{"looked-at", auth.TicketWork, nil, true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.LookedAt(c.ctx(), c.by, c.act()) }},
}

// other reads the number of another ticket that the reader can see.
func (s *site) other(c *call, field string) (int64, error) {
	n, err := desk.ParseRef(c.f.Value(field))
	if err == nil {
		_, err = s.Desk.Get(c.ctx(), c.by, n)
	}
	if errs.Is(err, errs.NotFound) {
		return 0, errs.In("web."+field, field, "There is no ticket of this number that you can see. Write it like BW-1001.")
	}
	return n, err
}

// work reads working time; none is noted when the field is empty.
func (c *call) work() (desk.Work, error) {
	w := desk.Work{Kind: c.f.Value("kind"), Note: c.f.Value("note")}
	m := c.f.Value("minutes")
	if m == "" {
		return w, nil
	}
	n, err := strconv.Atoi(m)
	if err != nil || n < 1 || n > effort.MaxMinutes {
		return w, errs.In("web.minutes", "minutes", "%q is no number of minutes from 1 to %d. Write it like 15.", text.Cut(m, 20), effort.MaxMinutes)
	}
	w.Minutes = n
	return w, nil
}

func (s *site) noteCall(c *call) (desk.Ticket, error) {
	a := c.act()
	var err error
	if a.Work, err = c.work(); err != nil {
		return desk.Ticket{}, err
	}
	in := desk.CallInput{Channel: c.f.Value("channel"), Ours: c.f.Value("said") == "ours"}
	if need := c.f.Value("need"); need != "" {
		in.Question = &desk.QuestionInput{Need: need}
	}
	r, err := s.Desk.NoteCall(c.ctx(), c.by, a, in)
	return r.Ticket, err
}

// setTags makes a ticket's tags those of the field.
func (s *site) setTags(c *call) (desk.Ticket, error) {
	have, err := s.Desk.Tags(c.ctx(), c.by, c.n)
	if err != nil {
		return desk.Ticket{}, err
	}
	want, err := ticket.ParseTags(c.f.Value("tags"))
	if err != nil {
		return desk.Ticket{}, err
	}
	var add, remove []string
	for _, t := range want {
		add = append(add, t.Label)
	}
	for _, h := range have {
		if !slices.ContainsFunc(want, func(t ticket.Tag) bool { return t.Key == ticket.TagKey(h) }) {
			remove = append(remove, h)
		}
	}
	return s.Desk.Tag(c.ctx(), c.by, c.act(), add, remove)
}

var (
	sayers    = []ui.Option{{Value: "theirs", Label: "They said it"}, {Value: "ours", Label: "We said it"}}
	spoken    = []ui.Option{{Value: "phone", Label: "By phone"}, {Value: "walk_up", Label: "In person"}}
	workKinds = []ui.Option{{Value: "work", Label: "Work"}, {Value: "travel", Label: "Travel"}, {Value: "walk_up", Label: "Walk-up"}, {Value: "favour", Label: "Favour, the extra mile"}}
)

// moveActs are the moves that the reader can make with the ticket now.
func (t *shown) moveActs(p *staff.Moves, form func(string, map[string]string, ...ui.Hidden) ui.Form) []staff.Act {
	var out []staff.Act
	k := &t.Ticket
	add := func(a staff.Act, name string, fresh map[string]string, fields ...staff.ActField) {
		a.Form, a.Fields = form(name, fresh), fields
		out = append(out, a)
	}
	line := func(name, label, hint string) staff.ActField {
		return staff.ActField{Field: ui.Field{Name: name, Label: label, Hint: hint}}
	}
	minutes := staff.ActField{Field: ui.Field{Name: "minutes", Label: "Minutes", Type: "number", Optional: true}}
	if k.Open {
		teams, persons := t.holders()
		add(staff.Act{Title: "Hand it over", Text: "It stays our turn. " + t.Customer() + " reads to whom it was passed, without your note.", Button: "Hand it over"}, "hand-over",
			map[string]string{"team": k.TeamID},
			staff.ActField{Field: ui.Field{Name: "team", Label: "Team"}, Options: teams}, staff.ActField{Field: ui.Field{Name: "person", Label: "Person"}, Options: persons},
			staff.ActField{Field: ui.Field{Name: "body", Label: "What they need to know", Hint: "A note; only IT sees it.", Rows: 4}})
	}
	if k.Open {
		out = append(out, t.passAct(form))
	}
	if k.Open && !t.Mine() && k.TurnSide != agreement.SideCustomer {
		add(staff.Act{Title: "Ask whether it may wait", Text: "It is " + t.Customers() + " turn to say yes or no. Yes makes it nobody’s turn until then; no makes it ours.", Button: "Ask " + t.Customer()}, "wait-proposal", nil,
			staff.ActField{Field: ui.Field{Name: "until", Label: "Until", Type: "datetime-local"}},
			staff.ActField{Field: ui.Field{Name: "body", Label: "What to write", Hint: "Left empty, a plain question is written.", Rows: 3, Optional: true}})
	}
	if !t.Mine() && k.State != desk.Merged {
		add(staff.Act{Title: "Note what was said", Text: "On the telephone or in person. Their words move the turn as a mail of theirs would, and they are told that it was noted.", Button: "Note it"}, "call",
			map[string]string{"said": "theirs", "channel": "phone"},
			staff.ActField{Field: ui.Field{Name: "said", Label: "Who"}, Options: sayers}, staff.ActField{Field: ui.Field{Name: "channel", Label: "How"}, Options: spoken},
			staff.ActField{Field: ui.Field{Name: "body", Label: "What was said", Rows: 4}},
			staff.ActField{Field: ui.Field{Name: "need", Label: "We need from them", Hint: "Only if we said it: then it is their turn.", Optional: true}}, minutes)
	}
	if t.Can(auth.TicketNoteWrite) {
		minutes.Optional = false
		add(staff.Act{Title: "Note working time", Button: "Note it"}, "time", map[string]string{"kind": "work"}, minutes,
			staff.ActField{Field: ui.Field{Name: "kind", Label: "What it went into"}, Options: workKinds}, staff.ActField{Field: ui.Field{Name: "note", Label: "On what", Optional: true, MaxLength: 300}})
		add(staff.Act{Title: "Tags", Text: tagWords(p.Known), Button: "Keep these tags"}, "tags", map[string]string{"tags": strings.Join(p.Tags, ", ")},
			line("tags", "Tags", "With commas between them. Only IT sees them."))
	}
	return append(out, t.joinActs(form, line)...)
}

// passAct passes the ticket to the other door in one step.
func (t *shown) passAct(form func(string, map[string]string, ...ui.Hidden) ui.Form) staff.Act {
	a := staff.Act{Title: "Pass it to service level management", Text: "For levels, price, exceptions, or how a promise was kept. ", Button: "Pass it on"}
	to := desk.DoorLevels
	if desk.DoorOf(t.Ticket) == desk.DoorLevels {
		a.Title, a.Text, to = "Pass it to the service desk", "For help with anything today. ", desk.DoorDesk
	}
	a.Text += "Everything that was said goes along, and no clock begins anew. " + t.toldByMail("who has it now")
	a.Form = form("pass", nil, ui.Hidden{Name: "door", Value: to})
	a.Fields = []staff.ActField{{Field: ui.Field{Name: "body", Label: "What they need to know", Hint: "A note; only IT sees it.", Rows: 2, Optional: true}}}
	return a
}

// tagWords suggests the tags in use.
func tagWords(known []string) string {
	if len(known) == 0 {
		return ""
	}
	return "In use: " + strings.Join(known, ", ") + "."
}

// joinActs are the moves between tickets.
func (t *shown) joinActs(form func(string, map[string]string, ...ui.Hidden) ui.Form, line func(name, label, hint string) staff.ActField) []staff.Act {
	var out []staff.Act
	k := &t.Ticket
	if k.State == desk.Merged {
		return append(out, staff.Act{Form: form("unmerge", nil), Title: "Take the merge back", Text: "It goes on by itself. What was written since stays where it was filed, and the time since was ours. " + t.toldByMail("that it goes on by itself again"), Button: "Take it back"})
	}
	if k.Open && k.State != desk.Resolved && len(t.MergedHere()) == 0 {
		f := form("merge", nil)
		a := staff.Act{Form: f, Title: "Merge it into another", Text: "Both go on as one, in the other. " + t.toldByMail("that it goes on there") + "No promise is cleared, and it can be taken back.", Button: "Merge them", Fields: []staff.ActField{line("into", "Into", "The number, such as BW-1001")}}
		if f.Failed() {
			a.Fields = append(a.Fields, staff.ActField{Field: ui.Field{Name: "shared", Label: "Their people may read both"}, Check: true})
		}
		out = append(out, a)
	}
	if theirs := t.spoken(); len(theirs) > 0 {
		out = append(out, staff.Act{Form: form("split", nil), Title: "Begin a new ticket with some of this", Text: "Copies begin the new one; what was said stays here too.", Button: "Begin it", Fields: []staff.ActField{
			{Field: ui.Field{Name: "subject", Label: "What it is about", MaxLength: 200}}, {Field: ui.Field{Name: "messages", Label: "With which messages"}, Options: theirs, Many: true}}})
	}
	if len(t.Links) > 0 {
		var options []ui.Option
		for _, l := range t.Links {
			options = append(options, ui.Option{Value: desk.Ref(l.Other), Label: desk.Ref(l.Other) + ", " + strings.ReplaceAll(l.Kind, "_", " ")})
		}
		out = append(out, staff.Act{Form: form("unlink", nil), Title: "Take a link away", Button: "Take it away", Fields: []staff.ActField{{Field: ui.Field{Name: "other", Label: "Which"}, Options: options}}})
	}
	if k.State == desk.NotATicket {
		out = append(out, staff.Act{Form: form("is-a-ticket", nil), Title: "It is a ticket", Text: "It was set aside; within 30 days it is taken back.", Button: "It is a ticket"},
			staff.Act{Form: form("looked-at", nil), Title: "Looked at", Text: "A second person agrees that it is no request.", Button: "It is none"})
	}
	return out
}

// spoken are the messages a new ticket can begin with, newest first.
func (t *shown) spoken() []ui.Option {
	var out []ui.Option
	for i := len(t.Said) - 1; i >= 0 && len(out) < 20; i-- {
		if m := &t.Said[i]; m.Side != "system" && m.Body != "" {
			out = append(out, ui.Option{Value: m.ID, Label: reading.FirstName(t.Name(m.AuthorID)) + ", " + t.v.reader.When(m.MadeAt) + ": ", Hint: text.Cut(text.Line(m.Body), 60)})
		}
	}
	return out
}

// joinedWith fills what the page says of merges, tags and working time.
func (s *site) joinedWith(v *visit, t *shown) (staff.Moves, []ui.Fact, error) {
	var m staff.Moves
	var facts []ui.Fact
	address := func(n int64) string { return "/desk/tickets/" + desk.Ref(n) }
	if n := t.GoesOnIn(); n != 0 {
		m.GoesOn = ui.Link{Label: desk.Ref(n), Href: address(n)}
	}
	for _, n := range t.MergedHere() {
		facts = append(facts, ui.Fact{Name: "Merged here", Value: desk.Ref(n), Href: address(n)})
	}
	if !t.Can(auth.TicketNoteRead) {
		return m, facts, nil
	}
	var err error
	if t.Tagged() {
		if m.Tags, err = s.Desk.TagsOn(v.ctx(), v.by, t.Object()); err != nil {
			return m, nil, err
		}
	}
	for _, label := range m.Tags {
		facts = append(facts, ui.Fact{Name: "Tag", Value: label, Href: "/desk?q=tag:" + ticket.TagKey(label)})
	}
	if m.Known, err = s.source.KnownTags(v.ctx(), v.by); err != nil {
		return m, nil, err
	}
	minutes, err := s.spent(v, t)
	if err != nil {
		return m, nil, err
	}
	if minutes > 0 {
		facts = append(facts, ui.Fact{Name: "Time", Value: ui.Span(time.Duration(minutes) * time.Minute), Href: "/desk/time?ticket=" + t.Ticket.Ref()})
	}
	return m, facts, nil
}

// spent is the working time of the ticket, with that of tickets merged into it.
func (s *site) spent(v *visit, t *shown) (int, error) {
	if len(t.MergedHere()) == 0 {
		return s.Effort.Spent(v.ctx(), v.by, t.Object())
	}
	entries, err := s.Effort.Of(v.ctx(), v.by, t.Ticket.Number)
	return effort.Minutes(entries), err
}

// follow is the one click by which the reader follows the ticket, or no longer does.
func (t *shown) follow(p *deskpage.TicketPage, form func(string, map[string]string, ...ui.Hidden) ui.Form) {
	me := ui.Hidden{Name: "person", Value: t.v.me.Address}
	if me.Value == "" || t.Mine() {
		return
	}
	p.Follows = slices.ContainsFunc(t.Parties, func(x desk.Participant) bool { return x.PersonID == t.v.me.ID && x.Role == desk.Watcher })
	name := "watch"
	if p.Follows {
		name = "unwatch"
	}
	p.Follow = form(name, nil, me)
	p.Follow.ID = "follow-me"
	p.Follow.Errors = nil
}

// toldByMail is a sentence that says whose ticket it is who are mailed of a merge; "" when nobody is.
func (t *shown) toldByMail(what string) string {
	var names []string
	for _, id := range []string{t.Ticket.RequesterID, t.Ticket.AffectedID} {
		if p := t.Person(id); p.ID != "" && p.Address != "" && p.Mailed && !p.Disabled() && !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	switch {
	case len(names) == 0 || !t.v.Box.Mails():
		return ""
	case len(names) == 1:
		return names[0] + " is told by mail " + what + ". "
	}
	return reading.List(names) + " are told by mail " + what + ". "
}
