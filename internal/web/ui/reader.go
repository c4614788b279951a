package ui

import (
	"strconv"
	"strings"
	"time"
)

// Instant is a time.Time; the name keeps the signatures of templates short.
type Instant = time.Time

// Reader is for whom a page is made: the instant it was made and the reader's
// zone. A nil Zone reads as UTC. Its methods turn instants and spans into the
// words shown, so that the same instant reads the same on every page.
type Reader struct {
	Now  time.Time
	Zone *time.Location
}

// In is the instant in the reader's zone.
func (r Reader) In(t time.Time) time.Time {
	if r.Zone == nil {
		return t.UTC()
	}
	return t.In(r.Zone)
}

// daysAway counts calendar days in the reader's zone from now to t; 0 is today.
func (r Reader) daysAway(t time.Time) int {
	n, d := r.In(r.Now), r.In(t)
	if n.Year() == d.Year() {
		return d.YearDay() - n.YearDay()
	}
	a := time.Date(n.Year(), n.Month(), n.Day(), 12, 0, 0, 0, time.UTC)
	b := time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

// Hour is the hour and minute: "10:24".
func (r Reader) Hour(t time.Time) string { return r.In(t).Format("15:04") }

// Second is an hour to the second.
func (r Reader) Second(t time.Time) string { return r.In(t).Format("15:04:05") }

// Day is the day: "Wed 25 Nov", with the year when it is not this one.
func (r Reader) Day(t time.Time) string {
	d := r.In(t)
	if d.Year() != r.In(r.Now).Year() {
		return d.Format("Mon 2 Jan 2006")
	}
	return d.Format("Mon 2 Jan")
}

// When is a past instant as short as it stays clear: "Today 08:24",
// "Fri 13:20" within the last six days, else "Thu 19 Nov, 13:20".
func (r Reader) When(t time.Time) string {
	switch n := r.daysAway(t); {
	case n == 0:
		return r.In(t).Format("Today 15:04")
	case n < 0 && n > -7:
		return r.In(t).Format("Mon 15:04")
	default:
		return r.Day(t) + ", " + r.Hour(t)
	}
}

// WhenIn is When inside a sentence: "today 08:24".
func (r Reader) WhenIn(t time.Time) string { return lower(r.When(t)) }

// lower takes the capital off the words of a day that is named by its nearness;
// names of weekdays keep theirs.
func lower(s string) string {
	if strings.HasPrefix(s, "To") {
		return "t" + s[1:]
	}
	return s
}

// Due is an instant somebody has to act by: the hour alone for today
// ("10:24"), else day and hour ("Thu 26 Nov, 10:00").
func (r Reader) Due(t time.Time) string {
	if r.daysAway(t) == 0 {
		return r.Hour(t)
	}
	return r.Day(t) + ", " + r.Hour(t)
}

// DueToday is Due with the word today: "11:15 today", for running text.
func (r Reader) DueToday(t time.Time) string {
	if r.daysAway(t) == 0 {
		return r.Hour(t) + " today"
	}
	return r.Due(t)
}

// Full is day, hour and zone, for whoever may sit in another one:
// "Wed 25 Nov, 12:00 GMT".
func (r Reader) Full(t time.Time) string {
	return r.Day(t) + ", " + r.Hour(t) + " " + r.ZoneName(t)
}

// Dated is Full with the year always, for what is kept on paper: "Wed 25 Nov 2026, 12:00 GMT".
func (r Reader) Dated(t time.Time) string {
	return r.In(t).Format("Mon 2 Jan 2006") + ", " + r.Hour(t) + " " + r.ZoneName(t)
}

// Until is the end of a stretch: only the hour when it ends on its first day.
func (r Reader) Until(from, to time.Time) string {
	a, b := r.In(from), r.In(to)
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return r.Hour(to)
	}
	return r.WhenIn(to)
}

// Short is the day for a narrow column: the hour today, "Tomorrow 09:00",
// the weekday and hour within six days, else the date.
func (r Reader) Short(t time.Time) string {
	switch n := r.daysAway(t); {
	case n == 0:
		return r.Hour(t)
	case n == 1:
		return r.In(t).Format("Tomorrow 15:04")
	case n > -7 && n < 7:
		return r.In(t).Format("Mon 15:04")
	default:
		return r.Day(t)
	}
}

// ShortIn is Short inside a sentence: "tomorrow 09:00".
func (r Reader) ShortIn(t time.Time) string { return lower(r.Short(t)) }

// ZoneName names the reader's zone as in force at t: "GMT", "CET", or
// "UTC+5:30" where the zone has no letters of its own.
func (r Reader) ZoneName(t time.Time) string {
	name, off := r.In(t).Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	sign := "+"
	if off < 0 {
		sign, off = "-", -off
	}
	out := "UTC" + sign + strconv.Itoa(off/3600)
	if m := off % 3600 / 60; m != 0 {
		out += ":" + two(m)
	}
	return out
}

// ISO is the machine-readable form for the datetime attribute.
func (r Reader) ISO(t time.Time) string { return r.In(t).Format(time.RFC3339) }

// Greeting is "Good morning", "Good afternoon" or "Good evening" by the
// reader's own hour.
func (r Reader) Greeting() string {
	switch h := r.In(r.Now).Hour(); {
	case h < 12:
		return "Good morning"
	case h < 18:
		return "Good afternoon"
	default:
		return "Good evening"
	}
}

// Hours are seconds in whole hours, rounded: "9,714".
func Hours(seconds int64) string { return Count(int((seconds + 1800) / 3600)) }

// Span is a length of time to the minute: "42 min", "2 h", "2 h 05". Seconds
// below a minute read "under 1 min" so that nothing real reads as nothing.
// Hours are never turned into days: a working day has no fixed length.
func Span(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	if d == 0 {
		return "0 min"
	}
	if d < time.Minute {
		return "under 1 min"
	}
	m := int(d / time.Minute)
	h := m / 60
	m %= 60
	switch {
	case h == 0:
		return strconv.Itoa(m) + " min"
	case m == 0:
		return thousands(h) + " h"
	default:
		return thousands(h) + " h " + two(m)
	}
}

// Exact is a length of time to the second, for explanations that must add up:
// "11 h", "1 h 18 min", "1 h 00 min 05 s".
func Exact(d time.Duration) string {
	s := int(d / time.Second)
	h, m, sec := s/3600, s%3600/60, s%60
	switch {
	case s < 60:
		return strconv.Itoa(sec) + " s"
	case h > 0 && m == 0 && sec == 0:
		return thousands(h) + " h"
	case h > 0 && sec == 0:
		return thousands(h) + " h " + two(m) + " min"
	case h > 0:
		return thousands(h) + " h " + two(m) + " min " + two(sec) + " s"
	case sec == 0:
		return strconv.Itoa(m) + " min"
	default:
		return strconv.Itoa(m) + " min " + two(sec) + " s"
	}
}

// Size is a file's size: "48 KB", "1.1 MB".
func Size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 999_500:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	case n < 999_950_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	default:
		return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) + " GB"
	}
}

// Count is a whole number with thousands apart: "4,812".
func Count(n int) string { return thousands(n) }

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Initials gives the two letters of an avatar from a name: "Helen Marsh" is
// "HM". A name of one word gives its first letter; none gives "?".
func Initials(name string) string {
	words := strings.Fields(name)
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return first(words[0])
	default:
		return first(words[0]) + first(words[len(words)-1])
	}
}

func first(w string) string {
	for _, c := range w {
		return strings.ToUpper(string(c))
	}
	return ""
}
