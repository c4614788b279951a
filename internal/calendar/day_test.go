package calendar

import (
	"testing"
	"time"
)

func TestReasons(t *testing.T) {
	t.Parallel()
	c := compile(t, Spec{TZ: "UTC", Week: workdays([2]string{"08:00", "12:00"}, [2]string{"13:00", "17:00"}),
		Holidays: []string{"2026-01-14"}, YearlyHolidays: []string{"01-19"},
		HolidayNames: map[string]string{"2026-01-14": "Founders' Day"},
		Breaks:       map[string][][2]string{"2026-01-13": {{"06:00", "09:00"}}},
		Shifts:       map[string][][2]string{"2026-01-15": {{"02:00", "04:00"}, {"06:00", "08:00"}}, "2026-01-16": {}}})
	want := []struct{ until, reason string }{
		{"2026-01-13T08:00:00Z", reasonNight}, {"2026-01-13T09:00:00Z", reasonBreak}, {"2026-01-13T12:00:00Z", reasonOpen},
		{"2026-01-13T13:00:00Z", reasonLunch}, {"2026-01-13T17:00:00Z", reasonOpen}, {"2026-01-14T00:00:00Z", reasonNight},
		{"2026-01-15T00:00:00Z", "holiday: Founders' Day"}, {"2026-01-15T02:00:00Z", reasonSpecial}, {"2026-01-15T04:00:00Z", reasonOpen},
		{"2026-01-15T06:00:00Z", reasonBetween}, {"2026-01-15T08:00:00Z", reasonOpen}, {"2026-01-16T00:00:00Z", reasonSpecial},
		{"2026-01-17T00:00:00Z", reasonClosure}, {"2026-01-19T00:00:00Z", reasonWeekend}, {"2026-01-20T00:00:00Z", reasonHoliday},
	}
	spans := c.Explain(instant(t, "2026-01-13T00:00:00Z"), instant(t, "2026-01-20T00:00:00Z"))
	if len(spans) != len(want) {
		t.Fatalf("%d spans, want %d: %+v", len(spans), len(want), spans)
	}
	for i, s := range spans {
		if got := formatInstant(s.To); got != want[i].until || s.Reason != want[i].reason {
			t.Errorf("span %d: %s until %s, want %s until %s", i, s.Reason, got, want[i].reason, want[i].until)
		}
	}
}

// TestClosedDays: which closed weekdays are called the weekend.
func TestClosedDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		open    []string
		weekend []int
	}{
		{[]string{"mon", "tue", "wed", "thu", "fri"}, []int{0, 6}},
		{[]string{"sun", "mon", "tue", "wed", "thu"}, []int{5, 6}},
		{[]string{"sat", "sun", "mon", "tue", "wed", "thu"}, []int{5}},
		{[]string{"mon", "tue", "thu", "fri"}, []int{0, 6}},
		{[]string{"tue", "wed", "thu", "fri", "sat"}, []int{0, 1}},
		{[]string{"sun"}, nil},
		{nil, nil},
	} {
		cal := compile(t, Spec{TZ: "UTC", Week: days(office, c.open...)})
		for i := range 7 {
			want := false
			for _, w := range c.weekend {
				want = want || w == i
			}
			if got := cal.closedDay[i] == reasonWeekend; got != want {
				t.Errorf("open on %v: weekday %d is a weekend: %v, want %v", c.open, i, got, want)
			}
		}
	}
}

// TestDates: the date arithmetic against the time package, over every day of the range.
func TestDates(t *testing.T) {
	t.Parallel()
	at := time.Date(firstYear-1, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; at.Year() <= endYear; at = at.AddDate(0, 0, 1) {
		y, m, d := at.Date()
		day := dayNumber(y, int(m), d)
		gotM, gotD := monthDay(day)
		if int64(day)*daySeconds != at.Unix() || gotM != int(m) || gotD != d || weekday(day) != int(at.Weekday()) ||
			floorDay(at.Unix()+86399) != day || d > daysIn(y, int(m)) {
			t.Fatalf("%s: day %d, %d-%d, weekday %d", at, day, gotM, gotD, weekday(day))
		}
		if y >= firstYear && y < endYear && yearOf(at.Unix()) != y-firstYear {
			t.Fatalf("%s: year %d", at, yearOf(at.Unix()))
		}
	}
}
