package feed

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Limits of a file.
const (
	MaxBytes  = 2 << 20
	maxEvents = 5000
	maxDays   = 2000
	maxSpan   = 62 // days of one event
)

// Day is a holiday.
type Day struct {
	Date string // 2026-12-25
	Name string // "" for none
}

// Feed is what a file says of some years.
type Feed struct {
	Days    []Day // by date, each once
	Timed   int   // events that have hours: no whole days, left out
	Refused int   // events whose dates or rule can't be read, left out
}

// Read reads the whole days of a file that lie in the years from first to last. Errors: Invalid, TooLarge.
func Read(body []byte, first, last int) (f Feed, err error) {
	const op = "feed.Read"
	defer func() { // the parsers are not ours
		if p := recover(); p != nil {
			f, err = Feed{}, errs.Wrap(errs.Invalid, op, fmt.Errorf("panic: %v", p), "The file can’t be read as a calendar.")
		}
	}()
	if len(body) > MaxBytes {
		return Feed{}, errs.New(errs.TooLarge, op, "The file has more than %d MB. A year of holidays has a few kB.", MaxBytes>>20)
	}
	if !bytes.Contains(body, []byte("BEGIN:VCALENDAR")) {
		return Feed{}, errs.In(op, "files", "This is no calendar file. Choose one that ends in .ics.")
	}
	cal, err := ical.ParseCalendar(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	if err != nil {
		return Feed{}, &errs.E{Kind: errs.Invalid, Op: op, Msg: "The file can’t be read as a calendar.", Err: err, Fields: []errs.Field{{Path: "files", Msg: "The file can’t be read as a calendar: one of its lines is not as the format has it. Fetch it again from where it came."}}}
	}
	events := cal.Events()
	if len(events) > maxEvents {
		return Feed{}, errs.New(errs.TooLarge, op, "The file has more than %d events: it is no file of holidays.", maxEvents)
	}
	names := map[string]string{}
	for _, e := range events {
		days, timed, ok := daysOf(e, first, last)
		switch {
		case timed:
			f.Timed++
		case !ok:
			f.Refused++
		}
		name := nameOf(e)
		for _, d := range days {
			if old, known := names[d]; !known || old == "" {
				names[d] = name
			}
		}
		if len(names) > maxDays {
			return Feed{}, errs.New(errs.TooLarge, op, "The file has more than %d days in these years: it is no file of holidays.", maxDays)
		}
	}
	for d, n := range names {
		f.Days = append(f.Days, Day{d, n})
	}
	slices.SortFunc(f.Days, func(a, b Day) int { return strings.Compare(a.Date, b.Date) })
	return f, nil
}

func nameOf(e *ical.VEvent) string {
	p := e.GetProperty(ical.ComponentPropertySummary)
	if p == nil {
		return ""
	}
	name := text.Line(strings.NewReplacer(`\n`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(p.Value))
	for len(name) > 190 {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	return name
}

// daysOf are the dates of an event in some years; timed says that it has hours, ok that it can be read.
func daysOf(e *ical.VEvent, first, last int) (days []string, timed, ok bool) {
	if s := e.GetProperty(ical.ComponentPropertyStatus); s != nil && strings.EqualFold(s.Value, "CANCELLED") {
		return nil, false, true
	}
	start, whole, ok := date(e.GetProperty(ical.ComponentPropertyDtStart))
	if !ok || !whole {
		return nil, ok, ok
	}
	span := 1
	if p := e.GetProperty(ical.ComponentPropertyDtEnd); p != nil {
		end, whole, ok := date(p)
		if !ok || !whole {
			return nil, false, false
		}
		span = max(1, int(end.Sub(start)/(24*time.Hour)))
	}
	if span > maxSpan {
		return nil, false, false
	}
	from, to := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(last, 12, 31, 0, 0, 0, 0, time.UTC)
	begins, ok := starts(e, start, from.AddDate(0, 0, -span), to)
	if !ok {
		return nil, false, false
	}
	for _, b := range begins {
		for i := range span {
			if d := b.AddDate(0, 0, i); !d.Before(from) && !d.After(to) {
				days = append(days, d.Format(time.DateOnly))
			}
		}
	}
	return days, false, true
}

// starts are the dates on which an event begins, with its rules and exceptions.
func starts(e *ical.VEvent, start, from, to time.Time) ([]time.Time, bool) {
	set := rrule.Set{}
	set.DTStart(start)
	ruled := false
	for _, p := range e.Properties {
		switch ical.ComponentProperty(p.IANAToken) {
		case ical.ComponentPropertyRrule:
			o, err := rrule.StrToROption(p.Value)
			if err != nil || ruled || o.Freq > rrule.DAILY || o.Interval < 0 {
				return nil, false
			}
			o.Dtstart = start
			r, err := rrule.NewRRule(*o)
			if err != nil {
				return nil, false
			}
			set.RRule(r)
			ruled = true
		case ical.ComponentPropertyRdate, ical.ComponentPropertyExdate:
			for _, v := range strings.Split(p.Value, ",") {
				d, err := time.Parse("20060102", cut(v))
				if err != nil {
					return nil, false
				}
				if ical.ComponentProperty(p.IANAToken) == ical.ComponentPropertyRdate {
					set.RDate(d)
				} else {
					set.ExDate(d)
				}
			}
		}
	}
	if !ruled {
		set.RDate(start)
	}
	return set.Between(from, to, true), true
}

// cut leaves the date of a value that may have hours.
func cut(v string) string {
	d, _, _ := strings.Cut(strings.TrimSpace(v), "T")
	return d
}

// date reads a property that should be a date; whole is false for one with hours.
func date(p *ical.IANAProperty) (t time.Time, whole, ok bool) {
	if p == nil {
		return t, false, false
	}
	v := strings.TrimSpace(p.Value)
	if len(v) > 8 && v[8] == 'T' {
		_, err := time.Parse("20060102", v[:8])
		return t, false, err == nil
	}
	t, err := time.Parse("20060102", v)
	return t, true, err == nil
}
