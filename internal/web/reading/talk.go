package reading

import (
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/markup"
	"bothways/internal/web/ui/staff"
)

// mostEntries is how much of a conversation a page shows at first: the newest.
const mostEntries = 60

// author is who wrote a message, as the reader knows them.
func (t *Reading) author(m *desk.Message) ui.Author {
	a := ui.Author{Name: t.src.DeskName, Side: ui.Provider}
	if m.Side == "customer" {
		a.Side = ui.Customer
	}
	if p, ok := t.cast[m.AuthorID]; ok {
		a.Name = p.Name
		a.You = p.ID == t.by.Me
	}
	return a
}

// public is a message as both sides see it. files is the address below which its files are.
func (t *Reading) public(m *desk.Message, files string) *ui.PublicMessage {
	out := &ui.PublicMessage{ID: m.ID, From: t.author(m), Via: ChannelWords[m.Channel], At: m.MadeAt, Body: Prose(m, m.Body), Files: filesOf(m.Files, files)}
	if by := t.noters[m.ID]; by != "" && (m.Channel == "phone" || m.Channel == "walk_up") {
		out.Via += ", noted by " + t.Name(by)
	}
	if m.Quoted != "" {
		out.Quoted = ui.Plain(m.Quoted)
	}
	if m.Need != "" {
		out.Asked = &ui.Asked{Need: m.Need, Due: t.dueOf(m.ID)}
		if m.Metric == agreement.MetricConfirm {
			out.Asked.Need = "a yes or no: does it work?"
		}
	}
	if m.Side == "provider" {
		if m.Channel != "phone" && m.Channel != "walk_up" {
			out.Via = ""
		}
		switch {
		case t.lost[m.ID]:
			out.Delivery = "It could not be delivered by email. It can be read here."
		case !t.arrived[m.ID]:
			out.Delivery = "On its way by email; the turn moves when it has arrived."
		}
	}
	return out
}

// Prose is Markdown for what the desk and the pages write, plain text for mail.
func Prose(m *desk.Message, body string) ui.Prose {
	if m.Channel == "mail" {
		return ui.Plain(body)
	}
	return markup.Markdown(body)
}

func filesOf(all []desk.File, base string) []ui.File {
	out := make([]ui.File, len(all))
	for i, f := range all {
		out[i] = ui.File{Name: f.Name, Size: f.Size, Type: f.Type, URL: base + f.ID}
	}
	return out
}

// spot is one entry of a conversation before it is made: what a page does not show is only counted.
type spot struct {
	said   *desk.Message
	joined *joined
	noted  *desk.Note
	line   line
	at     time.Time
}

// newest leaves what a page shows at first, and says how much comes before.
func newest(spots []spot, all bool) (left []spot, earlier int) {
	if n := len(spots) - mostEntries; n > 0 && !all {
		return spots[n:], n
	}
	return spots, 0
}

// PublicTalk is the conversation as the customer's side sees it: public types and nothing else.
func (t *Reading) PublicTalk(files string, all bool) (entries []ui.PublicEntry, earlier int) {
	var spots []spot
	t.walk(func(m *desk.Message) { spots = append(spots, spot{said: m}) }, func(j *joined) {
		if j.said != nil {
			spots = append(spots, spot{joined: j})
		}
	}, func(e *happening) {
		if l, ok := t.line(e); ok && !l.inner {
			spots = append(spots, spot{line: l, at: e.At})
		}
	})
	spots, earlier = newest(spots, all)
	for i := range spots {
		switch s := &spots[i]; {
		case s.said != nil:
			entries = append(entries, ui.PublicEntry{Message: t.public(s.said, files)})
		case s.joined != nil:
			entries = append(entries, ui.PublicEntry{Message: t.from(s.joined, files)})
		default:
			entries = append(entries, ui.PublicEntry{Event: &ui.PublicEvent{Icon: s.line.icon, Lead: s.line.lead, Text: s.line.text, At: s.at}})
		}
	}
	return entries, earlier
}

