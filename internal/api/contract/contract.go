package contract

import (
	"context"
	"errors"
	"net/http"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/api/host"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
)

// Services are what the resources stand on.
type Services struct {
	Book      *agreement.Book
	Contracts *contract.Service
	WhatIf    *whatif.Service
	Approvals *approval.Service
	DB        *db.DB
}

type part struct {
	Services
	host host.Host
}

// Mount registers agreements and proposals.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	p.mountWhatIf(h)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements", Verb: auth.AgreementRead, Summary: "List agreements, their versions and the targets of both sides"}, p.agreements)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements/{id}", Verb: auth.AgreementRead, Summary: "Get an agreement with its versions and who signed them"}, p.agreement)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements/{id}/versions", Verb: auth.AgreementRead, Summary: "List the versions of an agreement, the oldest first"}, p.versions)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements/{id}/proposals", Verb: auth.AgreementRead, Summary: "List what either side proposed, the newest first"}, p.proposals)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "proposals", Verb: auth.AgreementSign, Summary: "Propose a version of an agreement and sign it for your side", Status: http.StatusCreated}, p.propose)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "proposals/{id}", Verb: auth.AgreementRead, Summary: "Get a proposal with what it changes, in words"}, p.proposal)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "proposals/{id}/withdraw", Verb: auth.AgreementSign, Summary: "Take your side's proposal back"}, p.withdraw)
}

// agreed is an agreement with its versions.
type agreed struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Organisation *string   `json:"organisation" doc:"null: for everybody who has none of their own."`
	Site         *string   `json:"site" doc:"null: for the whole organisation."`
	Versions     []version `json:"versions" doc:"Oldest first."`
}

// version is what an agreement says from an instant on.
type version struct {
	ID              string     `json:"id"`
	Number          int64      `json:"number"`
	From            *time.Time `json:"from" doc:"null: from the beginning."`
	ServiceCalendar string     `json:"service_calendar" doc:"Id: the hours IT works in."`
	CustomerCal     string     `json:"customer_calendar" doc:"Id: the hours of customers whose site has none of its own."`
	Signatures      []signed   `json:"signatures" doc:"One for each side; empty for what an installation starts with."`
	SHA256          *string    `json:"sha256" doc:"Of every term: what was signed."`
	Approval        *string    `json:"approval" doc:"Where it was signed."`
	Terms
}

// signed is a signature under a version.
type signed struct {
	Side  string       `json:"side" enum:"provider,customer"`
	By    *host.Person `json:"by" doc:"Who signed."`
	For   *host.Person `json:"for" doc:"Whose seat it was, when somebody stood in for them; null otherwise."`
	Until *time.Time   `json:"until" doc:"Until when they stood in."`
	At    time.Time    `json:"at"`
}

func (p *part) agreements(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[agreed], error) {
	out, err := p.readable(ctx, by, "")
	return host.ListOf(out, ""), err
}

type agreedOut struct{ Body agreed }

func (p *part) agreement(ctx context.Context, by auth.Actor, in *host.Identified) (*agreedOut, error) {
	all, err := p.readable(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, host.Nothing
	}
	return &agreedOut{all[0]}, nil
}

func (p *part) versions(ctx context.Context, by auth.Actor, in *host.Identified) (*host.ListOut[version], error) {
	a, err := p.agreement(ctx, by, in)
	if err != nil {
		return nil, err
	}
	return host.ListOf(a.Body.Versions, ""), nil
}

