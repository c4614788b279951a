package calendar

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var office = [][2]string{{"09:00", "17:00"}}

// days gives the same frames to several weekdays.
func days(frames [][2]string, names ...string) map[string][][2]string {
	week := map[string][][2]string{}
	for _, n := range names {
		week[n] = frames
	}
	return week
}

func workdays(frames ...[2]string) map[string][][2]string {
	return days(frames, "mon", "tue", "wed", "thu", "fri")
}

func allDays(frames ...[2]string) map[string][][2]string {
	return days(frames, weekdays[:]...)
}

func compile(t testing.TB, s Spec) *Calendar {
	t.Helper()
	c, err := Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func instant(t testing.TB, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

// TestVectors: every vector of the material through Eval, and its explanation adds up.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"vectors.json", "generated-dst.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := material(t, "business-time", name)
			var file struct {
				Vectors []json.RawMessage `json:"vectors"`
			}
			if err := json.Unmarshal(data, &file); err != nil {
				t.Fatal(err)
			}
			wrong := 0
			for _, line := range file.Vectors {
				var v struct {
					Corpus, Name, Op string
					Expect           any
				}
				if err := json.Unmarshal(line, &v); err != nil {
					t.Fatal(err)
				}
				got, explanation, err := Eval(line)
				if n, ok := got.(int64); ok {
					got = float64(n) // as encoding/json reads the expectation
				}
				if err != nil || got != v.Expect {
					wrong++
					t.Errorf("%s, %s, %s: got %v (%v), want %v", v.Corpus, v.Name, v.Op, got, err, v.Expect)
				}
				checkExplanation(t, line, explanation)
			}
			t.Logf("%d vectors, %d wrong", len(file.Vectors), wrong)
			if len(file.Vectors) == 0 {
				t.Error("the file has no vectors")
			}
		})
	}
}

// checkExplanation: contiguous, and for add, sub and between its counted spans sum to the seconds.
func checkExplanation(t *testing.T, line []byte, spans []ExplainedSpan) {
	t.Helper()
	var v struct {
		Op, Start string
		Seconds   int64
		Expect    any
	}
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for i, s := range spans {
		if i > 0 && s.From != spans[i-1].To {
			t.Errorf("%s: a gap before %+v", line, s)
		}
		if s.Counted {
			sum += instant(t, s.To) - instant(t, s.From)
		}
	}
	switch v.Op {
	case "between":
		v.Seconds = int64(v.Expect.(float64))
	case "add":
		if v.Seconds > 0 && (spans[0].From != v.Start || spans[len(spans)-1].To != v.Expect) {
			t.Errorf("%s: explained from %s to %s", line, spans[0].From, spans[len(spans)-1].To)
		}
	case "sub":
		if v.Seconds > 0 && (spans[0].From != v.Expect || spans[len(spans)-1].To != v.Start) {
			t.Errorf("%s: explained from %s to %s", line, spans[0].From, spans[len(spans)-1].To)
		}
	default:
		return
	}
	if sum != v.Seconds {
		t.Errorf("%s: the counted spans sum to %d, want %d", line, sum, v.Seconds)
	}
}

