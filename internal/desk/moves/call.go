package moves

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// LogInput is a call or a walk-up as it is noted in ten seconds: who, what, how long, done or a ticket.
type LogInput struct {
	Who     string // mail address or id of a person; "" is somebody we do not know
	Name    string // what somebody we do not know is called
	What    string // the first line is the subject
	Channel string // phone (also ""), walk_up
	Done    bool   // it was solved on the spot: the ticket is closed at once
	Tell    bool   // done: tell them by mail that it was noted
	Work    ticket.Work
}

// unknownCaller has no mailbox (RFC 2606): nobody is mailed, and nobody can sign in as them.
const unknownCaller = "unknown-caller@nobody.invalid"

// Log notes a call or a walk-up: a ticket for the usual way, or one that was done on the spot, so that the favour is counted and
// not hidden. Done is no refusal and no confirmation: whoever it was for reads it, and reopens it with one word. Errors:
// Invalid, Denied.
func (s *Commands) Log(ctx context.Context, by auth.Actor, l LogInput) (t ticket.Ticket, err error) {
	if !by.Staff() {
		return t, errs.New(errs.Denied, "desk.log", "Calls are noted by IT. Write your request instead.")
	}
	if by.Channel, err = channel(l.Channel); err != nil {
		return t, err
	}
	n := New{By: by, Like: ticket.Ticket{Kind: ticket.Incident, Impact: ticket.Medium, Urgency: ticket.Medium}, Quiet: l.Done}
	n.Message = ticket.Message{Side: customer, Channel: by.Channel}
	if n.Subject, n.Message.Body, err = noted(l); err != nil {
		return t, err
	}
	err = s.lent.DB.Write(ctx, func(tx *db.Tx) error {
		if n.Requester, err = s.caller(ctx, tx, by, l.Who); err != nil {
			return err
		}
		n.Affected, n.At = n.Requester, s.lent.Clock.Now()
		obj := n.Affected.Object()
		obj.Kind, obj.Parties = "ticket", []string{n.Requester.ID}
		if err := auth.Can(by, auth.TicketCreate, obj); err != nil {
			return err
		}
		if t, err = s.lent.Open(ctx, tx, n); err != nil {
			return err
		}
		t, err = s.lent.In(ctx, tx, by, t, ticket.Act{Work: l.Work}, auth.TicketWork, "log", func(d *Deed) error { return onTheSpot(d, l) })
		return err
	})
	return t, err
}

const (
	customer = string(agreement.SideCustomer)
	provider = string(agreement.SideProvider)
)

// channel reads the way something was said. Errors: Invalid.
func channel(s string) (string, error) {
	switch s {
	case "", "phone":
		return "phone", nil
	case "walk_up":
		return s, nil
	}
	return "", errs.In("desk.log", "channel", "It is neither phone nor walk_up.")
}

// noted reads what a call was about: its first line is the subject.
func noted(l LogInput) (subject, body string, err error) {
	k := ticket.Checks{}
	body = k.Body("what", l.What, false)
	first, _, _ := strings.Cut(body, "\n")
	subject = text.Cut(text.Line(first), ticket.MaxSubject-1)
	if l.Work.Minutes == 0 && l.Done {
		k.Bad("minutes", "It is empty. Say how many minutes it took; what is done in passing counts too.")
	}
	if name := text.Cut(text.Line(l.Name), 100); name != "" && strings.TrimSpace(l.Who) == "" {
		body = "From " + name + ":\n\n" + body
	}
	return subject, body, k.Err("desk.log")
}

// caller finds who called: a person whom the actor may know of, or somebody nobody knows.
func (s *Commands) caller(ctx context.Context, tx *db.Tx, by auth.Actor, who string) (people.Person, error) {
	who = strings.TrimSpace(who)
	switch {
	case who == "":
		p, _, err := s.lent.People.ResolveSender(ctx, tx, unknownCaller, "Unknown caller")
		return p, err
	case strings.Contains(who, "@"):
		return s.lent.Party(ctx, tx, by, "who", who)
	case id.Valid(who):
		p, err := people.PersonByID(ctx, tx, who)
		if err == nil && (p.ID == by.PersonID || auth.Can(by, auth.PersonRead, p.Object()) == nil) {
			return p, nil
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return p, err
		}
	}
	return people.Person{}, errs.In("desk.log", "who", "There is nobody %q. Write a mail address, or leave it empty and write the name.", ticket.Short(who))
}

