package agreement

import (
	"strconv"
	"strings"
)

// Clock reads a ledger. See the package's documentation for the rules. It never fails: an event that makes no sense
// where it stands moves nothing. It costs a walk over the events and a few binary searches in calendars for each.
func Clock(events []Event, f Facts) Result {
	var r Result
	ClockInto(&r, events, f)
	return r
}

// ClockInto is Clock into a result whose memory is used again. Everything the result held before is overwritten; its
// earlier obligations' IDs stay valid strings.
func ClockInto(r *Result, events []Event, f Facts) {
	l := ledger{
		r: r, events: events, versions: f.Versions, neverLapse: f.NeverLapse, at: 1,
		fr: -1, nr: -1, res: -1, conf: -1, about: matter{priority: PriorityMedium},
	}
	l.prepare()
	for i := range events {
		e := &events[i]
		at := min(max(e.At, l.at), maxInstant)
		l.passTo(at)
		l.read(i, e)
	}
	r.now = min(max(f.Now, l.at), maxInstant)
	l.passTo(r.now)
	l.finish()
}

// marks of events whose meaning a later event took away
const (
	markUndelivered = 1 << iota
	markNoTurn
	markReturned
	markUndone // of a merge that was taken back, and of what followed from it
)

// ledger is the state of one reading.
type ledger struct {
	r          *Result
	events     []Event
	versions   []Version
	neverLapse bool

	at      int64 // read and counted up to here
	version *Version
	about   matter
	team    string

	born, closed, responded, resolved bool
	firstWaived                       bool
	since, closedAt                   int64

	waiting   bool
	waitUntil int64
	waitSeq   int64
	base      Turn // whose turn it is apart from a wait
	natural   Turn // whose turn it is apart from what was settled of a span

	spans    []settledSpan // those to come, in order
	over     bool          // the first of them has begun
	disputes []openDispute

	fr, nr, res, conf int   // the current obligation of a metric in r.Obligations, or -1
	lastCustomer      int64 // when a step last told the customer
	lastContact       int64
}

// prepare marks what later events took away and finds the version that was in force first.
func (l *ledger) prepare() {
	r := l.r
	if cap(r.flags) < len(l.events) {
		r.flags = make([]uint8, len(l.events))
	}
	r.flags = r.flags[:len(l.events)]
	clear(r.flags)
	turns, obligations, regimes, merged := 2, 2, 1, -1
	for i := range l.events {
		e := &l.events[i]
		if e.Kind != ProviderSpoke && e.Kind != StepTaken && e.Kind != Assigned && e.Kind != Note {
			turns++
		}
		switch e.Kind {
		case Undeliverable, MessageIsNoTurn, QuestionReturned:
			if k := l.find(i, e.Ref); k >= 0 {
				r.flags[k] |= takenBy(e.Kind, l.events[k].Kind)
			}
			obligations++
		case CustomerSpoke, QuestionAsked, SolutionProposed, SolutionRejected:
			obligations++
		case Merged:
			if merged < 0 {
				merged = i
			}
		case Unmerged:
			l.undo(merged, i)
			merged = -1
		case PriorityChanged, ServiceChanged, AgreementSet:
			regimes++
		case DisputeSettled:
			l.settled(e)
		}
	}
	turns += 2 * len(l.spans)
	r.Turns = roomFor(r.Turns, turns)
	r.Obligations = roomFor(r.Obligations, obligations)
	r.open = roomFor(r.open, 8)
	r.regimes = roomFor(r.regimes, regimes)
	r.Timers = roomFor(r.Timers, 4)
	r.Needless, r.Repeated, r.Lifetime = 0, 0, 0
	l.version = l.corrected(-1, 0)
	r.regimes = append(r.regimes, newRegime(0, l.version, l.about))
}

// roomFor empties a slice and gives it room if it has none.
func roomFor[T any](s []T, n int) []T {
	if cap(s) == 0 {
		return make([]T, 0, n)
	}
	return s[:0]
}

// takenBy is the mark a later event of kind by puts on an event of kind on.
func takenBy(by, on Kind) uint8 {
	switch {
	case by == Undeliverable && (on == ProviderSpoke || on == QuestionAsked || on == SolutionProposed):
		return markUndelivered
	case by == MessageIsNoTurn && on == CustomerSpoke:
		return markNoTurn
	case by == QuestionReturned && on == QuestionAsked:
		return markReturned
	}
	return 0
}

// undo marks a merge that was taken back by the event at i, and what happened since on the other ticket.
func (l *ledger) undo(merged, i int) {
	if merged < 0 {
		return
	}
	l.r.flags[merged] |= markUndone
	for k := merged; k < i; k++ {
		if l.events[k].Follows {
			l.r.flags[k] |= markUndone
		}
	}
}

// find is the index before i of the event with that sequence, or -1.
func (l *ledger) find(i int, seq int64) int {
	lo, hi := 0, i
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); l.events[mid].Seq < seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < i && l.events[lo].Seq == seq {
		return lo
	}
	return -1
}

// corrected is the version that the decision at index i (-1 = the beginning) put in force, as later corrections of
// that decision have it.
func (l *ledger) corrected(i, version int) *Version {
	for i++; i < len(l.events); i++ {
		e := &l.events[i]
		if e.Kind != AgreementSet || e.Version < 0 || e.Version >= len(l.versions) {
			continue
		}
		if !e.Correction {
			break
		}
		version = e.Version
	}
	if version < len(l.versions) {
		return &l.versions[version]
	}
	return &noVersion
}

// passTo counts up to an instant, ending an agreed wait that ends before.
func (l *ledger) passTo(at int64) {
	if l.waiting && l.waitUntil <= at {
		l.pass(l.waitUntil)
		l.waiting = false
		l.turn(l.base, CauseWaitOver, l.waitSeq)
	}
	l.pass(at)
}

// finish closes the books at r.now.
func (l *ledger) finish() {
	r := l.r
	if !l.born {
		return
	}
	if l.over { // it ends now at the latest: what was agreed is of the past
		l.over = false
		l.show(l.natural)
	}
	l.markDisputed()
	r.Lifetime = r.now - l.since
	if l.closed {
		r.Turns[len(r.Turns)-1].Until = l.closedAt
		r.Lifetime = l.closedAt - l.since
	}
	for i := range r.Obligations {
		l.settle(&r.Obligations[i])
	}
	kept := r.Obligations[:0]
	for _, o := range r.Obligations {
		if o.everBound {
			kept = append(kept, o)
		}
	}
	r.Obligations = kept
	l.name()
	l.timers()
}

// name gives the obligations their IDs, all cut from one string.
func (l *ledger) name() {
	r := l.r
	var all strings.Builder
	var number [20]byte
	all.Grow(24 * len(r.Obligations))
	for i := range r.Obligations {
		o := &r.Obligations[i]
		start := all.Len()
		all.WriteString(string(o.Metric))
		all.WriteByte('-')
		all.Write(strconv.AppendInt(number[:0], o.CauseSeq, 10))
		o.ID = all.String()[start:]
	}
}
