package desk

import (
	"context"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// The occasions on which somebody is told something are the letter's; these are their short names here.
type tellKind = letter.Occasion

const (
	tellOpened   = letter.Opened
	tellReply    = letter.Reply
	tellQuestion = letter.Question
	tellSolution = letter.Solution
	tellWait     = letter.Wait
	tellRemind   = letter.Remind
	tellContact  = letter.Contact
	tellPause    = letter.Pause
	tellLapse    = letter.Lapse
	tellSilence  = letter.Silence
	tellLate     = letter.Late
	tellWarn     = letter.Warn
	tellNoted    = letter.Noted
	tellMerged   = letter.Merged
)

// outgoing is an occasion of an act, sent when the act has derived what it says.
type outgoing struct {
	what    tellKind
	message Message
	extra   data
	told    []audience.Told
}

// tell notes an occasion. It says whether the customer is mailed, so that the arrival of the mail will be an event; when
// somebody of theirs can't be told by mail, the portal shows it at once.
func (a *act) tell(what tellKind, m Message, extra *data) bool {
	o := outgoing{what: what, message: m}
	if extra != nil {
		o.extra = *extra
	}
	author := m.AuthorID
	if what == tellOpened || what == tellNoted {
		author = "" // that we have it is news to who asked
	}
	told, err := audience.Of(a.ctx, a.tx, a.s.people, a.t, a.people, what, author)
	if err == nil {
		err = moves.LetStandIn(a.deed(), told)
	}
	if err != nil {
		a.failed = err
		return false
	}
	o.told = told
	a.mails = append(a.mails, o)
	return a.s.box.Mails() && slices.ContainsFunc(told, func(t audience.Told) bool { return a.isCustomer(t.Person.ID) })
}

func (a *act) isCustomer(personID string) bool {
	return personID == a.t.RequesterID || personID == a.t.AffectedID
}

// sendAll queues the mails of an act. r is the ledger after it.
func (a *act) sendAll(r agreement.Result) error {
	if a.failed != nil {
		return a.failed
	}
	for _, o := range a.mails {
		if len(o.told) == 0 {
			continue
		}
		l, err := a.letter(o, r)
		if err != nil {
			return err
		}
		if a.answers, err = store.LastMailOf(a.ctx, a.tx, a.t.ID); err != nil {
			return err
		}
		for _, t := range o.told {
			if err := a.send(o, l, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *act) send(o outgoing, l letter.Letter, t audience.Told) error {
	budget := audience.Budget{Box: a.s.box, Ticket: a.t, Spoken: a.spoken(), Now: a.now}
	if ok, err := budget.Allows(a.ctx, a.tx, o.what, t.Person); err != nil || !ok {
		return err
	}
	rowID := id.New()
	zone := t.Person.Location()
	subject, body := l.Write(letter.Reader{Zone: zone, Because: t.Because, Follows: o.what != tellWarn && o.what != tellContact && o.what != letter.Away && t.For == "" && !a.isCustomer(t.Person.ID)})
	m := box.Outbound{
		ID: rowID, TicketID: a.t.ID, ItemID: o.message.ID, Kind: string(o.what), PersonID: t.Person.ID, Recipient: t.Person.Address,
		Because: t.Because, MessageID: mail.MessageID(a.s.conf.ReplyKey, rowID, a.s.domain()), InReplyTo: a.answers,
		Subject: subject, Body: body, Automatic: o.what != tellReply && o.what != tellQuestion && o.what != tellSolution,
	}
	if m.Automatic {
		pref, err := people.PreferenceOf(a.ctx, a.tx, t.Person.ID)
		if err != nil {
			return err
		}
		m.NextAt = pref.Quiet.Next(a.now, zone)
	}
	from, _ := a.s.conf.mailboxes().From(ticket.DoorOfTeam(a.t.TeamID))
	m.ReplyTo, _ = mail.ReplyAddress(from, mail.NewReplyToken(a.s.conf.ReplyKey, a.t.Number))
	_, err := a.s.box.Send(a.ctx, a.tx, m)
	return err
}

// spoken says whether a person of IT has written to the customer.
func (a *act) spoken() bool {
	isMessage := func(e event.Event) bool { return e.Kind == evMessage }
	return slices.ContainsFunc(a.all(), isMessage)
}

// Arrived implements box.Hooks: the relay answered for a mail. Words of IT reached the customer at this instant.
func (s *Service) Arrived(ctx context.Context, tx *db.Tx, m box.Outbound) error {
	what := tellKind(m.Kind)
	if m.TicketID == "" || what != tellReply && what != tellQuestion && what != tellSolution {
		return nil
	}
	return s.onTicket(ctx, tx, m.TicketID, "arrived", func(a *act) error {
		merged := a.t.State == Merged
		if !a.isCustomer(m.PersonID) || a.reached(m.ItemID) || !a.t.Open && !merged {
			return nil
		}
		msg, err := store.MessageByID(ctx, tx, m.ItemID, a.t.ID)
		if err != nil {
			return err
		}
		if merged { // what it asks is asked on the other ticket or not at all
			what = tellReply
		}
		if err := a.arrived(what, msg.ID, msg.Metric, unix(msg.NeedDue)); err != nil {
			return err
		}
		return s.box.SetEvent(ctx, tx, m.ID, a.log.Seq())
	})
}

// reached says whether a message reached the customer already.
func (a *act) reached(messageID string) bool {
	return slices.ContainsFunc(a.stream, arrivalOf(messageID))
}

// arrivalOf finds the event that a message reached the customer.
func arrivalOf(messageID string) func(event.Event) bool {
	return func(e event.Event) bool {
		switch agreement.Kind(e.Kind) {
		case agreement.ProviderSpoke, agreement.QuestionAsked, agreement.SolutionProposed:
			return record.DataOf(e).Message == messageID
		}
		return false
	}
}

// Undeliverable implements box.Hooks: a mail will never arrive. The turn it opened, or would have opened, is the desk's.
func (s *Service) Undeliverable(ctx context.Context, tx *db.Tx, m box.Outbound) error {
	if m.TicketID == "" {
		return nil
	}
	err := s.onTicket(ctx, tx, m.TicketID, "undeliverable", func(a *act) error {
		kind, d := evUndelivered, data{Message: m.ItemID, Party: m.PersonID, Action: m.Kind}
		if m.EventSeq > 0 {
			kind, d.Ref = string(agreement.Undeliverable), m.EventSeq
		}
		a.t.LastLine = "A mail could not be delivered to " + m.Recipient
		_, err := a.append(kind, d)
		return err
	})
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// onTicket runs a command of the desk itself on a ticket.
func (s *Service) onTicket(ctx context.Context, tx *db.Tx, ticketID, name string, fn func(a *act) error) error {
	t, err := store.ByID(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	_, err = s.actIn(ctx, tx, systemActor(), t, in{name: name, verb: "ticket.work"}, fn)
	return err
}
