package replay

import "time"

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
	From, Until                        time.Time // of the first case's beginning and the last event
	Reasons                            []Reason  // the most frequent first
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
}
