package reading

import (
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/desk/record"
	"bothways/internal/web/ui"
)

// What pages say (DESIGN.md §9): the same fault is told the same way for both sides, nobody is blamed, IT is "we".

// Promise is a metric as its clock names it: "Reply", "Replied", "a reply".
type Promise struct{ Verb, Done, Noun string }

// Promises name the metrics.
var Promises = map[agreement.Metric]Promise{
	agreement.MetricFirstResponse: {"Reply", "Replied", "a reply"},
	agreement.MetricNextResponse:  {"Reply", "Replied", "a reply"},
	agreement.MetricResolution:    {"Solve", "Solved", "a solution"},
	agreement.MetricAnswer:        {"Answer", "Answered", "an answer"},
	agreement.MetricSupplyFacts:   {"Send facts", "Facts sent", "the facts"},
	agreement.MetricConfirm:       {"Confirm", "Confirmed", "a yes or no"},
	agreement.MetricTest:          {"Test", "Tested", "a test"},
	agreement.MetricAcknowledge:   {"Read it", "Read", "a word that it was read"},
}

// StateWords name the states of a ticket.
var StateWords = map[desk.State]string{
	desk.New: "New", desk.InProgress: "In progress", desk.WaitingForCustomer: "Waiting for customer", desk.WaitingForSupplier: "Waiting for supplier",
	desk.Scheduled: "Scheduled", desk.Resolved: "Resolved, to be confirmed", desk.Closed: "Closed", desk.Withdrawn: "Withdrawn", desk.Declined: "Declined",
	desk.Lapsed: "Lapsed", desk.NotATicket: "Not a ticket", desk.Merged: "Merged",
}

// KindWords name the kinds of a ticket.
var KindWords = map[desk.Kind]string{desk.Incident: "Incident", desk.ServiceRequest: "Request", desk.Question: "Question", desk.Complaint: "Complaint"}

// ChannelWords say how something came in.
var ChannelWords = map[string]string{"mail": "by email", "portal": "on the page", "desk": "on the page", "api": "by API", "phone": "by phone", "walk_up": "in person", "replay": "from a log"}

// Kinds of events that are the desk's own; those that move clocks are agreement's.
const (
	evAssigned     = "assigned"
	evReclassified = "reclassified"
	evLinked       = "linked"
	evWatcher      = "watcher_set"
	inCopy         = "copied"
	standsIn       = "stands_in"
	evUndelivered  = "not_deliverable"
	evHeld         = "held"
	evCorrected    = "calendar_corrected"
	evAway         = "away_until"
	evNoTurn       = "mail_without_turn"
	evHandedOver   = "handed_over"
	evUnlinked     = "unlinked"
	evTagged       = "tagged"
	evLookedAt     = "looked_at"
	evSplitTo      = "split_to"
	evSplitFrom    = "split_from"
	evReleased     = "released"
	evDoorPassed   = "door_passed"
)

// line is one line of a conversation.
type line struct {
	icon  ui.Icon
	lead  string
	text  string
	inner bool // for staff alone
}

// line tells an event in words; false for one that is told by something else on the page.
func (t *Reading) line(e *happening) (line, bool) {
	if e.d.Follows { // it happened, and is told, on the ticket this one goes on in
		turn, moves := t.turns[e.Seq]
		if !moves || e.Kind == string(agreement.Closed) {
			return line{}, false
		}
		return line{icon: ui.IconSwap, lead: t.whose(turn), text: "As in the request it goes on in."}, true
	}
	l, ok := t.told(e)
	if !ok {
		l, ok = t.toldOfMoves(e)
	}
	if !ok {
		l, ok = t.toldToStaff(e)
		l.inner = true
		if !t.by.Staff {
			return line{}, false
		}
	}
	turn, moves := t.turns[e.Seq]
	if moves && e.Kind != string(agreement.Closed) {
		l.lead, ok = t.whose(turn), true
	}
	if started := t.started(e.Seq); started != "" && moves {
		l.text = strings.TrimSpace(l.text + " " + started)
	}
	return l, ok && l.lead+l.text != ""
}

