package agreement

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Inner is a target beneath a promise to the customer: of a team (an operational level agreement) or of a supplier (an underpinning
// contract). It is stated and compared; the promise to the customer binds whatever it says.
type Inner struct {
	Who      string   `json:"who"` // team or supplier by name
	Metric   Metric   `json:"metric"`
	Priority Priority `json:"priority,omitempty"`
	Seconds  int64    `json:"seconds"`
}

// Bounds of terms.
const (
	longestTarget = 400 * 24 * hour // of working time
	mostTargets   = 200
	mostSteps     = 100
	longestText   = 20_000
	longestGrace  = 366
)

// checking gathers what is wrong with terms.
type checking struct{ fields []errs.Field }

func (c *checking) bad(path, format string, args ...any) {
	c.fields = append(c.fields, errs.Field{Path: path, Msg: fmt.Sprintf(format, args...)})
}

// Check says what is wrong with terms that somebody proposes, as of an instant: each field with what would be right. It is stricter than
// what Clock reads, which takes any terms there ever were.
func (t Terms) Check(now time.Time) []errs.Field {
	var c checking
	c.targets(t.Targets, t.Services)
	c.ladder(t)
	c.inner("teams", t.Teams)
	c.inner("suppliers", t.Suppliers)
	c.prices(t.Prices)
	c.dates(t, now)
	if t.GraceDays < 0 || t.GraceDays > longestGrace {
		c.bad("grace_days", "A closed ticket can be reopened for 0 to %d days.", longestGrace)
	}
	if t.DisputeDays < 0 || t.DisputeDays > longestGrace {
		c.bad("dispute_days", "A span can be challenged for 0 to %d days after it ended.", longestGrace)
	}
	for _, x := range []struct{ path, text string }{{"boundaries", t.Boundaries}, {"escalation", t.Escalation}} {
		if len(x.text) > longestText || !utf8.ValidString(x.text) {
			c.bad(x.path, "The text is longer than %d bytes, or no text. Shorten it.", longestText)
		}
	}
	return c.fields
}

func (c *checking) targets(all []Target, covered []string) {
	if len(all) > mostTargets {
		c.bad("targets", "There are more than %d targets.", mostTargets)
		return
	}
	sides := map[Side]int{}
	for i, t := range all {
		path := fmt.Sprintf("targets[%d]", i)
		if t.Metric.slot() < 0 {
			c.bad(path+".metric", "%q is no metric. There are: %s.", t.Metric, text.Join(Metrics()))
			continue
		}
		if t.Side != "" && t.Side != t.Metric.Side() {
			c.bad(path+".side", "What %s measures is owed by the %s.", wordsOf(string(t.Metric)), t.Metric.Side())
		}
		c.priority(path, t.Priority)
		c.checkMatter(path, t, covered)
		if t.Seconds <= 0 || t.Seconds > longestTarget {
			c.bad(path+".seconds", "A target is 1 second to %d hours of working time.", longestTarget/hour)
		}
		if t.WarnPercent < 0 || t.WarnPercent > 100 {
			c.bad(path+".warn_percent", "The warning is at 0 (never) to 100 percent of the time.")
		}
		if slices.ContainsFunc(all[:i], func(o Target) bool { return t.same(o) }) {
			c.bad(path, "There are two targets for %s at the same priority, about the same and at the same door. Keep one.", wordsOf(string(t.Metric)))
		}
		sides[t.Metric.Side()]++
	}
	for _, s := range []Side{SideProvider, SideCustomer} {
		if sides[s] == 0 {
			c.bad("targets", "The %s promises nothing. An agreement binds both sides: add a target of theirs.", s)
		}
	}
}

func (c *checking) priority(path string, p Priority) {
	if p != "" && !slices.Contains(Priorities(), p) {
		c.bad(path+".priority", "%q is no priority. There are: %s; empty is every other.", p, text.Join(Priorities()))
	}
}

// ladder: nothing follows from a promise before it is broken. Reminders and warnings may come earlier.
func (c *checking) ladder(t Terms) {
	if len(t.Ladder) > mostSteps {
		c.bad("ladder", "There are more than %d steps.", mostSteps)
		return
	}
	ended, last, count := map[Metric]bool{}, map[Metric]int{}, map[Metric]int{}
	for i, s := range t.Ladder {
		path := fmt.Sprintf("ladder[%d]", i)
		if s.Metric.slot() < 0 {
			c.bad(path+".metric", "%q is no metric. There are: %s.", s.Metric, text.Join(Metrics()))
			continue
		}
		side, known := actions[s.Action]
		if count[s.Metric]++; count[s.Metric] > MostStepsOfOne {
			c.bad(path, "There are more than %d steps for %s.", MostStepsOfOne, wordsOf(string(s.Metric)))
		}
		switch {
		case !known:
			c.bad(path+".action", "%q is no step. There are: %s.", s.Action, text.Join(slices.Sorted(maps.Keys(actions))))
		case side != s.Metric.Side():
			c.bad(path+".action", "%q is for what the %s owes.", s.Action, side)
		case consequence(s.Action) && s.Percent < 100:
			c.bad(path+".percent", "%q follows before the time is used up. What follows from a promise comes at 100 percent or later.", s.Action)
		case s.Action == ActionTellCustomer && s.Percent > 100:
			c.bad(path+".percent", "The customer hears that IT is late at 100 percent at the latest, before they have to ask.")
		case ended[s.Metric]:
			c.bad(path, "The step before it closes the ticket, so this never comes.")
		case s.Percent < last[s.Metric]:
			c.bad(path+".percent", "It is earlier than the step before it. Put the steps in order.")
		}
		c.priced(path, s)
		if s.Percent < 0 || s.Percent > maxPercent || s.PlusSeconds < 0 || s.PlusSeconds > longestTarget || s.PlusDays < 0 || s.PlusDays > longestGrace {
			c.bad(path, "Percent is 0 to %d, plus_seconds at most %d hours, plus_days at most %d.", maxPercent, longestTarget/hour, longestGrace)
		}
		if !slices.ContainsFunc(t.Targets, func(x Target) bool { return x.Metric == s.Metric }) {
			c.bad(path+".metric", "There is no target for %s, so nothing follows from it.", wordsOf(string(s.Metric)))
		}
		ended[s.Metric], last[s.Metric] = ended[s.Metric] || ends(s.Action), max(last[s.Metric], s.Percent)
	}
}

// actions are the steps a ladder may have, and whose promise each follows from.
var actions = map[string]Side{
	ActionRemind: SideCustomer, ActionTellContact: SideCustomer, ActionPause: SideCustomer, ActionLapse: SideCustomer, ActionClose: SideCustomer,
	ActionRequeue: SideCustomer, ActionCharge: SideCustomer, ActionWarn: SideProvider, ActionTellCustomer: SideProvider, ActionCredit: SideProvider,
}

// Metrics lists what can be promised, the provider's first.
func Metrics() []Metric {
	return []Metric{MetricFirstResponse, MetricNextResponse, MetricResolution, MetricAnswer, MetricSupplyFacts, MetricTest, MetricAcknowledge, MetricConfirm}
}

// Priorities lists the priorities, the highest first.
func Priorities() []Priority {
	return []Priority{PriorityCritical, PriorityHigh, PriorityMedium, PriorityLow}
}

func (c *checking) inner(name string, all []Inner) {
	if len(all) > mostTargets {
		c.bad(name, "There are more than %d.", mostTargets)
		return
	}
	for i, t := range all {
		path := fmt.Sprintf("%s[%d]", name, i)
		if strings.TrimSpace(t.Who) == "" || len(t.Who) > 200 {
			c.bad(path+".who", "Name who promises it.")
		}
		if t.Metric.slot() < 0 || t.Metric.Side() != SideProvider {
			c.bad(path+".metric", "It is one of what the provider promises: %s.", text.Join(Metrics()[:3]))
		}
		c.priority(path, t.Priority)
		if t.Seconds <= 0 || t.Seconds > longestTarget {
			c.bad(path+".seconds", "A target is 1 second to %d hours of working time.", longestTarget/hour)
		}
	}
}

func (c *checking) dates(t Terms, now time.Time) {
	for _, d := range []struct {
		path, what string
		at         int64
	}{{"review", "The review", t.Review}, {"until", "The end of the term", t.Until}} {
		if d.at != 0 && d.at <= now.Unix() {
			c.bad(d.path, "%s is in the past. Give a day that is to come.", d.what)
		}
	}
	if t.Until != 0 && t.Review > t.Until {
		c.bad("review", "The review is after the end of the term. Give a day before it.")
	}
}

func wordsOf(key string) string { return strings.ReplaceAll(key, "_", " ") }
