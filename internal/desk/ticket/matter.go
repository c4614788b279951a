package ticket

import (
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// Matter is what a request at the second door is about; "" is what nobody has said yet.
type Matter string

// The matters of service level management (S1): levels, price, exceptions, and complaints about them.
const (
	OfLevel     Matter = "level"
	OfPrice     Matter = "price"
	OfException Matter = "exception"
	OfComplaint Matter = "complaint"
)

// Matters lists them.
func Matters() []Matter { return []Matter{OfLevel, OfPrice, OfException, OfComplaint} }

// Kind is the kind of ticket that a matter is.
func (m Matter) Kind() Kind {
	switch m {
	case OfLevel, OfException:
		return ServiceRequest
	case OfComplaint:
		return Complaint
	}
	return Question
}

// ParseMatter reads a matter; "" is none. Errors: Invalid.
func ParseMatter(s string) (Matter, error) {
	switch m := Matter(strings.ToLower(strings.TrimSpace(s))); m {
	case "", OfLevel, OfPrice, OfException, OfComplaint:
		return m, nil
	}
	return "", errs.In("desk", "matter", "%q is no matter of the second door. Write level, price, exception or complaint.", Short(s))
}

// DoorOf says behind which door a ticket is now: whose team has it.
func DoorOf(t Ticket) string { return string(DoorOfTeam(t.TeamID)) }

// DoorOfTeam is the door that a team answers at.
func DoorOfTeam(teamID string) agreement.Door {
	if people.IsLevels(teamID) {
		return agreement.DoorLevels
	}
	return agreement.DoorDesk
}

// ParseDoor reads a door; "" is the service desk. Errors: Invalid.
func ParseDoor(s string) (agreement.Door, error) {
	switch d := agreement.Door(s); d {
	case "", agreement.DoorDesk:
		return agreement.DoorDesk, nil
	case agreement.DoorLevels:
		return d, nil
	}
	return "", errs.In("desk", "door", "There are two doors: service_desk and service_levels.")
}
