package replay

import (
	"maps"
	"slices"
	"time"

	"bothways/internal/agreement"
)

// Problem is a row that was not taken as it stands.
type Problem struct {
	File    string
	Row     int64 // line, or number of the event; 0 of the case as a whole
	Case    string
	Why     string
	Skipped bool // it moves nothing; else it was taken
}

// Progress is how far a replay is.
type Progress struct {
	Rows    int64
	Read    int64 // bytes, of
	Size    int64
	Tickets int64 // of Cases, once the log is read
	Cases   int64
}

// Reason is why rows went to the report, how many, and the first of them.
type Reason struct {
	Why     string
	Skipped bool
	Count   int64
	First   []Problem
}

// Report is what became of a log.
type Report struct {
	Rows, Cases, Tickets, Open, Events int64
	From, Until                        time.Time                // of the first case's beginning and the last event
	Reasons                            []Reason                 // the most frequent first
	Promises                           []Promise                // those of IT first
	Time                               map[agreement.Side]int64 // wall time in seconds, by whose turn it was
}

// Promise is how often something was promised, and what became of it.
type Promise struct {
	Side   agreement.Side
	Metric agreement.Metric
	Kept   int64
	Broken int64
	Void   int64 // neither kept nor broken, as when silence was acceptance
}

// add counts what became of a ticket.
func (r *Report) add(w *written) {
	r.Tickets++
	r.Events += int64(w.events)
	if w.Open {
		r.Open++
	}
	if r.From.IsZero() {
		r.From = w.MadeAt
	}
	if w.ChangedAt.After(r.Until) {
		r.Until = w.ChangedAt
	}
	for _, s := range []agreement.Side{agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody} {
		r.Time[s] += w.result.Seconds(s)
	}
	for _, o := range w.outcomes {
		i := slices.IndexFunc(r.Promises, func(p Promise) bool { return p.Metric == o.Metric })
		switch p := &r.Promises[i]; o.State {
		case agreement.StateMet:
			p.Kept++
		case agreement.StateBreached:
			p.Broken++
		default:
			p.Void++
		}
	}
}

// clone is a copy to count on: a command may run more than once.
func (r Report) clone() Report {
	r.Promises, r.Time = slices.Clone(r.Promises), maps.Clone(r.Time)
	return r
}
