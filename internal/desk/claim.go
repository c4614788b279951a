package desk

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// ReturnQuestion says "you had this already": the span since the open question was IT's all along, and the question counts as
// needless in IT's column. Only the customer's side may. Errors: Conflict when no question is open; Invalid without words.
func (s *Service) ReturnQuestion(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketAnswer, "return-question"), func(a *act) error {
		o := openQuestion(a.result)
		if o == nil {
			return errs.New(errs.Conflict, "desk.return-question", "No question of %s waits for you: it is %s.", a.t.Ref(), words(a.t.State))
		}
		if strings.TrimSpace(c.Body) == "" {
			return errs.In("desk.return-question", "body", "It is empty. Say where we have the answer already, for example \"in my first mail\".")
		}
		if _, err := a.append(string(agreement.QuestionReturned), data{Ref: o.CauseSeq}); err != nil {
			return err
		}
		return a.customerWords(c.Body)
	})
}

// openQuestion is the obligation of the blocking question that waits, or nil.
func openQuestion(r agreement.Result) *agreement.Obligation {
	for i := len(r.Obligations) - 1; i >= 0; i-- {
		o := &r.Obligations[i]
		if (o.Metric == agreement.MetricAnswer || o.Metric == agreement.MetricSupplyFacts) && o.Ended == 0 {
			return o
		}
	}
	return nil
}

// MarkNoTurn classes a customer's message as one that moves no turn ("thanks"): the clocks read as if it had moved none.
// Errors: NotFound for a message that is not on the ticket; Conflict for one of IT's.
func (s *Service) MarkNoTurn(ctx context.Context, by auth.Actor, c Act, messageID string) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "no-turn"), func(a *act) error {
		if !id.Valid(messageID) {
			return ticket.NotHere("desk.no-turn")
		}
		m, err := scanMessage(a.tx.QueryRow(ctx, sqlMessageByID, messageID, a.t.ID))
		if err != nil {
			return err
		}
		if m.Side != sideCustomer || !slices.ContainsFunc(a.stream, func(e event.Event) bool {
			return e.Seq == m.EventSeq && e.Kind == string(agreement.CustomerSpoke)
		}) {
			return errs.New(errs.Conflict, "desk.no-turn", "This message gave nobody the turn.")
		}
		if _, err := a.tx.Exec(ctx, sqlMessageClass, thanks, m.ID); err != nil {
			return err
		}
		_, err = a.append(string(agreement.MessageIsNoTurn), data{Ref: m.EventSeq, Message: m.ID})
		return err
	})
}

// obligation finds one by its id.
func (a *act) obligation(obligationID string) (*agreement.Obligation, error) {
	for i := range a.result.Obligations {
		if o := &a.result.Obligations[i]; o.ID == obligationID {
			return o, nil
		}
	}
	return nil, errs.New(errs.NotFound, "desk.obligation", "%s has no obligation %q. Look at the list of its obligations.", a.t.Ref(), ticket.Short(obligationID))
}

// Waive lets somebody off an obligation: by a named person, with a reason, on the record. Errors: Invalid, NotFound, Denied,
// Conflict for one that has ended.
func (s *Service) Waive(ctx context.Context, by auth.Actor, c Act, obligationID string) (Ticket, error) {
	return s.claim(ctx, by, c, obligationID, auth.TicketWaive, "waive", agreement.Waived)
}

// Dispute challenges an obligation: it counts as disputed until both signatories agree, and both versions stay on record.
// Either side may. Errors: Invalid without a reason, NotFound, Denied.
func (s *Service) Dispute(ctx context.Context, by auth.Actor, c Act, obligationID string) (Ticket, error) {
	return s.claim(ctx, by, c, obligationID, auth.TicketSpeak, "dispute", agreement.Disputed)
}

func (s *Service) claim(ctx context.Context, by auth.Actor, c Act, obligationID string, verb auth.Verb, name string, kind agreement.Kind) (Ticket, error) {
	return s.act(ctx, by, c.in(verb, name), func(a *act) error {
		o, err := a.obligation(obligationID)
		if err != nil {
			return err
		}
		if strings.TrimSpace(c.Reason) == "" {
			return errs.In("desk."+name, "reason", "It is empty. Say why; both sides will read it.")
		}
		switch {
		case kind == agreement.Disputed && o.State == agreement.StateDisputed:
			return errs.New(errs.Conflict, "desk.dispute", "%s is disputed already.", obligationID)
		case kind == agreement.Waived && o.Ended != 0:
			return errs.New(errs.Conflict, "desk.waive", "%s has ended (%s), so there is nothing to let anybody off.", obligationID, o.State)
		}
		_, err = a.append(string(kind), data{Ref: o.CauseSeq, Metric: o.Metric, Cause: "by " + string(a.sideOf())})
		return err
	})
}

func (a *act) sideOf() agreement.Side {
	if a.side() == sideCustomer {
		return agreement.SideCustomer
	}
	return agreement.SideProvider
}
