package agreement

// State is how an obligation stands.
type State string

// The states of an obligation.
const (
	StateRunning  State = "running"  // its side's turn, time left
	StatePaused   State = "paused"   // not met, not its side's turn
	StateMet      State = "met"      // in time
	StateBreached State = "breached" // more used than the target allows; Met is set when it was met late
	StateWaived   State = "waived"   // by a named person with a reason
	StateDisputed State = "disputed" // challenged, not settled; Stands says how it stands apart from that
	StateVoid     State = "void"     // neither kept nor broken; Reason says why
)

// The reasons why an obligation is void or waived.
const (
	ReasonReturned      = "the customer had answered it already"
	ReasonUndeliverable = "it could not be delivered"
	ReasonSuperseded    = "a solution took its place"
	ReasonSilence       = "silence after a solution is acceptance"
	ReasonLapsed        = "the ticket lapsed"
	ReasonWithdrawn     = "the requester withdrew the ticket"
	ReasonNotATicket    = "it was not a ticket"
	ReasonDeclined      = "it was declined by a ruling"
	ReasonClosed        = "the ticket was closed"
	ReasonMerged        = "the ticket was merged into another"
	ReasonNoTarget      = "no target agreed"
	ReasonWaived        = "waived"
)

// Turn is a span of the ticket's life in which one side owes the next move.
type Turn struct {
	Side         Side
	Party        string // team, person or supplier
	Since, Until int64  // Until 0 = open; the last turn of a closed ticket has no length
	Cause        string // the Kind that opened it, or CauseWaitOver
	CauseSeq     int64
}

// CauseWaitOver is the cause of the turn after an agreed wait that reached its end; CauseSeq is the wait's.
const CauseWaitOver = "wait_over"

// Obligation is one target running on one ticket.
type Obligation struct {
	ID      string // metric-startseq, the same in every reading of the ledger
	Side    Side
	Metric  Metric
	State   State
	Stands  State // the state apart from a dispute
	Started int64
	Ended   int64 // when it stopped for the time being: met, waived or void; 0 = still owed
	// Due is when the target is used up. It is 0 while that is unknown: paused without a known end and time left, or
	// no target. After the end it is what it was then. Broken: the instant the target was used up.
	Due          int64
	Met          int64 // 0 = not met
	FirstMet     int64 // the first time it was met; a solution may be rejected or a ticket reopened after it
	Target, Used int64
	WarnAt       int64 // running: when the warning level is reached, 0 = reached or none
	AtRisk       bool  // owed, not broken, warning level reached
	Party        string
	CauseSeq     int64 // Seq of the event that started it
	Reason       string

	ext       int64 // target by an explicit due date
	asked     int64 // that date
	reached   int64 // instant the target was used up
	nextStep  int
	skipped   uint64 // steps that were waived, by their bits
	lastStep  int64  // when the step before was taken
	lastOwn   int64  // when its own side was last told
	slot      int8
	agreed    bool // a target is in force
	everBound bool
	broken    bool
	disputed  bool
	waived    bool
	ruling    State // as both sides agreed that it stands, "" = as it was counted
	byClosing bool
}

// Left is what remains of the target; below 0 when it is broken. Used + Left is Target at every instant.
func (o *Obligation) Left() int64 { return o.Target - o.Used }

// Result is what Clock read out of a ledger. It is a value of its own; it keeps the facts only for Explain.
type Result struct {
	Turns       []Turn
	Obligations []Obligation // by start
	Lifetime    int64        // from Opened to the last closing, or to Now
	Timers      []Timer      // what falls due next, by At
	Needless    int          // questions the customer returned: in IT's column
	Repeated    int          // questions that asked again what an earlier one had asked: in IT's column

	now     int64
	regimes []regime
	flags   []uint8
	open    []int32
}

// Current is the last turn; the zero Turn of a ticket that was never opened.
func (r Result) Current() Turn {
	if len(r.Turns) == 0 {
		return Turn{}
	}
	return r.Turns[len(r.Turns)-1]
}

// Until is where a turn ends, an open one at the instant of the reading.
func (r Result) Until(t Turn) int64 {
	return t.until(r.now)
}

func (t *Turn) until(now int64) int64 {
	if t.Until == 0 {
		return now
	}
	return t.Until
}

// Seconds is how much of the lifetime was a side's: wall time. The four sides sum up to Lifetime.
func (r Result) Seconds(s Side) int64 {
	sum := int64(0)
	for i := range r.Turns {
		if t := &r.Turns[i]; t.Side == s {
			sum += t.until(r.now) - t.Since
		}
	}
	return sum
}
