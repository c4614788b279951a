package calendar

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"
)

var (
	cases = flag.Int("calendar.cases", 3000, "random cases compared with the stepper")
	seed  = flag.Uint64("calendar.seed", 1, "where the random cases begin")
)

// zonesOfInterest: half-hour and two-hour changes, changes at midnight and at 00:01, dates skipped and repeated,
// negative DST, DST off in Ramadan, offsets with seconds, zones without any of it.
var zonesOfInterest = []string{
	"UTC", "Etc/GMT+12", "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Fakaofo", "Pacific/Kwajalein", "Pacific/Enderbury",
	"Australia/Lord_Howe", "Australia/Sydney", "Australia/Adelaide", "Pacific/Chatham", "Pacific/Norfolk",
	"America/Sao_Paulo", "America/Asuncion", "America/Santiago", "America/Havana", "America/St_Johns", "America/New_York",
	"America/Los_Angeles", "America/Caracas", "America/Nuuk", "America/Scoresbysund", "America/Phoenix", "America/Godthab",
	"Asia/Beirut", "Asia/Gaza", "Asia/Amman", "Asia/Damascus", "Asia/Tehran", "Asia/Kathmandu", "Asia/Kolkata",
	"Asia/Pyongyang", "Asia/Riyadh", "Asia/Manila", "Asia/Gaza", "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun",
	"Africa/Monrovia", "Africa/Juba", "Africa/Windhoek", "Europe/Berlin", "Europe/Paris", "Europe/London", "Europe/Dublin",
	"Europe/Moscow", "Europe/Istanbul", "Europe/Volgograd", "Atlantic/Azores", "Antarctica/Troll", "Antarctica/Casey",
	"Europe/Amsterdam", "America/Metlakatla",
}

// dice is splitmix64: the same cases on every machine.
type dice uint64

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) n(n int) int              { return int(d.next() % uint64(n)) }
func (d *dice) between(a, b int64) int64 { return a + int64(d.next()%uint64(b-a)) }
func (d *dice) chance(percent int) bool  { return d.n(100) < percent }

