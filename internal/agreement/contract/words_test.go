package contract_test

import (
	"slices"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
)

func TestDifferencesAreWords(t *testing.T) {
	names := contract.Names{
		Calendar: func(id string) string { return map[string]string{"a": "Office", "b": "Long days"}[id] },
		Service:  func(id string) string { return "Mail" }, Zone: time.UTC,
	}
	before := agreement.Paper{ServiceCalendar: "a", CustomerCalendar: "a", Terms: agreement.DefaultTerms()}
	if got := contract.Differences(before, before, names); got != nil {
		t.Fatalf("nothing changed: %q", got)
	}
	after := before
	after.ServiceCalendar = "b"
	g := agreement.DefaultTerms()
	g.Targets = slices.DeleteFunc(g.Targets, func(t agreement.Target) bool { return t.Metric == agreement.MetricConfirm })
	for i := range g.Targets {
		if g.Targets[i].Metric == agreement.MetricAnswer && g.Targets[i].Priority == agreement.PriorityLow {
			g.Targets[i].Seconds = 8 * 3600
		}
	}
	g.Ladder = slices.DeleteFunc(g.Ladder, func(s agreement.Step) bool { return s.Metric == agreement.MetricConfirm })
	g.Targets = append(g.Targets, agreement.Target{Metric: agreement.MetricResolution, Seconds: 5400})
	g.GraceDays, g.Services, g.Review = 30, []string{"m"}, time.Date(2026, 12, 14, 10, 0, 0, 0, time.UTC).Unix()
	g.Prices = []agreement.Price{{What: "one person, per month", Minor: 4120, Currency: "GBP"}}
	g.Teams = []agreement.Inner{{Who: "Network", Metric: agreement.MetricResolution, Seconds: 3600}}
	after.Terms = g
	want := []string{
		"Solution: 1 hour 30 minutes of working time, new",
		"Answer, low: 8 working hours, was 16 working hours",
		"Confirmation: no longer, was 24 working hours",
		"Hours of IT: Long days, was Office",
		"What follows on confirmation: no longer, was remind at 50%; remind at 90%; close as accepted at 100%",
		"Reopening: within 30 days, was within 14 days",
		"Review: 14 December 2026, new",
		"Services covered: Mail, was all",
		"Price, one person, per month: 41.20 GBP, new",
		"Network (team), solution: 1 working hour, new",
	}
	if got := contract.Differences(before, after, names); !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}
