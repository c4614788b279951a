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

// AgreeToWait answers a proposed wait with yes. Errors: Conflict when none is proposed, Denied for who is not asked.
func (s *Service) AgreeToWait(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketAnswer, "agree-wait"), func(a *act) error {
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
