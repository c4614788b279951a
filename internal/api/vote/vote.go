package vote

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
)

// Services are what the resources stand on.
type Services struct {
	Approvals *approval.Service
	DB        *db.DB
}

type part struct {
	Services
	host host.Host
}

// Mount registers approvals and delegations.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "approvals", Verb: auth.ApprovalRead, Summary: "List what you are asked to decide, the oldest first"}, p.waiting)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "approvals/mine", Verb: auth.ApprovalRead, Summary: "List what you asked for or decided, the newest first"}, p.mine)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "approvals/{id}", Verb: auth.ApprovalRead, Summary: "Get an approval with every vote"}, p.get)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "approvals/{id}/votes", Verb: auth.ApprovalVote, Summary: "Decide: consent or not, once", Status: http.StatusCreated}, p.vote)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "approvals/{id}/withdraw", Verb: auth.ApprovalVote, Summary: "Take back what you asked for"}, p.withdraw)
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "delegations", Verb: auth.ApprovalRead, Summary: "List whose votes you have and who has yours"}, p.delegations)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "delegations", Verb: auth.ApprovalVote, Summary: "Let somebody vote for you for a time", Status: http.StatusCreated}, p.delegate)
	host.Handle(h, host.Route{Method: http.MethodPost, Path: "delegations/{id}/end", Verb: auth.ApprovalVote, Summary: "Take your votes back"}, p.end)
}

type vote struct {
	Stage   string       `json:"stage"`
	For     *host.Person `json:"for" doc:"Whose seat it is."`
	By      *host.Person `json:"by" doc:"Who decided: the same person, or who stood in."`
	Until   *time.Time   `json:"until" doc:"Until when they stood in; null for one's own seat, and when nobody knows."`
	Consent bool         `json:"consent"`
	Reason  string       `json:"reason"`
	At      time.Time    `json:"at"`
}

type stage struct {
	Name    string         `json:"name"`
	State   string         `json:"state" enum:"pending,approved,refused"`
	Asked   bool           `json:"asked" doc:"Its turn has come."`
	Quorum  int            `json:"quorum"`
	Veto    bool           `json:"veto"`
	Consent int            `json:"consent"`
	Against int            `json:"against"`
	Missing []*host.Person `json:"missing" doc:"Who has not decided."`
}

type ask struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"`
	Object      string       `json:"object" doc:"The id of what is to be approved."`
	Title       string       `json:"title"`
	Digest      string       `json:"digest" doc:"SHA-256 of exactly what is to be approved: send it with your vote."`
	State       string       `json:"state" enum:"pending,approved,refused,expired,withdrawn,void"`
	AskedBy     *host.Person `json:"asked_by"`
	AskedAt     time.Time    `json:"asked_at"`
	ExpiresAt   *time.Time   `json:"expires_at"`
	EscalatedAt *time.Time   `json:"escalated_at"`
	DecidedAt   *time.Time   `json:"decided_at"`
	Reason      string       `json:"reason,omitempty" doc:"Why it was withdrawn, or is void."`
	Ordered     bool         `json:"ordered" doc:"One stage is asked after the other."`
	Stages      []stage      `json:"stages"`
	Votes       []vote       `json:"votes"`
}

type askOut struct{ Body ask }

// tell makes answers of asks, with the names in them.
func (p *part) tell(ctx context.Context, by auth.Actor, all ...approval.Ask) ([]ask, error) {
	var ids []string
	for _, a := range all {
		ids = append(ids, a.AskedBy)
		for _, s := range a.Rule.Stages {
			ids = append(ids, s.Seats...)
		}
		for _, v := range a.Votes {
			ids = append(ids, v.Voter, v.Seat)
		}
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]ask, len(all))
	for i, a := range all {
		out[i] = ask{
			ID: a.ID, Kind: a.Kind, Object: a.ObjectID, Title: a.Title, Digest: a.Digest, State: string(a.State), AskedBy: names.Person(a.AskedBy), AskedAt: a.AskedAt,
			ExpiresAt: host.Instant(a.ExpiresAt), EscalatedAt: host.Instant(a.EscalatedAt), DecidedAt: host.Instant(a.DecidedAt), Reason: a.Reason,
			Ordered: a.Rule.Ordered, Stages: []stage{}, Votes: []vote{},
		}
		for k, s := range a.Standing().Stages {
			st := stage{
				Name: s.Name, State: string(s.State), Asked: s.Asked, Quorum: a.Rule.Stages[k].Quorum, Veto: a.Rule.Stages[k].Veto, Consent: s.Consent, Against: s.Against,
				Missing: []*host.Person{},
			}
			for _, m := range s.Missing {
				st.Missing = append(st.Missing, names.Person(m))
			}
			out[i].Stages = append(out[i].Stages, st)
		}
		for _, v := range a.Votes {
			out[i].Votes = append(out[i].Votes, vote{v.Stage, names.Person(v.Seat), names.Person(v.Voter), host.Instant(v.Until), v.Consent, v.Reason, v.At})
		}
	}
	return out, nil
}

