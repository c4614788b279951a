package agreement

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// More cases: go test ./internal/agreement -run TestProperty -rapid.checks=100000

// worlds are minutes over the two changes of clock of 2026 and seconds over a night of them.
var worlds = sync.OnceValue(func() []*world {
	return []*world{
		newWorld(time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC), 60, 50*1440),
		newWorld(time.Date(2026, 10, 22, 0, 0, 0, 0, time.UTC), 60, 50*1440),
		newWorld(time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC), 1, 2*86400),
	}
})

// sample is a random ledger in a world.
type sample struct {
	w        *world
	versions []oracleVersion
	facts    Facts
	events   []Event
	now      int
}

func (s *sample) String() string {
	var b strings.Builder
	for i, v := range s.versions {
		fmt.Fprintf(&b, "version %d: service %d customer %d supplier stops %v targets %v\n", i, v.service, v.customer, v.SupplierStopsPromise, v.Targets)
	}
	for _, e := range s.events {
		fmt.Fprintf(&b, "%d +%d %s", e.Seq, (e.At-s.w.base)/s.w.unit, e.Kind)
		for _, f := range []struct {
			name string
			n    int64
		}{{"ref", e.Ref}, {"until", e.Until}, {"due", e.Due}} {
			if f.n > s.w.base {
				f.n = (f.n - s.w.base) / s.w.unit
			}
			if f.n != 0 {
				fmt.Fprintf(&b, " %s=%d", f.name, f.n)
			}
		}
		fmt.Fprintf(&b, " %s %s %s service=%s door=%s v%d %s consent=%v correction=%v follows=%v\n", e.Metric, e.Priority, e.Party, e.Service, e.Door, e.Version, e.Cause, e.Consent, e.Correction, e.Follows)
	}
	fmt.Fprintf(&b, "now +%d", s.now)
	return b.String()
}

var allMetrics = []Metric{MetricFirstResponse, MetricNextResponse, MetricResolution, MetricAnswer, MetricSupplyFacts, MetricConfirm, MetricTest, MetricAcknowledge}

// The kinds to draw from; the everyday ones more often.
var drawnKinds = []Kind{
	CustomerSpoke, CustomerSpoke, CustomerSpoke, ProviderSpoke, ProviderSpoke, QuestionAsked, QuestionAsked, QuestionAsked,
	QuestionReturned, SolutionProposed, SolutionProposed, SolutionConfirmed, SolutionRejected, Closed, Reopened, Reopened,
	WaitAgreed, WaitAgreed, WaitEnded, SupplierAsked, SupplierAnswered, PriorityChanged, TeamChanged, ServiceChanged, AgreementSet, AgreementSet,
	Undeliverable, MessageIsNoTurn, Waived, Disputed, DisputeSettled, Assigned, Note, Opened, Merged, Merged, Unmerged, Absorbed,
}

// anyLedger draws a ledger of up to n events.
func anyLedger(t *rapid.T, n int) *sample {
	s := &sample{w: worlds()[rapid.IntRange(0, 2).Draw(t, "world")]}
	for range rapid.IntRange(1, 3).Draw(t, "versions") {
		v := anyVersion(t, s.w)
		s.versions = append(s.versions, v)
		s.facts.Versions = append(s.facts.Versions, v.Version)
	}
	at := rapid.IntRange(0, 60).Draw(t, "begin")
	kinds := []Kind{Opened}
	if rapid.IntRange(0, 9).Draw(t, "early") == 0 {
		kinds = []Kind{AgreementSet, Opened}
	}
	for range rapid.IntRange(0, n).Draw(t, "events") {
		kinds = append(kinds, rapid.SampledFrom(drawnKinds).Draw(t, "kind"))
	}
	for i, k := range kinds {
		if i > 0 {
			at += anyGap(t)
		}
		s.events = append(s.events, anyEvent(t, s, int64(i+1), at, k))
	}
	s.now = at + anyGap(t)
	s.facts.Now = s.w.at(s.now)
	return s
}

func anyGap(t *rapid.T) int {
	switch rapid.IntRange(0, 5).Draw(t, "gap") {
	case 0:
		return 0
	case 1:
		return rapid.IntRange(0, 1500).Draw(t, "steps")
	}
	return rapid.IntRange(0, 150).Draw(t, "steps")
}

