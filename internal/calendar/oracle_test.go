package calendar

import (
	"time"
)

// stepper is the slow oracle: it walks from second to second (minute to minute where the offset allows), asks the tz
// database what the wall clock shows, and looks that minute up in the spec. It shares no code with the engine.
type stepper struct {
	spec Spec
	loc  *time.Location
	day  int64 // local date whose minutes are in open; -1<<40 = none
	open [1440]bool
}

func newStepper(s Spec) *stepper {
	loc, err := time.LoadLocation(s.TZ)
	if err != nil {
		return nil
	}
	return &stepper{spec: s, loc: loc, day: -1 << 40}
}

func (o *stepper) offset(t int64) int64 {
	_, off := time.Unix(t, 0).In(o.loc).Zone()
	return int64(off)
}

// shows says whether a wall clock that shows this second of local time shows working time.
func (o *stepper) shows(local int64) bool {
	day := (local - mod(local, 86400)) / 86400
	if day != o.day {
		o.fill(day)
	}
	return o.open[mod(local, 86400)/60]
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

func (o *stepper) fill(day int64) {
	o.day, o.open = day, [1440]bool{}
	today := time.Unix(day*86400, 0).UTC()
	yesterday := today.AddDate(0, 0, -1)
	paint := func(frames [][2]string, over, value bool) {
		for _, f := range frames {
			from, to := clockMinutes(f[0]), clockMinutes(f[1])
			for m := range 1440 {
				crosses := to <= from
				inside := m >= from && (m < to || crosses)
				if over {
					inside = crosses && m < to
				}
				if inside {
					o.open[m] = value
				}
			}
		}
	}
	paint(o.framesOf(yesterday), true, true)
	paint(o.framesOf(today), false, true)
	paint(o.spec.Breaks[yesterday.Format("2006-01-02")], true, false)
	paint(o.spec.Breaks[today.Format("2006-01-02")], false, false)
}

func (o *stepper) framesOf(date time.Time) [][2]string {
	for _, h := range o.spec.Holidays {
		if h == date.Format("2006-01-02") {
			return nil
		}
	}
	for _, h := range o.spec.YearlyHolidays {
		if h == date.Format("01-02") {
			return nil
		}
	}
	if frames, ok := o.spec.Shifts[date.Format("2006-01-02")]; ok {
		return frames
	}
	return o.spec.Week[map[time.Weekday]string{
		time.Monday: "mon", time.Tuesday: "tue", time.Wednesday: "wed", time.Thursday: "thu",
		time.Friday: "fri", time.Saturday: "sat", time.Sunday: "sun"}[date.Weekday()]]
}

func clockMinutes(s string) int {
	return int(s[0]-'0')*600 + int(s[1]-'0')*60 + int(s[3]-'0')*10 + int(s[4]-'0')
}

// between counts the working seconds of [from, to).
func (o *stepper) between(from, to int64) (n int64) {
	for t := from; t < to; {
		end := min(o.chunkAfter(t), to)
		if o.shows(t + o.offset(t)) {
			n += end - t
		}
		t = end
	}
	return n
}

// add walks forward until n working seconds have passed; false when it meets the limit first.
func (o *stepper) add(from, n, limit int64) (int64, bool) {
	t := from
	for n > 0 {
		if t >= limit {
			return 0, false
		}
		end := o.chunkAfter(t)
		if o.shows(t + o.offset(t)) {
			if end-t >= n {
				return t + n, true
			}
			n -= end - t
		}
		t = end
	}
	return t, true
}

// sub walks back likewise.
func (o *stepper) sub(from, n, limit int64) (int64, bool) {
	t := from
	for n > 0 {
		if t <= limit {
			return 0, false
		}
		start := o.chunkBefore(t)
		if o.shows(start + o.offset(start)) {
			if t-start >= n {
				return t - n, true
			}
			n -= t - start
		}
		t = start
	}
	return t, true
}

func (o *stepper) nextOpen(from, limit int64) (int64, bool) {
	for t := from; t < limit; t = o.chunkAfter(t) {
		if o.shows(t + o.offset(t)) {
			return t, true
		}
	}
	return 0, false
}

// chunkAfter is the end of the wall-clock minute at t, or the next second when the offset changes before that.
func (o *stepper) chunkAfter(t int64) int64 {
	off := o.offset(t)
	end := t + 60 - mod(t+off, 60)
	if o.offset(end-1) != off {
		return t + 1
	}
	return end
}

// chunkBefore is the start of the wall-clock minute that holds the second before t, or that second itself when the
// offset changes within the minute.
func (o *stepper) chunkBefore(t int64) int64 {
	off := o.offset(t - 1)
	start := t - 1 - mod(t-1+off, 60)
	if o.offset(start) != off {
		return t - 1
	}
	return start
}
