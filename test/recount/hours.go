package recount

import (
	"sort"
	"time"
)

// Hours counts working time by stepping through every minute of some years, and seconds within one.
type Hours struct {
	from int64   // unix seconds of the first minute
	open []bool  // of each minute
	sum  []int32 // open minutes before each
}

// Week is when work is done: minutes after midnight, Monday to Friday, in a zone, but on days of every year.
type Week struct {
	Zone       *time.Location
	Start, End int
	Closed     []string // MM-DD
}

// Step walks the minutes from one year's first to another's last.
func (w Week) Step(firstYear, lastYear int) *Hours {
	h := &Hours{from: time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).Unix()}
	until := time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	n := int32(0)
	for at := h.from; at < until; at += 60 {
		t := time.Unix(at, 0).In(w.Zone)
		minute := t.Hour()*60 + t.Minute()
		open := t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && minute >= w.Start && minute < w.End
		for _, day := range w.Closed {
			open = open && t.Format("01-02") != day
		}
		h.open, h.sum = append(h.open, open), append(h.sum, n)
		if open {
			n++
		}
	}
	h.sum = append(h.sum, n)
	return h
}

// until is the working seconds from the first minute to an instant.
func (h *Hours) until(at int64) int64 {
	k := (at - h.from) / 60
	s := int64(h.sum[k]) * 60
	if h.open[k] {
		s += (at - h.from) % 60
	}
	return s
}

// Between is the working seconds from one instant to another.
func (h *Hours) Between(a, b int64) int64 { return h.until(b) - h.until(a) }

// After is the first instant by which so many working seconds have passed since another.
func (h *Hours) After(a, seconds int64) int64 {
	want := h.until(a) + seconds
	k := sort.Search(len(h.open), func(i int) bool { return int64(h.sum[i+1])*60 >= want })
	return h.from + int64(k)*60 + want - int64(h.sum[k])*60
}
