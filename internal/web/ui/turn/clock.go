package turn

import (
	"strconv"
	"strings"
	"time"

	"bothways/internal/web/ui"
)

// State is how one side's promise stands.
type State string

// The states of a clock. Stopped means the time is not counted now because it
// is not this side's turn (or an agreed wait runs).
const (
	None     State = "none"
	Running  State = "running"
	Stopped  State = "stopped"
	Kept     State = "kept"
	Missed   State = "missed"
	Waived   State = "waived"
	Disputed State = "disputed"
)

// Clock is one side's promise on one ticket, as staff and customers both read
// it: same words, same arithmetic.
type Clock struct {
	Side ui.Side
	// Title names the clock: "IT's clock", "Helen's clock", "Your clock".
	Title string
	State State
	// Promise is what is promised, verb first: "Reply", "Finish", "Answer".
	Promise string
	// Done is the promise as a fact: "Replied", "Answered".
	Done string
	// Due is the instant the promise ends; zero when none runs.
	Due time.Time
	// Met is when a kept promise was kept; zero otherwise.
	Met          time.Time
	Used, Target time.Duration
	// Soon is set past the warning level of the agreement.
	Soon bool
	// Kept of Of promises of this side on this ticket ended in time so far.
	Kept, Of int
	// Why lists every counted and skipped span of the promise.
	Why []Explained
}

// Explained is one span of a promise's life, counted or not, with the reason
// in words ("night", "weekend", "Helen's turn"). The counted spans of a clock
// sum to its used time.
type Explained struct {
	From, To time.Time
	Counted  bool
	Reason   string
}

// Length is the wall time of the span.
func (e Explained) Length() time.Duration { return e.To.Sub(e.From) }

// Sums adds up the counted and the skipped spans.
func Sums(spans []Explained) (counted, skipped time.Duration) {
	for _, e := range spans {
		if e.Counted {
			counted += e.Length()
		} else {
			skipped += e.Length()
		}
	}
	return counted, skipped
}

// Head is the large line of a clock: "Reply by 10:24", "Stopped".
func (c Clock) Head(r ui.Reader) string {
	switch c.State {
	case Running:
		return c.Promise + " by " + r.Due(c.Due)
	case Missed:
		return "Missed: " + strings.ToLower(c.Promise) + " by " + r.Short(c.Due)
	case Stopped:
		return "Stopped"
	case Kept:
		if !c.Met.IsZero() && c.Done != "" {
			return c.Done + " " + r.WhenIn(c.Met)
		}
		return "Kept"
	case Waived:
		return "Waived"
	case Disputed:
		return "Disputed"
	default:
		return "Nothing promised now"
	}
}

// Sub is the small line: how much is left or used, of how much.
func (c Clock) Sub() string {
	target := ui.Span(c.Target)
	switch c.State {
	case Running:
		if c.Target == 0 {
			return ""
		}
		return ui.Span(c.Target-c.Used) + " left of " + target
	case Missed:
		if c.Target == 0 {
			return "Missed"
		}
		return ui.Span(c.Used-c.Target) + " over " + target
	case Stopped, Waived, Disputed:
		if c.Target == 0 {
			return ""
		}
		return ui.Span(c.Used) + " of " + target + " used"
	case Kept:
		return "Took " + ui.Span(c.Used) + " of " + target
	default:
		return ""
	}
}

// Record is the side's record on this ticket so far: "kept 2 of 2 so far".
// Empty while nothing has ended.
func (c Clock) Record() string {
	if c.Of == 0 {
		return ""
	}
	return "kept " + strconv.Itoa(c.Kept) + " of " + strconv.Itoa(c.Of) + " so far"
}

// Percent is the share of the promise used, 0 to 100, for the bar.
func (c Clock) Percent() int {
	if c.Target <= 0 {
		return 0
	}
	p := int(c.Used * 100 / c.Target)
	return min(max(p, 0), 100)
}

// Panel is the signature part of a ticket: both clocks side by side, the
// ribbon of turns, and why each promise ends when it does. IT stands left,
// the customer right, on every page alike.
type Panel struct {
	// Label names the panel where a page holds several; "" is "Whose turn it is".
	Label   string
	IT, You Clock
	// Turn is whose move it is now; TurnText says it in words, from the
	// reader's side: "our turn now", "Helen's turn now", "your turn now".
	Turn     ui.Side
	TurnText string
	Ribbon   Ribbon
}

func (p Panel) label() string {
	if p.Label == "" {
		return "Whose turn it is"
	}
	return p.Label
}
