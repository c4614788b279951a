package calendar

import (
	"sync/atomic"
	"time"
)

// Calendar answers questions about working time. It is made by [Compile], never changes, and is safe for concurrent
// use. Its arrays are built on first use and hold at most about 200 KB however far questions reach.
type Calendar struct {
	spec Spec
	loc  *time.Location

	week         [7][]frame // union of each weekday's frames, index as time.Weekday
	dated        map[int32]*exception
	yearly       *[yearlySlots]string // reasons by day of the year
	plain        [7][]segment         // dates without a rule of their own
	closedDay    [7]string
	overMidnight bool  // anything crosses midnight: a date then depends on the one before
	opens        bool  // there is a frame at all
	weekly       int64 // segments of a plain week: how long explanations get

	years  [yearCount]atomic.Pointer[year]
	totals [yearCount]atomic.Uint32 // working seconds of the year + 1; 0 = not known yet
	kept   atomic.Int64             // intervals held in years
}

// maxKept bounds the intervals that the years of one calendar hold together: about 60 years of two frames a day.
const maxKept = 1 << 14

// interval is an open span of a UTC year, in seconds from its start, with the working seconds of the year before it.
type interval struct{ from, to, before uint32 }

type year struct {
	open  []interval
	total uint32
}

// Zone is the calendar's time zone.
func (c *Calendar) Zone() *time.Location { return c.loc }

// Spec is a copy of what the calendar was compiled from.
func (c *Calendar) Spec() Spec { return c.spec.clone() }

// Between is the number of working seconds in [from, to); 0 if to is not after from.
func (c *Calendar) Between(from, to int64) int64 {
	from, to = clamp(from), clamp(to)
	if to <= from {
		return 0
	}
	i, j := yearOf(from), yearOf(to)
	sum := c.rank(j, to) - c.rank(i, from)
	for ; i < j; i++ {
		sum += c.total(i)
	}
	return sum
}

// Add is the first instant at which seconds of working time have passed since from: landing exactly on a closing time
// gives the closing time, and adding nothing gives from. Negative seconds go back as Sub does. It is false when that
// much time never passes before the year 2400.
func (c *Calendar) Add(from, seconds int64) (int64, bool) {
	switch {
	case seconds == 0:
		return from, true
	case seconds < 0:
		return c.Sub(from, opposite(seconds))
	}
	from = clamp(from)
	if !c.opens || seconds > maxInstant-from {
		return 0, false
	}
	i := yearOf(from)
	left := c.rank(i, from) + seconds
	for left > c.total(i) {
		left -= c.total(i)
		if i++; i == yearCount {
			return 0, false
		}
	}
	open := c.year(i).open
	at := open[search(open, func(v interval) bool { return int64(v.before)+int64(v.to-v.from) >= left })]
	return yearStarts[i] + int64(at.from) + left - int64(at.before), true
}

// Sub is the latest instant from which seconds of working time have passed until from; subtracting nothing gives from.
// Negative seconds go forward as Add does. It is false when that much time never passed since the year 1900.
func (c *Calendar) Sub(from, seconds int64) (int64, bool) {
	switch {
	case seconds == 0:
		return from, true
	case seconds < 0:
		return c.Add(from, opposite(seconds))
	}
	from = clamp(from)
	if !c.opens || seconds > from-minInstant {
		return 0, false
	}
	i := yearOf(from)
	left := c.rank(i, from) - seconds
	for left < 0 {
		if i--; i < 0 {
			return 0, false
		}
		left += c.total(i)
	}
	open := c.year(i).open
	at := open[search(open, func(v interval) bool { return int64(v.before)+int64(v.to-v.from) > left })]
	return yearStarts[i] + int64(at.from) + left - int64(at.before), true
}

