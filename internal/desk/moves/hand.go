package moves

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// handOver passes the ticket on with what the new holder needs to know, as an internal note.
func handOver(d *Deed, dir *people.Service, personKey, teamKey, words string) error {
	n, err := d.noteOf(words)
	if err != nil {
		return err
	}
	team, person, err := holder(d, dir, personKey, teamKey)
	if err != nil {
		return err
	}
	if team == d.Ticket.TeamID && person == d.Ticket.AssigneeID {
		return errs.In("desk.hand-over", "team", "They have it already. Choose another team or person, or write a note.")
	}
	return d.give(team, person, &n)
}

// noteOf is an internal note for whoever has the ticket next. Errors: Invalid without words; as auth.Can.
func (d *Deed) noteOf(words string) (ticket.Note, error) {
	k := ticket.Checks{}
	n := ticket.Note{ID: id.New(), TicketID: d.Ticket.ID, AuthorID: d.By.PersonID, MadeAt: d.Now, Body: k.Body("body", words, true)}
	if n.Body == "" {
		k.Bad("body", "It is empty. Say what they need to know, so that nobody asks the customer again.")
	}
	if err := k.Err("desk.hand-over"); err != nil {
		return n, err
	}
	return n, auth.Can(d.By, auth.TicketNoteWrite, d.Ticket.Object(d.People))
}

// give makes a team, and a person of it or nobody in particular, have the ticket. n is for them to read; nil is nothing.
func (d *Deed) give(team, person string, n *ticket.Note) error {
	if err := d.note(record.HandedOver, record.Data{Party: person, Team: team, Before: d.Ticket.AssigneeID}); err != nil {
		return err
	}
	if n != nil {
		if err := d.note(record.Note, record.Data{Note: n.ID}); err != nil {
			return err
		}
		if err := store.InsertNote(d.Ctx, d.Tx, *n); err != nil {
			return err
		}
	}
	if team != d.Ticket.TeamID {
		if err := d.note(string(agreement.TeamChanged), record.Data{Party: team, Before: d.Ticket.TeamID, Action: record.HandedOver}); err != nil {
			return err
		}
	}
	d.Ticket.TeamID, d.Ticket.AssigneeID = team, person
	return nil
}

// holder reads to whom a ticket is passed. Without a team it stays the team's; without a person it is the team's to take.
func holder(d *Deed, dir *people.Service, personKey, teamKey string) (team, person string, err error) {
	team = d.Ticket.TeamID
	if teamKey != "" {
		found, err := dir.FindTeam(d.Ctx, teamKey)
		if err != nil {
			return "", "", errs.In("desk.hand-over", "team", "There is no team %q.", ticket.Short(teamKey))
		}
		team = found.ID
	}
	person, err = Worker(d.Ctx, d.By, dir, *d.Ticket, d.People, personKey, team)
	return team, person, err
}

// Worker finds who is to work on the ticket as one of a team's; "" is nobody. Errors: Invalid.
func Worker(ctx context.Context, by auth.Actor, dir *people.Service, t ticket.Ticket, parts []ticket.Participant, key, teamID string) (string, error) {
	if key == "" {
		return "", nil
	}
	p, err := dir.FindPerson(ctx, key)
	if err != nil || auth.Can(by, auth.PersonRead, p.Object()) != nil && p.ID != by.PersonID && p.OrgKind != people.Provider {
		return "", errs.In("desk.assign", "assignee", "There is nobody %q. Name the mail address of somebody in IT.", ticket.Short(key))
	}
	t.TeamID = teamID
	actor, err := dir.ActorOf(ctx, p.ID)
	if err != nil || auth.Can(actor, auth.TicketWork, t.Object(parts)) != nil {
		return "", errs.In("desk.assign", "assignee", "%s can't work on %s: no role reaches it. Name somebody else, or ask an administrator.", p.Name, t.Ref())
	}
	return p.ID, nil
}

// unlink takes the link to another ticket away.
func unlink(d *Deed, o ticket.Ticket) error {
	had, err := store.DropLink(d.Ctx, d.Tx, d.Ticket.ID, o.ID)
	if err != nil {
		return err
	}
	if !had {
		return errs.New(errs.Conflict, "desk.unlink", "%s and %s are not linked.", d.Ticket.Ref(), o.Ref())
	}
	return d.note(record.Unlinked, record.Data{Party: o.ID})
}

// tag puts tags on the ticket and takes others off.
func tag(d *Deed, add, remove []string) error {
	k, n := ticket.Checks{}, 0
	for _, label := range add {
		t := ticket.Collect(&k, label, ticket.ParseTag)
		if k.Err("") != nil {
			continue
		}
		fresh, err := store.AddTag(d.Ctx, d.Tx, d.Ticket.ID, t, d.By.ID(), d.Now)
		if err != nil {
			return err
		}
		if fresh {
			n++
		}
	}
	for _, label := range remove {
		had, err := store.DropTag(d.Ctx, d.Tx, d.Ticket.ID, ticket.TagKey(label))
		if err != nil {
			return err
		}
		if had {
			n++
		}
	}
	all, err := store.TagsOf(d.Ctx, d.Tx, d.Ticket.ID)
	if err != nil {
		return err
	}
	if len(all) > ticket.MaxTags {
		k.Bad("tag", "A ticket has 20 tags at the most. Take one off first.")
	}
	if err := k.Err("desk.tag"); err != nil || n == 0 {
		return err
	}
	return d.note(record.Tagged, record.Data{Step: n})
}

// asideDays is for how many days what was set aside can be taken back with one key.
const asideDays = 30

// restore says that what was set aside is a request after all.
func restore(d *Deed) error {
	t := d.Ticket
	if t.State != ticket.NotATicket {
		return notAside("is-a-ticket", t)
	}
	if !d.Now.Before(t.ClosedAt.AddDate(0, 0, asideDays)) {
		return errs.New(errs.Conflict, "desk.is-a-ticket", "%s was set aside on %s and could be taken back for %d days. Open a new request and link it.", t.Ref(), t.ClosedAt.Format("2 January 2006"), asideDays)
	}
	if err := store.DropLook(d.Ctx, d.Tx, t.ID); err != nil {
		return err
	}
	return d.note(string(agreement.Reopened), record.Data{})
}

// lookedAt says that a second person agrees: it was no request.
func lookedAt(d *Deed) error {
	if d.Ticket.State != ticket.NotATicket {
		return notAside("looked-at", d.Ticket)
	}
	if record.ClosedBy(d.Stream) == d.By.ID() {
		return errs.New(errs.Denied, "desk.looked-at", "You set %s aside yourself, so somebody else looks at it.", d.Ticket.Ref())
	}
	if err := store.SetLook(d.Ctx, d.Tx, d.Ticket.ID, d.By.ID(), d.Now); err != nil {
		return err
	}
	return d.note(record.LookedAt, record.Data{})
}

func notAside(name string, t *ticket.Ticket) error {
	return errs.New(errs.Conflict, "desk."+name, "%s was not set aside: it is %s.", t.Ref(), t.State.Words())
}
