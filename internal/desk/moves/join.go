package moves

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// mergeInto ends the ticket of b in that of a. shared says that the people of both may read both.
func mergeInto(a, b *Deed, dir *people.Service, shared bool) error {
	if err := may(*a.Ticket, *b.Ticket, Leads(b.Stream)); err != nil {
		return err
	}
	toA, fresh, err := newcomers(b, a, dir)
	if err != nil {
		return err
	}
	toB, more, err := newcomers(a, b, dir)
	if err != nil {
		return err
	}
	if err := shows(*a.Ticket, *b.Ticket, append(fresh, more...), shared); err != nil {
		return err
	}
	// whose turn it is there: IT's if it was IT's on either
	theirs := a.Ticket.TurnSide == agreement.SideCustomer && b.Ticket.TurnSide == agreement.SideCustomer
	if err := b.note(string(agreement.Merged), record.Data{Field: a.Ticket.ID, Consent: theirs, Party: a.Ticket.RequesterID}); err != nil {
		return err
	}
	if err := store.InsertMerge(b.Ctx, b.Tx, b.Ticket.ID, a.Ticket.ID, b.By.ID(), b.Now); err != nil {
		return err
	}
	if err := letIn(a, toA, b.Ticket); err != nil {
		return err
	}
	if s := b.Ticket.Sensitivity; s != "" && a.Ticket.Sensitivity == "" { // what silence may not close is not closed by a merge first
		if err := a.note(record.Reclassified, record.Data{Field: "sensitivity", Party: s}); err != nil {
			return err
		}
		a.Ticket.Sensitivity = s
	}
	return letIn(b, toB, a.Ticket)
}

// newcomers are the people of one ticket who take no part in the other, and those of them who could not read it before.
func newcomers(from, to *Deed, dir *people.Service) (ids []string, fresh []newcomer, err error) {
	for _, p := range from.People {
		there := slices.ContainsFunc(to.People, func(x ticket.Participant) bool { return x.PersonID == p.PersonID && x.Role != ticket.Pending })
		if p.Role == ticket.Pending || there {
			continue
		}
		who, err := people.PersonByID(from.Ctx, from.Tx, p.PersonID)
		if err != nil {
			return nil, nil, err
		}
		actor, err := dir.ActorOf(from.Ctx, p.PersonID)
		reads := err == nil && auth.Can(actor, auth.TicketRead, to.Ticket.Object(to.People)) == nil
		if err != nil && !who.Disabled() {
			return nil, nil, err
		}
		if who.OrgKind == people.Provider && !reads {
			continue // somebody of IT whose rights do not reach it
		}
		ids = append(ids, p.PersonID)
		if !reads {
			fresh = append(fresh, newcomer{Name: who.Name, Same: who.OrgID == to.Ticket.OrgID, Stranger: who.Stranger()})
		}
	}
	return ids, fresh, nil
}

// letIn makes the people of another ticket follow this one.
func letIn(d *Deed, ids []string, other *ticket.Ticket) error {
	for _, p := range ids {
		if err := store.SetParticipant(d.Ctx, d.Tx, d.Ticket.ID, p, ticket.Watcher, "takes part in "+other.Ref()); err != nil {
			return err
		}
		if err := d.note(record.WatcherSet, record.Data{Party: p, Consent: true, Field: byMerge, Before: other.ID}); err != nil {
			return err
		}
	}
	return nil
}

// release takes the merge of b into a back.
func release(a, b *Deed) error {
	if err := store.DropMerge(b.Ctx, b.Tx, b.Ticket.ID); err != nil {
		return err
	}
	for _, x := range [][2]*Deed{{a, b}, {b, a}} {
		here, other := x[0], x[1]
		for _, p := range added(here.Stream, other.Ticket.ID) {
			if err := store.DropParticipant(here.Ctx, here.Tx, here.Ticket.ID, p); err != nil {
				return err
			}
			if err := here.note(record.WatcherSet, record.Data{Party: p, Field: byMerge, Before: other.Ticket.ID}); err != nil {
				return err
			}
		}
	}
	return b.note(string(agreement.Unmerged), record.Data{Field: a.Ticket.ID})
}

// unlocked refuses to take a merge back when the survivor has ended for good.
func unlocked(a, b ticket.Ticket, inGrace bool) error {
	if a.Open || inGrace {
		return nil
	}
	return errs.New(errs.Conflict, "desk.unmerge", "The ticket that %s was merged into ended on %s and can't be reopened any more. Open a new request and name %s in it.", b.Ref(), a.ClosedAt.Format("2 January 2006"), b.Ref()).Reason("grace-period-over")
}
