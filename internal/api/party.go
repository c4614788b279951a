package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/api/own"
	"bothways/internal/auth"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// parties registers who there is and what was agreed with them.
func (h *Handler) parties() {
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "people", Verb: auth.PersonRead, Summary: "List people, by name"}, h.people)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "sites", Verb: auth.SiteRead, Summary: "List sites, by name"}, h.sites)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "teams", Verb: auth.SiteRead, Summary: "List teams, by name"}, h.teams)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "agreements", Verb: auth.AgreementRead, Summary: "List agreements, their versions and the targets of both sides"}, h.agreements)
}

// Record is a person as whoever may read their record sees them.
type Record struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Address      string     `json:"address"`
	Organisation string     `json:"organisation"`
	Site         *string    `json:"site"`
	Zone         string     `json:"zone"`
	Mailed       bool       `json:"mailed" doc:"Mails are sent to them; else the portal shows."`
	DisabledAt   *time.Time `json:"disabled_at"`
}

func recordOf(p people.Person) Record {
	return Record{p.ID, p.Name, p.Address, p.OrgName, host.Word(p.SiteName), p.Zone, p.Mailed, host.Instant(p.DisabledAt)}
}

// grant is a role in force now.
type grant struct {
	Role    auth.Role  `json:"role"`
	Scope   auth.Scope `json:"scope"`
	ScopeID string     `json:"scope_id,omitempty" doc:"Of an organisation, site or team its id, of a region its name."`
}

// self is whoever calls.
type self struct {
	Record
	Language *string    `json:"language" doc:"null: as the desk speaks."`
	Quiet    *own.Quiet `json:"quiet_hours" doc:"null: none. They move no deadline, and people's words come at once."`
	Copies   bool       `json:"copies" doc:"Mails of requests that you follow."`
	Roles    []grant    `json:"roles"`
	Teams    []string   `json:"teams" doc:"Names."`
	Scopes   []string   `json:"scopes" nullable:"true" doc:"Of the token in use; null when it has no limits."`
}

// selfOut is the caller as an answer.
type selfOut struct {
	Body self
}

func (h *Handler) me(ctx context.Context, by auth.Actor, _ *struct{}) (*selfOut, error) {
	p, err := h.People.Person(ctx, by, by.PersonID)
	if err != nil {
		return nil, err
	}
	b, err := h.names(ctx, by, by.Teams...)
	if err != nil {
		return nil, err
	}
	pref, err := people.PreferenceOf(ctx, h.DB.Read(), p.ID)
	if err != nil {
		return nil, err
	}
	out := &selfOut{Body: self{Record: recordOf(p), Language: host.Word(pref.Language), Quiet: own.QuietOf(pref.Quiet), Copies: pref.Copies, Roles: []grant{}, Teams: []string{}, Scopes: by.Scopes}}
	for _, g := range by.Grants {
		out.Body.Roles = append(out.Body.Roles, grant{g.Role, g.Scope, g.ScopeID})
	}
	for _, t := range by.Teams {
		out.Body.Teams = append(out.Body.Teams, b.Teams[t])
	}
	return out, nil
}

// searchIn is a page of something that can be looked for.
type searchIn struct {
	Q string `query:"q" doc:"The beginning of a name, or a whole mail address."`
	host.Page
}

func (h *Handler) people(ctx context.Context, by auth.Actor, in *searchIn) (*host.ListOut[Record], error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	l, err := h.People.Persons(ctx, by, people.PersonFilter{Q: text.Cut(text.Line(in.Q), 300)}, in.Cursor, limit)
	out := make([]Record, len(l.Items))
	for i, p := range l.Items {
		out[i] = recordOf(p)
	}
	return host.ListOf(out, l.Next), err
}

// site is a place.
type site struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	Organisation string  `json:"organisation"`
	Region       *string `json:"region"`
	Zone         string  `json:"zone"`
}

func (h *Handler) sites(ctx context.Context, by auth.Actor, in *host.Page) (*host.ListOut[site], error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	l, err := h.People.Sites(ctx, by, "", in.Cursor, limit)
	out := make([]site, len(l.Items))
	for i, s := range l.Items {
		out[i] = site{s.ID, s.Name, s.OrgName, host.Word(s.Region), s.Zone}
	}
	return host.ListOf(out, l.Next), err
}

