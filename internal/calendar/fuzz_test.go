package calendar

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzCalendar: no calendar and no question makes the engine panic or hang, its answers obey the laws, and the same
// question through Eval agrees.
func FuzzCalendar(f *testing.F) {
	f.Add(officeJSON, int64(1_769_787_000), int64(3600), int64(90*daySeconds))
	f.Add(`{"tz":"Europe/Berlin","week":{"sat":[["22:00","06:00"]],"sun":[["00:00","24:00"]]},"holidays":["2026-03-29"]}`, int64(1_774_700_000), int64(28800), int64(9*daySeconds))
	f.Add(`{"tz":"Pacific/Apia","week":{"fri":[["09:00","09:00"]]},"breaks":{"2011-12-30":[["23:00","01:00"]]},"shifts":{"2011-12-31":[]}}`, int64(1_325_200_000), int64(7), int64(30*daySeconds))
	f.Add(`{"tz":"Australia/Lord_Howe","week":{"sun":[["01:00","03:00"]]},"yearly_holidays":["02-29"],"holiday_names":{"02-29":"Leap"}}`, int64(1<<62), int64(1e12), int64(-5))
	f.Add(`{"tz":"UTC","week":{}}`, int64(-1<<63), int64(-1<<63), int64(1<<62))
	f.Fuzz(func(t *testing.T, text string, from, n, distance int64) {
		var spec Spec
		if json.Unmarshal([]byte(text), &spec) != nil {
			return
		}
		c, err := Compile(spec)
		if err != nil {
			return
		}
		c.Add(from, n) // any number at all
		c.Sub(from, n)
		c.NextOpen(from)
		if c.Between(from, distance) < 0 {
			t.Error("negative working time")
		}
		if c.weekly > 300 { // laws explain up to 400 days
			return
		}
		from = minInstant + 10*daySeconds + mod(from, maxInstant-minInstant-500*daySeconds)
		n, distance = mod(n, 40_000_000), mod(distance, 400*daySeconds)
		if problem := laws(c, from, n, distance); problem != "" {
			t.Error(problem)
		}
		want, ok := c.Add(from, n)
		got, _, err := Request{Calendar: spec, Op: "add", Start: formatInstant(from), Seconds: &n}.Eval()
		if (err == nil) != ok && !strings.Contains(err.Error(), "shorter") || err == nil && got != formatInstant(want) {
			t.Errorf("Eval gives %v (%v), Add %s %v", got, err, formatInstant(want), ok)
		}
	})
}

// FuzzEval: any line at all.
func FuzzEval(f *testing.F) {
	f.Add([]byte(`{"calendar":` + officeJSON + `,"op":"add","start":"2026-01-12T16:00:00Z","seconds":7200}`))
	f.Add([]byte(`{"calendar":` + officeJSON + `,"op":"between","start":"2026-01-12T16:00:00Z","end":"2026-01-13T10:00:00+01:00"}`))
	f.Add([]byte("{\"vectors\":[{\"calendar\":{}}]}\n\n{"))
	f.Fuzz(func(t *testing.T, line []byte) {
		result, spans, err := Eval(line)
		if err != nil && (result != nil || spans != nil) {
			t.Errorf("an error and a result: %v, %v", result, err)
		}
		var out strings.Builder
		_ = EvalStream(strings.NewReader(string(line)), &out) // the error says what the lines below say
		for answer := range strings.Lines(out.String()) {
			if !json.Valid([]byte(answer)) {
				t.Errorf("answer %q", answer)
			}
		}
	})
}