func anyVersion(t *rapid.T, w *world) oracleVersion {
	v := oracleVersion{
		service:  rapid.IntRange(0, len(worldSpecs)).Draw(t, "service"),
		customer: rapid.IntRange(0, len(worldSpecs)).Draw(t, "customer"),
	}
	calendars := compiledWorld()
	v.Service, v.Customer = calendars[v.service], calendars[v.customer]
	v.SupplierStopsPromise = rapid.Bool().Draw(t, "supplier stops")
	for _, m := range allMetrics {
		for i, x := range []Target{{}, {Priority: PriorityHigh}, {Service: "mail"}, {Service: "mail", Priority: PriorityHigh}, {Door: DoorLevels}, {Door: DoorLevels, Service: "mail"}} {
			if most := []int{1, 1, 5, 5, 5, 8}[i]; rapid.IntRange(0, 9).Draw(t, "no target") >= most {
				x.Metric, x.Side = m, m.Side()
				x.Seconds, x.WarnPercent = int64(rapid.IntRange(0, 400).Draw(t, "target"))*w.unit, rapid.IntRange(0, 100).Draw(t, "warn")
				v.Targets = append(v.Targets, x)
			}
		}
	}
	v.Ladder = DefaultLadder()
	return v
}

func anyEvent(t *rapid.T, s *sample, seq int64, at int, k Kind) Event {
	e := Event{Seq: seq, At: s.w.at(at), Kind: k, Follows: k != Opened && rapid.IntRange(0, 4).Draw(t, "follows") == 0}
	someone := func(names ...string) { e.Party = rapid.SampledFrom(names).Draw(t, "party") }
	earlier := func() { e.Ref = int64(rapid.IntRange(0, int(seq)).Draw(t, "ref")) }
	switch k {
	case Opened, TeamChanged:
		someone("desk", "local", "regional")
		e.Door = rapid.SampledFrom([]Door{"", "", DoorLevels}).Draw(t, "door")
		if k == Opened {
			e.Service = rapid.SampledFrom([]string{"", "", "mail", "web"}).Draw(t, "service")
		}
	case ServiceChanged:
		e.Service = rapid.SampledFrom([]string{"", "mail", "web"}).Draw(t, "service")
	case QuestionAsked:
		someone("ann", "bob")
		e.Metric = rapid.SampledFrom([]Metric{"", MetricAnswer, MetricSupplyFacts, MetricTest, MetricAcknowledge}).Draw(t, "metric")
		if rapid.IntRange(0, 2).Draw(t, "has due") == 0 {
			e.Due = e.At + int64(rapid.IntRange(-5, 2000).Draw(t, "due"))*s.w.unit
		}
		if rapid.IntRange(0, 5).Draw(t, "repeats") == 0 {
			earlier()
		}
	case SolutionProposed:
		someone("ann", "bob")
	case Merged, Absorbed:
		someone("ann", "bob")
		e.Consent = rapid.Bool().Draw(t, "consent")
	case SupplierAsked:
		someone("acme", "globex")
	case Closed:
		e.Cause = rapid.SampledFrom([]string{CauseConfirmed, CauseSilence, CauseLapsed, CauseWithdrawn, CauseNotATicket, CauseDeclined, ""}).Draw(t, "cause")
	case WaitAgreed:
		e.Until = e.At + int64(rapid.IntRange(-2, 300).Draw(t, "until"))*s.w.unit
		e.Consent = rapid.IntRange(0, 3).Draw(t, "consent") > 0
	case PriorityChanged:
		e.Priority = rapid.SampledFrom([]Priority{PriorityHigh, PriorityMedium, PriorityLow, ""}).Draw(t, "priority")
	case AgreementSet:
		e.Version = rapid.IntRange(-1, len(s.versions)).Draw(t, "version")
		e.Correction = rapid.Bool().Draw(t, "correction")
	case QuestionReturned, Undeliverable, MessageIsNoTurn:
		earlier()
	case Waived, Disputed, DisputeSettled:
		earlier()
		e.Metric = rapid.SampledFrom(allMetrics).Draw(t, "metric")
	}
	return e
}

// TestPropertyStepper: Clock says of any ledger what the stepper says.
func TestPropertyStepper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyLedger(t, 20)
		got := Clock(s.events, s.facts)
		want := s.w.walk(s.events, s.versions, s.now).outcome()
		if d := differences(&got, &want); d != "" {
			t.Fatalf("%s\n%s", d, s)
		}
		if d := broken(&got, s.facts.Now); d != "" {
			t.Fatalf("%s\n%s", d, s)
		}
	})
}