// readable are the agreements that somebody may read, or the one of an id.
func (p *part) readable(ctx context.Context, by auth.Actor, only string) ([]agreed, error) {
	papers, err := p.Book.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []agreed
	for i := range papers {
		v := &papers[i]
		if only != "" && v.AgreementID != only {
			continue
		}
		if v.OrgID != "" && auth.Can(by, auth.AgreementRead, auth.Object{Kind: "agreement", OrgID: v.OrgID, SiteID: v.SiteID}) != nil {
			continue
		}
		if n := len(out); n == 0 || out[n-1].ID != v.AgreementID {
			a := agreed{ID: v.AgreementID, Name: v.Name}
			if a.Organisation, a.Site, err = p.with(ctx, v.OrgID, v.SiteID); err != nil {
				return nil, err
			}
			out = append(out, a)
		}
		last := &out[len(out)-1]
		made := version{ID: v.ID, Number: v.Number, From: host.Instant(v.From()), ServiceCalendar: v.ServiceCalendar, CustomerCal: v.CustomerCalendar, Terms: termsOf(v.Terms)}
		if err := p.signed(ctx, by, v.AskID, &made); err != nil {
			return nil, err
		}
		last.Versions = append(last.Versions, made)
	}
	return out, nil
}

// signed says who signed a version, and what.
func (p *part) signed(ctx context.Context, by auth.Actor, askID string, v *version) error {
	v.Signatures = []signed{}
	if askID == "" {
		return nil
	}
	a, err := p.Approvals.ByID(ctx, p.DB.Read(), askID)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range a.Votes {
		ids = append(ids, x.Voter, x.Seat)
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return err
	}
	v.SHA256, v.Approval = host.Word(a.Digest), host.Word(askID)
	for _, x := range a.Votes {
		s := signed{Side: x.Stage, By: names.Person(x.Voter), At: x.At.UTC()}
		if x.Stood() {
			s.For, s.Until = names.Person(x.Seat), host.Instant(x.Until)
		}
		v.Signatures = append(v.Signatures, s)
	}
	return nil
}

// with names whom an agreement is with.
func (p *part) with(ctx context.Context, orgID, siteID string) (org, site *string, err error) {
	if orgID == "" {
		return nil, nil, nil
	}
	if siteID != "" {
		s, err := people.SiteByID(ctx, p.DB.Read(), siteID)
		return host.Word(s.OrgName), host.Word(s.Name), err
	}
	o, err := people.OrganisationByID(ctx, p.DB.Read(), orgID)
	return host.Word(o.Name), nil, err
}

type proposal struct {
	ID              string         `json:"id"`
	Agreement       string         `json:"agreement"`
	Name            string         `json:"name" doc:"Of the agreement."`
	Organisation    *string        `json:"organisation"`
	Site            *string        `json:"site" doc:"null: the whole organisation."`
	Number          int64          `json:"number" doc:"Of the version it would be."`
	Side            agreement.Side `json:"side" enum:"provider,customer" doc:"Who proposes it."`
	Author          *host.Person   `json:"author"`
	MadeAt          time.Time      `json:"made_at"`
	State           string         `json:"state" enum:"proposed,signed,answered,refused,withdrawn,expired,void"`
	EndedAt         *time.Time     `json:"ended_at"`
	From            time.Time      `json:"from" doc:"From when it is in force once both have signed; signed later, from the signature."`
	Why             string         `json:"why"`
	Answers         *string        `json:"answers" doc:"The proposal it answers."`
	Approval        string         `json:"approval" doc:"Where it is signed: POST approvals/{id}/votes."`
	Digest          string         `json:"digest" doc:"SHA-256 of every term, which is what is signed."`
	Version         *string        `json:"version" doc:"The id of the version, once it is signed."`
	ServiceCalendar string         `json:"service_calendar"`
	CustomerCal     string         `json:"customer_calendar"`
	Changes         []string       `json:"changes" doc:"What it changes of the version before it, in words."`
	Terms           Terms          `json:"terms"`
}

type proposalOut struct{ Body proposal }

