package desk

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/phrase"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
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
	Work    Work
}

// Log notes a call or a walk-up: a ticket for the usual way, or one that was done on the spot, so that the favour is counted and
// not hidden. Done is no refusal and no confirmation: whoever it was for reads it, and reopens it with one word. Errors:
// Invalid, Denied.
func (s *Service) Log(ctx context.Context, by auth.Actor, l LogInput) (Ticket, error) {
	channel, err := moves.Channel(l.Channel)
	if err != nil {
		return Ticket{}, err
	}
	by.Channel = channel
	o := opening{by: by, kind: Incident, submitter: by.PersonID, impact: Medium, urgency: Medium, quiet: l.Done}
	o.message = Message{Side: sideCustomer, Channel: channel}
	if o.subject, o.message.Body, err = moves.Noted(l.What, l.Name, l.Who != "", l.Done, l.Work.Minutes); err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if o.requester, err = moves.Caller(ctx, tx, s.people, by, l.Who, func(address string) (people.Person, error) { return s.party(ctx, tx, by, "who", address, "") }); err != nil {
			return err
		}
		o.affected, o.at = o.requester, s.clk.Now()
		obj := o.affected.Object()
		obj.Kind, obj.Parties = "ticket", []string{o.requester.ID}
		if err := auth.Can(by, auth.TicketCreate, obj); err != nil {
			return err
		}
		if t, err = s.open(ctx, tx, o, nil); err != nil {
			return err
		}
		t, err = s.actIn(ctx, tx, by, t, in{verb: auth.TicketWork, name: "log", work: l.Work}, func(a *act) error { return a.logged(l) })
		return err
	})
	return t, err
}

// logged ends what was done on the spot.
func (a *act) logged(l LogInput) error {
	if !l.Done {
		return nil
	}
	if a.isCustomer(a.by.PersonID) {
		return errs.New(errs.Denied, "desk.log", "That is your own request, so somebody else notes that it is done. Open a ticket for it.")
	}
	if _, err := a.append(string(agreement.SolutionProposed), data{Party: a.t.RequesterID}); err != nil {
		return err
	}
	if err := a.end(agreement.CauseOnTheSpot); err != nil {
		return err
	}
	if l.Tell {
		a.tell(tellNoted, Message{MadeAt: a.now}, nil)
	}
	return nil
}

// CallInput is what was said on the telephone, or in person, about a ticket.
type CallInput struct {
	Channel  string         // phone (also ""), walk_up
	Ours     bool           // we said it; else they did
	Question *QuestionInput // of ours: it is their turn from now on
}

// NoteCall writes down what was said about a ticket. Words of the customer move its turns exactly as their mail would, and they
// are told that it was noted, so that nothing is said in their name behind their back. Words of ours have reached them when they
// are written. Errors: Invalid, Conflict, Denied.
func (s *Service) NoteCall(ctx context.Context, by auth.Actor, c Act, call CallInput) (SpeakResult, error) {
	var m Message
	var err error
	if by.Channel, err = moves.Channel(call.Channel); err != nil {
		return SpeakResult{}, err
	}
	t, err := s.act(ctx, by, c.in(auth.TicketWork, "note-call"), func(a *act) error {
		if a.isCustomer(by.PersonID) {
			return errs.New(errs.Denied, "desk.note-call", "%s is your own request. Write it as yourself.", a.t.Ref())
		}
		k := checks{}
		m = Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: sideProvider, Channel: by.Channel, MadeAt: a.now, Body: k.body("body", c.Body, false)}
		if !call.Ours {
			m.Side, m.AuthorID, a.behalf = sideCustomer, a.t.RequesterID, a.t.RequesterID
		}
		a.question(&k, call.Question, &m)
		if err := k.err("desk.note-call"); err != nil {
			return err
		}
		if call.Ours {
			return a.weSaid(&m)
		}
		return a.theySaid(&m)
	})
	return SpeakResult{t, m}, err
}

func (a *act) theySaid(m *Message) error {
	if !a.t.Open && !phrase.OnlyThanks(m.Body) {
		if a.t.State == Merged || !a.inGrace(a.now) {
			return a.over("It can't be reopened any more; open a new request and link it.")
		}
		if _, err := a.append(string(agreement.Reopened), data{}); err != nil {
			return err
		}
	}
	if err := a.say(m, nil); err != nil {
		return err
	}
	a.tell(tellNoted, Message{ID: m.ID, Side: sideCustomer, MadeAt: a.now}, nil)
	return nil
}

func (a *act) weSaid(m *Message) error {
	if !a.t.Open {
		return a.over("Reopen it first.")
	}
	if err := a.say(m, nil); err != nil || a.reachedNow(m.ID) {
		return err
	}
	what := tellReply
	if m.Need != "" {
		what = tellQuestion
	}
	return a.arrived(what, m.ID, m.Metric, unix(m.NeedDue))
}

// reachedNow says whether this act wrote that a message reached the customer.
func (a *act) reachedNow(messageID string) bool {
	for _, e := range a.log.Wrote() {
		if arrivalOf(messageID)(e) {
			return true
		}
	}
	return false
}
