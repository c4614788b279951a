package scorecard

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/report"
)

// Services are what the resources stand on.
type Services struct {
	Report *report.Service
	Asked  *asked.Service
	DB     *db.DB
}

type part struct {
	Services
	host host.Host
}

// Mount registers scorecards.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "scorecards", Verb: auth.ScorecardRead, Summary: "How both sides kept an agreement in a period, counted the same way"}, p.card)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "scorecards/places", Verb: auth.ScorecardRead, Summary: "List the scorecards the caller may read: of agreements, and of sites under them"}, p.places)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "scorecards/entries", Verb: auth.ScorecardRead, Summary: "List the promises behind a figure, of tickets the caller may open"}, p.entries)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "scorecards/publications", Verb: auth.ScorecardRead, Summary: "List what was published for reviews, the newest first"}, p.publications)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "scorecards/publications", Verb: auth.ScorecardPublish, Summary: "Publish a scorecard as it reads now", Status: http.StatusCreated}, p.publish)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "agreements/versions/{id}/asked", Verb: auth.AgreementRead, Summary: "What a version asks of the customer's people, in plain words"}, p.sheet)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "agreements/versions/{id}/acknowledge", Verb: auth.AgreementRead, Summary: "Say that you have read what a version asks of you"}, p.acknowledge)
}

// Which names a scorecard.
type Which struct {
	Agreement string `query:"agreement" doc:"Id."`
	Site      string `query:"site" doc:"Id; left out, every site under the agreement."`
	From      string `query:"from" example:"2026-01-01" doc:"The first day, in the zone of the agreement, or an instant in RFC 3339. Left out: thirteen weeks."`
	To        string `query:"to" example:"2026-03-31" doc:"The last day, included, or an instant, left out. Left out: today."`
}

func (o Which) query() (report.Query, error) {
	if o.Agreement == "" {
		return report.Query{}, errs.In("api.scorecard", "agreement", "It is missing. Name an agreement by its id; GET scorecards/places lists those you may read.")
	}
	return report.Query{AgreementID: o.Agreement, SiteID: o.Site, From: o.From, To: o.To}, nil
}

type cardOut struct{ Body scorecardAnswer }

func (p *part) card(ctx context.Context, by auth.Actor, in *Which) (*cardOut, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	c, err := p.Report.Card(ctx, by, q)
	if err != nil {
		return nil, err
	}
	was, changed, err := p.Report.Restated(ctx, c)
	if err != nil {
		return nil, err
	}
	out, err := p.tell(ctx, by, c)
	if err == nil && changed {
		names, e := host.Names(ctx, p.DB.Read(), by, was.PersonID)
		if e != nil {
			return nil, e
		}
		out.Restated = publicationOf(was, names)
	}
	return &cardOut{out}, err
}

// scorecardPlace is a scorecard that there is.
type scorecardPlace struct {
	Agreement string  `json:"agreement"`
	Name      string  `json:"name" doc:"Of the agreement."`
	Site      *string `json:"site" doc:"Id; null: every site under the agreement."`
	Whose     string  `json:"whose" doc:"The customer's side by name."`
	Zone      string  `json:"zone" doc:"IANA: in which its periods are."`
}