func (d *dice) clock(end bool) string {
	m := d.n(1440)
	switch {
	case d.chance(60):
		m = d.n(24) * 60
	case d.chance(50):
		m -= m % 30
	}
	if end && d.chance(15) {
		return "24:00"
	}
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

func (d *dice) frames() [][2]string {
	switch {
	case d.chance(15):
		return [][2]string{{"00:00", "24:00"}}
	case d.chance(25):
		return [][2]string{{"09:00", "17:00"}}
	case d.chance(15):
		return [][2]string{{"22:00", "06:00"}}
	}
	out := make([][2]string, d.n(4))
	for i := range out {
		out[i] = [2]string{d.clock(false), d.clock(true)}
	}
	return out
}

// instant is near a change of the clock more often than not.
func (d *dice) instant(loc *time.Location) int64 {
	u := d.between(0, 4_200_000_000) // 1970 to 2103
	if d.chance(5) {
		u = d.between(minInstant, maxInstant)
	}
	if d.chance(65) {
		if _, end := time.Unix(u, 0).In(loc).ZoneBounds(); !end.IsZero() {
			u = end.Unix() + d.between(-3*daySeconds, 2*daySeconds)
		}
	}
	if d.chance(60) {
		u -= mod(u, 60)
	}
	return u
}

func (d *dice) spec(tz string, around int64) Spec {
	s := Spec{TZ: tz, Week: map[string][][2]string{}}
	same := d.frames()
	uniform := d.chance(50)
	for _, w := range weekdays {
		switch {
		case d.chance(20):
		case uniform:
			s.Week[w] = same
		default:
			s.Week[w] = d.frames()
		}
	}
	date := func(layout string) string {
		return time.Unix(around, 0).UTC().AddDate(0, 0, d.n(16)-4).Format(layout)
	}
	for range d.n(4) {
		s.Holidays = append(s.Holidays, date("2006-01-02"))
	}
	for range d.n(3) {
		s.YearlyHolidays = append(s.YearlyHolidays, date("01-02"))
	}
	s.Shifts, s.Breaks = map[string][][2]string{}, map[string][][2]string{}
	for range d.n(4) {
		s.Shifts[date("2006-01-02")] = d.frames()
	}
	for range d.n(4) {
		s.Breaks[date("2006-01-02")] = d.frames()
	}
	return s
}

func (d *dice) zone(t *testing.T) (string, *time.Location) {
	name := zonesOfInterest[d.n(len(zonesOfInterest))]
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return name, loc
}

// TestRandomCasesEqualStepper compares every operation with the oracle on random calendars. More cases:
// go test ./internal/calendar -run Stepper -calendar.cases=100000 [-calendar.seed=2]
func TestRandomCasesEqualStepper(t *testing.T) {
	t.Parallel()
	d := dice(*seed)
	counts := map[string]int{}
	for i := range *cases {
		name, loc := d.zone(t)
		from := d.instant(loc)
		spec := d.spec(name, from)
		from = min(max(from, minInstant+30*daySeconds), maxInstant-30*daySeconds)
		c, err := Compile(spec)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		op, problem := compare(&d, c, newStepper(spec), from, i%8 == 0)
		counts[op]++
		if problem != "" {
			text, _ := json.Marshal(spec)
			t.Fatalf("case %d: %s from %s: %s\ncalendar %s", i, op, formatInstant(from), problem, text)
		}
	}
	t.Logf("%d cases: %v", *cases, counts)
}

// compare asks one random question of the engine and of the oracle and says how they differ.
func compare(d *dice, c *Calendar, o *stepper, from int64, explain bool) (op, problem string) {
	const far = 21 * daySeconds
	op = []string{"between", "add", "sub", "next_open", "is_open"}[d.n(5)]
	n := d.between(0, 60*3600)
	if d.chance(40) {
		n -= n % 1800 // often exactly on a boundary
	}
	var got, want int64
	var ok, wantOK bool
	a, b := from, from
	switch op {
	case "between":
		b = from + d.between(0, 12*daySeconds)
		got, want, ok, wantOK = c.Between(from, b), o.between(from, b), true, true
	case "add":
		got, ok = c.Add(from, n)
		want, wantOK = o.add(from, n, from+far)
		b = got
		if !wantOK && (!ok || got > from+far-1) { // the oracle gave up before the engine's answer
			return op + " too far to step", ""
		}
	case "sub":
		got, ok = c.Sub(from, n)
		want, wantOK = o.sub(from, n, from-far)
		a = got
		if !wantOK && (!ok || got < from-far+1) {
			return op + " too far to step", ""
		}
	case "next_open":
		got, ok = c.NextOpen(from)
		want, wantOK = o.nextOpen(from, from+far)
		b = got
		if !wantOK && (!ok || got >= from+far) {
			return op + " too far to step", ""
		}
	case "is_open":
		got, want, ok, wantOK = truth(c.IsOpen(from)), truth(o.shows(from+o.offset(from))), true, true
	}
	if got != want || ok != wantOK {
		return op, fmt.Sprintf("%d seconds: got %d %v, stepper %d %v", n, got, ok, want, wantOK)
	}
	if explain && b > a {
		return op, explained(c, o, a, b)
	}
	return op, ""
}

// explained checks the spans of [a, b) against the oracle: covering, merged, each wholly open or wholly closed.
func explained(c *Calendar, o *stepper, a, b int64) string {
	spans := c.Explain(a, b)
	if problem := covers(spans, a, b); problem != "" {
		return problem
	}
	for _, s := range spans {
		want := int64(0)
		if s.Open {
			want = s.To - s.From
		}
		if got := o.between(s.From, s.To); got != want {
			return fmt.Sprintf("span %+v has %d working seconds by the stepper", s, got)
		}
	}
	return ""
}

func covers(spans []Span, a, b int64) string {
	for i, s := range spans {
		switch {
		case s.From != a || s.To <= s.From:
			return fmt.Sprintf("span %d %+v does not go on from %d", i, s, a)
		case s.Reason == "" || s.Open != (s.Reason == reasonOpen):
			return fmt.Sprintf("span %d %+v has a wrong reason", i, s)
		case i > 0 && s.Open == spans[i-1].Open && s.Reason == spans[i-1].Reason:
			return fmt.Sprintf("span %d %+v should be one with the span before", i, s)
		}
		a = s.To
	}
	if a != b {
		return fmt.Sprintf("the spans end at %d, not at %d", a, b)
	}
	return ""
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// TestLaws: what must hold for any calendar over any distance, where the stepper would be too slow.
func TestLaws(t *testing.T) {
	t.Parallel()
	d := dice(*seed + 7)
	for i := range *cases / 10 {
		name, loc := d.zone(t)
		from := d.instant(loc)
		spec := d.spec(name, from)
		c, err := Compile(spec)
		if err != nil {
			t.Fatal(err)
		}
		if problem := laws(c, from, d.between(0, 40_000_000), d.between(0, 100_000_000)); problem != "" {
			text, _ := json.Marshal(spec)
			t.Fatalf("case %d from %d: %s\ncalendar %s", i, from, problem, text)
		}
	}
}

// laws checks one calendar by its own answers: additivity, Add and Sub as inverses of Between, NextOpen, Explain.
func laws(c *Calendar, from, n, distance int64) string {
	mid, end := from+distance/3, from+distance
	whole := c.Between(from, end)
	if sum := c.Between(from, mid) + c.Between(mid, end); sum != whole || whole < 0 || whole > distance {
		return fmt.Sprintf("between %d and %d: %d whole, %d in two parts", from, end, whole, sum)
	}
	if at, ok := c.Add(from, n); ok && n > 0 {
		if c.Between(from, at) != n || !c.IsOpen(at-1) {
			return fmt.Sprintf("add %d gives %d, after %d working seconds", n, at, c.Between(from, at))
		}
		if back, ok := c.Sub(at, n); !ok || back < from || c.Between(back, at) != n || c.Between(from, back) != 0 {
			return fmt.Sprintf("sub %d from %d gives %d %v", n, at, back, ok)
		}
	}
	if at, ok := c.Sub(from, n); ok && n > 0 {
		if c.Between(at, from) != n || !c.IsOpen(at) {
			return fmt.Sprintf("sub %d gives %d, before %d working seconds", n, at, c.Between(at, from))
		}
	}
	if at, ok := c.NextOpen(from); ok {
		if at < from || !c.IsOpen(at) || c.Between(from, at) != 0 {
			return fmt.Sprintf("next opening %d", at)
		}
	}
	spans := c.Explain(from, end)
	if problem := covers(spans, from, end); problem != "" && distance > 0 {
		return problem
	}
	sum := int64(0)
	for _, s := range spans {
		if s.Open {
			sum += s.To - s.From
		}
	}
	if sum != whole {
		return fmt.Sprintf("explained %d, counted %d", sum, whole)
	}
	return ""
}

// TestZoneBounds holds the one thing the engine takes from time.ZoneBounds against plain look-ups: within a span the
// offset stays the same.
func TestZoneBounds(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Compact(slices.Sorted(slices.Values(zonesOfInterest))) {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		o := stepper{loc: loc}
		for at := minInstant; at < maxInstant; {
			off, until := offsetAt(loc, at)
			until = min(until, maxInstant)
			if until <= at {
				t.Fatalf("%s: no progress at %d", name, at)
			}
			const sample = 40*3600 + 7
			for u := at; u < until; u += sample {
				if o.offset(u) != off {
					t.Fatalf("%s: offset %d at %d, in a span of %d from %d to %d", name, o.offset(u), u, off, at, until)
				}
				if u-at > 60*sample && until-u > 2*sample { // long spans: the edges matter
					u += (until - u - 2*sample) / sample / 2 * sample
				}
			}
			if o.offset(until-1) != off {
				t.Fatalf("%s: offset changes before %d", name, until)
			}
			at = until
		}
	}
}
