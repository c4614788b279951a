package api

import (
	"context"
	"net/http"
	"time"

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
