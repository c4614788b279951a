package field

import (
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// Date reads the date of a mail, also what old and foreign programs write instead of RFC 5322. It is the zero time
// when the text is no date; the result is UTC.
func Date(s string) time.Time {
	if len(s) > 200 {
		s = s[:200]
	}
	s = strings.TrimSpace(s)
	if t, err := mail.ParseDate(s); err == nil && plausible(t) {
		return t.UTC()
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006/01/02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil && plausible(t) {
			return t.UTC()
		}
	}
	return looseDate(s)
}

func plausible(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 10000 }

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "aoû": 8, "déc": 12,
	"ene": 1, "abr": 4, "ago": 8, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10, "mei": 5, "maa": 3,
}

var zones = map[string]int{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2,
	"EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "KST": 9,
}

// looseDate reads the words of a date in any order: a month's name, a day, a year, a time and a zone.
func looseDate(s string) time.Time {
	var d struct {
		year, day     int
		month         time.Month
		h, m, s, zone int
		timed         bool
	}
	s, _ = SplitComment(s)
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		n, err := strconv.Atoi(w)
		word := strings.ToLower(w)
		switch {
		case strings.Count(w, ":") >= 1 && !d.timed:
			if !clockTime(w, &d.h, &d.m, &d.s) {
				return time.Time{}
			}
			d.timed = true
		case (w[0] == '+' || w[0] == '-') && err == nil && d.timed:
			sign := 1
			if n < 0 {
				sign, n = -1, -n
			}
			d.zone = sign * (n/100*3600 + n%100*60)
		case err == nil && n > 31 && d.year == 0, err == nil && d.day != 0 && d.year == 0 && d.month != 0:
			d.year = n
		case err == nil && d.day == 0:
			d.day = n
		case word == "pm" && d.h < 12:
			d.h += 12
		case word == "am" && d.h == 12:
			d.h = 0
		case err != nil && d.timed:
			if off, ok := zones[strings.ToUpper(w)]; ok {
				d.zone = off * 3600
			}
		case err != nil && strings.Count(w, "-") == 2 && d.day == 0: // 29-Apr-2016
			p := strings.Split(w, "-")
			d.day, _ = strconv.Atoi(p[0])
			d.month = Month(p[1])
			d.year, _ = strconv.Atoi(p[2])
		case err != nil && d.month == 0:
			d.month = Month(word)
		}
	}
	if d.year < 100 && d.year > 0 {
		d.year += 1900
		if d.year < 1970 {
			d.year += 100
		}
	}
	if d.month == 0 || d.day < 1 || d.day > 31 || d.year < 1970 || d.year > 9999 {
		return time.Time{}
	}
	return time.Date(d.year, d.month, d.day, d.h, d.m, d.s, 0, time.UTC).Add(-time.Duration(d.zone) * time.Second)
}

// Month is the month that a name in one of several languages starts like, or 0.
func Month(w string) time.Month {
	r := []rune(strings.ToLower(w))
	if len(r) < 3 {
		return 0
	}
	return months[string(r[:3])]
}

func clockTime(w string, h, m, s *int) bool {
	p := strings.Split(strings.SplitN(w, ".", 2)[0], ":")
	for i, v := range []*int{h, m, s} {
		if i >= len(p) {
			break
		}
		n, err := strconv.Atoi(p[i])
		if err != nil || n < 0 || n > 60 {
			return false
		}
		*v = n
	}
	return *h < 24
}
