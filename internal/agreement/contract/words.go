package contract

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
)

// metricWords names what is promised, as a line of differences begins.
var metricWords = map[agreement.Metric]string{
	agreement.MetricFirstResponse: "First reply", agreement.MetricNextResponse: "Next reply", agreement.MetricResolution: "Solution",
	agreement.MetricAnswer: "Answer", agreement.MetricSupplyFacts: "Facts", agreement.MetricConfirm: "Confirmation", agreement.MetricTest: "Test", agreement.MetricAcknowledge: "Word that it was read",
}

// Title is what is promised as a line begins with it: "First reply".
func Title(m agreement.Metric) string { return metricWords[m] }

// Word is what is promised in a word or two: "first reply".
func Word(m agreement.Metric) string { return strings.ToLower(metricWords[m]) }

// Metric reads what is promised, as Word writes it or as programs do. It says false for what is none.
func Metric(s string) (agreement.Metric, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, article := range []string{"a ", "an ", "the ", "every "} {
		s = strings.TrimPrefix(s, article)
	}
	for _, m := range agreement.Metrics() {
		if s == Word(m) || s == string(m) || s == strings.ReplaceAll(string(m), "_", " ") {
			return m, true
		}
	}
	return "", false
}

// Names are the words for ids that terms hold.
type Names struct {
	Calendar func(id string) string
	Service  func(id string) string
	Zone     *time.Location // of whoever reads, for days
}

// Differences says in words what a version changes of another: "Answer, medium: 8 working hours, was 16". None when it changes nothing.
func Differences(before, after agreement.Paper, n Names) []string {
	d := differences{names: n}
	d.targets(before.Terms.Targets, after.Terms.Targets)
	d.line("Hours of IT", n.Calendar(before.ServiceCalendar), n.Calendar(after.ServiceCalendar))
	d.line("Hours of the customer", n.Calendar(before.CustomerCalendar), n.Calendar(after.CustomerCalendar))
	b, a := before.Terms, after.Terms
	d.ladder(b.Ladder, a.Ladder)
	d.line("A supplier’s turn", supplier(b.SupplierStopsPromise), supplier(a.SupplierStopsPromise))
	d.line("Reopening", days(b.GraceDays), days(a.GraceDays))
	d.line("Challenging a span", within(b.DisputeDays), within(a.DisputeDays))
	d.line("Review", d.day(b.Review), d.day(a.Review))
	d.line("End of the term", d.day(b.Until), d.day(a.Until))
	d.line("Services covered", d.services(b.Services), d.services(a.Services))
	d.prices(b.Prices, a.Prices)
	d.inner("team", b.Teams, a.Teams)
	d.inner("supplier", b.Suppliers, a.Suppliers)
	d.text("What is covered, and what is not", b.Boundaries, a.Boundaries)
	d.text("Where a dispute goes", b.Escalation, a.Escalation)
	return d.out
}

type differences struct {
	names Names
	out   []string
}

func (d *differences) line(what, before, after string) {
	switch {
	case before == after:
	case before == "":
		d.out = append(d.out, what+": "+after+", new")
	case after == "":
		d.out = append(d.out, what+": no longer, was "+before)
	default:
		d.out = append(d.out, what+": "+after+", was "+before)
	}
}

func (d *differences) text(what, before, after string) {
	if before != after {
		d.out = append(d.out, what+": other words")
	}
}

// about is what a target is for, apart from its metric.
type about struct {
	door     agreement.Door
	service  string
	priority agreement.Priority
}

type key struct {
	metric agreement.Metric
	about
}

func (d *differences) targets(before, after []agreement.Target) {
	length, warned := map[key][2]int64{}, map[key][2]int{}
	var matters []about
	for side, all := range [2][]agreement.Target{before, after} {
		for _, t := range slices.Backward(all) { // of several the first counts
			k := key{t.Metric, about{t.Door, t.Service, t.Priority}}
			l, w := length[k], warned[k]
			l[side], w[side] = t.Seconds, t.WarnPercent
			length[k], warned[k] = l, w
			matters = append(matters, k.about)
		}
	}
	for _, m := range agreement.Metrics() {
		for _, x := range d.ordered(matters) {
			k := key{m, x}
			what := metricWords[m] + d.names.For(x.door, x.service, x.priority)
			l, w := length[k], warned[k]
			d.line(what, Working(l[0]), Working(l[1]))
			if l[0] > 0 && l[1] > 0 {
				d.line(what+", warning", percent(w[0]), percent(w[1]))
			}
		}
	}
}

// ordered puts what targets are for in the order in which it is told: by door, by the service's name, the highest priority first.
func (d *differences) ordered(all []about) []about {
	place := func(p agreement.Priority) int {
		return slices.Index(append(agreement.Priorities(), ""), p)
	}
	name := map[string]string{}
	for _, x := range all {
		if x.service != "" {
			name[x.service] = d.names.Service(x.service)
		}
	}
	slices.SortFunc(all, func(a, b about) int {
		return cmp.Or(cmp.Compare(a.door, b.door), cmp.Compare(name[a.service], name[b.service]), cmp.Compare(a.service, b.service), cmp.Compare(place(a.priority), place(b.priority)))
	})
	return slices.Compact(all)
}

