package agreement

import (
	"testing"
	"time"

	"bothways/internal/calendar"
)

// TestFault34_ChangesOfTheClock: an hour that is left out or comes twice, half an hour of it, a day that is left out, and a leap day: a
// promise is used up at the second its working time is, counted second by second, and the turns add up to the life of the ticket.
func TestFault34_ChangesOfTheClock(t *testing.T) {
	day, night := [][2]string{{"09:00", "17:00"}}, [][2]string{{"00:00", "24:00"}}
	for name, c := range map[string]struct {
		zone, from string // local
		week       [][2]string
		target     int64
	}{
		"Stockholm, an hour is left out":      {"Europe/Stockholm", "2027-03-27T20:00", night, 8 * hour},
		"Stockholm, an hour comes twice":      {"Europe/Stockholm", "2027-10-30T20:00", night, 8 * hour},
		"Stockholm, over a weekend":           {"Europe/Stockholm", "2027-03-26T15:00", day, 8 * hour},
		"Lord Howe, half an hour comes twice": {"Australia/Lord_Howe", "2027-04-03T22:00", night, 6 * hour},
		"Lord Howe, half an hour is left out": {"Australia/Lord_Howe", "2027-10-02T22:00", night, 6 * hour},
		"Apia, a day is left out":             {"Pacific/Apia", "2011-12-29T12:00", night, 20 * hour},
		"a leap day":                          {"Europe/London", "2028-02-28T15:00", day, 8 * hour},
	} {
		t.Run(name, func(t *testing.T) {
			week := map[string][][2]string{}
			for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
				week[d] = c.week
			}
			cal, err := calendar.Compile(calendar.Spec{TZ: c.zone, Week: week})
			if err != nil {
				t.Fatal(err)
			}
			from, err := time.ParseInLocation("2006-01-02T15:04", c.from, cal.Zone())
			if err != nil {
				t.Fatal(err)
			}
			due, left := from.Unix(), c.target
			for ; left > 0; due++ { // the slow way: second by second, by the clock on the wall
				if h := time.Unix(due, 0).In(cal.Zone()).Hour(); c.week[0][1] == "24:00" || h >= 9 && h < 17 {
					left--
				}
			}
			f := Facts{Versions: []Version{{Service: cal, Customer: cal, Targets: []Target{{Metric: MetricResolution, Seconds: c.target}}}}}
			events := []Event{{Seq: 1, At: from.Unix(), Kind: Opened}}
			read := func(at int64) Result {
				f.Now = at
				r := Clock(events, f)
				if d := broken(&r, r.now); d != "" {
					t.Fatal(d)
				}
				return r
			}
			r := read(from.Unix())
			same(t, "due", r.Obligations[0].Due, due)
			r = read(due)
			same(t, "used at the due second", r.Obligations[0].Used, c.target)
			same(t, "at the due second", r.Obligations[0].State, StateRunning)
			same(t, "life", r.Seconds(SideProvider), due-from.Unix())
			r = read(due + 17*hour)
			same(t, "after it", r.Obligations[0].State, StateBreached)
			same(t, "and due stays", r.Obligations[0].Due, due)
		})
	}
}
