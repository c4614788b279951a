package moves

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// InTx runs a command of a package above on a ticket, inside the caller's transaction: authorise, load, derive what follows, write,
// audit. A verb "" asks for no right: it was shown another way.
func (s *Commands) InTx(ctx context.Context, tx *db.Tx, by auth.Actor, t ticket.Ticket, c ticket.Act, v auth.Verb, name string, fn func(d *Deed) error) (ticket.Ticket, error) {
	return s.lent.In(ctx, tx, by, t, c, v, name, fn)
}

// HandOver passes a ticket on to a team, a person or both, with what they need to know: an internal note. It stays IT's turn and
// no clock stops; the customer reads to whom it was passed, without the note. Errors: Invalid, Conflict when it has ended.
func (s *Commands) HandOver(ctx context.Context, by auth.Actor, c ticket.Act, personKey, teamKey string) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "hand-over", func(d *Deed) error {
		if !d.Ticket.Open {
			return d.Over("Reopen it first.")
		}
		return handOver(d, s.lent.People, personKey, teamKey, c.Body)
	})
}

// Join links two tickets that the actor can see. Errors: NotFound, Invalid.
func (s *Commands) Join(ctx context.Context, by auth.Actor, c ticket.Act, other int64, kind string) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "link", func(d *Deed) error {
		switch kind {
		case "":
			kind = "related"
		case "related", "follows", "duplicate", "may_belong":
		default:
			return errs.In("desk.link", "kind", "%q is no kind of link. Write related, follows, duplicate or may_belong.", ticket.Short(kind))
		}
		o, err := s.lent.Reader.Readable(ctx, d.Tx, by, other)
		if err != nil {
			return err
		}
		if o.ID == d.Ticket.ID {
			return errs.In("desk.link", "other", "It is the same ticket.")
		}
		return d.Link(o.ID, kind)
	})
}

// Unlink takes the link between two tickets away, whatever its kind. Errors: NotFound, Conflict when there is none.
func (s *Commands) Unlink(ctx context.Context, by auth.Actor, c ticket.Act, other int64) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "unlink", func(d *Deed) error {
		o, err := s.lent.Reader.Readable(ctx, d.Tx, by, other)
		if err != nil {
			return err
		}
		return unlink(d, o)
	})
}

// Tag puts tags on a ticket and takes others off. Staff alone see them. Errors: Invalid.
func (s *Commands) Tag(ctx context.Context, by auth.Actor, c ticket.Act, add, remove []string) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "tag", func(d *Deed) error { return tag(d, add, remove) })
}

// RestoreTicket says that what was set aside is a request after all: IT's turn, the same ledger. Errors: Conflict after 30 days,
// or when it was not set aside.
func (s *Commands) RestoreTicket(ctx context.Context, by auth.Actor, c ticket.Act) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "is-a-ticket", restore)
}

// LookedAt says that a second person agrees: it was no request. Errors: Conflict when it was not set aside; Denied for who set it
// aside.
func (s *Commands) LookedAt(ctx context.Context, by auth.Actor, c ticket.Act) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "looked-at", lookedAt)
}

// RenameTag calls a tag something else on every ticket; one that exists by the new name takes it in. It says on how many tickets
// it was. Errors: Denied, Invalid, NotFound.
func (s *Commands) RenameTag(ctx context.Context, by auth.Actor, from, to string) (n int64, err error) {
	if err := auth.Can(by, auth.TagManage, auth.Object{Kind: "tag"}); err != nil {
		return 0, err
	}
	t, err := ticket.ParseTag(to)
	if err != nil {
		return 0, err
	}
	err = s.lent.DB.Write(ctx, func(tx *db.Tx) error {
		if n, err = store.RenameTag(ctx, tx, ticket.TagKey(from), t); err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "desk.rename-tag", "No ticket has the tag %q.", ticket.Short(from))
		}
		return audit.Write(ctx, tx, audit.Entry{At: s.lent.Clock.Now(), Actor: by.ID(), Verb: "tag.rename", Object: "tag", ObjectID: t.Key,
			Change: map[string]string{"before": ticket.TagKey(from), "after": t.Key}})
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
func (s *Commands) Split(ctx context.Context, by auth.Actor, c ticket.Act, sp SplitInput) (made ticket.Ticket, err error) {
	_, err = s.lent.Do(ctx, by, c, auth.TicketWork, "split", func(d *Deed) error {
		k := ticket.Checks{}
		n := New{By: by, At: d.Now, Subject: k.Line("subject", sp.Subject, ticket.MaxSubject), Like: *d.Ticket, Copied: true}
		if err := k.Err("desk.split"); err != nil {
			return err
		}
		all, err := copies(d, sp.Messages)
		if err != nil {
			return err
		}
		n.Message = all[0]
		if n.Requester, err = people.PersonByID(ctx, d.Tx, d.Ticket.RequesterID); err != nil {
			return err
		}
		if n.Affected, err = people.PersonByID(ctx, d.Tx, d.Ticket.AffectedID); err != nil {
			return err
		}
		if made, err = s.lent.Open(ctx, d.Tx, n); err != nil {
			return err
		}
		made, err = s.lent.In(ctx, d.Tx, by, made, ticket.Act{Reason: c.Reason}, auth.TicketWork, "split-from", func(b *Deed) error {
			if err := b.Link(d.Ticket.ID, "follows"); err != nil {
				return err
			}
			return begin(b, *d.Ticket, all[1:])
		})
		if err != nil {
			return err
		}
		return d.note(record.SplitTo, record.Data{Party: made.ID, Step: len(all)})
	})
	return made, err
}

// MergeInput says into which ticket one is merged.
type MergeInput struct {
	Into   int64
	Shared bool // the people of both may read both: said by whoever merges, after they were named
}

// Merge lets a ticket go on in another, the survivor: its conversation is read there, its people follow there, its mails land
// there. Its promises stay its own and are kept or broken by what happens there; nothing is cleared. [Commands.Unmerge] takes it
// back. The actor works on both. Errors: NotFound for a ticket that is not theirs to see, Denied, Conflict with its reason.
func (s *Commands) Merge(ctx context.Context, by auth.Actor, c ticket.Act, m MergeInput) (done ticket.Ticket, err error) {
	err = s.lent.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := s.workable(ctx, tx, by, c.Number)
		if err != nil {
			return err
		}
		into, err := s.workable(ctx, tx, by, m.Into)
		if err != nil {
			return err
		}
		_, err = s.lent.In(ctx, tx, by, into, ticket.Act{Reason: c.Reason}, auth.TicketWork, "absorb", func(a *Deed) error {
			if done, err = s.lent.In(ctx, tx, by, b, c, auth.TicketWork, "merge", func(b *Deed) error {
				b.Tell(letter.Merged, ticket.Message{MadeAt: b.Now}, a.Ticket.Ref())
				return mergeInto(a, b, s.lent.People, m.Shared)
			}); err != nil {
				return err
			}
			return a.note(string(agreement.Absorbed), record.Data{Party: b.ID, Consent: b.TurnSide != agreement.SideCustomer})
		})
		return err
	})
	return done, err
}

