package audience

import (
	"context"
	"slices"

	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// asksAnswer are the occasions on which somebody is asked for an answer, or told what follows from none: who stands in for them is told as
// well. Whether a solution works is theirs alone to say.
var asksAnswer = []letter.Occasion{letter.Question, letter.Remind, letter.Pause, letter.Lapse}

// standIn is who stands in for somebody who is asked and away: a colleague of theirs, and not on a ticket that is marked as sensitive.
func standIn(ctx context.Context, q db.Querier, dir *people.Service, t ticket.Ticket, w ticket.Participant, what letter.Occasion) (people.Person, bool, error) {
	none := people.Person{}
	if !slices.Contains(asksAnswer, what) || w.Role != ticket.Requester && w.Role != ticket.Affected || t.State == ticket.Resolved || t.Sensitivity != "" {
		return none, false, nil
	}
	away, err := dir.AwayNow(ctx, q)
	if err != nil {
		return none, false, err
	}
	holder, _ := away.Holder(w.PersonID)
	if holder == "" || holder == w.PersonID {
		return none, false, nil
	}
	p, err := people.PersonByID(ctx, q, holder)
	if errs.Is(err, errs.NotFound) {
		return none, false, nil
	}
	return p, err == nil && p.OrgID == t.OrgID && !p.Disabled(), err
}

// awayAlone says whether who asked is away and nobody stands in, so that the contact of the site has to know.
func awayAlone(ctx context.Context, q db.Querier, dir *people.Service, t ticket.Ticket) (bool, error) {
	away, err := dir.AwayNow(ctx, q)
	if err != nil {
		return false, err
	}
	_, gone := away[t.RequesterID]
	holder, _ := away.Holder(t.RequesterID)
	return gone && holder == "", nil
}

// contactsOf adds the contacts of a ticket's site.
func contactsOf(ctx context.Context, q db.Querier, dir *people.Service, t ticket.Ticket, add func(people.Person, string)) error {
	if t.SiteID == "" {
		return nil
	}
	contacts, err := dir.Contacts(ctx, q, t.SiteID)
	for _, p := range contacts {
		add(p, "you are the contact of "+p.SiteName)
	}
	return err
}
