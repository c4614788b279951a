package whatif

import (
	"bothways/internal/agreement"
	"bothways/internal/report/score"
)

// Result is what came out: what was, and what would have been.
type Result struct {
	Tickets int64   `json:"tickets"` // of which something fell into the period, in either record
	Was     Figures `json:"was"`
	Would   Figures `json:"would"`
}

// Figures are both sides' columns, and where the time of tickets that ended went.
type Figures struct {
	Provider Column `json:"provider"`
	Customer Column `json:"customer"`
	Tickets  int64  `json:"tickets"` // that ended
	Time     []Time `json:"time"`    // provider, customer, supplier, nobody
}

// Column is one side's record.
type Column struct {
	Line
	Metrics []Line `json:"metrics"`
}

// Line is what became of one kind of promise, or of all of a side's.
type Line struct {
	Metric   agreement.Metric `json:"metric,omitempty"`
	Due      int64            `json:"due"`
	Kept     int64            `json:"kept"`
	Broken   int64            `json:"broken"`
	Waived   int64            `json:"waived"`
	Disputed int64            `json:"disputed"`
	Silence  int64            `json:"silence"`            // solutions accepted by silence
	Permille *int64           `json:"permille,omitempty"` // kept of kept and broken; nil where there were none
	Median   *int64           `json:"median,omitempty"`   // working seconds used
	Ninth    *int64           `json:"ninth,omitempty"`    // decile
}

// Time is whose turn it was.
type Time struct {
	Side    agreement.Side `json:"side"`
	Wall    int64          `json:"wall"` // seconds
	Working int64          `json:"working"`
}

func figuresOf(c score.Card) Figures {
	f := Figures{Provider: columnOf(&c.Provider), Customer: columnOf(&c.Customer), Tickets: c.Tickets}
	for _, s := range c.Sides {
		f.Time = append(f.Time, Time{s.Side, s.Wall, s.Working})
	}
	return f
}

func columnOf(c *score.Column) Column {
	out := Column{Line: lineOf("", &c.Figures)}
	for i := range c.Metrics {
		out.Metrics = append(out.Metrics, lineOf(c.Metrics[i].Metric, &c.Metrics[i].Figures))
	}
	return out
}

func lineOf(m agreement.Metric, f *score.Figures) Line {
	l := Line{Metric: m, Due: f.Due(), Kept: f.Kept, Broken: f.Broken, Waived: f.Waived, Disputed: f.Disputed, Silence: f.Silence}
	if n, ok := f.Permille(); ok {
		l.Permille = &n
	}
	if n, ok := f.Used(50); ok {
		l.Median = &n
	}
	if n, ok := f.Used(90); ok {
		l.Ninth = &n
	}
	return l
}

// Of is a column's line of a metric; one of zeros when nothing of it fell due.
func (c Column) Of(m agreement.Metric) Line {
	for _, l := range c.Metrics {
		if l.Metric == m {
			return l
		}
	}
	return Line{Metric: m}
}
