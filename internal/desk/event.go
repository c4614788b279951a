package desk

import "bothways/internal/desk/record"

// data is what an event says; see package record.
type data = record.Data

// Kinds of events that move no clock.
const (
	evMessage      = record.Message
	evNote         = record.Note
	evAssigned     = record.Assigned
	evReclassified = record.Reclassified
	evLinked       = record.Linked
	evWatcher      = record.WatcherSet
	evUndelivered  = record.NotDeliverable
	evHeld         = record.Held
	evCorrected    = record.Corrected
	evAwayUntil    = record.AwayUntil
	evNoTurn       = record.NoTurn
	evHandedOver   = record.HandedOver
	evUnlinked     = record.Unlinked
	evTagged       = record.Tagged
	evLookedAt     = record.LookedAt
	evSplitTo      = record.SplitTo
	evSplitFrom    = record.SplitFrom
	evReleased     = record.Released
	evDoorPassed   = record.DoorPassed
)
