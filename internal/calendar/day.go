package calendar

import "slices"

// frame is a span on an axis of seconds from a local date's midnight; beyond daySeconds it lies on the next date.
type frame struct{ from, to int32 }

// union sorts frames and joins those that overlap or touch, in place.
func union(in []frame) []frame {
	slices.SortFunc(in, func(a, b frame) int { return int(a.from - b.from) })
	out := in[:0]
	for _, f := range in {
		if n := len(out); n > 0 && f.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, f.to)
			continue
		}
		out = append(out, f)
	}
	return out
}

// exception is what the spec says about one local date.
type exception struct {
	holiday string // reason, "" = none
	shifted bool
	shift   []frame
	breaks  []frame
}

// segment is a part of one local date with one reason; the segments of a date cover [0, daySeconds) exactly.
type segment struct {
	frame
	open   bool
	reason string
}

const (
	reasonOpen     = "open"
	reasonBreak    = "break"
	reasonNight    = "night"
	reasonWeekend  = "weekend"
	reasonClosed   = "closed day"
	reasonLunch    = "lunch"
	reasonBetween  = "between shifts"
	reasonOutside  = "outside hours"
	reasonSpecial  = "outside this date's special hours"
	reasonClosure  = "closed on this date"
	reasonNoRange  = "outside the years 1900 to 2399"
	reasonHoliday  = "holiday"
	noon           = daySeconds / 2
	lunchFrom      = 11 * 3600
	lunchTo        = 14 * 3600
	lunchLasts     = 2 * 3600
	longestWeekend = 3 // days
)

func holidayReason(name string) string {
	if name == "" {
		return reasonHoliday
	}
	return reasonHoliday + ": " + name
}

// finish derives what calculation needs from the checked parts.
func (c *Calendar) finish() {
	over := func(fs []frame) bool { return len(fs) > 0 && fs[len(fs)-1].to > daySeconds }
	for _, fs := range c.week {
		c.overMidnight = c.overMidnight || over(fs)
		c.opens = c.opens || len(fs) > 0
	}
	for _, e := range c.dated {
		c.overMidnight = c.overMidnight || over(e.shift) || over(e.breaks)
		c.opens = c.opens || len(e.shift) > 0
	}
	c.closedDay = c.nameClosedDays()
	for i := range c.plain {
		c.plain[i] = c.compose(rule{frames: c.week[(i+6)%7]}, rule{frames: c.week[i], weekday: i})
		c.weekly += int64(len(c.plain[i]))
	}
}

// nameClosedDays says why a weekday without frames is closed: it is the weekend when it stands in a run of at most
// three such days which has a Saturday or Sunday in it, or is the only run of the week.
func (c *Calendar) nameClosedDays() (names [7]string) {
	closed := func(i int) bool { return len(c.week[(i+14)%7]) == 0 } // i from -8
	runs := 0
	for i := range 7 {
		if closed(i) && !closed(i-1) {
			runs++
		}
	}
	for i := range 7 {
		if !closed(i) {
			continue
		}
		first, last := i, i
		for closed(first-1) && i-first < 7 {
			first--
		}
		for closed(last+1) && last-i < 7 {
			last++
		}
		usual := runs == 1
		for j := first; j <= last; j++ {
			usual = usual || (j+14)%7 == 0 || (j+14)%7 == 6
		}
		names[i] = reasonClosed
		if usual && last-first < longestWeekend {
			names[i] = reasonWeekend
		}
	}
	return names
}

// rule is what holds on one local date by itself, before the date before it is looked at.
type rule struct {
	frames  []frame // own frames, none on a holiday
	breaks  []frame
	holiday string
	shifted bool
	weekday int
}

// ruleOf reads a date's rule: holiday before shift before weekday.
func (c *Calendar) ruleOf(day int32) rule {
	r := rule{weekday: weekday(day)}
	e := c.dated[day]
	if e != nil {
		r.breaks, r.holiday = e.breaks, e.holiday
	}
	if r.holiday == "" && c.yearly != nil {
		r.holiday = c.yearly[yearlySlot(monthDay(day))]
	}
	switch {
	case r.holiday != "":
	case e != nil && e.shifted:
		r.frames, r.shifted = e.shift, true
	default:
		r.frames = c.week[r.weekday]
	}
	return r
}

// special says whether a date has any rule of its own beside its weekday's.
func (c *Calendar) special(day int32) bool {
	if len(c.dated) > 0 && c.dated[day] != nil {
		return true
	}
	return c.yearly != nil && c.yearly[yearlySlot(monthDay(day))] != ""
}

// day gives the segments of a local date. The result is shared: it must not be changed.
func (c *Calendar) day(day int32) []segment {
	if !c.special(day) && (!c.overMidnight || !c.special(day-1)) {
		return c.plain[weekday(day)]
	}
	return c.compose(c.ruleOf(day-1), c.ruleOf(day))
}

// compose lays out one date from its own rule and that of the date before, whose frames and breaks may reach into it.
func (c *Calendar) compose(before, r rule) []segment {
	open := ownAndTail(r.frames, before.frames)
	out := make([]segment, 0, 2*len(open)+1)
	at := int32(0)
	for _, f := range open {
		if f.from > at {
			out = append(out, segment{frame{at, f.from}, false, c.closedReason(r, at, f.from)})
		}
		out = append(out, segment{f, true, reasonOpen})
		at = f.to
	}
	if at < daySeconds {
		out = append(out, segment{frame{at, daySeconds}, false, c.closedReason(r, at, daySeconds)})
	}
	if breaks := ownAndTail(r.breaks, before.breaks); len(breaks) > 0 {
		out = takeAway(out, breaks)
	}
	return out
}

// ownAndTail is the union of a date's own frames up to midnight and what the date before sends over midnight.
func ownAndTail(own, before []frame) []frame {
	out := make([]frame, 0, len(own)+1)
	for _, f := range before {
		if f.to > daySeconds {
			out = append(out, frame{0, f.to - daySeconds})
		}
	}
	for _, f := range own {
		if f.from < daySeconds {
			out = append(out, frame{f.from, min(f.to, daySeconds)})
		}
	}
	return union(out)
}

// takeAway closes the open parts that lie in breaks.
func takeAway(in []segment, breaks []frame) []segment {
	out := make([]segment, 0, len(in)+2*len(breaks))
	for _, s := range in {
		if !s.open {
			out = append(out, s)
			continue
		}
		for _, b := range breaks {
			if b.to <= s.from || b.from >= s.to {
				continue
			}
			if b.from > s.from {
				out = append(out, segment{frame{s.from, b.from}, true, reasonOpen})
			}
			end := min(b.to, s.to)
			out = append(out, segment{frame{max(b.from, s.from), end}, false, reasonBreak})
			s.from = end
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

// closedReason says in plain words why [from, to) of a date is closed.
func (c *Calendar) closedReason(r rule, from, to int32) string {
	inside := from > 0 && to < daySeconds
	switch {
	case r.holiday != "":
		return r.holiday
	case len(r.frames) == 0 && r.shifted:
		return reasonClosure
	case len(r.frames) == 0:
		return c.closedDay[r.weekday]
	case inside && from >= lunchFrom && from <= lunchTo && to-from <= lunchLasts:
		return reasonLunch
	case inside:
		return reasonBetween
	case r.shifted:
		return reasonSpecial
	case to <= noon || from >= noon:
		return reasonNight
	}
	return reasonOutside
}
