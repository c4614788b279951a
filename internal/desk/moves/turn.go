package moves

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// WaitInput is an agreed wait.
type WaitInput struct {
	Until  time.Time
	Agreed bool // the customer agreed; without that the clocks run on
}

// Wait notes a wait until an instant. Agreed with the customer, it is nobody's turn until then, and they are told so; without
// their consent it is a plan of IT's and IT's clock runs on. Errors: Invalid, Conflict.
func (s *Commands) Wait(ctx context.Context, by auth.Actor, c ticket.Act, w WaitInput) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "wait", func(d *Deed) error {
		if !d.Ticket.Open {
			return d.Over("Reopen it first.")
		}
		if d.Ticket.TurnSide == agreement.SideCustomer {
			return errs.New(errs.Conflict, "desk.wait", "It is the customer's turn on %s (%s). A wait begins on IT's turn.", d.Ticket.Ref(), d.Ticket.State.Words())
		}
		k := ticket.Checks{}
		if !w.Until.After(d.Now) || w.Until.After(d.Now.AddDate(0, 0, longestWait)) {
			k.Bad("until", "It is not between now and 90 days from now. For longer, agree on a new date then.")
		}
		if w.Agreed && strings.TrimSpace(c.Reason) == "" {
			k.Bad("reason", "It is empty. Say how the customer agreed, and to what.")
		}
		if err := k.Err("desk.wait"); err != nil {
			return err
		}
		if err := d.note(string(agreement.WaitAgreed), record.Data{Until: w.Until.Unix(), Consent: w.Agreed}); err != nil {
			return err
		}
		if w.Agreed {
			d.Tell(letter.Wait, ticket.Message{NeedDue: w.Until, MadeAt: d.Now}, "")
		}
		return nil
	})
}

// EndWait ends a wait before its time. Errors: Conflict when there is none.
func (s *Commands) EndWait(ctx context.Context, by auth.Actor, c ticket.Act) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketSpeak, "end-wait", func(d *Deed) error {
		if d.Ticket.State != ticket.Scheduled {
			return errs.New(errs.Conflict, "desk.end-wait", "%s waits for no date: it is %s.", d.Ticket.Ref(), d.Ticket.State.Words())
		}
		return d.note(string(agreement.WaitEnded), record.Data{})
	})
}

// AskSupplier gives the supplier the turn; IT's promise to the customer runs on unless the agreement says otherwise. The
// supplier is a team of that kind. Errors: Invalid, Conflict.
func (s *Commands) AskSupplier(ctx context.Context, by auth.Actor, c ticket.Act, teamKey string) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "ask-supplier", func(d *Deed) error {
		if !d.Ticket.Open {
			return d.Over("Reopen it first.")
		}
		team, err := s.lent.People.FindTeam(ctx, teamKey)
		if err != nil || team.Kind != people.SupplierTeam {
			return errs.In("desk.ask-supplier", "supplier", "There is no supplier %q. Make a team of kind supplier first.", ticket.Short(teamKey))
		}
		return d.note(string(agreement.SupplierAsked), record.Data{Party: team.ID})
	})
}

// SupplierAnswered gives the turn back to IT. Errors: Conflict when it is not the supplier's.
func (s *Commands) SupplierAnswered(ctx context.Context, by auth.Actor, c ticket.Act) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "supplier-answered", func(d *Deed) error {
		if d.Ticket.TurnSide != agreement.SideSupplier {
			return errs.New(errs.Conflict, "desk.supplier-answered", "It is not the supplier's turn on %s: it is %s.", d.Ticket.Ref(), d.Ticket.State.Words())
		}
		return d.note(string(agreement.SupplierAnswered), record.Data{})
	})
}