func (p *part) places(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[scorecardPlace], error) {
	all, err := p.Report.Places(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []scorecardPlace
	for _, x := range all {
		out = append(out, scorecardPlace{x.Paper.AgreementID, x.Paper.Name, host.Word(x.Site.ID), x.Whose, x.Zone.String()})
	}
	return host.ListOf(out, ""), nil
}

// scorecardEntry is a promise behind a figure.
type scorecardEntry struct {
	Ticket     string             `json:"ticket" example:"BW-1001"`
	Subject    string             `json:"subject"`
	Obligation string             `json:"obligation"`
	Side       agreement.Side     `json:"side" enum:"provider,customer"`
	Metric     agreement.Metric   `json:"metric"`
	Priority   agreement.Priority `json:"priority,omitempty"`
	State      string             `json:"state" enum:"kept,broken,waived,disputed,running,silence,needless,void"`
	Target     int64              `json:"target_seconds"`
	Used       *int64             `json:"used_seconds" doc:"null while it is owed."`
	Started    time.Time          `json:"started"`
	Due        *time.Time         `json:"due"`
	Ended      *time.Time         `json:"ended"`
	Decided    *time.Time         `json:"decided" doc:"When it came to be what it is: the period in which it counts."`
}

type behindIn struct {
	Which
	Side     string `query:"side" doc:"provider or customer."`
	Metric   string `query:"metric"`
	Priority string `query:"priority"`
	State    string `query:"state" doc:"kept, broken, waived, disputed, running, silence or needless; left out, what was kept, broken, waived or disputed."`
	host.Page
}

func (p *part) entries(ctx context.Context, by auth.Actor, in *behindIn) (*host.ListOut[scorecardEntry], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	l, err := p.Report.Entries(ctx, by, report.Behind{Query: q, Side: in.Side, Metric: in.Metric, Priority: in.Priority, State: in.State}, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	var out []scorecardEntry
	for _, i := range l.Items {
		e := scorecardEntry{
			Ticket: desk.Ref(i.Number), Subject: i.Subject, Obligation: i.Obligation, Side: i.Side, Metric: i.Metric, Priority: i.Priority, State: report.StateOf(i.Outcome),
			Target: i.Target, Started: time.Unix(i.Started, 0).UTC(), Due: host.Second(i.Due), Ended: host.Second(i.Ended), Decided: host.Second(i.Decided),
		}
		if i.Ended != 0 {
			e.Used = &i.Used
		}
		out = append(out, e)
	}
	return host.ListOf(out, l.Next), nil
}

// scorecardPublication is a scorecard as it was published.
type scorecardPublication struct {
	ID        string                  `json:"id"`
	Agreement string                  `json:"agreement"`
	Site      *string                 `json:"site"`
	From      time.Time               `json:"from"`
	To        time.Time               `json:"to" doc:"Not in it."`
	By        *host.Person            `json:"by"`
	At        time.Time               `json:"at"`
	Figures   report.PublishedFigures `json:"figures"`
}

func publicationOf(x report.Publication, names *host.Book) *scorecardPublication {
	return &scorecardPublication{x.ID, x.AgreementID, host.Word(x.SiteID), x.From.UTC(), x.To.UTC(), names.Person(x.PersonID), x.At.UTC(), x.Figures}
}

func (p *part) publications(ctx context.Context, by auth.Actor, in *Which) (*host.ListOut[scorecardPublication], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	all, err := p.Report.Published(ctx, by, q.AgreementID, q.SiteID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	var out []scorecardPublication
	for _, x := range all {
		out = append(out, *publicationOf(x, names))
	}
	return host.ListOf(out, ""), nil
}

type publishIn struct {
	Body struct {
		Agreement string `json:"agreement"`
		Site      string `json:"site,omitempty"`
		From      string `json:"from,omitempty"`
		To        string `json:"to,omitempty"`
	}
}

type publicationOut struct{ Body scorecardPublication }

func (p *part) publish(ctx context.Context, by auth.Actor, in *publishIn) (*publicationOut, error) {
	q, err := Which(in.Body).query()
	if err != nil {
		return nil, err
	}
	x, err := p.Report.Publish(ctx, by, q)
	if err != nil {
		return nil, err
	}
	p.host.Acted(ctx)
	names, err := host.Names(ctx, p.DB.Read(), by, x.PersonID)
	if err != nil {
		return nil, err
	}
	return &publicationOut{*publicationOf(x, names)}, nil
}

// askedSheet is what a version asks of the customer's people.
type askedSheet struct {
	Version string      `json:"version" doc:"Id."`
	Name    string      `json:"name" doc:"Of the agreement."`
	Number  int64       `json:"number"`
	Lines   []askedLine `json:"lines"`
	Return  string      `json:"in_return" doc:"What IT promises, in one sentence."`
	Asks    bool        `json:"asks_you" doc:"It holds for the caller."`
	Read    *time.Time  `json:"read" doc:"When the caller said that they have read it."`
}

// askedLine is one thing that is asked.
type askedLine struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

type sheetOut struct{ Body askedSheet }

func sheetOf(s asked.Sheet, err error) (*sheetOut, error) {
	if err != nil {
		return nil, err
	}
	out := askedSheet{Version: s.Paper.ID, Name: s.Paper.Name, Number: s.Paper.Number, Lines: []askedLine{}, Return: asked.Returned(s.Paper), Asks: s.Asks, Read: host.Instant(s.Read)}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, askedLine(l))
	}
	return &sheetOut{out}, nil
}

func (p *part) sheet(ctx context.Context, by auth.Actor, in *host.Identified) (*sheetOut, error) {
	return sheetOf(p.Asked.Get(ctx, by, in.ID))
}

func (p *part) acknowledge(ctx context.Context, by auth.Actor, in *host.Identified) (*sheetOut, error) {
	s, err := p.Asked.Acknowledge(ctx, by, in.ID)
	if err == nil {
		p.host.Acted(ctx)
	}
	return sheetOf(s, err)
}