func (p *part) tell(ctx context.Context, by auth.Actor, all ...contract.Proposal) ([]proposal, error) {
	var ids []string
	for _, x := range all {
		ids = append(ids, x.AuthorID)
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]proposal, len(all))
	for i, x := range all {
		digest, err := x.Digest()
		if err != nil {
			return nil, err
		}
		out[i] = proposal{
			ID: x.ID, Agreement: x.AgreementID, Name: x.Name, Number: x.Number, Side: x.Side, Author: names.Person(x.AuthorID), MadeAt: x.MadeAt, State: string(x.State),
			EndedAt: host.Instant(x.EndedAt), From: x.From, Why: x.Why, Answers: host.Word(x.Answers), Approval: x.AskID, Digest: digest, Version: host.Word(x.VersionID),
			ServiceCalendar: x.Service, CustomerCal: x.Customer, Terms: termsOf(x.Terms),
		}
		if out[i].Organisation, out[i].Site, err = p.with(ctx, x.OrgID, x.SiteID); err != nil {
			return nil, err
		}
		if out[i].Changes, err = p.changes(ctx, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// changes says what a proposal changes of the version that holds, or held, before it.
func (p *part) changes(ctx context.Context, x contract.Proposal) ([]string, error) {
	before, err := p.Contracts.Before(ctx, x)
	if err != nil {
		return nil, err
	}
	out := contract.Differences(before, x.Paper(), p.Contracts.Names(ctx, time.UTC))
	if out == nil {
		out = []string{}
	}
	return out, nil
}

func (p *part) one(ctx context.Context, by auth.Actor, x contract.Proposal, err error) (*proposalOut, error) {
	if err != nil {
		return nil, err
	}
	all, err := p.tell(ctx, by, x)
	if err != nil {
		return nil, err
	}
	return &proposalOut{all[0]}, nil
}

func (p *part) proposals(ctx context.Context, by auth.Actor, in *host.Identified) (*host.ListOut[proposal], error) {
	all, err := p.Contracts.Of(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := p.tell(ctx, by, all...)
	return host.ListOf(out, ""), err
}

func (p *part) proposal(ctx context.Context, by auth.Actor, in *host.Identified) (*proposalOut, error) {
	x, err := p.Contracts.Get(ctx, by, in.ID)
	return p.one(ctx, by, x, err)
}

type proposeIn struct {
	Body struct {
		Agreement       string    `json:"agreement,omitempty" doc:"Its id; left out, an agreement begins."`
		Name            string    `json:"name,omitempty" doc:"Of one that begins."`
		Organisation    string    `json:"organisation,omitempty" doc:"Id: with whom it begins."`
		Site            string    `json:"site,omitempty" doc:"Id; left out, it is with the whole organisation."`
		ServiceCalendar string    `json:"service_calendar"`
		CustomerCal     string    `json:"customer_calendar"`
		From            time.Time `json:"from"`
		Why             string    `json:"why,omitempty"`
		Answers         string    `json:"answers,omitempty" doc:"The id of the proposal it answers."`
		Terms           Terms     `json:"terms"`
	}
}

func (p *part) propose(ctx context.Context, by auth.Actor, in *proposeIn) (*proposalOut, error) {
	b := in.Body
	x, err := p.Contracts.Propose(ctx, by, contract.Input{
		AgreementID: b.Agreement, Name: b.Name, OrgID: b.Organisation, SiteID: b.Site, Service: b.ServiceCalendar, Customer: b.CustomerCal, Terms: b.Terms.read(),
		From: b.From, Why: b.Why, Answers: b.Answers,
	})
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, x, inTerms(err))
}

// inTerms names the fields of an error as the caller wrote them: what terms say stands in terms.
func inTerms(err error) error {
	var e *errs.E
	if !errors.As(err, &e) {
		return err
	}
	for i, f := range e.Fields {
		switch f.Path {
		case "name", "from", "why", "answers", "site", "organisation", "service_calendar", "customer_calendar":
		default:
			e.Fields[i].Path = "terms." + f.Path
		}
	}
	return err
}

type withdrawIn struct {
	host.Identified
	Body struct {
		Reason string `json:"reason"`
	}
}

func (p *part) withdraw(ctx context.Context, by auth.Actor, in *withdrawIn) (*proposalOut, error) {
	x, err := p.Contracts.Withdraw(ctx, by, in.ID, in.Body.Reason)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, x, err)
}
