package desk

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// inOf is what a command takes of an act.
func inOf(c Act, verb auth.Verb, name string) in {
	return in{number: c.Number, version: c.Version, verb: verb, name: name, reason: text.Cut(text.Line(c.Reason), 500), was: c.Was, work: c.Work}
}

// Resolve proposes a solution: when it reached the customer it is their turn to confirm. Body says what was done; it is
// required. Errors: Invalid; Conflict when the ticket has ended or a solution waits already; Denied for the requester
// themselves, who can withdraw.
func (s *Service) Resolve(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "resolve"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		if err := a.canSolve(); err != nil {
			return err
		}
		ch := checks{}
		m := Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: sideProvider, Channel: by.Channel, MadeAt: a.now,
			Body: ch.body("body", c.Body, false), Metric: agreement.MetricConfirm, Need: needConfirm}
		if err := ch.err("desk.resolve"); err != nil {
			return err
		}
		e, err := a.append(evMessage, data{Message: m.ID, Metric: agreement.MetricConfirm})
		if err != nil {
			return err
		}
		m.EventSeq = e.Seq
		a.t.LastLine = lastLine(m.Body)
		if err := store.InsertMessage(a.ctx, a.tx, m); err != nil {
			return err
		}
		return a.reach(tellSolution, m, nil)
	})
}

// needConfirm is what the customer is asked with a solution.
const needConfirm = "whether it works"

// canSolve refuses a solution of the actor's.
func (a *act) canSolve() error {
	if a.t.State == Resolved {
		return errs.New(errs.Conflict, "desk.resolve", "A solution of %s is with the customer already. Write a message if something is to be added.", a.t.Ref())
	}
	if a.isCustomer(a.by.PersonID) && a.by.PersonID != "" {
		return errs.New(errs.Denied, "desk.resolve", "%s is your own request, so somebody else resolves it. If you do not need it any more, withdraw it.", a.t.Ref())
	}
	return auth.Can(a.by, auth.TicketWork, a.t.Object(a.people))
}

// Confirm accepts the solution: the ticket closes. Only the customer's side confirms, and never who resolved it.
// Errors: Conflict when no solution waits; Denied.
func (s *Service) Confirm(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketAnswer, "confirm"), func(a *act) error {
		if a.t.State == Closed {
			return nil // confirmed twice is confirmed
		}
		if err := a.solutionWaits("confirm"); err != nil {
			return err
		}
		if a.solvedBy() == by.PersonID && by.PersonID != "" {
			return errs.New(errs.Denied, "desk.confirm", "You proposed the solution of %s yourself, so somebody else confirms it.", a.t.Ref())
		}
		if err := a.customerWords(c.Body); err != nil {
			return err
		}
		return a.confirm()
	})
}

// solvedBy is who proposed the solution that waits.
func (a *act) solvedBy() string {
	for i := len(a.stream) - 1; i >= 0; i-- {
		if e := a.stream[i]; e.Kind == evMessage && record.DataOf(e).Metric == agreement.MetricConfirm {
			return e.Actor
		}
	}
	return ""
}

// confirm closes: the cause says that the customer did.
func (a *act) confirm() error { return a.end(agreement.CauseConfirmed) }

// Reject says that the solution does not work: IT's turn, the same promise goes on. Body says what is still wrong.
// Errors: as Confirm, and Invalid without words.
func (s *Service) Reject(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketAnswer, "reject"), func(a *act) error {
		if err := a.solutionWaits("reject"); err != nil {
			return err
		}
		if strings.TrimSpace(c.Body) == "" {
			return errs.In("desk.reject", "body", "It is empty. Say what is still wrong, so that we can go on.")
		}
		return a.reject(c.Body)
	})
}

// forCustomer refuses who only follows a ticket: answers are the requester's or the affected person's.
func (a *act) forCustomer(verb string) error {
	if a.isCustomer(a.by.PersonID) || a.by.Kind == auth.System {
		return nil
	}
	return errs.New(errs.Denied, "desk."+verb, "Only who asked for %s, or for whom it is, can %s.", a.t.Ref(), verb)
}

// reject goes on with the same promise, in the customer's words.
func (a *act) reject(body string) error {
	m, err := a.customerMessage(body)
	if err != nil {
		return err
	}
	a.t.LastLine = lastLine(m.Body)
	for _, kind := range []agreement.Kind{agreement.SolutionRejected, agreement.CustomerSpoke} {
		if _, err := a.append(string(kind), data{Message: m.ID, Party: m.AuthorID}); err != nil {
			return err
		}
	}
	m.EventSeq = a.log.Seq()
	return store.InsertMessage(a.ctx, a.tx, m)
}

