// Package record is what a ticket's event stream says: the kinds of its events, what they hold, how the clock reads them, and the
// label over the turns that they give. Pure; package desk writes the events.
package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
)

// Kinds of events that move no clock; those that do are agreement's.
const (
	Message        = "message_written" // written, on its way; its arrival is an event of agreement's
	Note           = "note"
	Assigned       = "assigned"
	Reclassified   = "reclassified" // impact, urgency, kind, subject, sensitivity
	Linked         = "linked"
	WatcherSet     = "watcher_set"
	NotDeliverable = "not_deliverable" // before it ever arrived
	Held           = "held"            // a mail that looked like it belongs here and was not let in
	Corrected      = "calendar_corrected"
	AwayUntil      = "away_until"
	NoTurn         = "mail_without_turn" // an automatic answer, or only thanks
	HandedOver     = "handed_over"       // Party and Team have it now
	Unlinked       = "unlinked"
	Tagged         = "tagged"
	LookedAt       = "looked_at"  // a second person agrees that it is no request
	SplitTo        = "split_to"   // Party = the ticket that began with words of this one
	SplitFrom      = "split_from" // Party = the ticket whose words these are
	Released       = "released"   // Party = the ticket that was merged into this one and goes on by itself

	DisputeProposed = "dispute_proposed" // how a dispute could be settled: Cause or Side says how
	DisputeFurther  = "dispute_further"  // it was not settled in its time
	DoorPassed      = "door_passed"      // from the door Before to the door Action; Team and Party have it now
)

// Data is what an event says in ids, enums and figures. Which fields matter depends on its kind.
type Data struct {
	Message    string             `json:"message,omitempty"` // id
	Note       string             `json:"note,omitempty"`    // id
	Mail       string             `json:"mail,omitempty"`    // id
	Ref        int64              `json:"ref,omitempty"`     // another event of the stream
	From       int64              `json:"from,omitempty"`    // unix seconds, as all instants here
	Until      int64              `json:"until,omitempty"`
	Due        int64              `json:"due,omitempty"`
	Metric     agreement.Metric   `json:"metric,omitempty"`
	Priority   agreement.Priority `json:"priority,omitempty"`
	Before     string             `json:"before,omitempty"`
	Party      string             `json:"party,omitempty"`
	Field      string             `json:"field,omitempty"`
	Version    int                `json:"version,omitempty"` // index among the versions the ticket was under
	VersionID  string             `json:"version_id,omitempty"`
	Cause      string             `json:"cause,omitempty"`
	Action     string             `json:"action,omitempty"`
	Step       int                `json:"step,omitempty"`
	Consent    bool               `json:"consent,omitempty"`
	Correction bool               `json:"correction,omitempty"`
	Team       string             `json:"team,omitempty"`
	Minor      int64              `json:"minor,omitempty"` // of a charge or a credit
	Currency   string             `json:"currency,omitempty"`
	Side       agreement.Side     `json:"side,omitempty"`
	Dispute    string             `json:"dispute,omitempty"` // id
	Service    string             `json:"service,omitempty"` // id
	Follows    bool               `json:"follows,omitempty"` // it happened on the ticket this one was merged into …
	Of         int64              `json:"of,omitempty"`      // … as this event of that one
}

// Replayed is the channel of what was done at another desk, before a log of it was replayed here: no ladder ran on it.
const Replayed = "replay"

// StaffOnly says which events customers do not see: they would tell of notes.
func StaffOnly(kind string) bool { return kind == Note || kind == Tagged || kind == LookedAt }

// DataOf reads what an event says; an unreadable one says nothing.
func DataOf(e event.Event) (d Data) {
	_ = json.Unmarshal([]byte(e.Data), &d)
	return d
}

// Ledger maps the stream to what Clock reads: the same kinds by the same names.
func Ledger(stream []event.Event) ([]agreement.Event, error) {
	out := make([]agreement.Event, len(stream))
	for i, e := range stream {
		var d Data
		if e.Data != "{}" {
			if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
				return nil, fmt.Errorf("desk: event %d of %s: %w", e.Seq, e.Stream, err)
			}
		}
		out[i] = agreement.Event{
			Seq: e.Seq, At: e.At.Unix(), Kind: agreement.Kind(e.Kind), Ref: d.Ref, Until: d.Until, Due: d.Due, Metric: d.Metric,
			Priority: d.Priority, Party: d.Party, Version: d.Version, Cause: d.Cause, Consent: d.Consent, Correction: d.Correction, Step: d.Step,
			Follows: d.Follows, From: d.From, Side: d.Side, Service: d.Service,
		}
		if out[i].Kind == agreement.Opened || out[i].Kind == agreement.TeamChanged {
			out[i].Door = ticket.DoorOfTeam(d.Party)
		}
	}
	return out, nil
}

