package desk

import (
	"encoding/json"
	"fmt"

	"bothways/internal/agreement"
	"bothways/internal/event"
)

// Kinds of events that move no clock; those that do are agreement's.
const (
	evMessage      = "message_written" // written, on its way; its arrival is an event of agreement's
	evNote         = "note"
	evAssigned     = "assigned"
	evReclassified = "reclassified" // impact, urgency, kind, subject, sensitivity
	evLinked       = "linked"
	evWatcher      = "watcher_set"
	evUndelivered  = "not_deliverable" // before it ever arrived
	evHeld         = "held"            // a mail that looked like it belongs here and was not let in
	evCorrected    = "calendar_corrected"
	evAwayUntil    = "away_until"
	evNoTurn       = "mail_without_turn" // an automatic answer, or only thanks
)

// data is what an event says in ids, enums and figures. Which fields matter depends on its kind.
type data struct {
	Message    string             `json:"message,omitempty"` // id
	Note       string             `json:"note,omitempty"`    // id
	Mail       string             `json:"mail,omitempty"`    // id
	Ref        int64              `json:"ref,omitempty"`     // another event of the stream
	Until      int64              `json:"until,omitempty"`   // unix seconds, as all instants here
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
}

// staffOnly says which events customers do not see: they would tell of notes.
func staffOnly(kind string) bool { return kind == evNote }

// dataOf reads what an event says; an unreadable one says nothing.
func dataOf(e event.Event) (d data) {
	_ = json.Unmarshal([]byte(e.Data), &d)
	return d
}

// ledger maps the stream to what Clock reads: the same kinds by the same names.
func ledger(stream []event.Event) ([]agreement.Event, error) {
	out := make([]agreement.Event, len(stream))
	for i, e := range stream {
		var d data
		if e.Data != "{}" {
			if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
				return nil, fmt.Errorf("desk: event %d of %s: %w", e.Seq, e.Stream, err)
			}
		}
		out[i] = agreement.Event{
			Seq: e.Seq, At: e.At.Unix(), Kind: agreement.Kind(e.Kind), Ref: d.Ref, Until: d.Until, Due: d.Due, Metric: d.Metric,
			Priority: d.Priority, Party: d.Party, Version: d.Version, Cause: d.Cause, Consent: d.Consent, Correction: d.Correction, Step: d.Step,
		}
	}
	return out, nil
}
