package dispute

import (
	"context"
	"net/http"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/kit/errs"
)

// Services are what the resources stand on.
type Services struct {
	Disputes *dispute.Service
	DB       *db.DB
}

type part struct {
	Services
	host host.Host
}

// Mount registers disputes.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "disputes", Verb: auth.TicketRead, Summary: "List what is challenged on the tickets you may read, the newest first"}, p.list)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "disputes", Verb: auth.TicketDispute, Summary: "Challenge a promise or a span of a turn, for your side", Status: http.StatusCreated}, p.raise)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "disputes/{id}", Verb: auth.TicketRead, Summary: "Get a dispute with what was proposed"}, p.get)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "disputes/{id}/proposals", Verb: auth.DisputePropose, Summary: "Propose how it stands, and sign that for IT", Status: http.StatusCreated}, p.propose)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "disputes/{id}/withdraw", Verb: auth.TicketDispute, Summary: "Take your side's challenge back: it stands as it was counted"}, p.withdraw)
}

type settlement struct {
	ID       string       `json:"id"`
	As       string       `json:"as" enum:"kept,broken,provider,customer,supplier,nobody"`
	Reason   string       `json:"reason"`
	By       *host.Person `json:"by"`
	At       time.Time    `json:"at"`
	State    string       `json:"state" enum:"waiting,agreed,refused,ended"`
	EndedAt  *time.Time   `json:"ended_at"`
	Approval string       `json:"approval" doc:"The id of the approval in which both sides sign it."`
}

type disputed struct {
	ID         string           `json:"id"`
	Ticket     string           `json:"ticket" example:"BW-1001"`
	Obligation *string          `json:"obligation" doc:"The promise; null when a span is challenged."`
	Metric     agreement.Metric `json:"metric,omitempty"`
	From       *time.Time       `json:"from" doc:"Where the span begins; null when a promise is challenged."`
	Until      *time.Time       `json:"until"`
	Counted    string           `json:"counted" doc:"How it was counted: the state of the promise, or whose turn the span was."`
	Side       agreement.Side   `json:"side" enum:"provider,customer" doc:"Who challenged it."`
	RaisedBy   *host.Person     `json:"raised_by"`
	RaisedAt   time.Time        `json:"raised_at"`
	Reason     string           `json:"reason"`
	State      string           `json:"state" enum:"open,proposed,settled,withdrawn"`
	Term       time.Time        `json:"term" doc:"Until when it is to be settled."`
	Further    *time.Time       `json:"further_at" doc:"When it went where the agreement says; null while it has not."`
	Escalation string           `json:"escalation,omitempty" doc:"Where the agreement says it goes."`
	SettledAs  *string          `json:"settled_as" doc:"kept, broken, or whose turn the span was; null while it is not settled."`
	EndedAt    *time.Time       `json:"ended_at"`
	Proposals  []settlement     `json:"proposals" doc:"Oldest first; of one dispute, and left out of lists."`
}

type out struct{ Body disputed }

func word(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *part) tell(ctx context.Context, by auth.Actor, all ...dispute.Dispute) ([]disputed, error) {
	var ids []string
	for _, d := range all {
		ids = append(ids, d.RaisedBy)
		for _, x := range d.Proposals {
			ids = append(ids, x.AuthorID)
		}
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	list := make([]disputed, len(all))
	for i, d := range all {
		list[i] = disputed{
			ID: d.ID, Ticket: desk.Ref(d.Number), Obligation: word(d.Subject.Obligation), Metric: d.Metric, Counted: d.Counted, Side: d.Side, RaisedBy: names.Person(d.RaisedBy),
			RaisedAt: d.RaisedAt, Reason: d.Reason, State: string(d.State), Term: d.TermAt, Further: host.Instant(d.FurtherAt), Escalation: d.Escalation,
			SettledAs: word(d.SettledAs), EndedAt: host.Instant(d.EndedAt), Proposals: []settlement{},
		}
		if d.Subject.Span() {
			list[i].From, list[i].Until = host.Instant(d.Subject.From), host.Instant(d.Subject.Until)
		}
		for _, x := range d.Proposals {
			list[i].Proposals = append(list[i].Proposals, settlement{x.ID, x.As, x.Reason, names.Person(x.AuthorID), x.MadeAt, string(x.State), host.Instant(x.EndedAt), x.AskID})
		}
	}
	return list, nil
}

func (p *part) one(ctx context.Context, by auth.Actor, d dispute.Dispute, err error) (*out, error) {
	if err != nil {
		return nil, err
	}
	all, err := p.tell(ctx, by, d)
	if err != nil {
		return nil, err
	}
	return &out{all[0]}, nil
}

type disputesIn struct {
	Ticket string `query:"ticket" doc:"Of this ticket alone."`
	State  string `query:"state" doc:"open, proposed, settled or withdrawn."`
	host.Page
}

func (p *part) list(ctx context.Context, by auth.Actor, in *disputesIn) (*host.ListOut[disputed], error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	f := dispute.Filter{State: dispute.State(in.State)}
	if f.State != "" && !slices.Contains(dispute.States(), f.State) {
		return nil, errs.In("api.disputes", "state", "It is none of open, proposed, settled and withdrawn.")
	}
	if in.Ticket != "" {
		if f.Number, err = desk.ParseRef(in.Ticket); err != nil {
			return nil, errs.In("api.disputes", "ticket", "It is no number of a ticket. Write one like BW-1001.")
		}
	}
	l, err := p.Disputes.List(ctx, by, f, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	all, err := p.tell(ctx, by, l.Items...)
	return host.ListOf(all, l.Next), err
}

func (p *part) get(ctx context.Context, by auth.Actor, in *host.Identified) (*out, error) {
	d, err := p.Disputes.Get(ctx, by, in.ID)
	return p.one(ctx, by, d, err)
}

type challengeIn struct {
	Body struct {
		Ticket     string    `json:"ticket" example:"BW-1001"`
		Obligation string    `json:"obligation,omitempty" doc:"The promise; left out, a span is challenged."`
		From       time.Time `json:"from,omitempty" doc:"Where the span begins; it lies in one turn."`
		Until      time.Time `json:"until,omitempty"`
		Reason     string    `json:"reason"`
	}
}

func (p *part) raise(ctx context.Context, by auth.Actor, in *challengeIn) (*out, error) {
	number, err := desk.ParseRef(in.Body.Ticket)
	if err != nil {
		return nil, err
	}
	b := in.Body
	d, _, err := p.Disputes.Raise(ctx, by, desk.Act{Number: number, Reason: b.Reason}, dispute.Subject{Obligation: b.Obligation, From: b.From.UTC(), Until: b.Until.UTC()})
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, d, err)
}

type settlementIn struct {
	host.Identified
	Body struct {
		As     string `json:"as" doc:"Of a promise kept or broken; of a span whose turn it was: provider, customer, supplier or nobody."`
		Reason string `json:"reason"`
	}
}

func (p *part) propose(ctx context.Context, by auth.Actor, in *settlementIn) (*out, error) {
	d, err := p.Disputes.Propose(ctx, by, in.ID, in.Body.As, in.Body.Reason)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, d, err)
}

func (p *part) withdraw(ctx context.Context, by auth.Actor, in *host.Identified) (*out, error) {
	d, err := p.Disputes.Withdraw(ctx, by, in.ID)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, d, err)
}
