package report

import (
	"strings"
	"time"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Period is whole days, or a stretch from an instant to another, in the zone of an agreement. To is not in it.
type Period struct {
	From, To time.Time
}

// Weeks is the usual length of a period.
const Weeks = 13

// longest is how long a period may be.
const longest = 5 * 366 * 24 * time.Hour

// Read reads a period: days such as 2026-01-01, the last one included, or instants in RFC 3339, the last one left out. Left out, to is today
// and from is so that the period has thirteen weeks. Errors: Invalid, naming from or to.
func Read(from, to string, now time.Time, zone *time.Location) (Period, error) {
	now = now.In(zone)
	p := Period{To: midnight(now).AddDate(0, 0, 1)}
	var err error
	if strings.TrimSpace(to) != "" {
		if p.To, err = edge("to", to, zone, 1); err != nil {
			return p, err
		}
	}
	if strings.TrimSpace(from) != "" {
		if p.From, err = edge("from", from, zone, 0); err != nil {
			return p, err
		}
	} else {
		p.From = monday(midnight(p.To.In(zone).Add(-time.Second))).AddDate(0, 0, -7*(Weeks-1))
	}
	switch {
	case !p.From.Before(p.To):
		return p, errs.In("report.period", "to", "The period ends before it begins. Write a day that is not before the first.")
	case p.To.Sub(p.From) > longest:
		return p, errs.In("report.period", "from", "The period is longer than five years. Write a later first day.")
	case p.From.Year() < 1970 || p.To.Year() > 9000:
		return p, errs.In("report.period", "from", "Nothing was kept in that year. Write a later first day.")
	}
	return p, nil
}

func edge(field, s string, zone *time.Location, days int) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t.AddDate(0, 0, days), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.Time{}, errs.In("report.period", field, "%q is no day. Write it like 2026-01-31.", text.Cut(text.Line(s), 40))
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func monday(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

// LastDay is the last day that is in it, as people name it.
func (p Period) LastDay() time.Time { return p.To.Add(-time.Second) }

// weeks are where the weeks of the trend begin, in the zone, with the end of the last.
func (p Period) weeks(zone *time.Location) []int64 {
	out := []int64{p.From.Unix()}
	for w := monday(midnight(p.From.In(zone))).AddDate(0, 0, 7); w.Before(p.To); w = w.AddDate(0, 0, 7) {
		out = append(out, w.Unix())
	}
	return append(out, p.To.Unix())
}
