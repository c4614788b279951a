package contract

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/report/whatif"
)

func (p *part) mountWhatIf(h host.Host) {
	const sign = auth.AgreementSign
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "agreements/{id}/what-if", Verb: sign, Summary: "Hold a proposal, or terms of yours, over the history of a period", Status: http.StatusAccepted}, p.startWhatIf)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements/{id}/what-if", Verb: sign, Summary: "List what was held over the past of an agreement, the newest first"}, p.whatIfs)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "what-if/{id}", Verb: sign, Summary: "Get how far an evaluation is, and what came out: what was beside what would have been"}, p.whatIf)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "what-if/{id}/stop", Verb: sign, Summary: "Stop an evaluation"}, p.stopWhatIf)
}

// evaluation is a version held over the past.
type evaluation struct {
	ID        string        `json:"id"`
	Agreement string        `json:"agreement"`
	Proposal  *string       `json:"proposal" doc:"null: terms that nobody proposed."`
	By        *host.Person  `json:"by"`
	MadeAt    time.Time     `json:"made_at"`
	From      time.Time     `json:"from"`
	To        time.Time     `json:"to" doc:"Not in it."`
	State     string        `json:"state" enum:"running,complete,stopped"`
	Total     int64         `json:"total" doc:"Tickets to read."`
	Done      int64         `json:"done" doc:"Tickets that were read."`
	EndedAt   *time.Time    `json:"ended_at"`
	Result    *whatIfResult `json:"result" doc:"null until it is complete."`
	Terms     Terms         `json:"terms"`
}

// whatIfResult is what came out.
type whatIfResult struct {
	Tickets int64         `json:"tickets" doc:"Of which something fell into the period."`
	Was     whatIfFigures `json:"was"`
	Would   whatIfFigures `json:"would" doc:"What the ledger would have given, had the version been in force from the beginning. What people did stays as they did it."`
}

// whatIfFigures are both columns, counted as a scorecard counts.
type whatIfFigures struct {
	Provider whatIfColumn `json:"provider"`
	Customer whatIfColumn `json:"customer"`
	Tickets  int64        `json:"tickets" doc:"That ended in the period."`
	Time     []whatIfTime `json:"time" doc:"Of the tickets that ended in the period."`
}

type whatIfColumn struct {
	whatIfLine
	Metrics []whatIfLine `json:"metrics"`
}

type whatIfLine struct {
	Metric   agreement.Metric `json:"metric,omitempty" doc:"Left out: all together."`
	Due      int64            `json:"due"`
	Kept     int64            `json:"kept"`
	Broken   int64            `json:"broken"`
	Waived   int64            `json:"waived"`
	Disputed int64            `json:"disputed"`
	Silence  int64            `json:"silence" doc:"Solutions that silence accepted; in no share."`
	Permille *int64           `json:"permille" doc:"Kept of kept and broken; null where there were none."`
	Median   *int64           `json:"median_seconds" doc:"Working seconds that were used."`
	Ninth    *int64           `json:"p90_seconds"`
}

type whatIfTime struct {
	Side    agreement.Side `json:"side" enum:"provider,customer,supplier,nobody"`
	Wall    int64          `json:"seconds"`
	Working int64          `json:"working_seconds"`
}

func figures(f whatif.Figures) whatIfFigures {
	out := whatIfFigures{Provider: columnOf(f.Provider), Customer: columnOf(f.Customer), Tickets: f.Tickets, Time: []whatIfTime{}}
	for _, t := range f.Time {
		out.Time = append(out.Time, whatIfTime(t))
	}
	return out
}

func columnOf(c whatif.Column) whatIfColumn {
	out := whatIfColumn{whatIfLine: whatIfLine(c.Line), Metrics: []whatIfLine{}}
	for _, l := range c.Metrics {
		out.Metrics = append(out.Metrics, whatIfLine(l))
	}
	return out
}

type evaluationOut struct{ Body evaluation }

func (p *part) evaluations(ctx context.Context, by auth.Actor, all ...whatif.Run) ([]evaluation, error) {
	var ids []string
	for _, r := range all {
		ids = append(ids, r.MadeBy)
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]evaluation, len(all))
	for i, r := range all {
		out[i] = evaluation{
			ID: r.ID, Agreement: r.AgreementID, Proposal: host.Word(r.ProposalID), By: names.Person(r.MadeBy), MadeAt: r.MadeAt, From: r.Period.From, To: r.Period.To,
			State: string(r.State), Total: r.Total, Done: r.Done, EndedAt: host.Instant(r.EndedAt), Terms: termsOf(r.Terms),
		}
		if r.State == whatif.Complete {
			out[i].Result = &whatIfResult{r.Result.Tickets, figures(r.Result.Was), figures(r.Result.Would)}
		}
	}
	return out, nil
}

func (p *part) evaluated(ctx context.Context, by auth.Actor, r whatif.Run, err error) (*evaluationOut, error) {
	if err != nil {
		return nil, err
	}
	all, err := p.evaluations(ctx, by, r)
	if err != nil {
		return nil, err
	}
	return &evaluationOut{all[0]}, nil
}

type whatIfIn struct {
	host.Identified
	Body struct {
		Proposal        string `json:"proposal,omitempty" doc:"The id of a proposal of this agreement; left out, terms says what is to be held over the past."`
		Terms           *Terms `json:"terms,omitempty"`
		ServiceCalendar string `json:"service_calendar,omitempty" doc:"With terms; left out, that of the newest version."`
		CustomerCal     string `json:"customer_calendar,omitempty"`
		From            string `json:"from,omitempty" doc:"A day (2026-01-01) or an instant; left out, thirteen weeks."`
		To              string `json:"to,omitempty" doc:"The last day, or an instant that is not in it; left out, today."`
	}
}

func (p *part) startWhatIf(ctx context.Context, by auth.Actor, in *whatIfIn) (*evaluationOut, error) {
	b := in.Body
	ask := whatif.Input{ProposalID: b.Proposal, AgreementID: in.ID, Service: b.ServiceCalendar, Customer: b.CustomerCal, From: b.From, To: b.To}
	if b.Terms != nil {
		ask.Terms = b.Terms.read()
	}
	r, err := p.WhatIf.Start(ctx, by, ask)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.evaluated(ctx, by, r, err)
}

func (p *part) whatIfs(ctx context.Context, by auth.Actor, in *host.Identified) (*host.ListOut[evaluation], error) {
	all, err := p.WhatIf.List(ctx, by, in.ID, "")
	if err != nil {
		return nil, err
	}
	out, err := p.evaluations(ctx, by, all...)
	return host.ListOf(out, ""), err
}

func (p *part) whatIf(ctx context.Context, by auth.Actor, in *host.Identified) (*evaluationOut, error) {
	r, err := p.WhatIf.Get(ctx, by, in.ID)
	return p.evaluated(ctx, by, r, err)
}

func (p *part) stopWhatIf(ctx context.Context, by auth.Actor, in *host.Identified) (*evaluationOut, error) {
	r, err := p.WhatIf.Stop(ctx, by, in.ID)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.evaluated(ctx, by, r, err)
}