// doorWords name the doors after what is promised.
var doorWords = map[agreement.Door]string{agreement.DoorDesk: "at the service desk", agreement.DoorLevels: "at the second door"}

// For says what a target is for, after the words of its metric: ", E-mail, high"; "" is everything that has no target of its own.
func (n Names) For(door agreement.Door, service string, p agreement.Priority) string {
	parts := []string{doorWords[door], "", string(p)}
	if service != "" {
		parts[1] = n.Service(service)
	}
	out := ""
	for _, w := range parts {
		if w != "" {
			out += ", " + w
		}
	}
	return out
}

// Working is a length in working time in words: "8 working hours", "1 hour 30 minutes of working time"; "" for none.
func Working(seconds int64) string {
	if seconds <= 0 {
		return ""
	}
	h, m, s := seconds/3600, seconds%3600/60, seconds%60
	if m == 0 && s == 0 {
		return plural(h, "working hour")
	}
	var parts []string
	for _, p := range []struct {
		n    int64
		unit string
	}{{h, "hour"}, {m, "minute"}, {s, "second"}} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.unit))
		}
	}
	return strings.Join(parts, " ") + " of working time"
}

func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + one + "s"
}

func percent(n int) string {
	if n == 0 {
		return "never"
	}
	return "at " + strconv.Itoa(n) + "%"
}

func supplier(stops bool) string {
	if stops {
		return "stops IT’s promise"
	}
	return "runs against IT’s promise"
}

func days(n int) string { return "within " + plural(int64(n), "day") }

func within(n int) string {
	if n == 0 {
		return "at any time"
	}
	return days(n)
}

func (d *differences) day(at int64) string {
	if at == 0 {
		return ""
	}
	return time.Unix(at, 0).In(d.names.Zone).Format("2 January 2006")
}

func (d *differences) services(ids []string) string {
	if len(ids) == 0 {
		return "all"
	}
	var out []string
	for _, s := range ids {
		out = append(out, d.names.Service(s))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// ladder compares what follows, metric by metric.
func (d *differences) ladder(before, after []agreement.Step) {
	for _, m := range agreement.Metrics() {
		d.line("What follows on "+strings.ToLower(metricWords[m]), steps(before, m), steps(after, m))
	}
}

var actionWords = map[string]string{
	agreement.ActionRemind: "remind", agreement.ActionTellContact: "tell the site’s contact", agreement.ActionPause: "pause", agreement.ActionLapse: "close, one word reopens",
	agreement.ActionClose: "close as accepted", agreement.ActionWarn: "warn IT", agreement.ActionTellCustomer: "tell the customer that IT is late",
	agreement.ActionRequeue: "put it back in the queue", agreement.ActionCharge: "charge", agreement.ActionCredit: "credit the customer",
}

func steps(all []agreement.Step, m agreement.Metric) string {
	var out []string
	for _, s := range all {
		if s.Metric != m {
			continue
		}
		w := actionWords[s.Action]
		if w == "" {
			w = s.Action
		}
		if s.Price.Minor > 0 {
			w += " " + s.Price.String()
		}
		w += " at " + strconv.Itoa(s.Percent) + "%"
		if s.PlusSeconds > 0 {
			w += " and " + Working(s.PlusSeconds)
		}
		if s.PlusDays > 0 {
			w += ", " + plural(int64(s.PlusDays), "working day") + " after the step before"
		}
		out = append(out, w)
	}
	return strings.Join(out, "; ")
}

// Amount is a price in words: "41.20 GBP".
func Amount(p agreement.Price) string { return p.String() }

// ParseAmount reads an amount such as "41.20" of a currency. It says false for what is none.
func ParseAmount(s, currency string) (agreement.Price, bool) {
	places := 2
	if (agreement.Price{Currency: currency}).Whole() {
		places = 0
	}
	units, rest, dot := strings.Cut(strings.ReplaceAll(s, ",", "."), ".")
	if dot && (len(rest) == 0 || len(rest) > places) {
		return agreement.Price{}, false
	}
	minor, err := strconv.ParseUint(units+rest+strings.Repeat("0", places-len(rest)), 10, 40)
	return agreement.Price{Minor: int64(minor), Currency: currency}, err == nil
}

func (d *differences) prices(before, after []agreement.Price) {
	at := map[string][2]string{}
	var order []string
	for side, all := range [2][]agreement.Price{before, after} {
		for _, p := range all {
			v, known := at[p.What]
			if !known {
				order = append(order, p.What)
			}
			v[side] = Amount(p)
			at[p.What] = v
		}
	}
	for _, what := range order {
		d.line("Price, "+what, at[what][0], at[what][1])
	}
}

func (d *differences) inner(kind string, before, after []agreement.Inner) {
	at := map[string][2]string{}
	var order []string
	for side, all := range [2][]agreement.Inner{before, after} {
		for _, t := range all {
			what := t.Who + " (" + kind + "), " + strings.ToLower(metricWords[t.Metric])
			if t.Priority != "" {
				what += ", " + string(t.Priority)
			}
			v, known := at[what]
			if !known {
				order = append(order, what)
			}
			v[side] = Working(t.Seconds)
			at[what] = v
		}
	}
	for _, what := range order {
		d.line(what, at[what][0], at[what][1])
	}
}
