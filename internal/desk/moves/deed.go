// Package moves is the moves of tickets beside their conversation: handed over, tagged, linked, merged, split, noted from a call.
// Its functions are what a command does inside its act; package desk authorises, opens the act, and derives and audits what
// follows. Rules that need no database are pure.
package moves

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/people"
)

// Deed is an act of package desk as its moves see it: one command on one ticket, inside its transaction.
type Deed struct {
	Ctx       context.Context
	Tx        *db.Tx
	By        auth.Actor
	Now       time.Time
	Ticket    *ticket.Ticket // what is set here is written when the act ends
	People    []ticket.Participant
	Stream    []event.Event // before this act
	Result    agreement.Result
	Directory *people.Service
	Seq       func() int64 // of the newest event
	Append    func(kind string, d record.Data) (event.Event, error)
}

// note appends an event that says all there is to say.
func (d *Deed) note(kind string, what record.Data) error {
	_, err := d.Append(kind, what)
	return err
}

// Zone is the zone that somebody reads times in.
func (d *Deed) Zone(personID string) (*time.Location, error) {
	p, err := people.PersonByID(d.Ctx, d.Tx, personID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC, nil
	}
	return zone, nil
}
