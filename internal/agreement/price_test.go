package agreement

import (
	"strings"
	"testing"
	"time"
)

var visit = Price{What: "Asked twice", Minor: 2500, Currency: "GBP"}

// paid are default terms whose ladder for answers puts the ticket back and charges, and whose ladder for solutions credits.
func paid() Terms {
	t := DefaultTerms()
	t.Ladder = []Step{
		{Metric: MetricAnswer, Action: ActionRemind, Percent: 50},
		{Metric: MetricAnswer, Action: ActionRequeue, Percent: 100},
		{Metric: MetricAnswer, Action: ActionCharge, Percent: 100, Price: visit},
		{Metric: MetricAnswer, Action: ActionLapse, Percent: 100},
		{Metric: MetricResolution, Action: ActionTellCustomer, Percent: 100},
		{Metric: MetricResolution, Action: ActionCredit, Percent: 100, Price: Price{What: "A day late", Minor: 1000, Currency: "GBP"}},
	}
	return t
}

// TestMoneyIsStated: a charge or a credit is stated with its amount beforehand, on the side whose promise it follows from.
func TestMoneyIsStated(t *testing.T) {
	now := time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
	if bad := paid().Check(now); len(bad) != 0 {
		t.Fatalf("%+v", bad)
	}
	for name, c := range map[string]struct {
		change func(t *Terms)
		path   string
		says   string
	}{
		"a charge without an amount":   {func(t *Terms) { t.Ladder[2].Price = Price{} }, "ladder[2].price", "Say how much"},
		"a charge without a currency":  {func(t *Terms) { t.Ladder[2].Price.Currency = "pounds" }, "ladder[2].price.currency", "three letters"},
		"a reminder with a price":      {func(t *Terms) { t.Ladder[0].Price = visit }, "ladder[0].price", "Only a charge or a credit"},
		"a charge before it is due":    {func(t *Terms) { t.Ladder[2].Percent = 90 }, "ladder[2].percent", "comes at 100 percent or later"},
		"a charge for what IT owes":    {func(t *Terms) { t.Ladder[4].Action = ActionCharge }, "ladder[4].action", "is for what the customer owes"},
		"a credit for what they owe":   {func(t *Terms) { t.Ladder[2].Action = ActionCredit }, "ladder[2].action", "is for what the provider owes"},
		"back in the queue, IT's side": {func(t *Terms) { t.Ladder[5].Action, t.Ladder[5].Price = ActionRequeue, Price{} }, "ladder[5].action", "is for what the customer owes"},
	} {
		terms := paid()
		c.change(&terms)
		found := false
		for _, f := range terms.Check(now) {
			found = found || f.Path == c.path && strings.Contains(f.Msg, c.says)
		}
		if !found {
			t.Errorf("%s: %+v", name, terms.Check(now))
		}
	}
	same(t, "in words", visit.String(), "25.00 GBP")
	same(t, "yen", Price{Minor: 300, Currency: "JPY"}.String(), "300 JPY")
}

// TestMoneyIsForeseen: each consequence comes on a later working day than the step before, with its amount, and none while it is disputed.
func TestMoneyIsForeseen(t *testing.T) {
	s := asked(t, "2026-01-12 10:00", MetricAnswer)
	s.facts.Versions[0].Ladder = paid().Ladder
	s.read("2026-01-12 10:00")
	steps := Simulate(s.events, s.facts)
	var got []string
	for _, st := range steps {
		got = append(got, s.local(st.At)[:10]+" "+st.Action)
		if (st.Action == ActionCharge) != (st.Price == visit) {
			t.Errorf("the amount: %+v", st)
		}
	}
	equalLines(t, "foreseen", got, []string{"2026-01-12 remind", "2026-01-13 requeue", "2026-01-14 charge", "2026-01-15 lapse"})
	s.on("2026-01-12 11:00", Event{Kind: Disputed, Ref: 2, Metric: MetricAnswer})
	s.read("2026-01-12 11:00")
	for _, st := range Simulate(s.events, s.facts) {
		if consequence(st.Action) {
			t.Errorf("it follows though it is disputed: %+v", st)
		}
	}
}