func differences(got, want *Result) string {
	if !slices.Equal(got.Turns, want.Turns) {
		return fmt.Sprintf("turns\n got %v\nwant %v", got.Turns, want.Turns)
	}
	if got.Lifetime != want.Lifetime || got.Needless != want.Needless || got.Repeated != want.Repeated {
		return fmt.Sprintf("lifetime, needless, repeated: got %d %d %d want %d %d %d", got.Lifetime, got.Needless, got.Repeated, want.Lifetime, want.Needless, want.Repeated)
	}
	if len(got.Obligations) != len(want.Obligations) {
		return fmt.Sprintf("obligations\n got %+v\nwant %+v", got.Obligations, want.Obligations)
	}
	for i := range want.Obligations {
		g, w := plain(got.Obligations[i]), want.Obligations[i]
		if w.Due < 0 {
			w.Due = g.Due // beyond the oracle's world
		}
		if g != w {
			return fmt.Sprintf("obligation\n got %+v\nwant %+v", g, w)
		}
	}
	return ""
}

// plain is an obligation as far as the oracle knows it.
func plain(o Obligation) Obligation {
	return Obligation{
		ID: o.ID, Side: o.Side, Metric: o.Metric, State: o.State, Stands: o.Stands, Started: o.Started, Ended: o.Ended, Due: o.Due,
		Met: o.Met, FirstMet: o.FirstMet, Target: o.Target, Used: o.Used, CauseSeq: o.CauseSeq, Reason: o.Reason,
	}
}

// broken says which invariant a result does not keep.
func broken(r *Result, now int64) string {
	sum := int64(0)
	for i, t := range r.Turns {
		if i > 0 && t.Since != r.Turns[i-1].Until {
			return fmt.Sprintf("turn %d does not follow the one before: %v", i, r.Turns)
		}
		if r.Until(t) < t.Since {
			return fmt.Sprintf("turn %d ends before it begins: %v", i, t)
		}
		if i > 0 && i < len(r.Turns)-1 && t.Until == 0 {
			return fmt.Sprintf("turn %d is open", i)
		}
		sum += r.Until(t) - t.Since
	}
	sides := r.Seconds(SideProvider) + r.Seconds(SideCustomer) + r.Seconds(SideSupplier) + r.Seconds(SideNobody)
	if sum != r.Lifetime || sides != sum {
		return fmt.Sprintf("turns sum up to %d, sides to %d, lifetime %d", sum, sides, r.Lifetime)
	}
	ids := map[string]bool{}
	for i := range r.Obligations {
		o := &r.Obligations[i]
		if ids[o.ID] {
			return "two obligations " + o.ID
		}
		ids[o.ID] = true
		if o.Used+o.Left() != o.Target || o.Used < 0 {
			return fmt.Sprintf("used and left: %+v", o)
		}
		if o.ruling == "" && o.Stands == StateBreached && o.Left() >= 0 {
			return fmt.Sprintf("broken with time left: %+v", o)
		}
		if o.ruling == "" && (o.Stands == StateRunning || o.Stands == StateMet || o.Stands == StatePaused) && o.Left() < 0 {
			return fmt.Sprintf("overdrawn and not broken: %+v", o)
		}
		if r.Lifetime > 20*366*86400 {
			continue // explanations of centuries take their time
		}
		if d := explains(r, i, now); d != "" {
			return d
		}
	}
	return ""
}

func explains(r *Result, i int, now int64) string {
	o := &r.Obligations[i]
	at, used, end := o.Started, int64(0), o.Ended
	if end == 0 {
		end = now
	}
	spans := r.Explain(i)
	for k, s := range spans {
		if s.From != at || s.To <= s.From || s.Reason == "" || s.Counted != (s.Reason == SpanCounted) {
			return fmt.Sprintf("span %d of %s does not fit: %v", k, o.ID, spans)
		}
		if k > 0 && s.Reason == spans[k-1].Reason {
			return fmt.Sprintf("spans %d and %d of %s are one: %v", k-1, k, o.ID, spans)
		}
		if at = s.To; s.Counted {
			used += s.To - s.From
		}
	}
	if at != end || used != o.Used {
		return fmt.Sprintf("explanation of %s reaches %d of %d and counts %d of %d: %v", o.ID, at, end, used, o.Used, spans)
	}
	return ""
}