// NextOpen is at itself if that second is open, else the next opening; false when there is none before the year 2400.
func (c *Calendar) NextOpen(at int64) (int64, bool) {
	if !c.opens || at >= maxInstant {
		return 0, false
	}
	at = max(at, minInstant)
	i := yearOf(at)
	open, since := c.year(i).open, uint32(at-yearStarts[i])
	if k := search(open, func(v interval) bool { return v.to > since }); k < len(open) {
		return yearStarts[i] + int64(max(since, open[k].from)), true
	}
	for i++; i < yearCount; i++ {
		if c.total(i) > 0 {
			return yearStarts[i] + int64(c.year(i).open[0].from), true
		}
	}
	return 0, false
}

// IsOpen says whether the second that begins at the instant is working time.
func (c *Calendar) IsOpen(at int64) bool {
	next, ok := c.NextOpen(at)
	return ok && next == at
}

// rank is the number of working seconds of year i before t.
func (c *Calendar) rank(i int, t int64) int64 {
	y, since := c.year(i), uint32(t-yearStarts[i])
	k := search(y.open, func(v interval) bool { return v.to > since })
	if k == len(y.open) {
		return int64(y.total)
	}
	v := y.open[k]
	if since <= v.from {
		return int64(v.before)
	}
	return int64(v.before) + int64(since-v.from)
}

// year gives the intervals of a year and keeps them; when too many are held it lets all others go.
func (c *Calendar) year(i int) *year {
	if y := c.years[i].Load(); y != nil {
		return y
	}
	y := c.build(i)
	n := int64(len(y.open)) + 8
	if c.kept.Add(n) > maxKept {
		for j := range c.years {
			c.years[j].Store(nil)
		}
		c.kept.Store(n)
	}
	c.years[i].Store(y)
	c.totals[i].Store(y.total + 1)
	return y
}

func (c *Calendar) build(i int) *year {
	start := yearStarts[i]
	y := &year{}
	c.walk(start, yearStarts[i+1], func(from, to int64, s *segment) {
		if !s.open {
			return
		}
		if n := len(y.open); n > 0 && y.open[n-1].to == uint32(from-start) {
			y.open[n-1].to = uint32(to - start)
		} else {
			y.open = append(y.open, interval{uint32(from - start), uint32(to - start), y.total})
		}
		y.total += uint32(to - from)
	})
	return y
}

// total is the number of working seconds of a year. Far years are summed without being kept.
func (c *Calendar) total(i int) int64 {
	if known := c.totals[i].Load(); known > 0 {
		return int64(known - 1)
	}
	sum := uint32(0)
	c.walk(yearStarts[i], yearStarts[i+1], func(from, to int64, s *segment) {
		if s.open {
			sum += uint32(to - from)
		}
	})
	c.totals[i].Store(sum + 1)
	return int64(sum)
}

// walk visits the segments of [from, to), which must lie in the covered range, in order and without gaps. A span of
// constant offset maps a stretch of wall clock onto instants one to one: what the clock shows twice is met twice, what
// it skips is not met.
func (c *Calendar) walk(from, to int64, visit func(from, to int64, s *segment)) {
	for at := from; at < to; {
		offset, until := offsetAt(c.loc, at)
		until = min(until, to)
		for day := floorDay(at + offset); ; day++ {
			midnight := int64(day)*daySeconds - offset
			if midnight >= until {
				break
			}
			segments := c.day(day)
			for k := range segments {
				s := &segments[k]
				if a, b := max(midnight+int64(s.from), at), min(midnight+int64(s.to), until); a < b {
					visit(a, b, s)
				}
			}
		}
		at = until
	}
}

// search is the index of the first interval for which ok holds; ok must stay true from there on.
func search(in []interval, ok func(interval) bool) int {
	lo, hi := 0, len(in)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); ok(in[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

func clamp(t int64) int64 { return min(max(t, minInstant), maxInstant) }

// opposite negates without overflow.
func opposite(n int64) int64 {
	if n == -1<<63 {
		return 1<<63 - 1
	}
	return -n
}
