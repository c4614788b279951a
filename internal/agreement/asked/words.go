package asked

import (
	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
)

// Line is one thing that is asked, and why.
type Line struct {
	What, Why string
}

// said is how each promise of the customer is told.
var said = []struct {
	metric    agreement.Metric
	what, why string
}{
	{agreement.MetricAnswer, "When we ask a question that we can’t go on without, answer within ", "Until then it is your turn, and our clock stands still."},
	{agreement.MetricSupplyFacts, "When we need facts from you (a serial number, a screenshot, who it concerns), send them within ", "With them we work on it at once, and ask once."},
	{agreement.MetricTest, "When we ask you to try out what we changed, tell us how it went within ", "Only you can see whether it works where you work."},
	{agreement.MetricAcknowledge, "When we send you something to read, say that you have read it within ", "Then nobody learns of it too late."},
	{agreement.MetricConfirm, "When we say that it is solved, tell us whether it works within ", "One word is enough. If it does not work, we go on with the same request."},
}

// Lines are what a version asks of the customer's people, each with why.
func Lines(p agreement.Paper) []Line {
	var out []Line
	for _, s := range said {
		if length := usual(p.Terms.Targets, s.metric); length > 0 {
			out = append(out, Line{s.what + contract.Working(length) + ".", s.why})
		}
	}
	if n := len(out); n > 0 {
		out = append(out, Line{"Away? Set an automatic reply, or say so in your profile.", "Then we ask whoever stands in for you, and nobody waits."})
	}
	return append(out, follows(p.Terms)...)
}

// usual is how long a promise is for every service, at the desk, at the usual priority; 0 when there is none.
func usual(targets []agreement.Target, m agreement.Metric) int64 {
	any := int64(0)
	for _, t := range targets {
		switch {
		case t.Metric != m, t.Service != "", t.Door == agreement.DoorLevels:
		case t.Priority == agreement.PriorityMedium:
			return t.Seconds
		case t.Priority == "" && any == 0:
			any = t.Seconds
		}
	}
	return any
}

// follows says what comes when nobody answers, as the ladder has it.
func follows(t agreement.Terms) []Line {
	var out []Line
	has := map[string]bool{}
	for _, s := range t.Ladder {
		if s.Metric == agreement.MetricAnswer || s.Metric == agreement.MetricSupplyFacts {
			has[s.Action] = true
		}
	}
	if has[agreement.ActionRemind] {
		out = append(out, Line{"We remind you before the time is over, at most once a day.", "Stuck? Reply with what holds you up: that is an answer too."})
	}
	if has[agreement.ActionLapse] || has[agreement.ActionPause] {
		out = append(out, Line{"If we hear nothing, the request is paused and later closed.", "Nothing is lost; one word reopens it."})
	}
	return out
}

// Returned says what the same people are promised, in one sentence; "" when nothing is.
func Returned(p agreement.Paper) string {
	reply, solved := usual(p.Terms.Targets, agreement.MetricFirstResponse), usual(p.Terms.Targets, agreement.MetricResolution)
	switch {
	case reply > 0 && solved > 0:
		return "IT promises a first reply within " + contract.Working(reply) + " and a solution within " + contract.Working(solved) + "."
	case reply > 0:
		return "IT promises a first reply within " + contract.Working(reply) + "."
	case solved > 0:
		return "IT promises a solution within " + contract.Working(solved) + "."
	}
	return ""
}
