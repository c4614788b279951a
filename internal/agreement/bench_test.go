package agreement

import (
	"testing"
	"time"
)

// longLedger is a ticket of 200 events: a long exchange of messages, questions, waits, solutions and notes over weeks.
func longLedger(t testing.TB) ([]Event, Facts) {
	v := Version{
		ID: "v1", Service: compile(t, worldSpecs[0]), Customer: compile(t, worldSpecs[3]),
		Targets: DefaultTargets(), Ladder: DefaultLadder(),
	}
	start := time.Date(2026, 1, 12, 8, 0, 0, 0, time.UTC).Unix()
	var out []Event
	add := func(e Event) {
		e.Seq = int64(len(out) + 1)
		e.At = start + int64(len(out))*11_000
		out = append(out, e)
	}
	add(Event{Kind: Opened, Party: "desk", Priority: PriorityHigh})
	for i := 0; len(out) < 200; i++ {
		add(Event{Kind: Assigned})
		add(Event{Kind: ProviderSpoke})
		add(Event{Kind: QuestionAsked, Party: "ann"})
		add(Event{Kind: StepTaken, Ref: int64(len(out)), Metric: MetricAnswer})
		add(Event{Kind: CustomerSpoke})
		add(Event{Kind: Note})
		add(Event{Kind: TeamChanged, Party: []string{"local", "desk"}[i%2]})
		if i%4 == 3 {
			add(Event{Kind: SolutionProposed, Party: "ann"})
			add(Event{Kind: SolutionRejected})
			add(Event{Kind: PriorityChanged, Priority: []Priority{PriorityLow, PriorityHigh}[i/4%2]})
		}
	}
	out = out[:200]
	return out, Facts{Versions: []Version{v}, Now: out[199].At + 5000}
}

func BenchmarkClock200(b *testing.B) {
	events, facts := longLedger(b)
	b.ReportAllocs()
	for b.Loop() {
		Clock(events, facts)
	}
}

func BenchmarkClockInto200(b *testing.B) {
	events, facts := longLedger(b)
	var r Result
	b.ReportAllocs()
	for b.Loop() {
		ClockInto(&r, events, facts)
	}
}

func BenchmarkExplain200(b *testing.B) {
	events, facts := longLedger(b)
	r := Clock(events, facts)
	b.ReportAllocs()
	for b.Loop() {
		r.Explain(1) // the resolution, over the whole life
	}
}

func TestClockAllocates(t *testing.T) {
	events, facts := longLedger(t)
	if n := testing.AllocsPerRun(20, func() { Clock(events, facts) }); n >= 10 {
		t.Errorf("Clock on 200 events allocates %v times, want < 10", n)
	}
}
