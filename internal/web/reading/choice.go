package reading

import (
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/web/ui"
)

// Silences are the answers to whether silence may close a ticket: kinds that it never does are agreed for every site (domain.md §2).
var Silences = []ui.Option{{Value: "", Label: "As the agreement says"}, {Value: "security", Label: "Never: security"}, {Value: "safety", Label: "Never: safety"}, {Value: "procurement", Label: "Never: procurement"}, {Value: "legal_hold", Label: "Never: legal hold"}}

// NeverLapses says that silence never closes a ticket, as a fact for both sides; none when it may.
func NeverLapses(k *desk.Ticket) []ui.Fact {
	if !k.NeverLapses() {
		return nil
	}
	return []ui.Fact{{Name: "Silence", Value: "Never closes it: " + strings.ReplaceAll(k.Sensitivity, "_", " ")}}
}

// Kinds are those of a ticket.
var Kinds = []ui.Option{{Value: "incident", Label: "Incident"}, {Value: "service_request", Label: "Request"}, {Value: "question", Label: "Question"}, {Value: "complaint", Label: "Complaint"}}

// Needed are the kinds of question behind the usual needs; others ask for an answer.
var Needed = map[string]agreement.Metric{"a file or fact": agreement.MetricSupplyFacts, "a test": agreement.MetricTest, WordRead: agreement.MetricAcknowledge}

// Needs are the usual things a question asks for; any other words do as well.
var Needs = []ui.Option{{Value: "a yes or no"}, {Value: "an answer"}, {Value: "a file or fact"}, {Value: "a test"}, {Value: WordRead}, {Value: "a time that suits you"}}

// Levels are those of impact and urgency.
var Levels = []ui.Option{{Value: "low", Label: "Low"}, {Value: "medium", Label: "Medium"}, {Value: "high", Label: "High"}}
