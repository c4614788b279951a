package people_test

import (
	"testing"
	"time"

	"bothways/internal/people"
)

func TestQuietNext(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	night := people.Quiet{From: 20 * 60, Until: 7 * 60}
	for _, c := range []struct {
		name     string
		quiet    people.Quiet
		at, want string
	}{
		{"none", people.Quiet{}, "2026-01-12T03:00:30Z", "2026-01-12T03:00:30Z"},
		{"in the evening", night, "2026-01-12T20:00:00Z", "2026-01-13T07:00:00Z"},
		{"after midnight", night, "2026-01-12T03:12:45Z", "2026-01-12T07:00:00Z"},
		{"the last quiet second", night, "2026-01-12T06:59:59Z", "2026-01-12T07:00:00Z"},
		{"the first loud one", night, "2026-01-12T07:00:00Z", "2026-01-12T07:00:00Z"},
		{"by day", people.Quiet{From: 9 * 60, Until: 17 * 60}, "2026-07-01T09:30:00Z", "2026-07-01T16:00:00Z"}, // British summer time
		{"the clock goes forward over the end", people.Quiet{From: 0, Until: 90}, "2026-03-29T00:10:00Z", "2026-03-29T01:00:00Z"},
		{"the clock goes back inside", people.Quiet{From: 30, Until: 150}, "2026-10-25T00:00:00Z", "2026-10-25T02:30:00Z"},
	} {
		at, _ := time.Parse(time.RFC3339, c.at)
		if got := c.quiet.Next(at, london).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
