package web

import (
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
)

// late says why a request is late and what happens now, in plain words; nil while no promise of IT's that is still owed was missed.
func (t *shown) late() *portal.Late {
	o, at := t.missed()
	if o == nil || !t.Ticket.Open {
		return nil
	}
	r, p := t.v.reader, reading.Promises[o.Metric]
	l := &portal.Late{Title: "Why it is late"}
	due := reading.Instant(o.Due)
	l.Why = append(l.Why, "We promised "+p.Noun+" by "+r.Full(due)+", within "+span(o.Target)+" of our hours. Of those we have used "+span(o.Used)+", and it is not done.")
	mine, others, closed := t.stood(at)
	switch {
	case mine > 0:
		l.Why = append(l.Why, "While it was "+t.Customers()+" turn, our clock stood still: "+ui.Span(mine)+" that do not count.")
	case others > 0:
		l.Why = append(l.Why, "An agreed wait of "+ui.Span(others)+" does not count.")
	default:
		l.Why = append(l.Why, "Nothing on your side held it up: it was our turn all the time that counts.")
	}
	if closed > 0 {
		l.Why = append(l.Why, ui.Span(closed)+" in between were nights, weekends or holidays of ours. Every hour stands under “Why then?” below.")
	}
	if name := t.Person(t.Ticket.AssigneeID).Name; name != "" {
		l.Now = append(l.Now, name+" has it.")
	} else {
		with := t.holder()
		if with == "Service desk" {
			with = "the service desk"
		}
		l.Now = append(l.Now, "It is with "+with+"; nobody in particular has it yet.")
	}
	if t.Ticket.TurnSide == agreement.SideSupplier {
		l.Now = append(l.Now, "We wait for a supplier; our promise to you runs on meanwhile.")
	}
	l.Now = append(l.Now, "The miss stands in IT’s column, whatever comes now. You need not do anything; a message from you reaches whoever has it.")
	return l
}

func span(seconds int64) string { return ui.Span(time.Duration(seconds) * time.Second) }

// missed is the promise of IT's that was missed first and is still owed, and its place.
func (t *shown) missed() (*agreement.Obligation, int) {
	all := t.Ledger.Result.Obligations
	best := -1
	for i := range all {
		o := &all[i]
		if o.Side == agreement.SideProvider && o.Ended == 0 && o.Stands == agreement.StateBreached && (best < 0 || o.Due < all[best].Due) {
			best = i
		}
	}
	if best < 0 {
		return nil, -1
	}
	return &all[best], best
}

// stood adds up what did not count of a promise: the customer's turn, agreed waits, and the hours in which nobody of IT works.
func (t *shown) stood(i int) (mine, waits, closed time.Duration) {
	for _, e := range t.Ledger.Result.Explain(i) {
		d := time.Duration(e.To-e.From) * time.Second
		switch {
		case e.Counted:
		case e.Reason == agreement.SpanCustomerTurn:
			mine += d
		case e.Reason == agreement.SpanWait, e.Reason == agreement.SpanConfirmed, e.Reason == agreement.SpanClosed:
			waits += d
		default:
			closed += d
		}
	}
	return mine, waits, closed
}

// holder is who has the ticket when nobody in particular does.
func (t *shown) holder() string {
	if desk.DoorOf(t.Ticket) == desk.DoorLevels {
		return "service level management"
	}
	return t.v.DeskName
}

// oursAhead is what happens on IT's turn if nobody moves: the same kind of ladder as the customer's.
func (t *shown) oursAhead() []ui.Step {
	if !t.Ticket.Open || t.Ticket.TurnSide != agreement.SideProvider && t.Ticket.TurnSide != agreement.SideSupplier {
		return nil
	}
	var next *agreement.Obligation
	all := t.Ledger.Result.Obligations
	for i := range all {
		o := &all[i]
		if o.Side == agreement.SideProvider && o.Ended == 0 && o.Due != 0 && o.State == agreement.StateRunning && (next == nil || o.Due < next.Due) {
			next = o
		}
	}
	if next == nil {
		return nil
	}
	owed := ui.Step{Side: ui.Provider, Title: "We " + strings.ToLower(reading.Promises[next.Metric].Verb), Text: "By " + t.v.reader.Full(reading.Instant(next.Due)), Current: true}
	var then []aheadStep
	for _, st := range t.Ledger.Ahead() {
		words := map[string]string{agreement.ActionWarn: "Whoever has it, and the team, are warned", agreement.ActionTellCustomer: "We tell you that we are late"}[st.Action]
		if st.Obligation == next.ID && words != "" {
			then = append(then, aheadStep{at: st.At, words: words})
		}
	}
	return t.inOrder(owed, next.Due, then)
}

// challenge is the form that disputes how a promise was counted: for the customer's side, of promises that can be disputed.
func (t *shown) challenge(form func(string) ui.Form) portal.Challenge {
	var c portal.Challenge
	if !t.Mine() || !t.Can(auth.TicketSpeak) {
		return c
	}
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.Target == 0 || o.Metric == agreement.MetricConfirm || o.State == agreement.StateDisputed || o.State == agreement.StateVoid {
			continue
		}
		who := "IT: "
		if o.Side == agreement.SideCustomer {
			who = "You: "
		}
		how := map[agreement.State]string{agreement.StateMet: "kept", agreement.StateBreached: "missed", agreement.StateWaived: "let off", agreement.StateRunning: "running", agreement.StatePaused: "stands still"}[o.State]
		c.Promises = append(c.Promises, ui.Option{Value: o.ID, Label: who + reading.Promises[o.Metric].Noun + ", from " + t.v.reader.When(reading.Instant(o.Started)) + ", " + how})
	}
	if len(c.Promises) > 0 {
		c.Form = form("dispute")
	}
	return c
}
