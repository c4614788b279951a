// Package ticket is what a ticket is made of, and the pure rules over it: numbers, kinds, states, priorities. Package desk,
// which keeps tickets and runs the commands on them, gives these types its own names. No context, no database.
package ticket

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// Kind is what a ticket is about.
type Kind string

// The kinds (domain.md §3). Questions and complaints are requests with targets of their own.
const (
	Incident       Kind = "incident"
	ServiceRequest Kind = "service_request"
	Question       Kind = "question"
	Complaint      Kind = "complaint"
)

// State is a label for reports over whose turn it is.
type State string

// The states (domain.md §3).
const (
	New                State = "new"
	InProgress         State = "in_progress"
	WaitingForCustomer State = "waiting_for_customer"
	WaitingForSupplier State = "waiting_for_supplier"
	Scheduled          State = "scheduled"
	Resolved           State = "resolved"
	Closed             State = "closed"
	Withdrawn          State = "withdrawn"
	Declined           State = "declined"
	Lapsed             State = "lapsed"
	NotATicket         State = "not_a_ticket"
	Merged             State = "merged" // it goes on in another ticket
)

// States lists every state.
func States() []State {
	return []State{New, InProgress, WaitingForCustomer, WaitingForSupplier, Scheduled, Resolved, Closed, Withdrawn, Declined, Lapsed, NotATicket, Merged}
}

// Words is the state in a sentence.
func (s State) Words() string { return strings.ReplaceAll(string(s), "_", " ") }

// Level is an impact or an urgency.
type Level string

// The levels.
const (
	Low    Level = "low"
	Medium Level = "medium"
	High   Level = "high"
)

// NoDue is the due instant of a ticket on which nobody owes anything by a time: it sorts last.
const NoDue = int64(math.MaxInt64)

// Ticket is the cached row of a ticket. Turn, state and due are derived; see Clock.
type Ticket struct {
	ID          string
	Number      int64
	Kind        Kind
	Subject     string
	Channel     string
	OrgID       string
	SiteID      string
	Region      string
	TeamID      string
	AssigneeID  string
	SubmitterID string // typed it
	RequesterID string // asks
	AffectedID  string // gets it
	Impact      Level
	Urgency     Level
	Priority    agreement.Priority
	Sensitivity string // security, safety, procurement, legal_hold: silence never ends it; "" is none of them
	State       State
	Open        bool
	Auth        string // of the mail that opened it: none, fail, aligned; "" on other channels
	TurnSide    agreement.Side
	TurnParty   string
	TurnSince   time.Time
	DueAt       time.Time // the promise of the side in turn that breaks first; zero when there is none
	DueMetric   agreement.Metric
	DueStarted  time.Time
	LastLine    string // the newest public words, one line
	MadeAt      time.Time
	ChangedAt   time.Time
	ResolvedAt  time.Time
	ClosedAt    time.Time
	Version     int64
	Matter      Matter // what it is about, at the second door
	ServiceID   string // which service it is about; "" = none is named
}

// Ref is the number as people write it: BW-1001.
func (t Ticket) Ref() string { return Ref(t.Number) }

// Ref writes a ticket number as people do.
func Ref(n int64) string { return "BW-" + strconv.FormatInt(n, 10) }

// ParseRef reads BW-1001, bw1001 or 1001. Errors: NotFound, the same as for a ticket that does not exist.
func ParseRef(s string) (int64, error) {
	d := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "BW"), "-")
	n, err := strconv.ParseInt(d, 10, 64)
	if err != nil || n <= 0 || d[0] == '+' {
		return 0, NotHere("desk.ParseRef")
	}
	return n, nil
}

// NotHere is the answer for what does not exist and for what is not yours to see: the same.
func NotHere(op string) error {
	return errs.New(errs.NotFound, op, "There is nothing here that you can see.")
}

// priorities is impact × urgency (domain.md §3); who asks does not matter (S2).
var priorities = map[[2]Level]agreement.Priority{
	{High, High}: agreement.PriorityCritical, {High, Medium}: agreement.PriorityHigh, {High, Low}: agreement.PriorityMedium,
	{Medium, High}: agreement.PriorityHigh, {Medium, Medium}: agreement.PriorityMedium, {Medium, Low}: agreement.PriorityLow,
	{Low, High}: agreement.PriorityMedium, {Low, Medium}: agreement.PriorityLow, {Low, Low}: agreement.PriorityLow,
}

