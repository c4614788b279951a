package desk

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
	"bothways/internal/web/ui/turn"
)

// TicketPage is one ticket as staff see it.
type TicketPage struct {
	Frame staff.Frame
	// Queue is the excerpt beside the ticket; nil leaves the pane out.
	Queue *QueueExcerpt
	// Back is the address of the queue, for a phone.
	Back string

	// Address is the ticket's own.
	Address string

	Number, Subject string
	// State, Kind, Holder and Priority are labels: "Waiting for customer",
	// "Incident", "Desk · Amara Okafor", "Medium".
	State, Kind, Holder, Priority string
	// About is the matter of a request at the second door, Service the one it is about; "" says nothing of it.
	About, Service string
	Services       []ui.Option // that it can be about

	Turns turn.Panel
	// Disputed is a sentence about a span somebody challenged; "" when none.
	Disputed string
	Disputes ui.Link // to what is challenged, and was
	// Changed is what happened since the page of a form that came back was read.
	Changed []string
	// Own is the reader's page of the request when they asked for it themselves.
	Own string

	Entries []staff.Entry
	// Held are answers that are about to leave; Here are who else has the ticket open: "Kofi is writing".
	Held []staff.HeldReply
	Here []string
	// Unsent are drafts of what the ticket takes none of now: what each is, and its words.
	Unsent []staff.Told
	// Earlier leads to entries that are not on this page.
	Earlier ui.Link

	Composer staff.Composer

	// Take is the address of the one-button form that takes the ticket; "" hides it.
	Take    ui.Form
	Assign  staff.AssignForm
	Prio    staff.PriorityForm
	Wait    staff.WaitForm
	Resolve staff.ResolveForm
	Reopen  ui.Form
	// More are the acts needed now and then.
	More  []staff.Act
	Moves staff.Moves
	// Follow is the one-button form by which the reader follows the ticket, or no longer does when Follows is set.
	Follow   ui.Form
	Follows  bool
	Person   staff.PersonPanel
	Outgoing []Outgoing
}

// Waits is the heading in the menu More under which the wait stands.
const Waits = "Whose turn"

// QueueExcerpt is the part of the queue beside a ticket.
type QueueExcerpt struct {
	Title, Href string
	Groups      []staff.QueueGroup
}

// Outgoing is a mail of this ticket that has not been confirmed as accepted:
// waiting, maybe sent, or failed for good.
type Outgoing struct {
	To, State string
}

func (p TicketPage) forms() []ui.Form {
	out := []ui.Form{p.Composer.Reply.Form, p.Composer.Note.Form, p.Take, p.Assign.Form, p.Prio.Form, p.Wait.Form, p.Resolve.Form, p.Reopen, p.Person.Ask, p.Person.Follow}
	for i := range p.More {
		out = append(out, p.More[i].Form)
	}
	return out
}

// frame marks the page's title when a form came back with errors.
func (p TicketPage) frame() staff.Frame {
	f := p.Frame
	f.Doc.Failed = f.Doc.Failed || len(ui.Failed(p.forms()...)) > 0
	return f
}

// NewTicketPage is the form for a ticket on behalf of somebody: fields
// requester, affected, kind, subject, body, impact, urgency, team and files.
type NewTicketPage struct {
	Frame staff.Frame
	Crumb []ui.Link
	Form  ui.Form
	// Options of the selects; a select without options is left out.
	Kinds, Impacts, Urgencies, Teams, Services, Silence []ui.Option
	Upload                                              bool
}

func (p NewTicketPage) frame() staff.Frame {
	f := p.Frame
	f.Doc.Failed = f.Doc.Failed || p.Form.Failed()
	return f
}