// whose names the turn that began.
func (t *Reading) whose(turn agreement.Turn) string {
	switch turn.Side {
	case agreement.SideProvider:
		return Capital(t.its()) + " turn."
	case agreement.SideCustomer:
		return Capital(t.Customers()) + " turn."
	case agreement.SideSupplier:
		return Capital(t.supplier(turn.Party)) + "’s turn."
	}
	return "Nobody’s turn."
}

func (t *Reading) supplier(teamID string) string {
	if name := t.teams.Name(teamID); name != "" && t.by.Staff {
		return name
	}
	return "the supplier"
}

// started says which promises began with an event.
func (t *Reading) started(seq int64) string {
	var parts []string
	owner := ""
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.CauseSeq != seq || o.Target == 0 || o.State == agreement.StateVoid {
			continue
		}
		owner = "Promised"
		if o.Side == agreement.SideCustomer {
			owner = "Agreed"
		}
		parts = append(parts, Promises[o.Metric].Noun+" within "+ui.Span(time.Duration(o.Target)*time.Second))
	}
	if len(parts) == 0 {
		return ""
	}
	return owner + ": " + strings.Join(parts, ", ") + "."
}

// told is what both sides are told.
func (t *Reading) told(e *happening) (line, bool) {
	switch agreement.Kind(e.Kind) {
	case agreement.Opened, agreement.CustomerSpoke:
		return line{}, true
	case agreement.QuestionAsked:
		return line{icon: ui.IconSwap, text: t.asked(e)}, true
	case agreement.SolutionProposed:
		return line{icon: ui.IconCheck, text: "Asked whether it works now."}, true
	case agreement.QuestionReturned:
		return line{icon: ui.IconUndo, text: t.Start(e.Actor) + " gave the question back: the answer was here already. The time since was IT’s."}, true
	case agreement.SolutionConfirmed:
		return line{icon: ui.IconCheck, text: t.Start(e.Actor) + " confirmed that it works."}, true
	case agreement.SolutionRejected:
		return line{icon: ui.IconUndo, text: t.Start(e.Actor) + " said that it is not solved yet."}, true
	case agreement.Closed:
		return line{icon: ui.IconCheck, text: t.closed(e)}, true
	case agreement.Reopened:
		return line{icon: ui.IconUndo, text: t.Start(e.Actor) + " reopened it."}, true
	case agreement.WaitAgreed:
		if !e.d.Consent {
			return line{}, false
		}
		return line{icon: ui.IconCalendar, text: "Agreed to wait until " + t.by.Reader.Full(Instant(e.d.Until)) + "."}, true
	case agreement.WaitEnded:
		return line{icon: ui.IconCalendar, text: "The wait ended early."}, true
	case agreement.SupplierAsked:
		return line{icon: ui.IconOut, text: "Passed to " + t.supplier(e.d.Party) + "."}, true
	case agreement.SupplierAnswered:
		return line{icon: ui.IconOut, text: Capital(t.supplier("")) + " answered."}, true
	case agreement.PriorityChanged:
		return line{icon: ui.IconFlag, text: "Priority is now " + string(e.d.Priority) + ", it was " + e.d.Before + "."}, true
	case agreement.Undeliverable:
		return line{icon: ui.IconMail, text: "A mail to " + t.Name(e.d.Party) + " could not be delivered, so it asked nothing of anybody."}, true
	case agreement.StepTaken:
		return t.step(e)
	case agreement.Waived:
		return line{icon: ui.IconScale, text: t.Start(e.Actor) + " took " + Promises[e.d.Metric].Noun + " off the list of promises."}, true
	case agreement.Disputed, agreement.DisputeSettled, record.DisputeProposed, record.DisputeFurther:
		return t.dispute(e)
	}
	return line{}, false
}

