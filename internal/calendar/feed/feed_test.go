package feed_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/internal/calendar/feed"
	"bothways/internal/kit/errs"
)

func file(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + strings.Join(lines, "") + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

func days(f feed.Feed) string {
	var out []string
	for _, d := range f.Days {
		out = append(out, strings.TrimSpace(d.Date+" "+d.Name))
	}
	return strings.Join(out, ", ")
}

func TestDays(t *testing.T) {
	for name, c := range map[string]struct {
		events []string
		want   string
	}{
		"one day":           {[]string{event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas Day")}, "2026-12-25 Christmas Day"},
		"end is not in it":  {[]string{event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227", "SUMMARY:Christmas")}, "2026-12-25 Christmas, 2026-12-26 Christmas"},
		"over the new year": {[]string{event("DTSTART;VALUE=DATE:20251231", "DTEND;VALUE=DATE:20260102", "SUMMARY:New Year")}, "2026-01-01 New Year"},
		"every year":        {[]string{event("DTSTART;VALUE=DATE:20121224", "RRULE:FREQ=YEARLY;INTERVAL=1", "SUMMARY:Eve")}, "2026-12-24 Eve, 2027-12-24 Eve"},
		"by a rule":         {[]string{event("DTSTART;VALUE=DATE:20260831", "RRULE:FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", "SUMMARY:Bank\\, holiday")}, "2026-08-31 Bank, holiday, 2027-08-30 Bank, holiday"},
		"an exception":      {[]string{event("DTSTART;VALUE=DATE:20200102", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20260102", "SUMMARY:x")}, "2027-01-02 x"},
		"more dates":        {[]string{event("DTSTART;VALUE=DATE:20260101", "RDATE;VALUE=DATE:20260106,20270106", "SUMMARY:x")}, "2026-01-01 x, 2026-01-06 x, 2027-01-06 x"},
		"ended by its rule": {[]string{event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;COUNT=1", "SUMMARY:x")}, "2026-01-01 x"},
		"cancelled":         {[]string{event("DTSTART;VALUE=DATE:20260101", "STATUS:CANCELLED", "SUMMARY:x")}, ""},
		"twice":             {[]string{event("DTSTART;VALUE=DATE:20260101"), event("DTSTART;VALUE=DATE:20260101", "SUMMARY:New Year")}, "2026-01-01 New Year"},
		"elsewhen":          {[]string{event("DTSTART;VALUE=DATE:20301225", "SUMMARY:x")}, ""},
	} {
		f, err := feed.Read(file(c.events...), 2026, 2027)
		if err != nil || days(f) != c.want {
			t.Errorf("%s: %s (%v), want %s", name, days(f), err, c.want)
		}
	}
}

func TestWhatIsNoWholeDayIsCounted(t *testing.T) {
	f, err := feed.Read(file(
		event("DTSTART:20261225T090000Z", "DTEND:20261225T100000Z", "SUMMARY:A meeting"),
		event("DTSTART;VALUE=DATE:20261301", "SUMMARY:No month"),
		event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=SOMETIMES", "SUMMARY:No rule"),
		event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=SECONDLY", "SUMMARY:No day"),
		event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270101", "SUMMARY:A year off"),
		event("SUMMARY:No start"),
	), 2026, 2027)
	if err != nil || len(f.Days) != 0 || f.Timed != 1 || f.Refused != 5 {
		t.Fatalf("%+v %v", f, err)
	}
}

func TestWhatIsNoCalendarIsRefused(t *testing.T) {
	for name, body := range map[string][]byte{"empty": nil, "words": []byte("hello"), "half": []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n;;;\r\n")} {
		if _, err := feed.Read(body, 2026, 2027); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := feed.Read(make([]byte, feed.MaxBytes+1), 2026, 2027); !errs.Is(err, errs.TooLarge) {
		t.Errorf("too large: %v", err)
	}
}

// TestOddFilesOfOthers: calendars that other people's programs wrote are read or refused, and nothing breaks.
func TestOddFilesOfOthers(t *testing.T) {
	dir := os.Getenv("BOTHWAYS_MATERIAL")
	if dir == "" {
		dir = "../../../../shared/material"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "ical", "*", "*.ics"))
	if len(files) == 0 {
		t.Skipf("no calendars at %s (set BOTHWAYS_MATERIAL)", dir)
	}
	read := 0
	for _, path := range files {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := feed.Read(body, 2012, 2030)
		if err == nil {
			read++
		} else if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge {
			t.Errorf("%s: %v", path, err)
		}
		if strings.Contains(path, "holidays-zammad") && (err != nil || len(f.Days) == 0) {
			t.Errorf("%s has holidays: %+v %v", path, f, err)
		}
	}
	t.Logf("%d of %d files are read", read, len(files))
}

func FuzzRead(f *testing.F) {
	f.Add(file(event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", "EXDATE:20260102")))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := feed.Read(body, 2026, 2027)
		if err != nil && errs.KindOf(err) == errs.Internal {
			t.Fatal(err)
		}
		for _, d := range got.Days {
			if d.Date < "2026-01-01" || d.Date > "2027-12-31" {
				t.Fatalf("%+v", d)
			}
		}
	})
}
