package calendar_test

import (
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"bothways/internal/calendar"
)

func ExampleCalendar_Add() {
	office := [][2]string{{"09:00", "17:00"}}
	c, err := calendar.Compile(calendar.Spec{
		TZ:             "Europe/Paris",
		Week:           map[string][][2]string{"mon": office, "tue": office, "wed": office, "thu": office, "fri": office},
		YearlyHolidays: []string{"12-25"},
		HolidayNames:   map[string]string{"12-25": "Christmas Day"},
	})
	if err != nil {
		log.Fatal(err)
	}
	asked := time.Date(2026, 12, 24, 15, 30, 0, 0, time.UTC).Unix()
	due, _ := c.Add(asked, 3600)
	for _, s := range c.Explain(asked, due) {
		fmt.Println(time.Unix(s.From, 0).In(c.Zone()).Format("Mon 15:04"), s.Reason)
	}
	fmt.Println(time.Unix(due, 0).In(c.Zone()).Format("Mon 15:04"), "due")
	// Output:
	// Thu 16:30 open
	// Thu 17:00 night
	// Fri 00:00 holiday: Christmas Day
	// Sat 00:00 weekend
	// Mon 00:00 night
	// Mon 09:00 open
	// Mon 09:30 due
}

func ExampleEvalStream() {
	in := `{"calendar":{"tz":"UTC","week":{"mon":[["09:00","17:00"]]}},"op":"is_open","start":"2026-01-12T09:30:00Z"}
{"calendar":{"tz":"UTC","week":{"mon":[["9","17"]]}},"op":"is_open","start":"2026-01-12T09:30:00Z"}`
	if err := calendar.EvalStream(strings.NewReader(in), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"result":true,"explanation":[{"from":"2026-01-12T09:30:00Z","to":"2026-01-12T17:00:00Z","counted":true,"reason":"open"}]}
	// {"error":"line 2: calendar.week.mon[0]: \"9\" is not a time; write HH:MM on the 24-hour clock, such as 09:00; 24:00 is the end of the day."}
	// calendar.eval: 1 of 2 requests could not be answered; each says why in its place.
}
