package story

import (
	"slices"
	"time"
)

// Hours are when somebody works: Monday to Friday, from and to minutes after midnight.
type Hours struct {
	Zone     *time.Location
	From, To int
	Closed   []string // days of the year, 01-02
}

func (h Hours) closed(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || slices.Contains(h.Closed, t.Format("01-02"))
}

func (h Hours) at(t time.Time, days, minutes int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, minutes, 0, 0, h.Zone)
}

// next is t when they work then, else when they begin again.
func (h Hours) next(t time.Time) time.Time {
	l := t.In(h.Zone)
	for range 30 {
		if !h.closed(l) {
			if from := h.at(l, 0, h.From); l.Before(from) {
				return from
			}
			if l.Before(h.at(l, 0, h.To)) {
				return l
			}
		}
		l = h.at(l, 1, 0)
	}
	return l
}

// after is when d of their working time has passed since t.
func (h Hours) after(t time.Time, d time.Duration) time.Time {
	t = h.next(t)
	for {
		left := h.at(t, 0, h.To).Sub(t)
		if d < left {
			return t.Add(d)
		}
		d -= left
		t = h.next(h.at(t, 1, 0))
	}
}
