package calendar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"bothways/internal/kit/errs"
)

const maxProblems = 20 // fields named in one error; a person mends these and tries again

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // index as time.Weekday

// Compile checks a calendar and makes it ready to calculate with. The error is errs.Invalid and names every field that
// is wrong (the first 20), with the way out. A calendar without any open time is accepted: it is never open.
func Compile(s Spec) (*Calendar, error) {
	k := compiler{spec: s, cal: &Calendar{spec: s.clone()}}
	k.cal.loc = k.zone()
	k.week()
	k.holidays()
	k.dated("shifts", s.Shifts)
	k.dated("breaks", s.Breaks)
	k.names()
	if len(k.problems) > 0 {
		return nil, &errs.E{Kind: errs.Invalid, Op: "calendar.compile", Msg: "The calendar needs changing.", Fields: k.problems}
	}
	k.cal.finish()
	return k.cal, nil
}

type compiler struct {
	spec     Spec
	cal      *Calendar
	problems []errs.Field
}

func (k *compiler) bad(path, format string, args ...any) {
	if len(k.problems) < maxProblems {
		k.problems = append(k.problems, errs.Field{Path: path, Msg: fmt.Sprintf(format, args...)})
	}
}

func (k *compiler) zone() *time.Location {
	if k.spec.TZ == "" {
		k.bad("tz", "The time zone is missing; name one of the IANA database, such as Europe/Berlin or UTC.")
		return time.UTC
	}
	loc, err := loadZone(k.spec.TZ)
	if err != nil {
		k.bad("tz", "There is no time zone %q; name one of the IANA database, such as Europe/Berlin or UTC.", shorten(k.spec.TZ))
		return time.UTC
	}
	return loc
}

func (k *compiler) week() {
	if k.spec.Week == nil {
		k.bad("week", `The weekly hours are missing; write {"mon":[["09:00","17:00"]]}, or {} for a calendar that is open on shifts alone.`)
	}
	for _, key := range slices.Sorted(maps.Keys(k.spec.Week)) {
		i := slices.Index(weekdays[:], key)
		if i < 0 {
			k.bad("week."+shorten(key), "This is not a weekday; write mon, tue, wed, thu, fri, sat or sun.")
			continue
		}
		k.cal.week[i] = k.frames("week."+key, k.spec.Week[key])
	}
}

func (k *compiler) holidays() {
	k.cal.dated = map[int32]*exception{}
	for i, s := range k.spec.Holidays {
		d, ok := parseDate(s)
		if !ok {
			k.bad(fmt.Sprintf("holidays[%d]", i), "%q is not a date; write YYYY-MM-DD, such as 2026-12-25.", shorten(s))
			continue
		}
		k.exception(d).holiday = holidayReason(k.nameOf(s, s[5:]))
	}
	for i, s := range k.spec.YearlyHolidays {
		slot, ok := parseYearly(s)
		if !ok {
			k.bad(fmt.Sprintf("yearly_holidays[%d]", i), "%q is not a day of the year; write MM-DD, such as 12-25.", shorten(s))
			continue
		}
		if k.cal.yearly == nil {
			k.cal.yearly = new([yearlySlots]string)
		}
		k.cal.yearly[slot] = holidayReason(k.spec.HolidayNames[s])
	}
}

func (k *compiler) nameOf(date, day string) string {
	if name := k.spec.HolidayNames[date]; name != "" {
		return name
	}
	return k.spec.HolidayNames[day]
}

func (k *compiler) exception(d int32) *exception {
	e := k.cal.dated[d]
	if e == nil {
		e = &exception{}
		k.cal.dated[d] = e
	}
	return e
}

func (k *compiler) dated(part string, in map[string][][2]string) {
	for _, key := range slices.Sorted(maps.Keys(in)) {
		path := part + "." + shorten(key)
		d, ok := parseDate(key)
		if !ok {
			k.bad(path, "%q is not a date; write YYYY-MM-DD, such as 2026-12-25.", shorten(key))
			continue
		}
		frames := k.frames(path, in[key])
		if e := k.exception(d); part == "shifts" {
			e.shift, e.shifted = frames, true
		} else {
			e.breaks = frames
		}
	}
}

// names refuses a name for a day that is no holiday: whoever wrote it believes that the day is one.
func (k *compiler) names() {
	for _, key := range slices.Sorted(maps.Keys(k.spec.HolidayNames)) {
		path := "holiday_names." + shorten(key)
		name := k.spec.HolidayNames[key]
		switch known, ok := k.isHoliday(key); {
		case !ok:
			k.bad(path, "%q is neither a date (YYYY-MM-DD) nor a day of the year (MM-DD).", shorten(key))
		case !known:
			k.bad(path, "There is no holiday on that day; add it to holidays or yearly_holidays, or remove the name.")
		case strings.TrimSpace(name) == "" || len(name) > 200 || strings.ContainsFunc(name, unicode.IsControl):
			k.bad(path, "A holiday's name is one line of 1 to 200 bytes.")
		}
	}
}

// isHoliday says whether key (a date or MM-DD) is a listed holiday; ok is false when it is neither form.
func (k *compiler) isHoliday(key string) (known, ok bool) {
	if _, ok := parseYearly(key); ok {
		return slices.Contains(k.spec.YearlyHolidays, key) ||
			slices.ContainsFunc(k.spec.Holidays, func(h string) bool { return len(h) == 10 && h[5:] == key }), true
	}
	if _, ok := parseDate(key); ok {
		return slices.Contains(k.spec.Holidays, key) || slices.Contains(k.spec.YearlyHolidays, key[5:]), true
	}
	return false, false
}

// frames reads a date's frames and gives their union, sorted, on an axis of seconds from that date's midnight which
// runs on into the next date.
func (k *compiler) frames(path string, in [][2]string) []frame {
	out := make([]frame, 0, len(in))
	for i, pair := range in {
		from, okFrom := parseTime(pair[0])
		to, okTo := parseTime(pair[1])
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !okFrom || !okTo:
			wrong := pair[0]
			if okFrom {
				wrong = pair[1]
			}
			k.bad(at, "%q is not a time; write HH:MM on the 24-hour clock, such as 09:00; 24:00 is the end of the day.", shorten(wrong))
			continue
		case from == daySeconds:
			k.bad(at, "24:00 cannot be a start; write 00:00 on the next day.")
			continue
		case to <= from:
			to += daySeconds
		}
		out = append(out, frame{from, to})
	}
	return union(out)
}

// shorten keeps a stranger's text in an error message short.
func shorten(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "…"
}

func parseTime(s string) (int32, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, ok1 := digits(s[:2])
	m, ok2 := digits(s[3:])
	if !ok1 || !ok2 || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return int32(h*3600 + m*60), true
}

func parseDate(s string) (int32, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:])
	if !ok1 || !ok2 || !ok3 || y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	return dayNumber(y, m, d), true
}

func parseYearly(s string) (slot int, ok bool) {
	if len(s) != 5 || s[2] != '-' {
		return 0, false
	}
	m, ok1 := digits(s[:2])
	d, ok2 := digits(s[3:])
	if !ok1 || !ok2 || m < 1 || m > 12 || d < 1 || d > daysIn(2000, m) { // 2000 has a 29 February
		return 0, false
	}
	return yearlySlot(m, d), true
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