func (t *Reading) asked(e *happening) string {
	need := "an answer"
	if m := t.message(e.d.Message); m != nil && m.Need != "" {
		need = m.Need
	}
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.CauseSeq == e.Seq && o.Reason == agreement.ReasonReturned {
			return "Asked for " + need + ", which was here already."
		}
	}
	if m := t.message(e.d.Message); m != nil && t.wished(m) {
		return "We need " + need + "; " + t.by.Reader.Full(m.NeedDue) + " would help us most."
	}
	return "We need " + need + "."
}

func (t *Reading) closed(e *happening) string {
	switch e.d.Cause {
	case agreement.CauseConfirmed:
		return "Closed."
	case agreement.CauseSilence:
		return "Closed: we heard nothing after the solution and take it that it works."
	case agreement.CauseLapsed:
		return "Closed for now: what we asked for did not come. One word reopens it."
	case agreement.CauseWithdrawn:
		return t.Start(e.Actor) + " withdrew it."
	case agreement.CauseNotATicket:
		return "Set aside: it was no request."
	case agreement.CauseDeclined:
		return "Declined by a ruling."
	case agreement.CauseOnTheSpot:
		return "Done on the spot."
	}
	return "Closed."
}

// wished says whether a question named an earlier time than the agreement gives: a wish, no promise.
func (t *Reading) wished(m *desk.Message) bool {
	due := t.dueOf(m.ID)
	return !m.NeedDue.IsZero() && !due.IsZero() && m.NeedDue.Before(due)
}

// dueOf is by when a question's answer was agreed; zero when it opened no turn.
func (t *Reading) dueOf(messageID string) time.Time {
	for i := range t.events {
		e := &t.events[i]
		if kind := agreement.Kind(e.Kind); e.d.Message != messageID || kind != agreement.QuestionAsked && kind != agreement.SolutionProposed {
			continue
		}
		for k := range t.Ledger.Result.Obligations {
			if o := &t.Ledger.Result.Obligations[k]; o.CauseSeq == e.Seq {
				return Instant(o.Due)
			}
		}
	}
	return time.Time{}
}

// Ended says why the ticket ended; "" while it has not.
func (t *Reading) Ended() string {
	for i := len(t.events) - 1; i >= 0; i-- {
		if e := &t.events[i]; e.Kind == string(agreement.Closed) {
			return t.closed(e)
		}
	}
	return ""
}

func (t *Reading) teamName(teamID string) string {
	if n := t.teams.Name(teamID); n != "" {
		return n
	}
	return "another team"
}

// Silence says what happens if the customer's side does not answer, as the agreement states it; from is where the ladder stands.
func (t *Reading) Silence(steps []agreement.Timer, obligationID string) string {
	var parts []string
	reminded, ends := false, false
	for i := range steps {
		st := &steps[i]
		if st.Obligation != obligationID {
			continue
		}
		at := t.by.Reader.Full(Instant(st.At))
		switch st.Action {
		case agreement.ActionRemind:
			if !reminded {
				parts = append(parts, "remind "+t.Customer()+" on "+at)
			}
			reminded = true
		case agreement.ActionTellContact:
			parts = append(parts, "tell the contact of the site on "+at)
		case agreement.ActionPause:
			parts = append(parts, "pause it on "+at)
		case agreement.ActionRequeue:
			parts = append(parts, "put it back into the queue on "+at)
		case agreement.ActionCharge:
			parts = append(parts, "note a charge of "+st.Price.String()+" on "+at)
		case agreement.ActionLapse, agreement.ActionClose:
			parts, ends = append(parts, "close it on "+at), true
		}
	}
	if len(parts) == 0 {
		return ""
	}
	out := "If we hear nothing we " + List(parts) + "."
	if ends {
		out += " Nothing is lost; one word reopens it."
	}
	return out
}

// List joins parts of a sentence.
func List(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}
