package moves

import (
	"context"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// Pass passes a ticket to the other door with everything that was said, in one step: to service level management what is about levels,
// price, exceptions or how a promise was kept, to the service desk what is not. It stays IT's turn and no clock begins anew. The
// customer is told who has it now; Body is a note for whoever that is, and may be empty. door is where it goes, "" the other one.
// Errors: Invalid, Conflict when it has ended or is there already.
func (s *Commands) Pass(ctx context.Context, by auth.Actor, c ticket.Act, door string) (ticket.Ticket, error) {
	return s.lent.Do(ctx, by, c, auth.TicketWork, "pass", func(d *Deed) error {
		if !d.Ticket.Open {
			return d.Over("Reopen it first.")
		}
		return pass(d, door, c.Body)
	})
}

func pass(d *Deed, door, words string) error {
	to, err := whither(d, door)
	if err != nil {
		return err
	}
	behind := people.Desk
	if to == agreement.DoorLevels {
		behind = people.Levels
	}
	team, err := behind(d.Ctx, d.Tx)
	if err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return d.give(team.ID, "", nil)
	}
	n, err := d.noteOf(words)
	if err != nil {
		return err
	}
	return d.give(team.ID, "", &n)
}

// whither reads the door that a ticket goes to.
func whither(d *Deed, door string) (agreement.Door, error) {
	here := ticket.DoorOfTeam(d.Ticket.TeamID)
	if door == "" {
		if here == agreement.DoorLevels {
			return agreement.DoorDesk, nil
		}
		return agreement.DoorLevels, nil
	}
	to, err := ticket.ParseDoor(door)
	if err == nil && to == here {
		err = errs.New(errs.Conflict, "desk.pass", "%s is at that door already.", d.Ticket.Ref()).Reason("at-that-door")
	}
	return to, err
}