// ClosedBy is who closed a ticket last; "" when nobody has.
func ClosedBy(stream []event.Event) string {
	for _, e := range slices.Backward(stream) {
		if e.Kind == string(agreement.Closed) {
			return e.Actor
		}
	}
	return ""
}

// ProposedWait is until when the question that an event asked proposes to wait; zero when it does not.
func ProposedWait(stream []event.Event, asked int64) time.Time {
	message := ""
	for _, e := range slices.Backward(stream) {
		d := DataOf(e)
		switch {
		case e.Seq == asked:
			message = d.Message
		case e.Kind == Message && message != "" && d.Message == message:
			if d.Until == 0 {
				return time.Time{}
			}
			return time.Unix(d.Until, 0).UTC()
		}
	}
	return time.Time{}
}

// Derive caches on the row of a ticket what the clock reads in its stream: turn, due, state and the instants of its ends. Solved before it
// ended is what the row says already.
func Derive(t *ticket.Ticket, stream []event.Event, r agreement.Result) {
	turn := r.Current()
	t.TurnSide, t.TurnParty, t.TurnSince = turn.Side, turn.Party, time.Unix(turn.Since, 0).UTC()
	t.DueAt, t.DueMetric, t.DueStarted = time.Time{}, "", time.Time{}
	for i := range r.Obligations {
		o := &r.Obligations[i]
		if o.Ended != 0 || o.Due == 0 || o.Side != turn.Side && !(o.Side == agreement.SideProvider && turn.Side == agreement.SideSupplier) {
			continue
		}
		if at := time.Unix(o.Due, 0).UTC(); t.DueAt.IsZero() || at.Before(t.DueAt) {
			t.DueAt, t.DueMetric, t.DueStarted = at, o.Metric, time.Unix(o.Started, 0).UTC()
		}
	}
	t.State = StateOf(stream, r, *t)
	t.Open = !Ended(t.State)
	switch {
	case t.State == ticket.Resolved && t.ResolvedAt.IsZero():
		t.ResolvedAt = t.TurnSince
	case t.Open && t.State != ticket.Resolved:
		t.ResolvedAt = time.Time{}
	}
	if t.Open {
		t.ClosedAt = time.Time{}
	} else if t.ClosedAt.IsZero() {
		t.ClosedAt = t.TurnSince
	}
}

// Ended says whether a ticket in this state has ended.
func Ended(s ticket.State) bool {
	return s == ticket.Closed || s == ticket.Withdrawn || s == ticket.Declined || s == ticket.Lapsed || s == ticket.NotATicket || s == ticket.Merged
}

// StateOf is the label over the turns.
func StateOf(stream []event.Event, r agreement.Result, t ticket.Ticket) ticket.State {
	cause, confirming, worked, merged := "", false, t.AssigneeID != "", false
	passed := "" // by whom, while who has it now has done nothing
	for _, e := range stream {
		if passed != "" && e.Actor != passed && (e.Actor == t.AssigneeID || e.Kind == Assigned) {
			worked, passed = true, ""
		}
		switch e.Kind {
		case HandedOver, DoorPassed: // new to who has it now
			worked, passed = false, e.Actor
		case string(agreement.Closed):
			cause = DataOf(e).Cause
		case string(agreement.Reopened):
			cause = ""
		case string(agreement.Merged):
			merged = true
		case string(agreement.Unmerged):
			merged, cause = false, ""
		case string(agreement.ProviderSpoke), string(agreement.QuestionAsked), string(agreement.SolutionProposed), string(agreement.SupplierAsked), Message:
			worked = true
		}
	}
	for i := range r.Obligations {
		o := &r.Obligations[i]
		confirming = confirming || o.Metric == agreement.MetricConfirm && o.Ended == 0
	}
	turn := r.Current()
	switch {
	case merged:
		return ticket.Merged
	case cause != "":
		return endedBy(cause)
	case turn.Side == agreement.SideNobody:
		return ticket.Scheduled
	case turn.Side == agreement.SideSupplier:
		return ticket.WaitingForSupplier
	case turn.Side == agreement.SideCustomer && (confirming || turn.Cause == string(agreement.SolutionProposed)):
		return ticket.Resolved
	case turn.Side == agreement.SideCustomer:
		return ticket.WaitingForCustomer
	case worked:
		return ticket.InProgress
	}
	return ticket.New
}

func endedBy(cause string) ticket.State {
	switch cause {
	case agreement.CauseWithdrawn:
		return ticket.Withdrawn
	case agreement.CauseLapsed:
		return ticket.Lapsed
	case agreement.CauseNotATicket:
		return ticket.NotATicket
	case agreement.CauseDeclined:
		return ticket.Declined
	}
	return ticket.Closed
}
