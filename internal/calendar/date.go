package calendar

import (
	"errors"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a binary must work on a machine without zone files
)

const (
	daySeconds  = 86400
	yearlySlots = 12 * 31

	firstYear = 1900 // first year the engine covers
	endYear   = 2400 // first year it does not
	yearCount = endYear - firstYear
)

// yearStarts has the Unix second at which each covered UTC year begins, and the end of the last.
var yearStarts = func() (starts [yearCount + 1]int64) {
	for i := range starts {
		starts[i] = int64(dayNumber(firstYear+i, 1, 1)) * daySeconds
	}
	return starts
}()

// The first instant the engine covers and the first after it.
var (
	minInstant = yearStarts[0]
	maxInstant = yearStarts[yearCount]
)

// yearOf is the index of the UTC year of t, which must lie in [minInstant, maxInstant].
func yearOf(t int64) int {
	i := int((t - minInstant) / (366 * daySeconds)) // never too late, and one or two too early
	for i+1 < yearCount && yearStarts[i+1] <= t {
		i++
	}
	return i
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func daysIn(y, m int) int {
	switch m {
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// dayNumber counts days from 1970-01-01 in the proleptic Gregorian calendar (years from 1).
func dayNumber(y, m, d int) int32 {
	if m <= 2 { // count the year from March: the leap day comes last
		y, m = y-1, m+12
	}
	return int32(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468)
}

// monthDay is the inverse of dayNumber, without the year.
func monthDay(day int32) (m, d int) {
	inEra := (int(day) + 719468) % 146097 // days into 400 years that begin on a 1 March
	year := (inEra - inEra/1460 + inEra/36524 - inEra/146096) / 365
	inYear := inEra - (365*year + year/4 - year/100)
	m = (5*inYear + 2) / 153
	d = inYear - (153*m+2)/5 + 1
	if m < 10 {
		return m + 3, d
	}
	return m - 9, d
}

func yearlySlot(m, d int) int { return (m-1)*31 + d - 1 }

// weekday is 0 for Sunday.
func weekday(day int32) int { return int((day%7 + 11) % 7) } // 1970-01-01 was a Thursday

func floorDay(local int64) int32 {
	d := local / daySeconds
	if local%daySeconds < 0 {
		d--
	}
	return int32(d)
}

// zones keeps loaded zones: reading one costs more than compiling the rest of a calendar. Only names that exist are
// kept, so it is bounded by the database.
var zones sync.Map

func loadZone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	// "Local" would make the result depend on the server's setting; right/ and posix/ are builds of the same zones
	// that few machines have.
	if name == "Local" || strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/") {
		return nil, errors.New("no zone of the IANA database")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, loc)
	return loc, nil
}

// offsetAt is the zone's offset at u, which must lie in the covered range, and an instant until which it stays.
func offsetAt(loc *time.Location, u int64) (offset, until int64) {
	t := time.Unix(u, 0).In(loc)
	_, off := t.Zone()
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero():
		return int64(off), maxInstant
	case end.Unix() <= u:
		// Beyond the zone's table time.tzset takes every year for 365 days, so that on a leap year's last day the
		// bound lies behind (Go 1.26). The offset then stays until the UTC year ends.
		return int64(off), yearStarts[yearOf(u)+1]
	}
	return int64(off), end.Unix()
}
