package desk

import (
	"context"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/store"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
)

// MergeInput says into which ticket one is merged.
type MergeInput struct {
	Into   int64
	Shared bool // the people of both may read both: said by whoever merges, after they were named
}

// Merge lets a ticket go on in another, the survivor: its conversation is read there, its people follow there, its mails land
// there. Its promises stay its own and are kept or broken by what happens there; nothing is cleared. [Service.Unmerge] takes it
// back. The actor works on both. Errors: NotFound for a ticket that is not theirs to see, Denied, Conflict with its reason.
func (s *Service) Merge(ctx context.Context, by auth.Actor, c Act, m MergeInput) (Ticket, error) {
	var done Ticket
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := s.workable(ctx, tx, by, c.Number)
		if err != nil {
			return err
		}
		into, err := s.workable(ctx, tx, by, m.Into)
		if err != nil {
			return err
		}
		_, err = s.actIn(ctx, tx, by, into, in{verb: auth.TicketWork, name: "absorb", reason: c.Reason}, func(a *act) error {
			own := c.in(auth.TicketWork, "merge")
			if done, err = s.actIn(ctx, tx, by, b, own, func(b *act) error {
				b.tell(tellMerged, Message{MadeAt: b.now}, &data{Field: a.t.Ref()})
				return moves.Into(a.deed(), b.deed(), m.Shared)
			}); err != nil {
				return err
			}
			_, err := a.append(string(agreement.Absorbed), data{Party: b.ID, Consent: b.TurnSide != agreement.SideCustomer})
			return err
		})
		return err
	})
	return done, err
}

// workable loads a ticket that the actor may read, and says Denied when they may not work on it.
func (s *Service) workable(ctx context.Context, tx *db.Tx, by auth.Actor, number int64) (Ticket, error) {
	t, err := s.Readable(ctx, tx, by, number)
	if err != nil {
		return t, err
	}
	parts, err := store.Participants(ctx, tx, t.ID)
	if err != nil {
		return t, err
	}
	return t, auth.Can(by, auth.TicketWork, t.Object(parts))
}

// lead carries what was written here to the tickets merged into this one, and shows the promise of theirs that breaks first.
func (a *act) lead() error {
	if !moves.Leads(a.all()) {
		return nil
	}
	all, err := store.MergedInto(a.ctx, a.tx, a.t.ID)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t, err = a.follow(t); err != nil {
			return err
		}
		if !t.DueAt.IsZero() && (a.t.DueAt.IsZero() || t.DueAt.Before(a.t.DueAt)) {
			a.t.DueAt, a.t.DueMetric, a.t.DueStarted = t.DueAt, t.DueMetric, t.DueStarted
		}
	}
	return nil
}

func (a *act) follow(t Ticket) (Ticket, error) {
	if len(moves.Follow(a.log.Wrote(), nil, t.ID)) == 0 && !slices.ContainsFunc(a.log.Wrote(), func(e event.Event) bool {
		return e.Kind == string(agreement.Undeliverable) || e.Kind == string(agreement.MessageIsNoTurn)
	}) {
		return t, nil
	}
	return a.s.actIn(a.ctx, a.tx, systemActor(), t, in{name: "follow", verb: auth.TicketWork}, func(b *act) error {
		b.by, b.behalf = a.by, a.behalf
		for _, step := range moves.Follow(a.log.Wrote(), b.stream, b.t.ID) {
			if _, err := b.append(string(step.Kind), step.Data); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unmerge lets a ticket go on by itself. What was written since the merge stays where it was filed, on the survivor; the time
// since was IT's turn here. Staff who work on it may, and the customer whose ticket it is: it was another matter. Errors:
// Conflict when it was not merged, or when the survivor has ended and can't be reopened any more; Denied; NotFound.
func (s *Service) Unmerge(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	var done Ticket
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		b, err := s.Readable(ctx, tx, by, c.Number)
		if err != nil {
			return err
		}
		into, err := store.Survivor(ctx, tx, b.ID)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "desk.unmerge", "%s is merged into no other ticket: it is %s.", b.Ref(), words(b.State))
		}
		if err != nil {
			return err
		}
		_, err = s.actIn(ctx, tx, systemActor(), into, in{name: "release", verb: auth.TicketWork, reason: c.Reason}, func(a *act) error {
			a.by = by
			if err := moves.Unlocked(a.t, b, a.inGrace(a.now)); err != nil {
				return err
			}
			verb := auth.TicketWork
			if by.PersonID == b.RequesterID || by.PersonID == b.AffectedID {
				verb = auth.TicketAnswer
			}
			if done, err = s.actIn(ctx, tx, by, b, c.in(verb, "unmerge"), func(b *act) error { return moves.Release(a.deed(), b.deed()) }); err != nil {
				return err
			}
			_, err := a.append(evReleased, data{Party: b.ID})
			return err
		})
		return err
	})
	return done, err
}