func (a *act) solutionWaits(verb string) error {
	if err := a.forCustomer(verb); err != nil {
		return err
	}
	if !a.t.Open {
		return a.over("Reopen it if something is missing.")
	}
	if a.t.State != Resolved {
		return errs.New(errs.Conflict, "desk."+verb, "There is no solution of %s to %s yet: it is %s.", a.t.Ref(), verb, words(a.t.State))
	}
	return nil
}

// customerWords adds words of the customer that go with a command, if there are any; they are no event of their own.
func (a *act) customerWords(body string) error {
	m, err := a.customerMessage(body)
	if err != nil || m.Body == "" {
		return err
	}
	m.EventSeq = a.log.Seq()
	a.t.LastLine = lastLine(m.Body)
	return store.InsertMessage(a.ctx, a.tx, m)
}

func (a *act) customerMessage(body string) (Message, error) {
	c := checks{}
	m := Message{ID: id.New(), TicketID: a.t.ID, AuthorID: a.by.PersonID, Side: sideCustomer, Channel: a.by.Channel, MadeAt: a.now, Body: c.body("body", body, true)}
	return m, c.err("desk")
}

func (a *act) end(cause string) error {
	_, err := a.append(string(agreement.Closed), data{Cause: cause})
	return err
}

// Reopen goes on with the same ledger within the grace period of the agreement; later it answers Conflict with the way out:
// a new request, linked. Errors: Conflict, Invalid, Denied, NotFound.
func (s *Service) Reopen(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketReopen, "reopen"), func(a *act) error {
		if a.t.State == Merged {
			return a.over("")
		}
		if a.t.Open {
			return errs.New(errs.Conflict, "desk.reopen", "%s is open: it is %s.", a.t.Ref(), words(a.t.State))
		}
		if !a.inGrace(a.now) {
			return errs.New(errs.Conflict, "desk.reopen", "%s closed on %s and could be reopened for %d days. Open a new request and name %s in it.",
				a.t.Ref(), a.t.ClosedAt.Format("2 January 2006"), a.grace(), a.t.Ref()).Reason("grace-period-over")
		}
		if _, err := a.append(string(agreement.Reopened), data{}); err != nil {
			return err
		}
		m, err := a.customerMessage(c.Body)
		if err != nil || m.Body == "" || a.side() == sideProvider {
			return err
		}
		return a.say(&m, nil)
	})
}

// grace is for how many days a closed ticket can be reopened.
func (a *act) grace() int {
	if n := len(a.papers); n > 0 {
		return a.papers[n-1].Terms.GraceDays
	}
	return 0
}

func (a *act) inGrace(at time.Time) bool {
	return at.Before(a.t.ClosedAt.AddDate(0, 0, a.grace()))
}

// Withdraw ends a ticket at the wish of the customer's side. Errors: Conflict when it has ended; Denied.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketAnswer, "withdraw"), func(a *act) error {
		if err := a.forCustomer("withdraw it"); err != nil {
			return err
		}
		if !a.t.Open {
			return a.over("There is nothing left to withdraw.")
		}
		if err := a.customerWords(c.Body); err != nil {
			return err
		}
		return a.end(agreement.CauseWithdrawn)
	})
}

// DiscardAsNoTicket ends what was never a request: spam and misrouted machine mail. Never what a known customer wrote
// themselves (domain.md §3): that takes an answer. Errors: Conflict, Denied.
func (s *Service) DiscardAsNoTicket(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "not-a-ticket"), func(a *act) error {
		if !a.t.Open {
			return a.over("There is nothing to discard.")
		}
		p, err := people.PersonByID(ctx, a.tx, a.t.RequesterID)
		if err != nil {
			return err
		}
		first, err := store.FirstMessage(ctx, a.tx, a.t.ID)
		if err != nil {
			return err
		}
		machine := first.Class != "" && first.Class != classPerson
		if !p.Stranger() && !machine {
			return errs.New(errs.Conflict, "desk.not-a-ticket", "%s is a known customer who asked for something, so %s needs an answer: resolve it, or ask.", p.Name, a.t.Ref()).Reason("known-customer")
		}
		return a.end(agreement.CauseNotATicket)
	})
}

// words is a state in a sentence.
func words(s State) string { return s.Words() }
