package desk

import (
	"bothways/internal/desk/moves"
	"bothways/internal/desk/read"
	"bothways/internal/desk/ticket"
)

// What a ticket is made of; see package ticket.
type (
	Ticket      = ticket.Ticket
	Kind        = ticket.Kind
	State       = ticket.State
	Level       = ticket.Level
	Participant = ticket.Participant
	Message     = ticket.Message
	Note        = ticket.Note
	File        = ticket.File
	Link        = ticket.Link
	Upload      = ticket.Upload
	Act         = ticket.Act
	Work        = ticket.Work
)

// What is read of tickets; see package read.
type (
	Row      = read.Row
	Filter   = read.Filter
	Event    = read.Event
	Ledger   = read.Ledger
	Story    = read.Story
	Key      = read.Key
	Arrival  = read.Arrival
	Delivery = read.Delivery
	Standing = read.Standing
)

// How far a public message has come; see package read.
const (
	Received     = read.Received
	OnItsWay     = read.OnItsWay
	Arrived      = read.Arrived
	NotDelivered = read.NotDelivered
)

// MayWait begins what a proposed wait needs; see package moves.
const MayWait = moves.MayWait

// What the commands of package moves take, and what becomes of a message.
type (
	QuestionInput = ticket.Asked
	SpeakResult   = ticket.Spoken
	MergeInput    = moves.MergeInput
	SplitInput    = moves.SplitInput
	LogInput      = moves.LogInput
	CallInput     = moves.CallInput
	WaitInput     = moves.WaitInput
)

// The kinds, levels, states and roles that this package's callers name.
const (
	Incident           = ticket.Incident
	ServiceRequest     = ticket.ServiceRequest
	Question           = ticket.Question
	Complaint          = ticket.Complaint
	Low                = ticket.Low
	Medium             = ticket.Medium
	High               = ticket.High
	New                = ticket.New
	InProgress         = ticket.InProgress
	WaitingForCustomer = ticket.WaitingForCustomer
	WaitingForSupplier = ticket.WaitingForSupplier
	Scheduled          = ticket.Scheduled
	Resolved           = ticket.Resolved
	Closed             = ticket.Closed
	Withdrawn          = ticket.Withdrawn
	Declined           = ticket.Declined
	Lapsed             = ticket.Lapsed
	NotATicket         = ticket.NotATicket
	Merged             = ticket.Merged
	Requester          = ticket.Requester
	Affected           = ticket.Affected
	Watcher            = ticket.Watcher
	Pending            = ticket.Pending
	NoDue              = ticket.NoDue
)

// Usual is how long like requests took.
type Usual = read.Usual

// Ref writes a ticket number as people do: BW-1001.
func Ref(n int64) string { return ticket.Ref(n) }

// ParseRef reads BW-1001, bw1001 or 1001. Errors: NotFound, the same as for a ticket that does not exist.
func ParseRef(s string) (int64, error) { return ticket.ParseRef(s) }

// States lists every state.
func States() []State { return ticket.States() }
