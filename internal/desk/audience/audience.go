// Package audience decides who is told on an occasion of a ticket, says why, and keeps what is mailed within bounds. Package desk
// writes and queues the mails.
package audience

import (
	"context"
	"slices"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/ticket"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Told is one person who is told, and why.
type Told struct {
	Person  people.Person
	Because string
	For     string // whom they stand in for, by id; "" for who is told for themselves
}

// Of is the one function that decides who is told on an occasion, and says why. Nobody is told of their own act.
func Of(ctx context.Context, q db.Querier, dir *people.Service, t ticket.Ticket, parts []ticket.Participant, what letter.Occasion, author string) ([]Told, error) {
	var out []Told
	add := func(p people.Person, because string) {
		had := slices.ContainsFunc(out, func(o Told) bool { return o.Person.Address == p.Address })
		if notMailed(p, author, had) == "" {
			out = append(out, Told{Person: p, Because: because})
		}
	}
	switch what {
	case letter.Warn:
		return out, staffOf(ctx, q, dir, t, add)
	case letter.Contact:
		return out, contactsOf(ctx, q, dir, t, add)
	case letter.Away:
		if alone, err := awayAlone(ctx, q, dir, t); err != nil || !alone {
			return nil, err
		}
		return out, contactsOf(ctx, q, dir, t, add)
	}
	for _, w := range parts {
		because := reason(w, what)
		if because == "" {
			continue
		}
		if ok, err := wants(ctx, q, w); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		p, err := people.PersonByID(ctx, q, w.PersonID)
		if err != nil {
			return nil, err
		}
		add(p, because)
		sub, ok, err := standIn(ctx, q, dir, t, w, what)
		if err != nil {
			return nil, err
		}
		if n := len(out); ok {
			if add(sub, "you stand in for "+p.Name); len(out) > n {
				out[n].For = p.ID
			}
		}
	}
	return out, nil
}

// staffOf adds who in IT has to act: the assignee, or who stands in while they are away; else the team. Of the team those on duty are
// told, else those who are here: nothing waits on who is away.
func staffOf(ctx context.Context, q db.Querier, dir *people.Service, t ticket.Ticket, add func(people.Person, string)) error {
	away, err := dir.AwayNow(ctx, q)
	if err != nil {
		return err
	}
	if t.AssigneeID != "" {
		holder, _ := away.Holder(t.AssigneeID)
		if holder == t.AssigneeID {
			p, err := people.PersonByID(ctx, q, holder)
			add(p, "this is assigned to you")
			return err
		}
		if holder != "" {
			both, err := people.PersonsByID(ctx, q, holder, t.AssigneeID)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(both, func(p people.Person) bool { return p.ID == holder })
			add(both[i], "you stand in for "+both[1-i].Name)
			return nil
		}
	}
	members, err := people.StaffOfTeam(ctx, q, t.TeamID)
	if err == nil && people.IsLevels(t.TeamID) && len(members) == 0 { // its people are those who hold the role
		members, err = dir.Managers(ctx, q, people.Site{ID: t.SiteID, OrgID: t.OrgID, Region: t.Region})
	}
	if err != nil {
		return err
	}
	duty, err := dir.OnDuty(ctx, q, t.TeamID)
	if err != nil {
		return err
	}
	because := "it is your team's turn and nobody has taken it"
	if t.AssigneeID != "" {
		because = "it is your team's turn and who has it is away"
	}
	here := slices.DeleteFunc(slices.Clone(members), func(p people.Person) bool { _, gone := away[p.ID]; return gone })
	onDuty := slices.DeleteFunc(slices.Clone(here), func(p people.Person) bool { return !slices.Contains(duty, p.ID) })
	for _, some := range [][]people.Person{onDuty, here, members} {
		if len(some) > 0 {
			for _, p := range some {
				add(p, because)
			}
			return nil
		}
	}
	return nil
}

// Budgets of automatic answers to mails that came in: a correspondent whom our classes do not recognise as a machine can't
// make us talk to it without end, and a forged sender can't make us flood somebody.
const (
	acksAnHour    = 3
	acksADay      = 10
	strangersADay = 1
	strangersHour = 200 // to all strangers together
	ladderADay    = 5   // of a kind, to a person, on tickets that only a name opened
)

// Budget is what is known when somebody is to be told.
type Budget struct {
	Box    *box.Box
	Ticket ticket.Ticket
	Spoken bool // a person of IT has written to the customer
	Now    time.Time
}

// Allows says whether one more mail may go to somebody.
func (b Budget) Allows(ctx context.Context, tx *db.Tx, what letter.Occasion, to people.Person) (bool, error) {
	if b.Ticket.Channel != "mail" {
		return true, nil
	}
	if what != letter.Opened {
		return b.ladder(ctx, tx, what, to)
	}
	kind := string(letter.Opened)
	if to.Stranger() {
		n, err := b.Box.SentToMailbox(ctx, tx, to.Address, kind, b.Now.Add(-24*time.Hour))
		if err != nil || n >= strangersADay {
			return false, err
		}
		all, err := b.Box.KindSince(ctx, tx, kind, b.Now.Add(-time.Hour))
		return all < strangersHour, err
	}
	day, err := b.Box.SentSince(ctx, tx, to.Address, kind, "", b.Now.Add(-24*time.Hour))
	if err != nil || day >= acksADay {
		return false, err
	}
	hour, err := b.Box.SentSince(ctx, tx, to.Address, kind, "", b.Now.Add(-time.Hour))
	return hour < acksAnHour, err
}

// ladder: the sender's name may be forged. Until a person of IT wrote back, the ledger's own mails go to no stranger,
// and to a known address a few times a day whatever the number of tickets opened in its name; staff get no flood either.
func (b Budget) ladder(ctx context.Context, tx *db.Tx, what letter.Occasion, to people.Person) (bool, error) {
	if b.Ticket.Auth == string(mail.AuthAligned) || b.Spoken {
		return true, nil
	}
	if to.Stranger() {
		return false, nil
	}
	n, err := b.Box.SentSince(ctx, tx, to.Address, string(what), "", b.Now.Add(-24*time.Hour))
	return n < ladderADay, err
}
