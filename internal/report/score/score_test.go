package score

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"bothways/internal/agreement"
)

const hour = 3600

// TestCardByHand: a quarter counted on paper. IT: 5 due, 3 kept; the customer: 5 due, 1 kept, and one solution accepted by silence.
func TestCardByHand(t *testing.T) {
	it := func(m agreement.Metric, s agreement.State, used, target, at int64) Promise {
		return Promise{Side: agreement.SideProvider, Metric: m, Priority: agreement.PriorityMedium, State: s, Stands: s, Used: used * hour, Target: target * hour, Started: 1, Due: at, Ended: at, Decided: at}
	}
	you := func(m agreement.Metric, s agreement.State, used, target, at int64) Promise {
		p := it(m, s, used, target, at)
		p.Side = agreement.SideCustomer
		return p
	}
	y := NewTally(0, 100, 200, 300)
	for _, p := range []Promise{
		it(agreement.MetricFirstResponse, agreement.StateMet, 1, 4, 10),
		it(agreement.MetricFirstResponse, agreement.StateMet, 3, 4, 110),
		it(agreement.MetricFirstResponse, agreement.StateBreached, 9, 4, 120),
		it(agreement.MetricResolution, agreement.StateMet, 8, 16, 210),
		it(agreement.MetricResolution, agreement.StateWaived, 30, 16, 220),
		{Side: agreement.SideProvider, Metric: agreement.MetricResolution, State: agreement.StateRunning, Target: 16 * hour, Started: 290},
		{Side: agreement.SideProvider, Metric: agreement.MetricNextResponse, State: agreement.StateVoid, Reason: agreement.ReasonClosed, Ended: 5, Decided: 5},
		you(agreement.MetricAnswer, agreement.StateMet, 2, 8, 20),
		you(agreement.MetricAnswer, agreement.StateBreached, 20, 8, 130),
		{Side: agreement.SideCustomer, Metric: agreement.MetricAnswer, State: agreement.StateBreached, Stands: agreement.StateBreached, Target: 8 * hour, Due: 230, Decided: 230},
		you(agreement.MetricSupplyFacts, agreement.StateBreached, 18, 16, 240),
		you(agreement.MetricSupplyFacts, agreement.StateDisputed, 99, 16, 250),
		{Side: agreement.SideCustomer, Metric: agreement.MetricConfirm, State: agreement.StateVoid, Reason: agreement.ReasonSilence, Ended: 9, Decided: 9},
		{Side: agreement.SideCustomer, Metric: agreement.MetricAnswer, State: agreement.StateVoid, Reason: agreement.ReasonReturned, Ended: 9, Decided: 9},
		{Side: agreement.SideNobody, State: agreement.StateMet},
	} {
		y.Promise(p)
	}
	y.Ticket(150, []Span{{agreement.SideProvider, "desk", 10, 4}, {agreement.SideProvider, "local", 20, 6}, {agreement.SideCustomer, "leeds", 70, 20}})
	y.Ticket(290, []Span{{agreement.SideProvider, "desk", 5, 5}, {agreement.SideSupplier, "acme", 3, 1}, {agreement.SideNobody, "", 2, 0}})
	c := y.Card()
	type row struct{ due, kept, broken, waived, disputed, running, silence, needless, owed, over int64 }
	of := func(f Figures) row {
		return row{f.Due(), f.Kept, f.Broken, f.Waived, f.Disputed, f.Running, f.Silence, f.Needless, f.Owed, f.Over / hour}
	}
	for name, c := range map[string]struct{ got, want row }{
		"IT":             {of(c.Provider.Figures), row{5, 3, 1, 1, 0, 1, 0, 0, 0, 5}},
		"customer":       {of(c.Customer.Figures), row{5, 1, 3, 0, 1, 0, 1, 1, 1, 14}},
		"first response": {of(c.Provider.Of(agreement.MetricFirstResponse).Figures), row{3, 2, 1, 0, 0, 0, 0, 0, 0, 5}},
		"answer":         {of(c.Customer.Of(agreement.MetricAnswer).Figures), row{3, 1, 2, 0, 0, 0, 0, 1, 1, 12}},
		"none":           {of(c.Customer.Of(agreement.MetricResolution).Figures), row{}},
		"week 2, IT":     {of(c.Weeks[1].Provider), row{2, 1, 1, 0, 0, 0, 0, 0, 0, 5}},
		"week 3, you":    {of(c.Weeks[2].Customer), row{3, 0, 2, 0, 1, 0, 0, 0, 1, 2}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
	for percent, want := range map[int64]int64{50: 3 * hour, 90: 9 * hour, 0: hour, 100: 9 * hour} { // of 1 3 8 9
		if got, ok := c.Provider.Used(percent); !ok || got != want {
			t.Errorf("%d %% of IT: %d h, want %d", percent, got/hour, want/hour)
		}
	}
	if got, _ := c.Customer.Used(50); got != 18*hour { // of 2 18 20
		t.Errorf("median of the customer: %d h", got/hour)
	}
	if help, ok := c.Customer.Help(); !ok || help.Metric != agreement.MetricAnswer {
		t.Errorf("what would help: %+v", help)
	}
	if help, ok := c.Provider.Help(); !ok || help.Metric != agreement.MetricFirstResponse {
		t.Errorf("what would help: %+v", help)
	}
	want := []Place{
		{Span{agreement.SideCustomer, "leeds", 70, 20}, 1}, {Span{agreement.SideProvider, "local", 20, 6}, 1}, {Span{agreement.SideProvider, "desk", 15, 9}, 2},
		{Span{agreement.SideSupplier, "acme", 3, 1}, 1}, {Span{agreement.SideNobody, "", 2, 0}, 1},
	}
	if !slices.Equal(c.Time, want) || c.Tickets != 2 {
		t.Errorf("time: %+v", c.Time)
	}
	if s := c.Sides; s[0] != (Place{Span{agreement.SideProvider, "", 35, 15}, 2}) || s[3] != (Place{Span{agreement.SideNobody, "", 2, 0}, 1}) {
		t.Errorf("sides: %+v", s)
	}
	if w := c.Weeks[1]; w.Tickets != 1 || w.Sides[0] != (Span{agreement.SideProvider, "", 30, 10}) || w.From != 100 || w.To != 200 {
		t.Errorf("week: %+v", w)
	}
}

// TestPermille: the last one is never rounded away.
func TestPermille(t *testing.T) {
	for _, c := range []struct{ part, whole, want int64 }{{0, 5000, 0}, {1, 5000, 1}, {4999, 5000, 999}, {5000, 5000, 1000}, {1, 3, 333}, {2, 3, 667}, {1, 2, 500}} {
		if got, ok := Permille(c.part, c.whole); !ok || got != c.want {
			t.Errorf("%d of %d: %d, want %d", c.part, c.whole, got, c.want)
		}
	}
	if _, ok := Permille(0, 0); ok {
		t.Error("a share of nothing")
	}
	var none Figures
	if _, ok := none.Used(50); ok || !none.Small() {
		t.Error("a median of nothing")
	}
}

// TestSidesAreCountedAlike: whatever came of promises, with the sides changed over the columns are changed over and nothing else; and sums
// over metrics, priorities and weeks are the whole.
func TestSidesAreCountedAlike(t *testing.T) {
	states := []agreement.State{agreement.StateMet, agreement.StateBreached, agreement.StateWaived, agreement.StateDisputed, agreement.StateVoid, agreement.StateRunning}
	for seed := range int64(50) {
		r := rand.New(rand.NewSource(seed)) //nolint:gosec // a test's own chance
		a, b := NewTally(1, 50, 101), NewTally(1, 50, 101)
		var used [2][]int64
		for range r.Intn(400) {
			p := Promise{
				Side: SideOrder[r.Intn(2)], Metric: agreement.Metric([]string{"a", "b", "c"}[r.Intn(3)]), Priority: agreement.PriorityHigh, State: states[r.Intn(len(states))],
				Used: r.Int63n(1000), Target: r.Int63n(1000), Decided: 1 + r.Int63n(100), Reason: agreement.ReasonSilence,
			}
			p.Stands, p.Ended = p.State, p.Decided
			if p.State == agreement.StateMet || p.State == agreement.StateBreached {
				used[sideIndex(p.Side)] = append(used[sideIndex(p.Side)], p.Used)
			}
			a.Promise(p)
			p.Side = SideOrder[1-sideIndex(p.Side)]
			b.Promise(p)
		}
		x, y := a.Card(), b.Card()
		for _, c := range []struct{ one, other Column }{{x.Provider, y.Customer}, {x.Customer, y.Provider}} {
			c.other.Side = c.one.Side
			if len(c.one.Lines) != len(c.other.Lines) || counts(c.one.Figures) != counts(c.other.Figures) {
				t.Fatalf("seed %d: the columns differ: %+v, %+v", seed, c.one, c.other)
			}
			one, _ := c.one.Used(90)
			if other, _ := c.other.Used(90); one != other {
				t.Fatalf("seed %d: ninth deciles differ", seed)
			}
		}
		var weeks [10]int64
		for i := range x.Weeks {
			for k, n := range counts(x.Weeks[i].Provider) {
				weeks[k] += n
			}
		}
		weeks[4] = x.Provider.Running
		if weeks != counts(x.Provider.Figures) {
			t.Fatalf("seed %d: weeks add up to %v, the whole is %v", seed, weeks, counts(x.Provider.Figures))
		}
		slices.Sort(used[0])
		for percent := int64(1); percent <= 100 && len(used[0]) > 0; percent++ {
			naive := used[0][int(math.Ceil(float64(percent*int64(len(used[0])))/100))-1]
			if got, _ := x.Provider.Used(percent); got != naive {
				t.Fatalf("seed %d: %d %% is %d, want %d", seed, percent, got, naive)
			}
		}
	}
}

func counts(f Figures) [10]int64 {
	return [10]int64{f.Kept, f.Broken, f.Waived, f.Disputed, f.Running, f.Silence, f.Needless, f.Owed, f.Over, f.Ended()}
}

// TestCompare: against figures worked out elsewhere, silent when too small, and honest: of samples drawn from one population about one in
// twenty intervals leaves out no difference.
func TestCompare(t *testing.T) {
	for freedom, want := range map[float64]float64{29: 2.0452, 40: 2.0211, 60: 2.0003, 120: 1.9799, 1e6: 1.9600} {
		if got := student975(freedom); math.Abs(got-want) > 0.0002 {
			t.Errorf("t of %.0f degrees of freedom: %.4f, want %.4f", freedom, got, want)
		}
	}
	fill := func(n int, mean, spread float64, r *rand.Rand) (s Sample) {
		for range n {
			s.Add(mean + spread*r.NormFloat64())
		}
		return s
	}
	r := rand.New(rand.NewSource(1)) //nolint:gosec // a test's own chance
	if _, ok := Compare(fill(EnoughTickets-1, 10, 1, r), fill(500, 10, 1, r)); ok {
		t.Error("told from too few")
	}
	if _, ok := Compare(fill(50, 10, 0, r), fill(50, 10, 0, r)); ok {
		t.Error("told of what does not vary")
	}
	e, ok := Compare(fill(400, 30, 5, r), fill(100, 24, 9, r))
	if !ok || !e.Clear() || e.Lowest > -6 || e.Highest < -6 {
		t.Errorf("six hours less: %+v", e)
	}
	wrong := 0
	for range 2000 {
		if e, ok := Compare(fill(40, 20, 3, r), fill(60, 20, 12, r)); ok && e.Clear() {
			wrong++
		}
	}
	if wrong < 60 || wrong > 145 { // 100 ± 4.5 standard errors
		t.Errorf("%d of 2,000 intervals of one population leave out no difference, about 100 should", wrong)
	}
}
