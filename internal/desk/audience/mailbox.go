package audience

import (
	"slices"

	"bothways/internal/agreement"
)

// LevelsName is what mails call the second door.
const LevelsName = "Service levels"

// Mailboxes are the addresses at which the doors are written to.
type Mailboxes struct {
	Desk   string
	Levels string // "" when the second door has none of its own
	Name   string // what mails call the desk
}

// All lists them.
func (m Mailboxes) All() []string {
	return slices.DeleteFunc([]string{m.Desk, m.Levels}, func(a string) bool { return a == "" })
}

// From is the address at which a door is written to, and what mails call who answers there.
func (m Mailboxes) From(d agreement.Door) (address, name string) {
	if d == agreement.DoorLevels && m.Levels != "" {
		return m.Levels, LevelsName
	}
	return m.Desk, m.Name
}

// Sender is from whom a mail is whose answers go to one of the addresses.
func (m Mailboxes) Sender(replyTo string) (address, name string) {
	if Addressed([]string{replyTo}, m.Levels) {
		return m.From(agreement.DoorLevels)
	}
	return m.From(agreement.DoorDesk)
}

// Door is the one a mail was sent to: the second door only when it names that alone, for everything goes in by the desk.
func (m Mailboxes) Door(to []string) agreement.Door {
	if Addressed(to, m.Levels) && !Addressed(to, m.Desk) {
		return agreement.DoorLevels
	}
	return agreement.DoorDesk
}
