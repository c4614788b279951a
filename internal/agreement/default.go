package agreement

const hour = 3600

// DefaultTargets are those of the agreement a new installation starts with, for both sides: who is asked for an answer
// has as long as IT has for its next response (S4: a two-way street).
func DefaultTargets() []Target {
	var out []Target
	for _, row := range [...]struct {
		priority                                Priority
		firstResponse, nextResponse, resolution int64
	}{
		{PriorityCritical, 1 * hour, 2 * hour, 4 * hour},
		{PriorityHigh, 2 * hour, 4 * hour, 8 * hour},
		{PriorityMedium, 4 * hour, 8 * hour, 24 * hour},
		{PriorityLow, 8 * hour, 16 * hour, 40 * hour},
	} {
		for _, t := range [...]struct {
			metric  Metric
			seconds int64
		}{
			{MetricFirstResponse, row.firstResponse},
			{MetricNextResponse, row.nextResponse},
			{MetricResolution, row.resolution},
			{MetricAnswer, row.nextResponse},
			{MetricSupplyFacts, 2 * row.nextResponse},
			{MetricTest, 2 * row.nextResponse},
			{MetricAcknowledge, row.nextResponse},
		} {
			out = append(out, Target{Metric: t.metric, Side: t.metric.Side(), Priority: row.priority, Seconds: t.seconds, WarnPercent: warnPercent(t.metric)})
		}
	}
	out = append(out, Target{Metric: MetricConfirm, Side: SideCustomer, Seconds: 24 * hour, WarnPercent: warnPercent(MetricConfirm)})
	for _, t := range [...]struct { // at the second door something is weighed and priced before it is answered
		metric  Metric
		seconds int64
	}{{MetricFirstResponse, 8 * hour}, {MetricNextResponse, 16 * hour}, {MetricResolution, 80 * hour}} {
		out = append(out, Target{Metric: t.metric, Side: t.metric.Side(), Seconds: t.seconds, WarnPercent: warnPercent(t.metric), Door: DoorLevels})
	}
	return out
}

func warnPercent(m Metric) int {
	if m.Side() == SideProvider {
		return 75
	}
	return 50
}

// DefaultLadder is the consequence ladder of the agreement a new installation starts with. For the customer: reminded
// at half time; at the end reminded once more, with the site's contact, that the ticket pauses tomorrow; paused; after
// nine further working days told that it lapses tomorrow; lapsed on the tenth. Silence after a solution closes. For
// the provider: assignee and lead are warned at three quarters; the customer is told when the promise is used up.
func DefaultLadder() []Step {
	var out []Step
	for _, m := range Questions() {
		out = append(out,
			Step{Metric: m, Action: ActionRemind, Percent: 50},
			Step{Metric: m, Action: ActionRemind, Percent: 100},
			Step{Metric: m, Action: ActionTellContact, Percent: 100},
			Step{Metric: m, Action: ActionPause, Percent: 100},
			Step{Metric: m, Action: ActionRemind, Percent: 100, PlusDays: 9},
			Step{Metric: m, Action: ActionLapse, Percent: 100},
		)
	}
	out = append(out,
		Step{Metric: MetricConfirm, Action: ActionRemind, Percent: 50},
		Step{Metric: MetricConfirm, Action: ActionRemind, Percent: 90},
		Step{Metric: MetricConfirm, Action: ActionClose, Percent: 100},
	)
	for _, m := range [...]Metric{MetricFirstResponse, MetricNextResponse, MetricResolution} {
		out = append(out,
			Step{Metric: m, Action: ActionWarn, Percent: 75},
			Step{Metric: m, Action: ActionTellCustomer, Percent: 100},
		)
	}
	return out
}
