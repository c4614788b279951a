package score

import (
	"cmp"
	"slices"
	"sort"

	"bothways/internal/agreement"
)

// Card is a scorecard: both columns, where the time went, and how both went week by week.
type Card struct {
	Provider, Customer Column
	Tickets            int64   // that ended
	Time               []Place // the largest first
	Sides              []Place // the same summed over parties: provider, customer, supplier, nobody
	Weeks              []Week
}

// Column is one side's record.
type Column struct {
	Side agreement.Side
	Figures
	Metrics []Line // every priority together, by metric
	Lines   []Line // by metric, then priority from the most pressing
}

// Line is what became of one kind of promise.
type Line struct {
	Metric   agreement.Metric
	Priority agreement.Priority // "" of every priority
	Figures
}

// Span is how much of one ticket that ended was one party's turn.
type Span struct {
	Side    agreement.Side
	Party   string // team, site or supplier; "" of nobody
	Wall    int64  // seconds
	Working int64  // seconds, in that side's hours
}

// Place is where time went: sums of spans.
type Place struct {
	Span
	Tickets int64 // on which the party had a turn
}

// Week is a stretch of the trend.
type Week struct {
	From, To           int64 // Unix seconds; To is not in it
	Provider, Customer Figures
	Tickets            int64
	Sides              [4]Span // in the order of SideOrder, of the tickets that ended in it
}

// SideOrder is the order in which sides are told.
var SideOrder = [4]agreement.Side{agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody}

func sideIndex(s agreement.Side) int {
	switch s {
	case agreement.SideProvider:
		return 0
	case agreement.SideCustomer:
		return 1
	case agreement.SideSupplier:
		return 2
	}
	return 3
}

type lineKey struct {
	metric   agreement.Metric
	priority agreement.Priority
}

type placeKey struct {
	side  agreement.Side
	party string
}

// Tally counts. It is not safe for concurrent use.
type Tally struct {
	starts []int64
	end    int64
	weeks  []Week
	lines  [2]map[lineKey]*Line
	places map[placeKey]*Place
	sides  [4]Place
	ended  int64
}

// NewTally begins a count. weeks are the instants at which the weeks of the trend begin, ascending, with the end of the last; none, or one
// alone, is no trend.
func NewTally(weeks ...int64) *Tally {
	t := &Tally{places: map[placeKey]*Place{}, lines: [2]map[lineKey]*Line{{}, {}}}
	if n := len(weeks); n > 1 {
		t.starts, t.end = weeks[:n-1], weeks[n-1]
		t.weeks = make([]Week, n-1)
		for i := range t.weeks {
			t.weeks[i].From, t.weeks[i].To = weeks[i], weeks[i+1]
		}
	}
	return t
}

func (t *Tally) week(at int64) *Week {
	i := sort.Search(len(t.starts), func(i int) bool { return t.starts[i] > at }) - 1
	if i < 0 || at >= t.end {
		return nil
	}
	return &t.weeks[i]
}

// Promise counts one.
func (t *Tally) Promise(p Promise) {
	side := sideIndex(p.Side)
	if side > 1 {
		return // nobody but the two sides promises
	}
	line := t.lines[side][lineKey{p.Metric, p.Priority}]
	if line == nil {
		line = &Line{Metric: p.Metric, Priority: p.Priority}
		t.lines[side][lineKey{p.Metric, p.Priority}] = line
	}
	line.add(&p)
	if w := t.week(p.Decided); w != nil && p.Decided != 0 {
		switch {
		case side == 0:
			w.Provider.add(&p)
		default:
			w.Customer.add(&p)
		}
	}
}

// Ticket counts where the time of one that ended at an instant went: a span for each party that had a turn, its turns summed.
func (t *Tally) Ticket(ended int64, spans []Span) {
	t.ended++
	w := t.week(ended)
	if w != nil {
		w.Tickets++
	}
	var had [4]bool
	for i := range spans {
		s := &spans[i]
		side := sideIndex(s.Side)
		p := t.places[placeKey{s.Side, s.Party}]
		if p == nil {
			p = &Place{Span: Span{Side: s.Side, Party: s.Party}}
			t.places[placeKey{s.Side, s.Party}] = p
		}
		p.Wall, p.Working, p.Tickets = p.Wall+s.Wall, p.Working+s.Working, p.Tickets+1
		if !had[side] {
			had[side] = true
			t.sides[side].Tickets++
		}
		t.sides[side].add(s)
		if w != nil {
			w.Sides[side].add(s)
		}
	}
}

func (s *Span) add(o *Span) { s.Wall, s.Working = s.Wall+o.Wall, s.Working+o.Working }

// Card is what was counted so far.
func (t *Tally) Card() Card {
	c := Card{Provider: t.column(agreement.SideProvider), Customer: t.column(agreement.SideCustomer), Tickets: t.ended, Weeks: t.weeks}
	for i := range c.Weeks {
		for k, s := range SideOrder {
			c.Weeks[i].Sides[k].Side = s
		}
	}
	for i, s := range SideOrder {
		t.sides[i].Side = s
	}
	c.Sides = t.sides[:]
	for _, p := range t.places {
		c.Time = append(c.Time, *p)
	}
	slices.SortFunc(c.Time, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Wall, a.Wall), cmp.Compare(sideIndex(a.Side), sideIndex(b.Side)), cmp.Compare(a.Party, b.Party))
	})
	return c
}

func (t *Tally) column(s agreement.Side) Column {
	c := Column{Side: s}
	for _, l := range t.lines[sideIndex(s)] {
		c.Lines = append(c.Lines, *l)
	}
	slices.SortFunc(c.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(pressing(a.Priority), pressing(b.Priority)), cmp.Compare(a.Priority, b.Priority))
	})
	for i := range c.Lines {
		l := &c.Lines[i]
		c.sum(&l.Figures)
		if n := len(c.Metrics); n == 0 || c.Metrics[n-1].Metric != l.Metric {
			c.Metrics = append(c.Metrics, Line{Metric: l.Metric})
		}
		c.Metrics[len(c.Metrics)-1].sum(&l.Figures)
	}
	return c
}

// pressing orders priorities from the most pressing.
func pressing(p agreement.Priority) int {
	return slices.Index([]agreement.Priority{agreement.PriorityCritical, agreement.PriorityHigh, agreement.PriorityMedium, agreement.PriorityLow}, p)
}

// sum adds other figures to these.
func (f *Figures) sum(o *Figures) {
	f.Kept, f.Broken, f.Waived, f.Disputed = f.Kept+o.Kept, f.Broken+o.Broken, f.Waived+o.Waived, f.Disputed+o.Disputed
	f.Running, f.Silence, f.Needless, f.Owed, f.Over = f.Running+o.Running, f.Silence+o.Silence, f.Needless+o.Needless, f.Owed+o.Owed, f.Over+o.Over
	f.used, f.sorted = append(f.used, o.used...), false
}

// Of is a column's record of one metric; the zero Line when nothing of it fell due.
func (c *Column) Of(m agreement.Metric) Line {
	for _, l := range c.Metrics {
		if l.Metric == m {
			return l
		}
	}
	return Line{Metric: m}
}

// Help is what would have saved most hours on one side: the kind of promise whose broken ones went furthest past their targets in sum. ok is
// false when none did.
func (c *Column) Help() (most Line, ok bool) {
	for _, l := range c.Metrics {
		if l.Over > most.Over {
			most, ok = l, true
		}
	}
	return most, ok
}
