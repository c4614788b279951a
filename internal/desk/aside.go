package desk

import (
	"bothways/internal/auth"
	"bothways/internal/desk/store"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// note keeps what somebody of IT wrote to a copy as an internal note: a mail speaks to no customer in IT's name.
func (c *intake) note(t Ticket, from people.Person) error {
	m := c.message(t.ID, from)
	_, err := c.s.actIn(c.ctx, c.tx, systemActor(), t, in{name: "note-by-mail", verb: auth.TicketNoteWrite}, func(a *act) error {
		n := Note{ID: m.ID, TicketID: t.ID, AuthorID: from.ID, Body: "By mail, sender " + c.in.Auth + ":\n\n" + m.Body, MadeAt: c.in.ReceivedAt}
		var err error
		if n.Files, err = a.keep(c.files); err != nil {
			return err
		}
		if _, err := a.append(evNote, data{Note: n.ID, Mail: c.in.ID}); err != nil {
			return err
		}
		return store.InsertNote(c.ctx, c.tx, n)
	})
	if err != nil {
		return err
	}
	return c.settle(box.MadeMessage, t.ID, m.ID, "kept as a note: it is from IT")
}

// classPending is the class of words by somebody whom nobody has let in yet.
const classPending = "pending"

// keepAside keeps a mail on the ticket it belongs to without moving a turn: an automatic answer, or somebody not let in yet.
func (c *intake) keepAside(t Ticket, from people.Person, class string) error {
	m := c.message(t.ID, from)
	m.Class = class
	_, err := c.s.actIn(c.ctx, c.tx, systemActor(), t, in{name: "automatic-mail", verb: auth.TicketSpeak}, func(a *act) error {
		d := data{Message: m.ID, Mail: c.in.ID, Party: from.ID}
		kind := evNoTurn
		if w := c.verdict.Away; w != nil && !w.Until.IsZero() {
			kind, d.Until = evAwayUntil, unix(w.Until)
		}
		e, err := a.append(kind, d)
		if err != nil {
			return err
		}
		m.EventSeq = e.Seq
		return store.InsertMessage(a.ctx, a.tx, m)
	})
	if err != nil {
		return err
	}
	return c.settle(box.MadeMessage, t.ID, m.ID, class+": moved no turn")
}
