package web

import (
	"strconv"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// more are the acts needed now and then, each a small form.
func (t *shown) more(form func(string, map[string]string) ui.Form) []staff.Act {
	var out []staff.Act
	k := &t.Ticket
	add := func(name, title, words, button string, fields ...staff.ActField) {
		out = append(out, staff.Act{Form: form(name, nil), Title: title, Text: words, Button: button, Fields: fields})
	}
	why := staff.ActField{Field: ui.Field{Name: "reason", Label: "Why", Hint: "Both sides can read this."}}
	if k.State == desk.Scheduled {
		add("end-wait", "End the wait now", "It is our turn again from now on.", "End the wait")
	}
	if k.TurnSide == agreement.SideSupplier {
		add("supplier-answered", "The supplier answered", "", "It is our turn again")
	} else if s := t.suppliers(); k.Open && len(s) > 0 {
		add("supplier", "Ask a supplier", "Our promise to the customer runs on.", "Pass it to the supplier", staff.ActField{Field: ui.Field{Name: "supplier", Label: "Supplier"}, Options: s})
	}
	add("link", "Link a ticket", "", "Link it", staff.ActField{Field: ui.Field{Name: "other", Label: "Number", Placeholder: "BW-1001"}},
		staff.ActField{Field: ui.Field{Name: "kind", Label: "How they belong together"}, Options: []ui.Option{{Value: "related", Label: "Related"}, {Value: "duplicate", Label: "The same thing twice"}, {Value: "follows", Label: "This follows the other"}}})
	add("watch", "Let somebody follow", "They read every public message and get a copy of it.", "Add them", staff.ActField{Field: ui.Field{Name: "person", Label: "Mail address", Type: "email", Spellless: true, Autocomplete: "off"}})
	if w := t.followers(); len(w) > 0 {
		add("unwatch", "Stop somebody following", "", "Remove them", staff.ActField{Field: ui.Field{Name: "person", Label: "Who"}, Options: w})
	}
	if m := t.moved(); len(m) > 0 {
		add("no-turn", "A message moved the turn by mistake", "It only thanks, for example. The clocks then read as if it had moved nothing.", "It moves no turn", staff.ActField{Field: ui.Field{Name: "message", Label: "Message"}, Options: m})
	}
	if o := append(t.owed(func(o *agreement.Obligation) bool {
		return o.State != agreement.StateDisputed && o.Metric != agreement.MetricConfirm
	}), t.spans()...); len(o) > 0 && !t.Mine() {
		add("dispute", "Challenge how something was counted", "A promise, or whose turn a span was. Both versions stay on record until both sides agree.", "Challenge it", staff.ActField{Field: ui.Field{Name: "obligation", Label: "What"}, Options: o}, why)
	}
	// IT lets the customer off, never itself.
	if o := t.owed(func(o *agreement.Obligation) bool {
		return o.Side == agreement.SideCustomer && o.State != agreement.StateWaived && (o.Ended == 0 || o.Stands == agreement.StateBreached)
	}); len(o) > 0 && t.Can(auth.TicketWaive) && !t.Mine() {
		add("waive", "Let "+t.Customer()+" off a promise", "The whole of it, or one step of what follows from it.", "Let them off", staff.ActField{Field: ui.Field{Name: "obligation", Label: "Promise"}, Options: append(o, t.stepsAhead()...)}, why)
	}
	if p := t.Person(k.RequesterID); k.Open && (p.Stranger() || len(t.Said) > 0 && t.Said[0].Class != "" && t.Said[0].Class != "person") {
		add("not-a-ticket", "It is no request", "For spam and machine mail. It can be reopened.", "Set it aside", staff.ActField{Field: ui.Field{Name: "reason", Label: "What it is", Hint: "It goes on record."}})
	}
	return out
}

// stepsAhead are the steps of what follows from a promise of the customer's that can be left out.
func (t *shown) stepsAhead() []ui.Option {
	var out []ui.Option
	for _, st := range t.Ledger.Ahead() {
		if w := reading.StepWords[st.Action]; w != "" && st.Metric.Side() == agreement.SideCustomer {
			out = append(out, ui.Option{Value: st.Obligation + stepMark + strconv.Itoa(st.Step), Label: "Only a step: " + w + " on " + t.v.reader.When(reading.Instant(st.At))})
		}
	}
	return out
}

func (t *shown) suppliers() []ui.Option {
	var out []ui.Option
	for _, team := range t.Teams().Teams {
		if team.Kind == people.SupplierTeam {
			out = append(out, ui.Option{Value: team.ID, Label: team.Name})
		}
	}
	return out
}

func (t *shown) followers() []ui.Option {
	var out []ui.Option
	for _, p := range t.Parties {
		if x := t.Person(p.PersonID); (p.Role == desk.Watcher || p.Role == desk.Pending) && x.Address != "" {
			out = append(out, ui.Option{Value: x.Address, Label: x.Name})
		}
	}
	return out
}

// moved are the customer's messages that gave IT the turn.
func (t *shown) moved() []ui.Option {
	var out []ui.Option
	for i := range t.Said {
		m := &t.Said[i]
		if m.Side == "customer" && t.Moved(m) {
			out = append(out, ui.Option{Value: m.ID, Label: t.v.reader.When(m.MadeAt) + ": " + text.Cut(text.Line(m.Body), 40)})
		}
	}
	return out
}

// owed are the promises a form can be about.
func (t *shown) owed(want func(*agreement.Obligation) bool) []ui.Option {
	var out []ui.Option
	for i := range t.Ledger.Result.Obligations {
		o := &t.Ledger.Result.Obligations[i]
		if o.Target == 0 || o.State == agreement.StateVoid || !want(o) {
			continue
		}
		who := "IT: "
		if o.Side == agreement.SideCustomer {
			who = reading.Capital(t.Customer()) + ": "
		}
		out = append(out, ui.Option{Value: o.ID, Label: who + reading.Promises[o.Metric].Noun + ", since " + t.v.reader.When(reading.Instant(o.Started))})
	}
	return out
}