// StaffTalk is the conversation as IT sees it, notes included where the reader may read them.
func (t *Reading) StaffTalk(files string, all bool) (entries []staff.Entry, earlier int) {
	byID := make(map[string]*desk.Note, len(t.notes))
	for i := range t.notes {
		byID[t.notes[i].ID] = &t.notes[i]
	}
	spots := make([]spot, 0, len(t.Said)+len(t.events)+len(t.joined))
	t.walk(func(m *desk.Message) { spots = append(spots, spot{said: m}) }, func(j *joined) { spots = append(spots, spot{joined: j}) }, func(e *happening) {
		if n := byID[e.d.Note]; n != nil {
			spots = append(spots, spot{noted: n})
		} else if l, ok := t.line(e); ok {
			spots = append(spots, spot{line: l, at: e.At})
		}
	})
	spots, earlier = newest(spots, all)
	entries = make([]staff.Entry, len(spots))
	for i := range spots {
		entries[i] = t.staffEntry(&spots[i], files)
	}
	return entries, earlier
}

func (t *Reading) staffEntry(s *spot, files string) staff.Entry {
	switch {
	case s.said != nil:
		m := s.said
		p := t.public(m, files)
		if m.MailID != "" {
			p.Original = "/desk/tickets/" + t.Ticket.Ref() + "/mails/" + m.MailID
			p.Claim = claim(m.Auth)
		}
		return staff.Entry{Message: p}
	case s.joined != nil && s.joined.note != nil:
		n := t.note(s.joined.note, t.other(files, s.joined.number))
		n.From = "in " + desk.Ref(s.joined.number)
		return staff.Entry{Note: n}
	case s.joined != nil:
		return staff.Entry{Message: t.from(s.joined, files)}
	case s.noted != nil:
		return staff.Entry{Note: t.note(s.noted, files)}
	case s.line.inner:
		return staff.Entry{Inner: &staff.InternalEvent{Icon: s.line.icon, Lead: s.line.lead, Text: s.line.text, At: s.at}}
	}
	return staff.Entry{Event: &ui.PublicEvent{Icon: s.line.icon, Lead: s.line.lead, Text: s.line.text, At: s.at}}
}

func (t *Reading) note(n *desk.Note, files string) *staff.InternalNote {
	p := t.cast[n.AuthorID]
	return &staff.InternalNote{NoteID: n.ID, By: ui.Author{Name: p.Name, Side: ui.Provider, You: p.ID != "" && p.ID == t.by.Me}, At: n.MadeAt, Text: markup.Markdown(n.Body), Files: filesOf(n.Files, files)}
}

// claim warns of a sender whose address nobody vouched for: a From: is a claim (attacks.md row 75).
func claim(auth string) string {
	switch auth {
	case "fail":
		return "The check of the sender’s address failed: somebody else may have written this. Ask back another way before you act on it."
	case "none":
		return "The sender’s address was not confirmed."
	}
	return ""
}

// walk goes through messages and events in the order of the ticket's own sequence.
func (t *Reading) walk(message func(*desk.Message), merged func(*joined), event func(*happening)) {
	next, other := 0, 0
	for i := range t.events {
		e := &t.events[i]
		for ; other < len(t.joined) && !t.joined[other].at().After(e.At); other++ {
			merged(&t.joined[other])
		}
		for next < len(t.Said) && t.Said[next].EventSeq <= e.Seq {
			message(&t.Said[next])
			next++
		}
		event(e)
	}
	for ; other < len(t.joined); other++ {
		merged(&t.joined[other])
	}
	for ; next < len(t.Said); next++ {
		message(&t.Said[next])
	}
}

// Moved says whether a customer's message gave IT the turn.
func (t *Reading) Moved(m *desk.Message) bool {
	turn, ok := t.turns[m.EventSeq]
	return ok && agreement.Kind(turn.Cause) == agreement.CustomerSpoke
}
