package ticket_test

import (
	"testing"

	"bothways/internal/agreement"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
)

func TestPriorityIsImpactTimesUrgency(t *testing.T) {
	for _, c := range []struct {
		impact, urgency ticket.Level
		want            agreement.Priority
	}{
		{ticket.High, ticket.High, agreement.PriorityCritical}, {ticket.High, ticket.Low, agreement.PriorityMedium}, {ticket.Medium, ticket.Medium, agreement.PriorityMedium},
		{ticket.Low, ticket.Medium, agreement.PriorityLow}, {ticket.Medium, ticket.High, agreement.PriorityHigh},
	} {
		if got := ticket.Prioritise(c.impact, c.urgency); got != c.want {
			t.Errorf("%s × %s = %s, want %s", c.impact, c.urgency, got, c.want)
		}
		if ticket.Prioritise(c.impact, c.urgency) != ticket.Prioritise(c.urgency, c.impact) {
			t.Errorf("%s × %s is not symmetric", c.impact, c.urgency)
		}
	}
}

func TestParseRef(t *testing.T) {
	for in, want := range map[string]int64{"BW-1001": 1001, "bw1001": 1001, " 1001 ": 1001, "": 0, "BW-": 0, "BW-0": 0, "BW--1": 0, "+5": 0, "1e3": 0, "../x": 0, "99999999999999999999": 0} {
		got, err := ticket.ParseRef(in)
		if got != want || (want == 0) != errs.Is(err, errs.NotFound) {
			t.Errorf("ParseRef(%q) = %d, %v", in, got, err)
		}
	}
}