// material reads a file of the shared test data; absent it is a skip that names it.
func material(t *testing.T, path ...string) []byte {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := os.Getenv("BOTHWAYS_MATERIAL")
	if dir == "" {
		dir = "../shared/material"
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(root, dir)
	}
	data, err := os.ReadFile(filepath.Join(append([]string{dir}, path...)...))
	if os.IsNotExist(err) {
		t.Skipf("no %s (set BOTHWAYS_MATERIAL)", filepath.Join(path...))
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestAddFixtures: F1, F4, F5, F8, F9, F12 of the clock fixtures, and what the zones are known for.
func TestAddFixtures(t *testing.T) {
	t.Parallel()
	paris, berlin := "Europe/Paris", "Europe/Berlin"
	feed := Spec{TZ: berlin, Week: allDays([2]string{"09:00", "21:00"}), Holidays: []string{"2016-11-11", "2016-11-13"}}
	noFeed := feed
	noFeed.Holidays = nil
	always := [2]string{"00:00", "24:00"}
	for _, c := range []struct {
		name    string
		spec    Spec
		from    string
		seconds int64
		want    string
	}{
		{"F1 Friday evening", Spec{TZ: paris, Week: workdays(office...)}, "2026-01-30T16:30:00+01:00", 3600, "2026-02-02T08:30:00Z"},
		{"F4 with the feed", feed, "2016-11-09T23:00:00+01:00", 48 * 3600, "2016-11-15T21:00:00+01:00"},
		{"F4 without", noFeed, "2016-11-09T23:00:00+01:00", 48 * 3600, "2016-11-13T21:00:00+01:00"},
		{"F5 autumn", Spec{TZ: paris, Week: allDays(always)}, "2026-10-24T20:00:00+02:00", 12 * 3600, "2026-10-25T06:00:00Z"},
		{"F5 spring", Spec{TZ: paris, Week: allDays(always)}, "2026-03-28T20:00:00+01:00", 12 * 3600, "2026-03-29T07:00:00Z"},
		{"F8 Riyadh", Spec{TZ: "Asia/Riyadh", Week: days([][2]string{{"08:00", "18:00"}}, "sun", "mon", "tue", "wed", "thu")},
			"2026-02-02T10:00:00+03:00", 1800, "2026-02-02T13:00:00+05:30"},
		{"F9 lunch", Spec{TZ: paris, Week: workdays([2]string{"08:00", "12:00"}, [2]string{"13:30", "18:00"})},
			"2026-04-08T12:30:00+02:00", 900, "2026-04-08T11:45:00Z"},
		{"F12 two working days", Spec{TZ: paris, Week: workdays([2]string{"08:00", "18:00"})}, "2026-01-16T17:30:00+01:00", 20 * 3600, "2026-01-20T17:30:00+01:00"},
		{"Apia has no 30 December 2011", Spec{TZ: "Pacific/Apia", Week: workdays(office...)}, "2011-12-29T16:00:00-10:00", 2 * 3600, "2012-01-02T10:00:00+14:00"},
		{"a holiday beats a shift", Spec{TZ: "UTC", Week: workdays(office...), Holidays: []string{"2026-01-14"}, Shifts: map[string][][2]string{"2026-01-14": office}},
			"2026-01-13T17:00:00Z", 1, "2026-01-15T09:00:01Z"},
		{"an empty shift closes a date", Spec{TZ: "UTC", Week: workdays(office...), Shifts: map[string][][2]string{"2026-01-14": {}}},
			"2026-01-13T17:00:00Z", 1, "2026-01-15T09:00:01Z"},
		{"shifts alone", Spec{TZ: "UTC", Week: map[string][][2]string{}, Shifts: map[string][][2]string{"2031-05-05": office}}, "2026-01-13T17:00:00Z", 60, "2031-05-05T09:01:00Z"},
		{"29 February", Spec{TZ: "UTC", Week: allDays(always), YearlyHolidays: []string{"02-29"}}, "2028-02-28T23:00:00Z", 7200, "2028-03-01T01:00:00Z"},
		{"nothing", Spec{TZ: "UTC", Week: workdays(office...)}, "2026-01-10T03:00:00Z", 0, "2026-01-10T03:00:00Z"},
		{"closing time, not the next opening", Spec{TZ: "UTC", Week: workdays(office...)}, "2026-01-12T16:00:00Z", 3600, "2026-01-12T17:00:00Z"},
		{"the last closing time of a year", Spec{TZ: "UTC", Week: workdays(office...)}, "2026-12-31T16:00:00Z", 3600, "2026-12-31T17:00:00Z"},
		{"over a change of year", Spec{TZ: "UTC", Week: allDays(always)}, "2026-12-31T23:59:59Z", 2, "2027-01-01T00:00:01Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := compile(t, c.spec).Add(instant(t, c.from), c.seconds)
			if want := instant(t, c.want); !ok || got != want {
				t.Errorf("got %s %v, want %s", formatInstant(got), ok, formatInstant(want))
			}
		})
	}
}

// TestBetweenFixtures: F6, and nights, midnights and dates that are not what they seem.
func TestBetweenFixtures(t *testing.T) {
	t.Parallel()
	night := [2]string{"22:00", "06:00"}
	nights := Spec{TZ: "Europe/Berlin", Week: allDays(night)}
	always := allDays([2]string{"00:00", "24:00"})
	eve := Spec{TZ: "UTC", Week: allDays(night), Holidays: []string{"2026-01-14"}}
	for _, c := range []struct {
		name     string
		spec     Spec
		from, to string
		minutes  int64
	}{
		{"F6 spring", nights, "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", 420},
		{"F6 autumn", nights, "2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00", 540},
		{"F6 otherwise", nights, "2026-06-01T12:00:00+02:00", "2026-06-02T12:00:00+02:00", 480},
		{"a night into a holiday stays", eve, "2026-01-13T12:00:00Z", "2026-01-14T12:00:00Z", 480},
		{"a night that starts on one goes", eve, "2026-01-14T12:00:00Z", "2026-01-15T12:00:00Z", 0},
		{"a shift replaces the night that starts on its date", Spec{TZ: "UTC", Week: allDays(night), Shifts: map[string][][2]string{"2026-01-14": {{"20:00", "21:00"}}}},
			"2026-01-14T00:00:00Z", "2026-01-15T12:00:00Z", 360 + 60},
		{"a break over midnight", Spec{TZ: "UTC", Week: allDays(night), Breaks: map[string][][2]string{"2026-01-14": {{"23:30", "00:30"}}}},
			"2026-01-14T12:00:00Z", "2026-01-15T12:00:00Z", 420},
		{"a break takes by its own date", Spec{TZ: "UTC", Week: allDays(night), Breaks: map[string][][2]string{"2026-01-15": {{"00:00", "01:00"}}}},
			"2026-01-14T12:00:00Z", "2026-01-15T12:00:00Z", 420},
		{"nine to nine is 24 hours", Spec{TZ: "UTC", Week: days([][2]string{{"09:00", "09:00"}}, "mon")}, "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z", 1440},
		{"until 00:00 is until 24:00", Spec{TZ: "UTC", Week: days([][2]string{{"18:00", "00:00"}}, "mon")}, "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z", 360},
		{"overlapping frames are one", Spec{TZ: "UTC", Week: workdays([2]string{"09:00", "13:00"}, [2]string{"12:00", "17:00"}, [2]string{"10:00", "11:00"})},
			"2026-01-12T00:00:00Z", "2026-01-13T00:00:00Z", 480},
		{"Lord Howe sets back half an hour", Spec{TZ: "Australia/Lord_Howe", Week: allDays([2]string{"01:00", "03:00"})}, "2026-04-04T12:00:00Z", "2026-04-05T12:00:00Z", 150},
		{"Lord Howe sets forward", Spec{TZ: "Australia/Lord_Howe", Week: allDays([2]string{"01:00", "03:00"})}, "2026-10-03T12:00:00Z", "2026-10-04T12:00:00Z", 90},
		{"Sao Paulo skips midnight", Spec{TZ: "America/Sao_Paulo", Week: days([][2]string{{"00:00", "02:00"}}, "sun")}, "2015-10-17T12:00:00Z", "2015-10-18T12:00:00Z", 60},
		{"Sao Paulo repeats Saturday's last hour", Spec{TZ: "America/Sao_Paulo", Week: days([][2]string{{"23:00", "24:00"}}, "sat")}, "2015-02-21T12:00:00Z", "2015-02-22T12:00:00Z", 120},
		{"Beirut skips midnight", Spec{TZ: "Asia/Beirut", Week: days([][2]string{{"00:00", "02:00"}}, "sun")}, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", 60},
		{"Cairo skips midnight", Spec{TZ: "Africa/Cairo", Week: days([][2]string{{"00:00", "02:00"}}, "fri")}, "2026-04-23T12:00:00Z", "2026-04-24T12:00:00Z", 60},
		{"Apia's missing date is nothing", Spec{TZ: "Pacific/Apia", Week: days([][2]string{{"00:00", "24:00"}}, "fri")}, "2011-12-28T00:00:00Z", "2012-01-05T00:00:00Z", 0},
		{"Apia, all the time", Spec{TZ: "Pacific/Apia", Week: always}, "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z", 3 * 1440},
		{"backwards", Spec{TZ: "UTC", Week: always}, "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", 0},
		{"the year 2200", Spec{TZ: "UTC", Week: workdays(office...)}, "2200-01-01T00:00:00Z", "2201-01-01T00:00:00Z", 261 * 480},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, c.spec).Between(instant(t, c.from), instant(t, c.to))
			if got != c.minutes*60 {
				t.Errorf("got %d seconds = %d minutes, want %d", got, got/60, c.minutes)
			}
		})
	}
}

