package web

import (
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	disputes "bothways/internal/desk/dispute"
	"bothways/internal/web/dispute"
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
		words := map[string]string{agreement.ActionWarn: "Whoever has it, and the team, are warned", agreement.ActionTellCustomer: "We tell you that we are late", agreement.ActionCredit: "We note a credit for you"}[st.Action]
		if st.Obligation == next.ID && words != "" {
			then = append(then, aheadStep{at: st.At, words: words})
		}
	}
	return t.inOrder(owed, next.Due, then)
}

// speaks says whether the reader speaks for the customer's side: asked for it, gets it, or has a say for the site.
func (t *shown) speaks() bool {
	o := t.Object()
	return t.Mine() || t.v.by.HoldsOver(auth.SiteContact, o) || t.v.by.HoldsOver(auth.Signatory, o)
}

// challenge is the form that disputes how something was counted: for the customer's side, a promise or whose turn a span was.
func (t *shown) challenge(form func(string) ui.Form) portal.Challenge {
	var c portal.Challenge
	if t.Challenged() {
		c.Read = ui.Link{Label: "What is challenged, and what came of it", Href: dispute.Base + "?ticket=" + t.Ticket.Ref()}
	}
	if !t.speaks() || !t.Can(auth.TicketDispute) {
		return c
	}
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.Target == 0 || o.Metric == agreement.MetricConfirm || o.State == agreement.StateDisputed || o.State == agreement.StateVoid {
			continue
		}
		who := "IT: "
		if o.Side == agreement.SideCustomer {
			who = reading.Capital(t.Customer()) + ": "
		}
		how := map[agreement.State]string{agreement.StateMet: "kept", agreement.StateBreached: "missed", agreement.StateWaived: "let off", agreement.StateRunning: "running", agreement.StatePaused: "stands still"}[o.State]
		c.Promises = append(c.Promises, ui.Option{Value: o.ID, Label: who + reading.Promises[o.Metric].Noun + ", from " + t.v.reader.When(reading.Instant(o.Started)) + ", " + how})
	}
	if c.Promises = append(c.Promises, t.spans()...); len(c.Promises) > 0 {
		c.Form = form("dispute")
	}
	return c
}

// spans are the turns that can be challenged.
func (t *shown) spans() []ui.Option { return dispute.Spans(t.v.reader, t.Ledger, t.WhoseTurn) }

// letOff is the form that waives a promise of IT's: for who asked or gets it, and who signs for the site.
func (t *shown) letOff(form func(string) ui.Form) (l portal.LetOff) {
	if !t.Mine() && !t.v.by.HoldsOver(auth.Signatory, t.Object()) {
		return l
	}
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.Side != agreement.SideProvider || o.Target == 0 || o.State == agreement.StateWaived || o.Ended != 0 && o.Stands != agreement.StateBreached {
			continue
		}
		how := ""
		if o.Stands == agreement.StateBreached {
			how = ", missed"
		}
		l.Promises = append(l.Promises, ui.Option{Value: o.ID, Label: reading.Capital(reading.Promises[o.Metric].Noun) + ", from " + t.v.reader.When(reading.Instant(o.Started)) + how})
	}
	if len(l.Promises) > 0 {
		l.Form = form("waive")
	}
	return l
}

// dispute challenges what a form names: a promise or a span.
func (s *site) dispute(c *call) (desk.Ticket, error) {
	_, t, err := s.Disputes.Raise(c.ctx(), c.by, c.act(), disputes.ParseSubject(c.f.Value("obligation")))
	return t, err
}

// stepMark is between a promise and a step of what follows from it, in the value of a form.
const stepMark = "+"

// waive lets the other side off a promise, or one step of what follows from it.
func (s *site) waive(c *call) (desk.Ticket, error) {
	obligationID, step, one := strings.Cut(c.f.Value("obligation"), stepMark)
	if !one {
		return s.Desk.Waive(c.ctx(), c.by, c.act(), obligationID)
	}
	n, err := strconv.Atoi(step)
	if err != nil {
		n = -1 // the desk says that no such step lies ahead
	}
	return s.Desk.WaiveStep(c.ctx(), c.by, c.act(), obligationID, n)
}
