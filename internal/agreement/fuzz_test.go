package agreement

import (
	"encoding/binary"
	"testing"
)

// FuzzClock: no ledger, however wild, makes Clock fail or break an invariant, and a result used again is as good as
// a new one.
func FuzzClock(f *testing.F) {
	kinds := append([]Kind{StepTaken}, drawnKinds...)
	for k := range kinds {
		f.Add([]byte{byte(k), 3, 0, 0, 0, 1, 9, 2, 1, 0, 0, 0})
	}
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 9, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 13, 0, 0, 0})
	calendars := compiledWorld()
	versions := []Version{
		{Service: calendars[0], Customer: calendars[3], Targets: DefaultTargets(), Ladder: DefaultLadder()},
		{Targets: []Target{{Metric: MetricResolution, Seconds: 1 << 62, WarnPercent: 1 << 30}, {Metric: MetricAnswer, Seconds: -5, WarnPercent: -5}}, Ladder: []Step{
			{MetricResolution, ActionLapse, 1 << 40, 1 << 62, 1 << 30, Price{}}, {MetricAnswer, ActionPause, -1, -1, -1, Price{}}}},
		{Service: calendars[4], Customer: calendars[5], Targets: DefaultTargets(), Ladder: DefaultLadder(), SupplierStopsPromise: true},
	}
	var used Result
	f.Fuzz(func(t *testing.T, data []byte) {
		at, facts := worlds()[0].base, Facts{Versions: versions}
		var events []Event
		for len(data) >= 12 && len(events) < 200 {
			e := fuzzEvent(data[:12], kinds, int64(len(events)+1), at)
			at = e.At
			events, data = append(events, e), data[12:]
		}
		if len(data) > 0 {
			facts.Now, facts.NeverLapse = at+int64(data[0])*86400, data[0]&1 == 1
		}
		r := Clock(events, facts)
		if d := broken(&r, r.now); d != "" {
			t.Fatalf("%s\n%+v", d, events)
		}
		ClockInto(&used, events, facts)
		if d := differences(&used, &Result{Turns: r.Turns, Obligations: plainAll(r.Obligations), Lifetime: r.Lifetime, Needless: r.Needless, Repeated: r.Repeated}); d != "" {
			t.Fatalf("used again: %s\n%+v", d, events)
		}
		Simulate(events, facts)
	})
}

func fuzzEvent(b []byte, kinds []Kind, seq, at int64) Event {
	word := func(i int) int64 { return int64(binary.LittleEndian.Uint16(b[i:])) }
	e := Event{
		Seq: seq, At: at + word(1)*7, Kind: kinds[int(b[0])%len(kinds)], Ref: int64(b[3]), Until: at + word(4)*60, Due: at + word(6)*60,
		Metric: allMetrics[int(b[8])%len(allMetrics)], Version: int(b[9]%5) - 1, Step: int(b[10] % 9), Consent: b[11]&1 == 0, Correction: b[11]&2 == 0,
		Priority: []Priority{PriorityCritical, PriorityHigh, PriorityMedium, PriorityLow, "", "odd"}[b[8]%6],
		Party:    []string{"", "ann", "bob"}[b[9]%3],
		Follows:  b[2]&3 == 3,
		Service:  []string{"", "mail"}[b[10]&1],
		Door:     []Door{"", DoorLevels, "odd"}[b[11]%3],
		Cause:    []string{CauseConfirmed, CauseSilence, CauseLapsed, CauseWaived, ""}[b[10]%5],
	}
	switch b[11] >> 2 { // far off
	case 60:
		e.At = -1 << 62
	case 61:
		e.Until, e.Due, e.Ref = 1<<62, 1<<62, -1<<62
	case 62:
		e.Until, e.Due, e.Step = -1<<62, -1<<62, -1<<62
	case 63:
		e.At = 1 << 62
	}
	return e
}

func plainAll(in []Obligation) (out []Obligation) {
	for _, o := range in {
		out = append(out, plain(o))
	}
	return out
}
