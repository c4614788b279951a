package calendar

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

var benchSpec = Spec{TZ: "Europe/Berlin", Week: workdays([2]string{"08:00", "12:00"}, [2]string{"13:00", "17:00"}),
	Holidays:       []string{"2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"},
	YearlyHolidays: []string{"01-01", "05-01", "10-03", "12-24", "12-25", "12-26", "12-31"},
	HolidayNames:   map[string]string{"12-25": "Christmas Day"}}

const (
	benchFrom = 1_769_787_000         // 2026-01-30T15:30:00Z
	benchYear = int64(250 * 8 * 3600) // working seconds of about a year
	benchTo   = benchFrom + 365*86400 // the same by the clock
)

func BenchmarkAddYear(b *testing.B) {
	c := compile(b, benchSpec)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Add(benchFrom, benchYear); !ok {
			b.Fatal("never")
		}
	}
}

func BenchmarkAddYearExplained(b *testing.B) {
	c := compile(b, benchSpec)
	b.ReportAllocs()
	for b.Loop() {
		at, _ := c.Add(benchFrom, benchYear)
		if len(c.Explain(benchFrom, at)) < 500 {
			b.Fatal("too few spans")
		}
	}
}

func BenchmarkAddHour(b *testing.B) {
	c := compile(b, benchSpec)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Add(benchFrom, 3600); !ok {
			b.Fatal("never")
		}
	}
}

func BenchmarkBetweenYear(b *testing.B) {
	c := compile(b, benchSpec)
	b.ReportAllocs()
	for b.Loop() {
		if c.Between(benchFrom, benchTo) == 0 {
			b.Fatal("nothing")
		}
	}
}

func BenchmarkSubYear(b *testing.B) {
	c := compile(b, benchSpec)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Sub(benchFrom, benchYear); !ok {
			b.Fatal("never")
		}
	}
}

// BenchmarkCompileAndAdd is the first answer of a calendar: check, build one year, add.
func BenchmarkCompileAndAdd(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := compile(b, benchSpec).Add(benchFrom, 3600); !ok {
			b.Fatal("never")
		}
	}
}

// BenchmarkNeverReached is the dearest question there is: all years to the end of the range, on a fresh calendar.
func BenchmarkNeverReached(b *testing.B) {
	for b.Loop() {
		if _, ok := compile(b, benchSpec).Add(benchFrom, 11_000_000_000); ok {
			b.Fatal("reached")
		}
	}
}

func BenchmarkEvalStreamLine(b *testing.B) {
	const line = `{"calendar":{"tz":"Europe/Berlin","week":{"mon":[["08:00","17:00"]],"tue":[["08:00","17:00"]],"wed":[["08:00","17:00"]],"thu":[["08:00","17:00"]],"fri":[["08:00","17:00"]]},"holidays":["2026-04-03"]},"op":"add","start":"2026-03-26T02:32:52Z","seconds":144000}` + "\n"
	const lines = 1000
	in := strings.Repeat(line, lines)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if err := EvalStream(bytes.NewReader([]byte(in)), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/lines, "µs/line")
}
