package desk

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
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

// Told is one person who is told, and why.
type Told struct {
	Person  people.Person
	Because string
}

// outgoing is an occasion of an act, sent when the act has derived what it says.
type outgoing struct {
	what    tellKind
	message Message
	extra   data
	told    []Told
}

// audience is the one function that decides who is told on an occasion, and says why. Nobody is told of their own act.
func (s *Service) audience(ctx context.Context, q db.Querier, t Ticket, parts []Participant, what tellKind, author string) ([]Told, error) {
	var out []Told
	add := func(p people.Person, because string) {
		mailable := p.Mailed && p.Address != "" && !p.Disabled()
		if mailable && p.ID != author && !slices.ContainsFunc(out, func(o Told) bool { return o.Person.Address == p.Address }) {
			out = append(out, Told{p, because})
		}
	}
	switch what {
	case tellWarn:
		return out, s.staffOf(ctx, q, t, add)
	case tellContact:
		if t.SiteID == "" {
			return nil, nil
		}
		contacts, err := s.people.Contacts(ctx, q, t.SiteID)
		for _, p := range contacts {
			add(p, "you are the contact of "+p.SiteName)
		}
		return out, err
	}
	for _, w := range parts {
		because := ""
		switch w.Role {
		case Requester:
			because = "you asked for this"
		case Affected:
			because = "this is for you"
		case Watcher:
			if what != tellReply && what != tellQuestion && what != tellSolution {
				continue
			}
			because = "you follow this request"
		default:
			continue
		}
		if w.Role == Watcher {
			if pref, err := people.PreferenceOf(ctx, q, w.PersonID); err != nil || !pref.Copies {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		p, err := people.PersonByID(ctx, q, w.PersonID)
		if err != nil {
			return nil, err
		}
		add(p, because)
	}
	return out, nil
}

// staffOf adds who in IT has to act: the assignee, else the members of the team.
func (s *Service) staffOf(ctx context.Context, q db.Querier, t Ticket, add func(people.Person, string)) error {
	if t.AssigneeID != "" {
		p, err := people.PersonByID(ctx, q, t.AssigneeID)
		if err != nil {
			return err
		}
		add(p, "this is assigned to you")
		return nil
	}
	members, err := people.StaffOfTeam(ctx, q, t.TeamID)
	for _, p := range members {
		add(p, "it is your team's turn and nobody has taken it")
	}
	return err
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
	told, err := a.s.audience(a.ctx, a.tx, a.t, a.people, what, author)
	if err != nil {
		a.failed = err
		return false
	}
	o.told = told
	a.mails = append(a.mails, o)
	return a.s.box.Mails() && slices.ContainsFunc(told, func(t Told) bool { return a.isCustomer(t.Person.ID) })
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

func (a *act) send(o outgoing, l letter.Letter, t Told) error {
	if ok, err := a.withinBudget(o, t); err != nil || !ok {
		return err
	}
	rowID := id.New()
	zone, err := time.LoadLocation(t.Person.Zone)
	if err != nil {
		zone = time.UTC
	}
	subject, body := l.Write(letter.Reader{Zone: zone, Because: t.Because, Follows: o.what != tellWarn && o.what != tellContact && !a.isCustomer(t.Person.ID)})
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
	m.ReplyTo, _ = mail.ReplyAddress(a.s.conf.Address, mail.NewReplyToken(a.s.conf.ReplyKey, a.t.Number))
	_, err = a.s.box.Send(a.ctx, a.tx, m)
	return err
}

// Budgets of automatic answers to mails that came in: a correspondent whom our classes do not recognise as a machine can't
// make us talk to it without end, and a forged sender can't make us flood somebody.
const (
	acksAnHour    = 3
	acksADay      = 10
	strangersADay = 1
	strangersHour = 200 // to all strangers together
	ladderADay    = 5   // of a kind, to a person, on tickets that only a name opened
)

func (a *act) withinBudget(o outgoing, t Told) (bool, error) {
	if a.t.Channel != channelMail {
		return true, nil
	}
	if o.what != tellOpened {
		return a.ladderBudget(o, t)
	}
	box, kind := a.s.box, string(tellOpened)
	if t.Person.Stranger() {
		n, err := box.SentToMailbox(a.ctx, a.tx, t.Person.Address, kind, a.now.Add(-24*time.Hour))
		if err != nil || n >= strangersADay {
			return false, err
		}
		all, err := box.KindSince(a.ctx, a.tx, kind, a.now.Add(-time.Hour))
		return all < strangersHour, err
	}
	day, err := box.SentSince(a.ctx, a.tx, t.Person.Address, kind, "", a.now.Add(-24*time.Hour))
	if err != nil || day >= acksADay {
		return false, err
	}
	hour, err := box.SentSince(a.ctx, a.tx, t.Person.Address, kind, "", a.now.Add(-time.Hour))
	return hour < acksAnHour, err
}

// ladderBudget: the sender's name may be forged. Until a person of IT wrote back, the ledger's own mails go to no stranger,
// and to a known address a few times a day whatever the number of tickets opened in its name; staff get no flood either.
func (a *act) ladderBudget(o outgoing, t Told) (bool, error) {
	if a.t.Auth == string(mail.AuthAligned) || a.spoken() {
		return true, nil
	}
	if t.Person.Stranger() {
		return false, nil
	}
	n, err := a.s.box.SentSince(a.ctx, a.tx, t.Person.Address, string(o.what), "", a.now.Add(-24*time.Hour))
	return n < ladderADay, err
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
