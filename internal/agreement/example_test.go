package agreement_test

import (
	"fmt"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
)

// A mail becomes a ticket, an agent asks, the customer answers the next day, it is solved and confirmed.
func ExampleClock() {
	office, err := calendar.Compile(calendar.Spec{
		TZ: "Europe/Paris",
		Week: map[string][][2]string{
			"mon": {{"09:00", "17:00"}}, "tue": {{"09:00", "17:00"}}, "wed": {{"09:00", "17:00"}},
			"thu": {{"09:00", "17:00"}}, "fri": {{"09:00", "17:00"}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	at := func(day, hour, minute int) int64 {
		return time.Date(2026, 1, day, hour, minute, 0, 0, office.Zone()).Unix()
	}
	events := []agreement.Event{
		{Seq: 1, At: at(12, 10, 0), Kind: agreement.Opened, Party: "desk"},
		{Seq: 2, At: at(12, 11, 0), Kind: agreement.QuestionAsked, Party: "ann"},
		{Seq: 3, At: at(13, 9, 30), Kind: agreement.CustomerSpoke},
		{Seq: 4, At: at(13, 12, 0), Kind: agreement.SolutionProposed, Party: "ann"},
		{Seq: 5, At: at(13, 14, 0), Kind: agreement.SolutionConfirmed},
		{Seq: 6, At: at(13, 14, 0), Kind: agreement.Closed, Cause: agreement.CauseConfirmed},
	}
	r := agreement.Clock(events, agreement.Facts{
		Versions: []agreement.Version{{
			Service: office, Customer: office,
			Targets: agreement.DefaultTargets(), Ladder: agreement.DefaultLadder(),
		}},
		Now: at(14, 9, 0),
	})
	for _, t := range r.Turns {
		fmt.Println(t.Side, time.Duration(r.Until(t)-t.Since)*time.Second)
	}
	for i, o := range r.Obligations {
		fmt.Println(o.ID, o.State, time.Duration(o.Used)*time.Second, "of", time.Duration(o.Target)*time.Second)
		if o.Metric != agreement.MetricAnswer {
			continue
		}
		for _, x := range r.Explain(i) {
			fmt.Println("  ", time.Duration(x.To-x.From)*time.Second, x.Reason)
		}
	}
	// Output:
	// provider 1h0m0s
	// customer 22h30m0s
	// provider 2h30m0s
	// customer 2h0m0s
	// nobody 0s
	// nobody 0s
	// first_response-1 met 1h0m0s of 4h0m0s
	// resolution-1 met 3h30m0s of 24h0m0s
	// answer-2 met 6h30m0s of 8h0m0s
	//    6h0m0s counted
	//    16h0m0s night
	//    30m0s counted
	// next_response-3 met 2h30m0s of 8h0m0s
	// confirm-4 met 2h0m0s of 24h0m0s
}

// What happens on a ticket if nobody moves.
func ExampleSimulate() {
	start := time.Date(2026, 1, 12, 10, 0, 0, 0, time.UTC)
	for _, t := range agreement.Simulate(
		[]agreement.Event{
			{Seq: 1, At: start.Unix(), Kind: agreement.Opened},
			{Seq: 2, At: start.Unix(), Kind: agreement.SolutionProposed, Party: "ann"},
		},
		agreement.Facts{
			Versions: []agreement.Version{{ // no calendars: open always
				Targets: agreement.DefaultTargets(), Ladder: agreement.DefaultLadder(),
			}},
			Now: start.Unix(),
		},
	) {
		fmt.Println(time.Unix(t.At, 0).UTC().Format("Mon 15:04"), t.Action)
	}
	// Output:
	// Mon 22:00 remind
	// Tue 07:36 remind
	// Wed 00:00 close
}
