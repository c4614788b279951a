package filter

import (
	"math"
	"strconv"
	"strings"
	"time"

	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/text"
)

// span is a half-open range of numbers; the zero value is no range.
type span struct{ from, to int64 }

const (
	lowest  = math.MinInt64
	highest = math.MaxInt64
)

// refOf reads BW-1001, which is a ticket's number and no word.
func refOf(s string) (int64, bool) {
	if !strings.HasPrefix(strings.ToUpper(s), "BW-") {
		return 0, false
	}
	n, err := ticket.ParseRef(s)
	return n, err == nil && n < highest
}

// checkNumber reads 1001, BW-1001, >1001 or 1001..1010.
func (p *parser) checkNumber(t Term, v *Value) bool {
	op, rest := operator(v.Text)
	lo, hi, ranged := strings.Cut(rest, "..")
	a, err := ticket.ParseRef(lo)
	b := a
	if ranged && err == nil {
		b, err = ticket.ParseRef(hi)
	}
	if err != nil || a >= highest || b >= highest || b < a || ranged && op != "" {
		p.q.problem(t.Pos, t.End, "“"+text.Cut(v.Text, 20)+"” is no number of a ticket.", "number:1001..1020")
		return false
	}
	v.span = spanOf(op, a, b+1)
	return true
}

// operator splits >, >=, < and <= off.
func operator(s string) (op, rest string) {
	for _, op := range [...]string{">=", "<=", ">", "<", "="} {
		if rest, ok := strings.CutPrefix(s, op); ok {
			return strings.TrimSuffix(op, " "), strings.TrimSpace(rest)
		}
	}
	return "", s
}

// spanOf is the range an operator asks for around a value that itself covers from…to.
func spanOf(op string, from, to int64) span {
	switch op {
	case ">":
		return span{to, highest}
	case ">=":
		return span{from, highest}
	case "<":
		return span{lowest, from}
	case "<=":
		return span{lowest, to}
	}
	return span{from, to}
}

// units are the lengths of time that can be written.
var units = []struct {
	names []string
	d     time.Duration
}{
	{[]string{"m", "min", "minute", "minutes"}, time.Minute},
	{[]string{"h", "hour", "hours"}, time.Hour},
	{[]string{"d", "day", "days"}, 24 * time.Hour},
	{[]string{"w", "week", "weeks"}, 7 * 24 * time.Hour},
	{[]string{"y", "year", "years"}, 365 * 24 * time.Hour},
}

// lengthOf reads 2h, 90min, 3d; at most a hundred years, so that no arithmetic with it overflows.
func lengthOf(s string) (time.Duration, bool) {
	n := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if n <= 0 || n > 7 {
		return 0, false
	}
	count, _ := strconv.Atoi(s[:n])
	for _, u := range units {
		for _, name := range u.names {
			if name == strings.TrimSpace(s[n:]) && time.Duration(count) <= 100*365*24*time.Hour/u.d {
				return time.Duration(count) * u.d, true
			}
		}
	}
	return 0, false
}

// Words for times.
const (
	today     = "today"
	yesterday = "yesterday"
	tomorrow  = "tomorrow"
	missed    = "missed"
)

// aDay finds the day that a text names: 2026-01-31, or 2026-01 for a month, or today and its neighbours.
func aDay(s string, now time.Time) (from, to time.Time, ok bool) {
	y, m, d := now.Date()
	midnight := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	switch s {
	case today:
	case yesterday:
		d--
	case tomorrow:
		d++
	case "week": // the one that today is in, from Monday
		d -= (int(now.Weekday()) + 6) % 7
		return midnight(y, m, d), midnight(y, m, d+7), true
	case "month":
		return midnight(y, m, 1), midnight(y, m+1, 1), true
	default:
		if t, err := time.ParseInLocation("2006-01", s, now.Location()); err == nil && sane(t) {
			return t, t.AddDate(0, 1, 0), true
		}
		t, err := time.ParseInLocation("2006-01-02", s, now.Location())
		if err != nil || !sane(t) {
			return from, to, false
		}
		y, m, d = t.Date()
	}
	return midnight(y, m, d), midnight(y, m, d+1), true
}

func sane(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 2200 }

// checkTime says whether a time can be read; it is read against the reader's now when it is bound.
func (p *parser) checkTime(f *about, t Term, v *Value) bool {
	v.Text = strings.ToLower(v.Text)
	if _, ok := instants(f.sort, v.Text, time.Unix(0, 0).UTC()); ok {
		return true
	}
	what := "<3d, today, 2026-01-31 or 2026-01-01..2026-01-31"
	if f.sort == ahead {
		what = "<2h, today, missed, 2026-01-31 or 2026-01-01..2026-01-31"
	}
	p.q.problem(t.Pos, t.End, "“"+text.Cut(v.Text, 20)+"” is no time. Write "+what+".", f.example)
	return false
}

// instants reads a time of a field into a range of microseconds. A length is a distance from now: on fields that lie behind
// "<3d" is less than three days ago; on those ahead "<2h" is less than two hours left, what was missed included.
func instants(kind sort, s string, now time.Time) (span, bool) {
	if s == missed && kind == ahead {
		return span{lowest, clock.Micros(now)}, true
	}
	if lo, hi, ok := strings.Cut(s, ".."); ok {
		from, _, ok1 := aDay(lo, now)
		_, to, ok2 := aDay(hi, now)
		return span{clock.Micros(from), clock.Micros(to)}, ok1 && ok2 && from.Before(to)
	}
	op, rest := operator(s)
	if d, ok := lengthOf(rest); ok {
		return distance(kind, op, d, now)
	}
	from, to, ok := aDay(rest, now)
	return spanOf(op, clock.Micros(from), clock.Micros(to)), ok
}

func distance(kind sort, op string, d time.Duration, now time.Time) (span, bool) {
	if op == "" || op == "=" {
		op = "<" // due:2h, changed:3d: within
	}
	at := clock.Micros(now.Add(d))
	if kind == past {
		at = clock.Micros(now.Add(-d))
	}
	if (op[0] == '<') == (kind == past) {
		return span{at, highest}, true
	}
	return span{lowest, at}, true
}

// nearest is the word of a list that s is most likely meant for, "" when none is near.
func nearest(s string, all []string) string {
	n := len([]rune(s))
	if n > 40 {
		return ""
	}
	best, at := "", 1+max(1, n/3)
	for _, w := range all {
		d := distanceOf(s, w)
		if n >= 2 && strings.HasPrefix(w, s) {
			d = min(d, 1)
		}
		if d < at && d < len([]rune(w)) {
			best, at = w, d
		}
	}
	return best
}

// distanceOf counts the letters to change, add, drop or swap with the next until a is b.
func distanceOf(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