// team is a support group.
type team struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

func (h *Handler) teams(ctx context.Context, by auth.Actor, in *host.Page) (*host.ListOut[team], error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	l, err := h.People.Teams(ctx, by, in.Cursor, limit)
	out := make([]team, len(l.Items))
	for i, t := range l.Items {
		out[i] = team{t.ID, t.Name, t.Kind}
	}
	return host.ListOf(out, l.Next), err
}

// contract is an agreement with its versions.
type contract struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Organisation *string   `json:"organisation" doc:"null: for everybody who has none of their own."`
	Versions     []version `json:"versions" doc:"Oldest first."`
}

// version is what an agreement says from an instant on.
type version struct {
	ID                   string     `json:"id"`
	Number               int64      `json:"number"`
	From                 *time.Time `json:"from" doc:"null: from the beginning."`
	ServiceCalendar      string     `json:"service_calendar" doc:"Id: the hours IT works in."`
	CustomerCalendar     string     `json:"customer_calendar" doc:"Id: the hours of customers whose site has none of its own."`
	GraceDays            int        `json:"grace_days" doc:"For how long a closed ticket can be reopened."`
	SupplierStopsPromise bool       `json:"supplier_stops_promise" doc:"A supplier's turn does not run against IT's promise."`
	Targets              []target   `json:"targets"`
	Ladder               []rung     `json:"ladder" doc:"What follows when a promise is not kept, in order."`
}

// target is one promise of an agreement.
type target struct {
	Side        agreement.Side     `json:"side" enum:"provider,customer"`
	Metric      agreement.Metric   `json:"metric"`
	Priority    agreement.Priority `json:"priority,omitempty" doc:"Left out: every priority without a target of its own."`
	Seconds     int64              `json:"seconds" doc:"Of the working time of whoever owes it."`
	WarnPercent int                `json:"warn_percent,omitempty"`
}

// rung is a step of the ladder.
type rung struct {
	Metric      agreement.Metric `json:"metric"`
	Action      string           `json:"action"`
	Percent     int              `json:"percent,omitempty"`
	PlusSeconds int64            `json:"plus_seconds,omitempty"`
	PlusDays    int              `json:"plus_days,omitempty"`
}

func (h *Handler) agreements(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[contract], error) {
	papers, err := h.Book.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []contract
	for i := range papers {
		p := &papers[i]
		if p.OrgID != "" && auth.Can(by, auth.AgreementRead, auth.Object{Kind: "agreement", OrgID: p.OrgID}) != nil {
			continue
		}
		if n := len(out); n == 0 || out[n-1].ID != p.AgreementID {
			c := contract{ID: p.AgreementID, Name: p.Name}
			if p.OrgID != "" {
				o, err := people.OrganisationByID(ctx, h.DB.Read(), p.OrgID)
				if err != nil {
					return nil, err
				}
				c.Organisation = host.Word(o.Name)
			}
			out = append(out, c)
		}
		last := &out[len(out)-1]
		last.Versions = append(last.Versions, versionOf(p))
	}
	return host.ListOf(out, ""), nil
}

func versionOf(p *agreement.Paper) version {
	v := version{
		ID: p.ID, Number: p.Number, From: host.Instant(p.From()), ServiceCalendar: p.ServiceCalendar, CustomerCalendar: p.CustomerCalendar,
		GraceDays: p.Terms.GraceDays, SupplierStopsPromise: p.Terms.SupplierStopsPromise, Targets: []target{}, Ladder: []rung{},
	}
	for _, t := range p.Terms.Targets {
		v.Targets = append(v.Targets, target{t.Metric.Side(), t.Metric, t.Priority, t.Seconds, t.WarnPercent})
	}
	for _, s := range p.Terms.Ladder {
		v.Ladder = append(v.Ladder, rung{s.Metric, s.Action, s.Percent, s.PlusSeconds, s.PlusDays})
	}
	return v
}
