package ui

import (
	"testing"
	"time"
)

func TestReaderWords(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC)
	gmt := Reader{Now: now, Zone: time.FixedZone("GMT", 0)}
	india := Reader{Now: now, Zone: time.FixedZone("+0530", 5*3600+1800)}
	at := func(day, h, m int) time.Time { return time.Date(2026, 11, day, h, m, 0, 0, time.UTC) }
	for _, c := range []struct{ name, got, want string }{
		{"when today", gmt.When(at(24, 8, 24)), "Today 08:24"},
		{"when this week", gmt.When(at(20, 13, 20)), "Fri 13:20"},
		{"when a week ago", gmt.When(at(17, 13, 20)), "Tue 17 Nov, 13:20"},
		{"when in the future", gmt.When(at(25, 12, 0)), "Wed 25 Nov, 12:00"},
		{"inside a sentence", gmt.WhenIn(at(24, 8, 24)), "today 08:24"},
		{"inside a sentence, a Tuesday", lower("Tue 17 Nov"), "Tue 17 Nov"},
		{"due today", gmt.Due(at(24, 10, 24)), "10:24"},
		{"due today in text", gmt.DueToday(at(24, 11, 15)), "11:15 today"},
		{"due later", gmt.Due(at(26, 10, 0)), "Thu 26 Nov, 10:00"},
		{"full", gmt.Full(at(25, 12, 0)), "Wed 25 Nov, 12:00 GMT"},
		{"full in another zone", india.Full(at(25, 12, 0)), "Wed 25 Nov, 17:30 UTC+5:30"},
		{"next year", gmt.Full(time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)), "Mon 4 Jan 2027, 09:00 GMT"},
		{"short tomorrow", gmt.Short(at(25, 12, 0)), "Tomorrow 12:00"},
		{"short this week", gmt.Short(at(27, 16, 0)), "Fri 16:00"},
		{"short far", gmt.Short(time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC)), "Thu 24 Dec"},
		{"no zone is UTC", Reader{Now: now}.Full(at(25, 12, 0)), "Wed 25 Nov, 12:00 UTC"},
		{"greeting", gmt.Greeting(), "Good morning"},
		{"greeting elsewhere", india.Greeting(), "Good afternoon"},
		{"iso", india.ISO(at(24, 8, 0)), "2026-11-24T13:30:00+05:30"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// The day is the reader's own: half past eleven at night in London is
// tomorrow in Tallinn.
func TestReaderDayIsTheReaders(t *testing.T) {
	r := Reader{Now: time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), Zone: time.FixedZone("EET", 2*3600)}
	if got := r.When(time.Date(2026, 12, 31, 21, 0, 0, 0, time.UTC)); got != "Thu 23:00" {
		t.Errorf("yesterday evening reads %q", got)
	}
	if got := r.When(time.Date(2026, 12, 31, 22, 15, 0, 0, time.UTC)); got != "Today 00:15" {
		t.Errorf("a quarter past midnight reads %q", got)
	}
}

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		d           time.Duration
		span, exact string
	}{
		{0, "0 min", "0 s"},
		{12 * time.Second, "under 1 min", "12 s"},
		{42 * time.Minute, "42 min", "42 min"},
		{2 * time.Hour, "2 h", "2 h"},
		{2*time.Hour + 5*time.Minute, "2 h 05", "2 h 05 min"},
		{time.Hour + 5*time.Second, "1 h", "1 h 00 min 05 s"},
		{90*time.Second + 60*time.Minute, "1 h 01", "1 h 01 min 30 s"},
		{1234 * time.Hour, "1,234 h", "1,234 h"},
		{-17 * time.Minute, "17 min", ""},
	} {
		if got := Span(c.d); got != c.span {
			t.Errorf("Span(%v) = %q, want %q", c.d, got, c.span)
		}
		if c.exact != "" && Exact(c.d) != c.exact {
			t.Errorf("Exact(%v) = %q, want %q", c.d, Exact(c.d), c.exact)
		}
	}
}

func TestSizeCountInitials(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Size(0), "0 B"}, {Size(999), "999 B"}, {Size(48_200), "48 KB"}, {Size(1_104_000), "1.1 MB"}, {Size(2_500_000_000), "2.5 GB"},
		{Count(12), "12"}, {Count(4812), "4,812"}, {Count(1_000_000), "1,000,000"}, {Count(-1000), "-1,000"},
		{Initials("Helen Marsh"), "HM"}, {Initials("Anna Maria de Souza"), "AS"}, {Initials("Øyvind"), "Ø"}, {Initials(""), "?"}, {Initials("łukasz żak"), "ŁŻ"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
