package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/letter"
	"bothways/internal/people"
)

// sentence tells who is asked, in their zone, what is needed by when.
func (h *Handler) sentence(ctx context.Context, by auth.Actor, l desk.Ledger, out []obligation) error {
	mine := by.PersonID != "" && (by.PersonID == l.Ticket.RequesterID || by.PersonID == l.Ticket.AffectedID)
	i := slices.IndexFunc(l.Result.Obligations, func(o agreement.Obligation) bool { return o.Metric.Asked() && o.Ended == 0 })
	if !mine || i < 0 {
		return nil
	}
	m, err := h.Desk.Need(ctx, l)
	if err != nil || m.Need == "" {
		return err
	}
	p, err := people.PersonByID(ctx, h.DB.Read(), by.PersonID)
	if err != nil {
		return err
	}
	zone := p.Location()
	due := time.Time{}
	if at := host.Second(l.Result.Obligations[i].Due); at != nil {
		due = *at
	}
	out[i].Sentence = letter.YourTurn(m.Need, due, zone) + "."
	return nil
}

// noted is a charge or a credit on a ticket, as its agreement stated it.
type noted struct {
	At     time.Time        `json:"at"`
	Kind   string           `json:"kind" enum:"charge,credit" doc:"To the customer, or for them."`
	Metric agreement.Metric `json:"metric" doc:"Of the promise it follows from."`
	What   string           `json:"what"`
	Amount *amount          `json:"amount"`
	Stated string           `json:"agreement" doc:"Id of the version that states it."`
}

// charges are what was noted on a ticket.
func (h *Handler) charges(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[noted], error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := h.Desk.Events(ctx, by, number)
	if err != nil {
		return nil, err
	}
	var out []noted
	for _, e := range all {
		var d raw
		if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
			return nil, err
		}
		if e.Kind != string(agreement.StepTaken) || d.Minor == 0 {
			continue
		}
		paper, err := h.Book.Paper(ctx, h.DB.Read(), d.VersionID)
		if err != nil {
			return nil, err
		}
		s, _ := paper.Terms.Step(d.Metric, d.Step)
		out = append(out, noted{e.At.UTC(), d.Action, d.Metric, s.Price.What, amountOf(d.Minor, d.Currency), d.VersionID})
	}
	return host.ListOf(out, ""), nil
}