// TestBounds: far, negative and endless questions are answered at once.
func TestBounds(t *testing.T) {
	t.Parallel()
	const huge = 1<<63 - 1
	never := compile(t, Spec{TZ: "Europe/Berlin", Week: map[string][][2]string{}})
	broken := compile(t, Spec{TZ: "Europe/Berlin", Week: workdays(office...), YearlyHolidays: nil, Shifts: nil})
	closed := compile(t, Spec{TZ: "UTC", Week: days(office, "mon"), Breaks: nil, Shifts: map[string][][2]string{"2026-01-12": {}}})
	for name, c := range map[string]*Calendar{"never": never, "office": broken, "mondays": closed} {
		for _, n := range []int64{1e12, huge, -1 << 63, -1e12} {
			if at, ok := c.Add(1_700_000_000, n); ok {
				t.Errorf("%s: add %d gives %d", name, n, at)
			}
			if at, ok := c.Sub(1_700_000_000, n); ok {
				t.Errorf("%s: sub %d gives %d", name, n, at)
			}
		}
		for _, at := range []int64{-1 << 63, huge} {
			if c.IsOpen(at) {
				t.Errorf("%s: open at %d", name, at)
			}
		}
		if got, want := c.Between(-1<<63, huge), c.Between(minInstant, maxInstant); got != want {
			t.Errorf("%s: %d over all time, %d over the range", name, got, want)
		}
		if got := c.Explain(maxInstant+10, maxInstant+20); len(got) != 1 || got[0].Open || got[0].From != maxInstant+10 || got[0].To != maxInstant+20 {
			t.Errorf("%s: out of range explained as %+v", name, got)
		}
		if got := covers(c.Explain(minInstant-5, minInstant+40*daySeconds), minInstant-5, minInstant+40*daySeconds); got != "" {
			t.Errorf("%s: %s", name, got)
		}
		if _, ok := c.NextOpen(maxInstant); ok {
			t.Errorf("%s: open after the range", name)
		}
	}
	if _, ok := never.NextOpen(0); ok {
		t.Error("an empty week opens")
	}
	if at, ok := broken.Sub(1_700_000_000, -3600); !ok || broken.Between(1_700_000_000, at) != 3600 {
		t.Error("negative seconds do not go the other way")
	}
	if got := closed.kept.Load(); got > maxKept {
		t.Errorf("%d intervals kept, want at most %d", got, maxKept)
	}
}