// Prioritise gives the priority of an impact and an urgency.
func Prioritise(impact, urgency Level) agreement.Priority {
	return priorities[[2]Level{impact, urgency}]
}

// Rank is a priority's place, the most urgent first.
func Rank(p agreement.Priority) int64 {
	switch p {
	case agreement.PriorityCritical:
		return 0
	case agreement.PriorityHigh:
		return 1
	case agreement.PriorityMedium:
		return 2
	}
	return 3
}

// ParseKind reads a kind as people write it; "" is an incident. Errors: Invalid.
func ParseKind(s string) (Kind, error) {
	switch k := Kind(strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(s)))); k {
	case "":
		return Incident, nil
	case Incident, ServiceRequest, Question, Complaint:
		return k, nil
	case "request":
		return ServiceRequest, nil
	}
	return "", errs.In("desk", "kind", "%q is no kind of ticket. Write incident, service_request, question or complaint.", Short(s))
}

// ParseLevel reads an impact or urgency; "" is medium. path names the field. Errors: Invalid.
func ParseLevel(path, s string) (Level, error) {
	switch l := Level(strings.ToLower(strings.TrimSpace(s))); l {
	case "":
		return Medium, nil
	case Low, Medium, High:
		return l, nil
	}
	return "", errs.In("desk", path, "%q is no level. Write low, medium or high.", Short(s))
}

// ParseSensitivity reads why silence may never end a ticket; "" is no such reason. Errors: Invalid.
func ParseSensitivity(s string) (string, error) {
	switch s {
	case "", "security", "safety", "procurement", "legal_hold":
		return s, nil
	}
	return "", errs.In("desk", "sensitivity", "%q is none of security, safety, procurement or legal_hold.", Short(s))
}

// Short cuts what somebody sent to what an answer may repeat.
func Short(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// Object is the ticket as the authoriser sees it.
func (t Ticket) Object(watchers []Participant) auth.Object {
	o := auth.Object{Kind: "ticket", ID: t.ID, OrgID: t.OrgID, SiteID: t.SiteID, Region: t.Region, TeamID: t.TeamID}
	o.Parties = append(o.Parties, t.RequesterID, t.AffectedID, t.SubmitterID)
	for _, w := range watchers {
		if w.Role != Pending {
			o.Parties = append(o.Parties, w.PersonID)
		}
	}
	return o
}

// DueMicros is the due instant as it is kept: NoDue when there is none.
func (t Ticket) DueMicros() int64 {
	if t.DueAt.IsZero() {
		return NoDue
	}
	return clock.Micros(t.DueAt)
}

// NeverLapses says whether silence may never end the ticket.
func (t Ticket) NeverLapses() bool { return t.Sensitivity != "" }

// Participant is somebody a ticket concerns.
type Participant struct {
	PersonID string
	Role     string // requester, affected, watcher, pending
	Because  string
}

// The roles of participants. A pending one was named in a copy by somebody who takes part: they may be heard, they see nothing
// until an agent accepts them.
const (
	Requester = "requester"
	Affected  = "affected"
	Watcher   = "watcher"
	Pending   = "pending"
)

// Message is public: everybody on the ticket reads it.
type Message struct {
	ID       string
	TicketID string
	AuthorID string // "" for the desk itself
	Side     string // provider, customer, system
	Channel  string
	Body     string // Markdown by the desk, plain text by mail
	Quoted   string // of a mail: what the sender's program quoted, folded away
	Need     string // a blocking question: what is needed
	NeedDue  time.Time
	Metric   agreement.Metric
	Class    string // of a mail: person, auto-reply, …; "thanks" moved no turn
	Auth     string // of a mail: none, fail, aligned
	MailID   string
	EventSeq int64
	MadeAt   time.Time
	Files    []File
}

// Note is internal: only staff in whose reach the ticket is read it.
type Note struct {
	ID       string
	TicketID string
	AuthorID string
	Body     string
	MadeAt   time.Time
	Files    []File
}

// File is an attachment of a message or a note.
type File struct {
	ID     string
	SHA256 string
	Name   string
	Type   string // by our own look at the first bytes, from a short list
	Size   int64
	Text   string // what can be found in it, while it is written; not read again
}

// Link joins two tickets.
type Link struct {
	Other  int64 // number
	Kind   string
	MadeAt time.Time
}

// String is a ticket in a log.
func (t Ticket) String() string { return fmt.Sprintf("%s (%s, %s)", t.Ref(), t.State, t.TurnSide) }
