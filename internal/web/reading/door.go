package reading

import (
	"slices"

	"bothways/internal/desk"
	"bothways/internal/desk/ticket"
)

// MatterWords name what a request at the second door is about.
var MatterWords = map[ticket.Matter]string{ticket.OfLevel: "Levels", ticket.OfPrice: "Price", ticket.OfException: "An exception", ticket.OfComplaint: "How a promise was kept"}

// doorWords name who answers at a door.
var doorWords = map[string]string{desk.DoorDesk: "the service desk", desk.DoorLevels: "service level management"}

// crosses says whether a hand-over went to the other door.
func (t *Reading) crosses(e *happening) bool {
	return slices.ContainsFunc(t.events, func(o happening) bool { return o.Kind == evDoorPassed && o.Seq > e.Seq && o.At.Equal(e.At) })
}

// throughDoor says that the other door has it, and who there.
func (t *Reading) throughDoor(e *happening) string {
	out := "Passed from " + doorWords[e.d.Before] + " to " + doorWords[e.d.Action] + ", with everything that was said"
	if t.by.Staff {
		out = t.Start(e.Actor) + " passed it from " + doorWords[e.d.Before] + " to " + doorWords[e.d.Action]
	}
	if e.d.Party != "" {
		out += ": " + t.Name(e.d.Party) + " has it now"
	}
	return out + ". No clock began anew."
}

// aboutService says which service somebody set.
func (t *Reading) aboutService(e *happening) string {
	if name := t.services[e.d.Service]; name != "" {
		return " said that it is about " + name + ". Its promises hold from here."
	}
	return " took the service off it."
}
