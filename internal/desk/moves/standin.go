package moves

import (
	"slices"

	"bothways/internal/desk/audience"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
)

// LetStandIn lets those who are told in place of somebody who is away read the ticket and answer on it: they follow it from now on.
func LetStandIn(d *Deed, told []audience.Told) error {
	for _, x := range told {
		if x.For == "" || slices.ContainsFunc(d.People, func(p ticket.Participant) bool { return p.PersonID == x.Person.ID && p.Role != ticket.Pending }) {
			continue
		}
		if err := store.SetParticipant(d.Ctx, d.Tx, d.Ticket.ID, x.Person.ID, ticket.Watcher, x.Because); err != nil {
			return err
		}
		if err := d.note(record.WatcherSet, record.Data{Party: x.Person.ID, Consent: true, Field: StandsIn, Before: x.For}); err != nil {
			return err
		}
	}
	return nil
}

// StandsIn is the field of a watcher's event that was written because somebody is away; Before then names them.
const StandsIn = "stands_in"
