// Package moves is the moves of tickets beside their conversation: handed over, tagged, linked, merged, split, noted from a call.
// Package desk embeds its [Commands], so the edges call desk.Service for all of them alike, and lends it what runs an act:
// authorise, load, derive what follows, write, audit. Rules that need no database are pure.
package moves

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/read"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/clock"
	"bothways/internal/people"
)

// Deed is an act of package desk as a move sees it: one command on one ticket, inside its transaction.
type Deed struct {
	Ctx    context.Context
	Tx     *db.Tx
	By     auth.Actor
	Now    time.Time
	Ticket *ticket.Ticket // what is set here is written when the act ends
	People []ticket.Participant
	Stream []event.Event // before this act
	Result agreement.Result

	Append  func(kind string, d record.Data) (event.Event, error)
	Over    func(wayOut string) error // refuses because the ticket has ended
	Theirs  func(personID string) bool
	InGrace func() bool
	Link    func(otherID, kind string) error
	// Ask checks a question and puts it on a message of IT's.
	Ask func(c *ticket.Checks, q *ticket.Asked, m *ticket.Message)
	// Say writes a public message with what follows from it: of the customer's side as their mail would, of IT's on its way to them.
	Say func(m *ticket.Message, until time.Time) error
	// Reached says that a message of IT's has reached the customer now.
	Reached func(m ticket.Message) error
	Tell    func(what letter.Occasion, m ticket.Message, field string)
	For     func(personID string) // the actor acts for somebody from now on
	// Under puts the ticket under a version of an agreement, from the instant that is in force; nothing happens where it is already.
	Under func(p agreement.Paper) error
}

// Lent is what package desk lends.
type Lent struct {
	DB     *db.DB
	Clock  clock.Clock
	People *people.Service
	Reader *read.Reader
	// Do runs a command on a ticket; In does inside a transaction. A verb "" asks for no right: it was shown another way.
	Do    func(ctx context.Context, by auth.Actor, c ticket.Act, v auth.Verb, name string, fn func(d *Deed) error) (ticket.Ticket, error)
	In    func(ctx context.Context, tx *db.Tx, by auth.Actor, t ticket.Ticket, c ticket.Act, v auth.Verb, name string, fn func(d *Deed) error) (ticket.Ticket, error)
	Open  func(ctx context.Context, tx *db.Tx, n New) (ticket.Ticket, error)
	Party func(ctx context.Context, tx *db.Tx, by auth.Actor, field, address string) (people.Person, error)
}

// New is a ticket that a move opens.
type New struct {
	By        auth.Actor
	At        time.Time
	Subject   string
	Like      ticket.Ticket // kind, impact, urgency, sensitivity, team, matter, service
	Requester people.Person
	Affected  people.Person
	Message   ticket.Message
	Copied    bool // the message was said before, on another ticket
	Quiet     bool // nobody is told
}

// Commands are the moves. They are safe for concurrent use.
type Commands struct{ lent Lent }

// With makes the commands.
func With(l Lent) *Commands { return &Commands{l} }

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
	return p.Location(), nil
}