// TestHeldMemory: questions over all years leave no more than the bound behind, and stay right.
func TestHeldMemory(t *testing.T) {
	t.Parallel()
	c := compile(t, Spec{TZ: "Europe/Berlin", Week: workdays([2]string{"08:00", "12:00"}, [2]string{"13:00", "17:00"})})
	for range 2 {
		for y := range yearCount {
			if at, ok := c.Add(yearStarts[y], 3600); !ok || c.Between(yearStarts[y], at) != 3600 {
				t.Fatalf("year %d: %d %v", firstYear+y, at, ok)
			}
		}
	}
	held := 0
	for i := range c.years {
		if y := c.years[i].Load(); y != nil {
			held += len(y.open)
		}
	}
	if held > maxKept {
		t.Errorf("%d intervals held, want at most %d", held, maxKept)
	}
}

// TestConcurrent is for the race detector: many readers of one calendar, with years let go meanwhile.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	c := compile(t, Spec{TZ: "Europe/Berlin", Week: workdays([2]string{"08:00", "12:00"}, [2]string{"13:00", "17:00"})})
	want := c.Between(minInstant, maxInstant)
	done := make(chan int64)
	for g := range 4 {
		go func() {
			sum := int64(0)
			for y := range yearCount {
				y = (y + g*125) % yearCount
				sum += c.Between(yearStarts[y], yearStarts[y+1])
			}
			done <- sum
		}()
	}
	for range 4 {
		if got := <-done; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}
