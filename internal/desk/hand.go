package desk

import (
	"context"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// deed is the act as package moves sees it.
func (a *act) deed() *moves.Deed {
	return &moves.Deed{Ctx: a.ctx, Tx: a.tx, By: a.by, Now: a.now, Ticket: &a.t, People: a.people, Stream: a.stream, Result: a.result,
		Directory: a.s.people, Seq: a.log.Seq, Append: a.append}
}

// HandOver passes a ticket on to a team, a person or both, with what they need to know: an internal note. It stays IT's turn and
// no clock stops; the customer reads to whom it was passed, without the note. Errors: Invalid, Conflict when it has ended.
func (s *Service) HandOver(ctx context.Context, by auth.Actor, c Act, personKey, teamKey string) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "hand-over"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		return moves.HandOver(a.deed(), personKey, teamKey, c.Body)
	})
}

// Unlink takes the link between two tickets away, whatever its kind. Errors: NotFound, Conflict when there is none.
func (s *Service) Unlink(ctx context.Context, by auth.Actor, c Act, other int64) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "unlink"), func(a *act) error {
		o, err := s.Readable(ctx, a.tx, by, other)
		if err != nil {
			return err
		}
		return moves.Unlink(a.deed(), o)
	})
}

// Tag puts tags on a ticket and takes others off. Staff alone see them. Errors: Invalid.
func (s *Service) Tag(ctx context.Context, by auth.Actor, c Act, add, remove []string) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "tag"), func(a *act) error { return moves.Tag(a.deed(), add, remove) })
}

// RestoreTicket says that what was set aside is a request after all: IT's turn, the same ledger. Errors: Conflict after 30 days,
// or when it was not set aside.
func (s *Service) RestoreTicket(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "is-a-ticket"), func(a *act) error { return moves.Restore(a.deed()) })
}

// LookedAt says that a second person agrees: it was no request. Errors: Conflict when it was not set aside; Denied for who set it
// aside.
func (s *Service) LookedAt(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, c.in(auth.TicketWork, "looked-at"), func(a *act) error { return moves.LookedAt(a.deed()) })
}

// RenameTag calls a tag something else on every ticket; one that exists by the new name takes it in. It says on how many tickets
// it was. Errors: Denied, Invalid, NotFound.
func (s *Service) RenameTag(ctx context.Context, by auth.Actor, from, to string) (n int64, err error) {
	if err := auth.Can(by, auth.TagManage, auth.Object{Kind: "tag"}); err != nil {
		return 0, err
	}
	t, err := ticket.ParseTag(to)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err = store.RenameTag(ctx, tx, ticket.TagKey(from), t); err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "desk.rename-tag", "No ticket has the tag %q.", ticket.Short(from))
		}
		return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: "tag.rename", Object: "tag", ObjectID: t.Key, Change: map[string]string{"before": ticket.TagKey(from), "after": t.Key}})
	})
	return n, err
}

// SplitInput says with which messages of a ticket a new one begins, and what it is about.
type SplitInput struct {
	Subject  string
	Messages []string // ids, of public messages of the ticket
}

// Split begins a new ticket with copies of some messages of one: another matter of the same requester. What was said stays where
// it was said, and the ticket keeps its promises; the new one has its own from now on. The two are linked. Errors: Invalid,
// Conflict, NotFound, Denied.
func (s *Service) Split(ctx context.Context, by auth.Actor, c Act, sp SplitInput) (made Ticket, err error) {
	_, err = s.act(ctx, by, c.in(auth.TicketWork, "split"), func(a *act) error {
		k := checks{}
		o := opening{by: by, at: a.now, kind: a.t.Kind, subject: k.line("subject", sp.Subject, MaxSubject), submitter: by.PersonID, impact: a.t.Impact,
			urgency: a.t.Urgency, sensitivity: a.t.Sensitivity, copied: true, team: a.t.TeamID}
		if err := k.err("desk.split"); err != nil {
			return err
		}
		all, err := moves.Copies(a.deed(), sp.Messages)
		if err != nil {
			return err
		}
		o.message, o.kept, o.message.Files = all[0], all[0].Files, nil
		if o.requester, err = people.PersonByID(ctx, a.tx, a.t.RequesterID); err != nil {
			return err
		}
		if o.affected, err = people.PersonByID(ctx, a.tx, a.t.AffectedID); err != nil {
			return err
		}
		if made, err = s.open(ctx, a.tx, o, nil); err != nil {
			return err
		}
		made, err = s.actIn(ctx, a.tx, by, made, in{verb: auth.TicketWork, name: "split-from", reason: c.Reason}, func(b *act) error {
			if err := b.link(a.t.ID, "follows"); err != nil {
				return err
			}
			return moves.From(b.deed(), a.t, all[1:])
		})
		if err != nil {
			return err
		}
		_, err = a.append(evSplitTo, data{Party: made.ID, Step: len(all)})
		return err
	})
	return made, err
}
