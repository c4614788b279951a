package desk

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/read"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// ProposeWait asks the customer whether a ticket may wait until an instant: a blocking question, so it is their turn. Yes makes
// it nobody's turn until then, anything else makes it IT's. Body may say why. Errors: Invalid, Conflict.
func (s *Service) ProposeWait(ctx context.Context, by auth.Actor, c Act, until time.Time) (SpeakResult, error) {
	var m Message
	t, err := s.act(ctx, by, c.in(auth.TicketWork, "propose-wait"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		k := checks{}
		if !until.After(a.now) || until.After(a.now.AddDate(0, 0, longestWait)) {
			k.bad("until", "It is not between now and 90 days from now. For longer, agree on a new date then.")
		}
		m = Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: a.side(), Channel: by.Channel, MadeAt: a.now, Body: k.body("body", c.Body, true)}
		if m.Side != sideProvider {
			return errs.New(errs.Denied, "desk.propose-wait", "%s is your own request. Write what you would like; somebody else proposes the date.", a.t.Ref())
		}
		zone, err := a.deed().Zone(a.t.RequesterID)
		if err != nil {
			return err
		}
		at := until.In(zone).Format("Mon 2 Jan 2006, 15:04")
		if m.Body == "" {
			m.Body = "May this wait until " + at + "? Until then it would be nobody’s turn; after that it is ours again."
		}
		a.question(&k, &QuestionInput{Need: "a yes or no: may this wait until " + at + "?"}, &m)
		if err := k.err("desk.propose-wait"); err != nil {
			return err
		}
		a.proposed = until
		return a.say(&m, nil)
	})
	return SpeakResult{t, m}, err
}

// AgreeToWait answers a proposed wait with yes. Errors: Conflict when none is proposed, Denied for who is not asked.
func (s *Service) AgreeToWait(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketAnswer, "agree-wait"), func(a *act) error {
		if err := a.forCustomer("agree to a wait"); err != nil {
			return err
		}
		until := a.asksToWait()
		if until.IsZero() {
			return errs.New(errs.Conflict, "desk.agree-wait", "Nobody asks whether %s may wait: it is %s.", a.t.Ref(), words(a.t.State))
		}
		if !until.After(a.now) {
			return errs.New(errs.Conflict, "desk.agree-wait", "The date that was proposed has passed. Answer in your own words.")
		}
		zone, err := a.deed().Zone(by.PersonID)
		if err != nil {
			return err
		}
		m := Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: sideCustomer, Channel: by.Channel, MadeAt: a.now,
			Body: "Yes, wait until " + until.In(zone).Format("Mon 2 Jan 2006, 15:04") + "."}
		a.t.LastLine = lastLine(m.Body)
		return a.agreeToWait(&m)
	})
}

// asksToWait is until when the open question proposes to wait; zero when it does not.
func (a *act) asksToWait() time.Time {
	o := read.OpenQuestion(a.result)
	if o == nil {
		return time.Time{}
	}
	return record.ProposedWait(a.stream, o.CauseSeq)
}

// agrees says whether words of the customer say yes to a proposed wait.
func (a *act) agrees(m *Message) bool {
	return !a.unproven && a.isCustomer(m.AuthorID) && phrase.Agrees(m.Body) && a.asksToWait().After(a.now)
}

// agreeToWait writes the answer, and the wait that follows from it.
func (a *act) agreeToWait(m *Message) error {
	until := a.asksToWait()
	e, err := a.append(string(agreement.CustomerSpoke), data{Message: m.ID, Mail: m.MailID, Party: m.AuthorID})
	if err != nil {
		return err
	}
	if _, err := a.append(string(agreement.WaitAgreed), data{Until: unix(until), Consent: true, Party: m.AuthorID}); err != nil {
		return err
	}
	m.EventSeq = e.Seq
	a.tell(tellWait, Message{NeedDue: until, MadeAt: a.now}, nil)
	return store.InsertMessage(a.ctx, a.tx, *m)
}
