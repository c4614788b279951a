package desk

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/read"
	"bothways/internal/desk/record"
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

// Waive lets somebody off an obligation that is owed or was missed: by a named person of the other side, with a reason, on the record.
// What the customer owes, who manages service levels or leads the site's IT lets off; what IT owes, who asked, whom it is for, or who
// signs for the site. Errors: Invalid, NotFound, Denied, Conflict for one that has ended and was not missed.
func (s *Service) Waive(ctx context.Context, by auth.Actor, c Act, obligationID string) (Ticket, error) {
	return s.waive(ctx, by, c, obligationID, "waive", func(a *act, o *agreement.Obligation) (string, data, error) {
		if o.State == agreement.StateWaived || o.Ended != 0 && o.Stands != agreement.StateBreached {
			return "", data{}, errs.New(errs.Conflict, "desk.waive", "%s has ended (%s), so there is nothing to let anybody off.", obligationID, o.State)
		}
		return string(agreement.Waived), data{Cause: "by " + string(a.sideOf())}, nil
	})
}

// WaiveStep leaves out one step that lies ahead on the ladder of an obligation; what comes after it comes as agreed. step is the Step of
// a timer that Ahead gives. Errors: as Waive; Invalid for a step that does not lie ahead.
func (s *Service) WaiveStep(ctx context.Context, by auth.Actor, c Act, obligationID string, step int) (Ticket, error) {
	return s.waive(ctx, by, c, obligationID, "waive-step", func(a *act, o *agreement.Obligation) (string, data, error) {
		events, err := record.Ledger(a.stream)
		if err != nil {
			return "", data{}, err
		}
		for _, t := range agreement.Simulate(events, a.facts()) {
			if t.Obligation == o.ID && t.Step == step {
				return string(agreement.StepTaken), data{Step: step, Action: t.Action, Cause: agreement.CauseWaived}, nil
			}
		}
		return "", data{}, errs.In("desk.waive", "step", "No such step lies ahead. Look at what will happen if nobody moves, and choose one of those.")
	})
}

func (s *Service) waive(ctx context.Context, by auth.Actor, c Act, obligationID, name string, what func(a *act, o *agreement.Obligation) (string, data, error)) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketRead, name), func(a *act) error {
		o, err := a.obligation(obligationID)
		if err != nil {
			return err
		}
		if strings.TrimSpace(c.Reason) == "" {
			return errs.In("desk.waive", "reason", "It is empty. Say why; both sides will read it.")
		}
		if err := a.mayWaive(o); err != nil {
			return err
		}
		kind, d, err := what(a, o)
		if err != nil {
			return err
		}
		m := Message{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, Side: sideSystem, Channel: by.Channel, MadeAt: a.now,
			Body: waivedWords(by.Name, o, d.Action) + ", because: " + text.Cut(text.Line(c.Reason), 500)}
		d.Ref, d.Metric, d.Message = o.CauseSeq, o.Metric, m.ID
		e, err := a.append(kind, d)
		if err != nil {
			return err
		}
		m.EventSeq = e.Seq
		return store.InsertMessage(a.ctx, a.tx, m)
	})
}

// waivedWords say what was waived by whom; the reason follows, for both sides to read.
func waivedWords(name string, o *agreement.Obligation, action string) string {
	what := strings.ReplaceAll(string(o.Metric), "_", " ")
	if action != "" {
		what = "one step of what follows on " + what + " (" + strings.ReplaceAll(action, "_", " ") + ")"
	}
	whose := "IT’s "
	if o.Side == agreement.SideCustomer {
		whose = "the customer’s "
	}
	return "Waived by " + name + ": " + whose + what
}

// mayWaive: nobody lets their own side off, and a follower speaks for nobody.
func (a *act) mayWaive(o *agreement.Obligation) error {
	if o.Side == agreement.SideCustomer {
		if a.isCustomer(a.by.PersonID) {
			return errs.New(errs.Denied, "desk.waive", "This is what you owe yourself. Ask IT to let you off, and say why.")
		}
		return auth.Can(a.by, auth.TicketWaive, a.t.Object(a.people))
	}
	if a.isCustomer(a.by.PersonID) || a.by.HoldsOver(auth.Signatory, a.t.Object(a.people)) {
		return nil
	}
	return errs.New(errs.Denied, "desk.waive", "This is a promise of IT's, and IT does not let itself off. Who asked for %s can, or who signs for the site.", a.t.Ref())
}

func (a *act) sideOf() agreement.Side {
	if a.side() == sideCustomer {
		return agreement.SideCustomer
	}
	return agreement.SideProvider
}

// facts are the dated facts at this act's instant.
func (a *act) facts() agreement.Facts {
	return agreement.Facts{Versions: a.versions, Now: a.now.Unix(), NeverLapse: a.t.NeverLapses()}
}
