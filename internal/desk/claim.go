package desk

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/read"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// ReturnQuestion says "you had this already": the span since the open question was IT's all along, and the question counts as
// needless in IT's column. Only the customer's side may. Errors: Conflict when no question is open; Invalid without words.
func (s *Service) ReturnQuestion(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketAnswer, "return-question"), func(a *act) error {
		if err := a.forCustomer("return a question of it"); err != nil {
			return err
		}
		o := read.OpenQuestion(a.result)
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

// MarkNoTurn classes a customer's message as one that moves no turn ("thanks"): the clocks read as if it had moved none.
// Errors: NotFound for a message that is not on the ticket; Conflict for one of IT's.
func (s *Service) MarkNoTurn(ctx context.Context, by auth.Actor, c Act, messageID string) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "no-turn"), func(a *act) error {
		if !id.Valid(messageID) {
			return ticket.NotHere("desk.no-turn")
		}
		m, err := store.MessageByID(ctx, a.tx, messageID, a.t.ID)
		if err != nil {
			return err
		}
		if m.Side != sideCustomer || !slices.ContainsFunc(a.stream, func(e event.Event) bool {
			return e.Seq == m.EventSeq && e.Kind == string(agreement.CustomerSpoke)
		}) {
			return errs.New(errs.Conflict, "desk.no-turn", "This message gave nobody the turn.")
		}
		if err := a.mayBeNoTurn(m); err != nil {
			return err
		}
		if err := store.SetMessageClass(ctx, a.tx, thanks, m.ID); err != nil {
			return err
		}
		_, err = a.append(string(agreement.MessageIsNoTurn), data{Ref: m.EventSeq, Message: m.ID})
		return err
	})
}

// mayBeNoTurn refuses to take the turn back from words that may matter: a mark is for a "thanks" that was not recognised, not
// for an answer, and it erases no promise that was broken.
func (a *act) mayBeNoTurn(m Message) error {
	files, err := store.MessageFiles(a.ctx, a.tx, a.t.ID)
	if err != nil {
		return err
	}
	refuse := func(why string) error {
		return errs.New(errs.Conflict, "desk.no-turn", "%s So it is IT's turn: answer it.", why).Reason("words-that-matter")
	}
	if len(files[m.ID]) > 0 || !phrase.MayThank(m.Body) {
		return refuse("This message says more than thanks.")
	}
	for i := range a.result.Obligations {
		o := &a.result.Obligations[i]
		switch {
		case o.CauseSeq == m.EventSeq && o.State == agreement.StateBreached:
			return refuse("IT's promise to answer this message was missed already, and a mark takes no miss back.")
		case o.Side == agreement.SideCustomer && o.Met != 0 && o.Met == m.MadeAt.Unix() && o.Metric != agreement.MetricConfirm:
			return refuse("This message answered a question of ours.")
		}
	}
	return nil
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
	return s.claim(ctx, by, c, obligationID, auth.TicketRead, "waive", agreement.Waived)
}

// Dispute challenges an obligation: it counts as disputed until both signatories agree, and both versions stay on record.
// Either side may. Errors: Invalid without a reason, NotFound, Denied.
func (s *Service) Dispute(ctx context.Context, by auth.Actor, c Act, obligationID string) (Ticket, error) {
	return s.claim(ctx, by, c, obligationID, auth.TicketSpeak, "dispute", agreement.Disputed)
}

func (s *Service) claim(ctx context.Context, by auth.Actor, c Act, obligationID string, verb auth.Verb, name string, kind agreement.Kind) (Ticket, error) {
	return s.act(ctx, by, inOf(c, verb, name), func(a *act) error {
		o, err := a.obligation(obligationID)
		if err != nil {
			return err
		}
		if strings.TrimSpace(c.Reason) == "" {
			return errs.In("desk."+name, "reason", "It is empty. Say why; both sides will read it.")
		}
		if err := a.mayClaim(kind, o); err != nil {
			return err
		}
		switch {
		case kind == agreement.Disputed && o.State == agreement.StateDisputed:
			return errs.New(errs.Conflict, "desk.dispute", "%s is disputed already.", obligationID)
		case kind == agreement.Waived && o.Ended != 0:
			return errs.New(errs.Conflict, "desk.waive", "%s has ended (%s), so there is nothing to let anybody off.", obligationID, o.State)
		}
		m := Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: sideSystem, Channel: by.Channel, MadeAt: a.now,
			Body: claimed(kind, o) + ": " + text.Cut(text.Line(c.Reason), 500)}
		e, err := a.append(string(kind), data{Ref: o.CauseSeq, Metric: o.Metric, Cause: "by " + string(a.sideOf()), Message: m.ID})
		if err != nil {
			return err
		}
		m.EventSeq = e.Seq
		return store.InsertMessage(a.ctx, a.tx, m)
	})
}

// claimed says in words what was waived or disputed; the reason follows, for both sides to read.
func claimed(kind agreement.Kind, o *agreement.Obligation) string {
	whose := "IT's"
	if o.Side == agreement.SideCustomer {
		whose = "the customer's"
	}
	what := strings.ReplaceAll(string(o.Metric), "_", " ")
	if kind == agreement.Waived {
		return "Let off: " + whose + " " + what
	}
	return "Challenged: " + whose + " " + what
}

// mayClaim: nobody lets their own side off, a follower speaks for nobody, and whether a solution works is no reading to challenge.
func (a *act) mayClaim(kind agreement.Kind, o *agreement.Obligation) error {
	customer := a.isCustomer(a.by.PersonID)
	if kind == agreement.Waived {
		if o.Side == agreement.SideProvider && !customer {
			return errs.New(errs.Denied, "desk.waive", "This is a promise of IT's, and IT does not let itself off. Who asked for %s can.", a.t.Ref())
		}
		if o.Side == agreement.SideCustomer {
			return auth.Can(a.by, auth.TicketWaive, a.t.Object(a.people))
		}
		return nil
	}
	if o.Metric == agreement.MetricConfirm {
		return errs.New(errs.Conflict, "desk.dispute", "Whether the solution works is not disputed but answered: confirm or reject it.")
	}
	if a.sideOf() == agreement.SideCustomer && !customer {
		return a.forCustomer("dispute it")
	}
	return nil
}

func (a *act) sideOf() agreement.Side {
	if a.side() == sideCustomer {
		return agreement.SideCustomer
	}
	return agreement.SideProvider
}