// workable loads a ticket that the actor may read, and says Denied when they may not work on it.
func (s *Commands) workable(ctx context.Context, tx *db.Tx, by auth.Actor, number int64) (ticket.Ticket, error) {
	t, err := s.lent.Reader.Readable(ctx, tx, by, number)
	if err != nil {
		return t, err
	}
	parts, err := store.Participants(ctx, tx, t.ID)
	if err != nil {
		return t, err
	}
	return t, auth.Can(by, auth.TicketWork, t.Object(parts))
}

// Unmerge lets a ticket go on by itself. What was written since the merge stays where it was filed, on the survivor; the time
// since was IT's turn here. Staff who work on it may, and the customer whose ticket it is: it was another matter. Errors:
// Conflict when it was not merged, or when the survivor has ended and can't be reopened any more; Denied; NotFound.
func (s *Commands) Unmerge(ctx context.Context, by auth.Actor, c ticket.Act) (done ticket.Ticket, err error) {
	err = s.lent.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := s.lent.Reader.Readable(ctx, tx, by, c.Number)
		if err != nil {
			return err
		}
		into, err := store.Survivor(ctx, tx, b.ID)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "desk.unmerge", "%s is merged into no other ticket: it is %s.", b.Ref(), b.State.Words())
		}
		if err != nil {
			return err
		}
		_, err = s.lent.In(ctx, tx, by, into, ticket.Act{Reason: c.Reason}, "", "release", func(a *Deed) error {
			if err := unlocked(*a.Ticket, b, a.InGrace()); err != nil {
				return err
			}
			verb := auth.TicketWork
			if by.PersonID == b.RequesterID || by.PersonID == b.AffectedID {
				verb = auth.TicketAnswer
			}
			if done, err = s.lent.In(ctx, tx, by, b, c, verb, "unmerge", func(b *Deed) error {
				b.Tell(letter.Unmerged, ticket.Message{MadeAt: b.Now, AuthorID: by.PersonID}, a.Ticket.Ref())
				return release(a, b)
			}); err != nil {
				return err
			}
			return a.note(record.Released, record.Data{Party: b.ID})
		})
		return err
	})
	return done, err
}

// longestWait is for how many days a wait can be proposed.
const longestWait = 90

// ProposeWait asks the customer whether a ticket may wait until an instant: a blocking question, so it is their turn. Yes makes
// it nobody's turn until then, anything else makes it IT's. Body may say why. Errors: Invalid, Conflict.
func (s *Commands) ProposeWait(ctx context.Context, by auth.Actor, c ticket.Act, until time.Time) (said ticket.Spoken, err error) {
	said.Ticket, err = s.lent.Do(ctx, by, c, auth.TicketWork, "propose-wait", func(d *Deed) error {
		switch {
		case !d.Ticket.Open:
			return d.Over("Reopen it first.")
		case d.Theirs(by.PersonID):
			return errs.New(errs.Denied, "desk.propose-wait", "%s is your own request. Write what you would like; somebody else proposes the date.", d.Ticket.Ref())
		}
		k := ticket.Checks{}
		if !until.After(d.Now) || until.After(d.Now.AddDate(0, 0, longestWait)) {
			k.Bad("until", "It is not between now and 90 days from now. For longer, agree on a new date then.")
		}
		zone, err := d.Zone(d.Ticket.RequesterID)
		if err != nil {
			return err
		}
		m, at := d.message(&k, c.Body, true), until.In(zone).Format(dayAndHour)
		if m.Body == "" {
			m.Body = "May this wait until " + at + "? Until then it would be nobody’s turn; after that it is ours again."
		}
		d.Ask(&k, &ticket.Asked{Need: MayWait + at + "?"}, &m)
		if err := k.Err("desk.propose-wait"); err != nil {
			return err
		}
		err = d.Say(&m, until)
		said.Message = m
		return err
	})
	return said, err
}

// MayWait begins what a proposed wait needs; the day and hour in the customer's zone follow, and a question mark.
const MayWait = "a yes or no: may this wait until "

const dayAndHour = "Mon 2 Jan 2006, 15:04"