func (p *part) one(ctx context.Context, by auth.Actor, a approval.Ask, err error) (*askOut, error) {
	if err != nil {
		return nil, err
	}
	all, err := p.tell(ctx, by, a)
	if err != nil {
		return nil, err
	}
	return &askOut{all[0]}, nil
}

func (p *part) waiting(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[ask], error) {
	all, err := p.Approvals.Waiting(ctx, by)
	if err != nil {
		return nil, err
	}
	out, err := p.tell(ctx, by, all...)
	return host.ListOf(out, ""), err
}

func (p *part) mine(ctx context.Context, by auth.Actor, in *host.Page) (*host.ListOut[ask], error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	l, err := p.Approvals.Mine(ctx, by, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	out, err := p.tell(ctx, by, l.Items...)
	return host.ListOf(out, l.Next), err
}

func (p *part) get(ctx context.Context, by auth.Actor, in *host.Identified) (*askOut, error) {
	a, err := p.Approvals.Get(ctx, by, in.ID)
	return p.one(ctx, by, a, err)
}

type voteIn struct {
	host.Identified
	Body struct {
		Consent bool   `json:"consent"`
		Reason  string `json:"reason,omitempty" doc:"Needed when you do not consent."`
		Digest  string `json:"digest" doc:"Of what you saw. Refused with 412 when it is not what is asked."`
		Stage   string `json:"stage,omitempty" doc:"Needed only where you hold seats in several stages."`
		For     string `json:"for,omitempty" doc:"The id of the person you stand in for; left out, it is your own seat, else the one you stand in for."`
	}
}

func (p *part) vote(ctx context.Context, by auth.Actor, in *voteIn) (*askOut, error) {
	a, err := p.Approvals.Vote(ctx, by, in.ID, approval.Ballot{Stage: in.Body.Stage, Seat: in.Body.For, Consent: in.Body.Consent, Reason: in.Body.Reason, Digest: in.Body.Digest})
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, a, err)
}

type withdrawIn struct {
	host.Identified
	Body struct {
		Reason string `json:"reason"`
	}
}

func (p *part) withdraw(ctx context.Context, by auth.Actor, in *withdrawIn) (*askOut, error) {
	a, err := p.Approvals.Withdraw(ctx, by, in.ID, in.Body.Reason)
	if err == nil {
		p.host.Acted(ctx)
	}
	return p.one(ctx, by, a, err)
}

type delegation struct {
	ID    string       `json:"id"`
	From  *host.Person `json:"from" doc:"Whose votes."`
	To    *host.Person `json:"to" doc:"Who votes."`
	Kind  string       `json:"kind" doc:"Of what is approved; empty is everything."`
	Since time.Time    `json:"since"`
	Until time.Time    `json:"until"`
}

func (p *part) delegations(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[delegation], error) {
	all, err := p.Approvals.Delegations(ctx, by)
	if err != nil {
		return nil, err
	}
	out, err := p.tellDelegations(ctx, by, all...)
	return host.ListOf(out, ""), err
}

func (p *part) tellDelegations(ctx context.Context, by auth.Actor, all ...approval.Delegation) ([]delegation, error) {
	var ids []string
	for _, d := range all {
		ids = append(ids, d.From, d.To)
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]delegation, len(all))
	for i, d := range all {
		out[i] = delegation{d.ID, names.Person(d.From), names.Person(d.To), d.Kind, d.Begins, d.Until}
	}
	return out, nil
}

type delegateIn struct {
	Body struct {
		To    string    `json:"to" doc:"The id of the person who votes for you."`
		Kind  string    `json:"kind,omitempty" doc:"Left out, it is everything you are asked."`
		Since time.Time `json:"since,omitempty" doc:"Left out, it is now."`
		Until time.Time `json:"until"`
	}
}

func (p *part) delegate(ctx context.Context, by auth.Actor, in *delegateIn) (*struct{ Body delegation }, error) {
	d, err := p.Approvals.Delegate(ctx, by, approval.DelegationInput{To: in.Body.To, Kind: in.Body.Kind, Begins: in.Body.Since, Until: in.Body.Until})
	if err != nil {
		return nil, err
	}
	p.host.Acted(ctx)
	out, err := p.tellDelegations(ctx, by, d)
	if err != nil {
		return nil, err
	}
	return &struct{ Body delegation }{out[0]}, nil
}

func (p *part) end(ctx context.Context, by auth.Actor, in *host.Identified) (*struct{}, error) {
	if err := p.Approvals.EndDelegation(ctx, by, in.ID); err != nil {
		return nil, err
	}
	p.host.Acted(ctx)
	return &struct{}{}, nil
}