// onTheSpot ends what was done while they stood there.
func onTheSpot(d *Deed, l LogInput) error {
	if !l.Done {
		return nil
	}
	if d.Theirs(d.By.PersonID) {
		return errs.New(errs.Denied, "desk.log", "That is your own request, so somebody else notes that it is done. Open a ticket for it.")
	}
	if err := d.note(string(agreement.SolutionProposed), record.Data{Party: d.Ticket.RequesterID}); err != nil {
		return err
	}
	if err := d.note(string(agreement.Closed), record.Data{Cause: agreement.CauseOnTheSpot}); err != nil {
		return err
	}
	if l.Tell {
		d.Tell(letter.Noted, ticket.Message{MadeAt: d.Now}, "")
	}
	return nil
}

// CallInput is what was said on the telephone, or in person, about a ticket.
type CallInput struct {
	Channel  string        // phone (also ""), walk_up
	Ours     bool          // we said it; else they did
	Question *ticket.Asked // of ours: it is their turn from now on
}

// NoteCall writes down what was said about a ticket. Words of the customer move its turns exactly as their mail would, and they
// are told that it was noted, so that nothing is said in their name behind their back. Words of ours have reached them when they
// are written. Errors: Invalid, Conflict, Denied.
func (s *Commands) NoteCall(ctx context.Context, by auth.Actor, c ticket.Act, call CallInput) (said ticket.Spoken, err error) {
	if by.Channel, err = channel(call.Channel); err != nil {
		return said, err
	}
	said.Ticket, err = s.lent.Do(ctx, by, c, auth.TicketWork, "note-call", func(d *Deed) error {
		if d.Theirs(by.PersonID) {
			return errs.New(errs.Denied, "desk.note-call", "%s is your own request. Write it as yourself.", d.Ticket.Ref())
		}
		k := ticket.Checks{}
		m := d.message(&k, c.Body, false)
		if !call.Ours {
			m.Side, m.AuthorID = customer, d.Ticket.RequesterID
		}
		d.Ask(&k, call.Question, &m)
		if err := k.Err("desk.note-call"); err != nil {
			return err
		}
		if call.Ours {
			err = weSaid(d, &m)
		} else {
			err = theySaid(d, &m)
		}
		said.Message = m
		return err
	})
	return said, err
}

// message is words of IT's on the ticket.
func (d *Deed) message(k *ticket.Checks, body string, optional bool) ticket.Message {
	return ticket.Message{ID: id.New(), TicketID: d.Ticket.ID, AuthorID: d.By.PersonID, Side: provider, Channel: d.By.Channel, MadeAt: d.Now, Body: k.Body("body", body, optional)}
}

func theySaid(d *Deed, m *ticket.Message) error {
	d.For(m.AuthorID)
	if !d.Ticket.Open && !phrase.OnlyThanks(m.Body) {
		if d.Ticket.State == ticket.Merged || !d.InGrace() {
			return d.Over("It can't be reopened any more; open a new request and link it.")
		}
		if err := d.note(string(agreement.Reopened), record.Data{}); err != nil {
			return err
		}
	}
	if err := d.Say(m, time.Time{}); err != nil {
		return err
	}
	d.Tell(letter.Noted, ticket.Message{ID: m.ID, Side: customer, MadeAt: d.Now}, "")
	return nil
}

func weSaid(d *Deed, m *ticket.Message) error {
	if !d.Ticket.Open {
		return d.Over("Reopen it first.")
	}
	if err := d.Say(m, time.Time{}); err != nil {
		return err
	}
	return d.Reached(*m)
}
