package agreement

import "bothways/internal/calendar"

// Side is a party that can owe the next move.
type Side string

// The sides. Nobody's time is an agreed wait, a confirmed solution, or the time between a closing and a reopening.
const (
	SideProvider Side = "provider"
	SideCustomer Side = "customer"
	SideSupplier Side = "supplier"
	SideNobody   Side = "nobody"
)

// Metric is what an obligation measures.
type Metric string

// The metrics of a ticket: three of the provider's, five of the customer's.
const (
	MetricFirstResponse Metric = "first_response"
	MetricNextResponse  Metric = "next_response"
	MetricResolution    Metric = "resolution"
	MetricAnswer        Metric = "answer"
	MetricSupplyFacts   Metric = "supply_facts"
	MetricConfirm       Metric = "confirm"
	MetricTest          Metric = "test"        // try something out and say how it went
	MetricAcknowledge   Metric = "acknowledge" // read something and say so
)

const metricCount = 8

// Questions are what a blocking question can ask for, the usual first.
func Questions() []Metric {
	return []Metric{MetricAnswer, MetricSupplyFacts, MetricTest, MetricAcknowledge}
}

// Asked says whether a blocking question asks for it.
func (m Metric) Asked() bool {
	return m == MetricAnswer || m == MetricSupplyFacts || m == MetricTest || m == MetricAcknowledge
}

// Bounds that keep sums of instants and lengths within 64 bits whatever comes in.
const (
	maxInstant = 1 << 40 // the year 36812
	maxPercent = 10_000
)

// slot is the metric's place in a regime's table, or -1.
func (m Metric) slot() int {
	switch m {
	case MetricFirstResponse:
		return 0
	case MetricNextResponse:
		return 1
	case MetricResolution:
		return 2
	case MetricAnswer:
		return 3
	case MetricSupplyFacts:
		return 4
	case MetricConfirm:
		return 5
	case MetricTest:
		return 6
	case MetricAcknowledge:
		return 7
	}
	return -1
}

// Side is who owes what the metric measures.
func (m Metric) Side() Side {
	if m.slot() <= 2 {
		return SideProvider
	}
	return SideCustomer
}

// Priority is impact × urgency; it is never who is asking (S2).
type Priority string

// The priorities. A ticket that was never given one is medium.
const (
	PriorityCritical Priority = "critical"
	PriorityHigh     Priority = "high"
	PriorityMedium   Priority = "medium"
	PriorityLow      Priority = "low"
)

// Target is one promise of an agreement: so much of the obligor's working time. Of several that are meant for a ticket the
// closest counts (see fits), of those alike the first.
type Target struct {
	Metric      Metric   `json:"metric"`
	Side        Side     `json:"side"`                   // who owes it; informative, the metric decides
	Priority    Priority `json:"priority,omitempty"`     // "" = every priority that has no target of its own
	Seconds     int64    `json:"seconds"`                // more than 0; else there is no target
	WarnPercent int      `json:"warn_percent,omitempty"` // from which part on the obligation is at risk; 0 = never
	Service     string   `json:"service,omitempty"`      // id; "" = every service that has no target of its own
	Door        Door     `json:"door,omitempty"`         // "" = whichever has no target of its own
}

// The actions of a ladder.
const (
	ActionRemind       = "remind"        // the person who owes
	ActionTellContact  = "tell_contact"  // the site's contact or manager
	ActionPause        = "pause"         // reminders stop, the turn stays the customer's
	ActionLapse        = "lapse"         // closed with one-click reopen
	ActionClose        = "close"         // closed: silence after a solution is acceptance
	ActionWarn         = "warn"          // the provider's assignee and lead
	ActionTellCustomer = "tell_customer" // that the provider is late
	ActionRequeue      = "requeue"       // nobody of the provider holds the ticket until the customer moves
	ActionCharge       = "charge"        // a charge to the customer is noted on the ticket
	ActionCredit       = "credit"        // a credit to the customer is noted on the ticket
)

// Step is one step of the consequence ladder of a metric. It is scheduled when Percent of the target plus PlusSeconds
// of the obligor's working time are used, on the PlusDays-th working day of its addressee after the step before it, or
// later, and fires inside its addressee's hours. A warn step without percent and seconds takes its target's
// WarnPercent.
type Step struct {
	Metric      Metric `json:"metric"`
	Action      string `json:"action"`
	Percent     int    `json:"percent,omitempty"` // of the target's length; may exceed 100
	PlusSeconds int64  `json:"plus_seconds,omitempty"`
	PlusDays    int    `json:"plus_days,omitempty"` // working days after the step before; consequences are at least 1 by themselves
	Price       Price  `json:"price,omitzero"`      // of a charge or a credit
}

// Version is one signed version of an agreement, as far as Clock needs it. A calendar that is nil is open always.
type Version struct {
	ID                   string
	Service, Customer    *calendar.Calendar
	Targets              []Target
	Ladder               []Step
	SupplierStopsPromise bool // a supplier's turn does not run against the promise to the customer
}

// Facts are the dated facts beside the events. Without an AgreementSet the version is the first.
type Facts struct {
	Versions   []Version
	Now        int64 // an instant before the last event is read as that event's
	NeverLapse bool  // security, safety, procurement, legal hold: no lapse, no closing by silence
}

// hours is a calendar that may be absent; absent is open always.
type hours struct{ c *calendar.Calendar }

func (h hours) between(from, to int64) int64 {
	if h.c == nil {
		return max(0, to-from)
	}
	return h.c.Between(from, to)
}

func (h hours) add(from, seconds int64) (int64, bool) {
	if h.c == nil {
		return from + seconds, true
	}
	return h.c.Add(from, seconds)
}

func (h hours) nextOpen(at int64) (int64, bool) {
	if h.c == nil {
		return at, true
	}
	return h.c.NextOpen(at)
}

func (v *Version) hours(s Side) hours {
	if s == SideCustomer {
		return hours{v.Customer}
	}
	return hours{v.Service}
}

// counts says whether an obligation of a side runs during a turn of another or the same.
func (v *Version) counts(obligor, turn Side) bool {
	if obligor == SideProvider {
		return turn == SideProvider || turn == SideSupplier && !v.SupplierStopsPromise
	}
	return turn == SideCustomer
}

// regime is what was in force from an instant on: a version and what the ticket was about, and the targets they give.
type regime struct {
	from    int64
	version *Version
	target  [metricCount]int64
	warn    [metricCount]int64
}

var noVersion Version

func newRegime(from int64, v *Version, m matter) regime {
	g := regime{from: from, version: v}
	var closest [metricCount]int8
	for i := range v.Targets {
		t := &v.Targets[i]
		k := t.Metric.slot()
		if k < 0 {
			continue
		}
		if fit := t.fits(&m); fit > closest[k] {
			closest[k] = fit
			g.target[k], g.warn[k] = min(max(0, t.Seconds), maxInstant), int64(min(max(0, t.WarnPercent), maxPercent))
		}
	}
	return g
}
