package api

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// list is one page of anything.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"Where the next page begins: send it as cursor. null on the last page."`
}

// listOut is a list as an answer.
type listOut[T any] struct {
	Body list[T]
}

func listOf[T any](items []T, next string) *listOut[T] {
	if items == nil {
		items = []T{}
	}
	out := &listOut[T]{Body: list[T]{Items: items}}
	if next != "" {
		out.Body.Next = &next
	}
	return out
}

// Page are the parameters of every paged list.
type Page struct {
	Limit  string `query:"limit" doc:"Rows of a page: 1 to 200, 50 when it is left out."`
	Cursor string `query:"cursor" doc:"The value of next of the page before."`
}

// read checks the parameters: engines must never see what is no cursor of ours.
func (p Page) read() (limit int, c page.Cursor, err error) {
	if p.Limit != "" {
		for _, r := range p.Limit {
			if r < '0' || r > '9' || limit > page.MaxLimit {
				limit = -1
				break
			}
			limit = limit*10 + int(r-'0')
		}
		if limit < 1 {
			return 0, c, errs.In("api.page", "limit", "It is not a number from 1 to %d. Write one, or leave it out.", page.MaxLimit)
		}
	}
	c, err = page.Parse(p.Cursor)
	if err == nil && strings.ContainsRune(c.Tie, 0) {
		err = errs.In("api.page", "cursor", `It is not one of ours; take the value of "next" of the page before, or leave it out to start again.`)
	}
	return page.Limit(limit), c, err
}

// person is somebody as an answer names them. The address is left out where the reader may not know it: staff's, and that of
// people of other organisations, for customers.
type person struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty" doc:"Mail address; left out where the reader may not know it."`
}

// turn is whose move it is.
type turn struct {
	Side   agreement.Side `json:"side" enum:"provider,customer,supplier,nobody"`
	Since  time.Time      `json:"since"`
	Team   string         `json:"team,omitempty" doc:"Of the provider or the supplier: the team that owes the move."`
	Person *person        `json:"person,omitempty" doc:"Who owes the move: the customer, or the assignee."`
}

// due is the promise of the side in turn that breaks first.
type due struct {
	At      time.Time        `json:"at"`
	Metric  agreement.Metric `json:"metric"`
	Started time.Time        `json:"started"`
}

// ticket is a ticket as everybody on it sees it.
type ticket struct {
	Number       string             `json:"number" example:"BW-1001"`
	Kind         desk.Kind          `json:"kind" enum:"incident,service_request,question,complaint"`
	Subject      string             `json:"subject"`
	State        desk.State         `json:"state" enum:"new,in_progress,waiting_for_customer,waiting_for_supplier,scheduled,resolved,closed,withdrawn,declined,lapsed,not_a_ticket,merged"`
	Priority     agreement.Priority `json:"priority" enum:"low,medium,high,critical"`
	Impact       desk.Level         `json:"impact" enum:"low,medium,high"`
	Urgency      desk.Level         `json:"urgency" enum:"low,medium,high"`
	Sensitivity  string             `json:"sensitivity" doc:"security, safety, procurement or legal_hold: silence never ends it. Empty is none of them."`
	Door         string             `json:"door" enum:"service_desk,service_levels" doc:"Behind which door it is now."`
	Channel      string             `json:"channel" doc:"Where it came in."`
	Auth         string             `json:"auth" doc:"Of the mail that opened it: none, fail or aligned. Empty on other channels."`
	Turn         turn               `json:"turn"`
	Due          *due               `json:"due" doc:"What the side in turn owes first; null when nobody owes anything by a time."`
	Requester    *person            `json:"requester" doc:"Who asks."`
	Affected     *person            `json:"affected" doc:"Who gets it."`
	Submitter    *person            `json:"submitter" doc:"Who typed it; null when the desk itself did."`
	Organisation *string            `json:"organisation"`
	Site         *string            `json:"site"`
	Region       *string            `json:"region"`
	Team         *string            `json:"team"`
	Assignee     *person            `json:"assignee"`
	LastLine     string             `json:"last_line" doc:"The newest public words, in one line."`
	CreatedAt    time.Time          `json:"created_at"`
	ChangedAt    time.Time          `json:"changed_at"`
	ResolvedAt   *time.Time         `json:"resolved_at"`
	ClosedAt     *time.Time         `json:"closed_at"`
	Version      int64              `json:"version"`
}

// book knows the names that answers show, read in as few statements as there are kinds of them.
type book struct {
	by      auth.Actor
	persons map[string]people.Person
	teams   map[string]string
	sites   map[string]string
	orgs    map[string]string
}

// names looks up persons and teams by their ids; ids of nothing stay without a name.
func (h *Handler) names(ctx context.Context, by auth.Actor, ids ...string) (*book, error) {
	b := &book{by: by, persons: map[string]people.Person{}, teams: map[string]string{}, sites: map[string]string{}, orgs: map[string]string{}}
	seen := map[string]bool{}
	var ask []string
	for _, v := range ids {
		if id.Valid(v) && !seen[v] {
			seen[v] = true
			ask = append(ask, v)
		}
	}
	found, err := people.PersonsByID(ctx, h.DB.Read(), ask...)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		b.persons[p.ID], b.orgs[p.OrgID] = p, p.OrgName
		if p.SiteID != "" {
			b.sites[p.SiteID] = p.SiteName
		}
	}
	for _, v := range ask {
		if _, ok := b.persons[v]; ok {
			continue
		}
		t, err := people.TeamByID(ctx, h.DB.Read(), v)
		if err == nil {
			b.teams[v] = t.Name
		} else if !errs.Is(err, errs.NotFound) {
			return nil, err
		}
	}
	return b, nil
}

// person is somebody by their id, nil when there is none.
func (b *book) person(personID string) *person {
	p, ok := b.persons[personID]
	if !ok {
		return nil
	}
	out := &person{Name: p.Name}
	if b.by.Staff() || p.ID == b.by.PersonID || p.OrgID == b.by.OrgID && !b.by.Stranger {
		out.Address = p.Address
	}
	return out
}

// party names a party of the ledger, which is a person or a team.
func (b *book) party(partyID string) string {
	if p, ok := b.persons[partyID]; ok {
		return p.Name
	}
	return b.teams[partyID]
}

// places reads the names of organisations and sites that no person of the answer has brought along.
func (h *Handler) places(ctx context.Context, b *book, rows []desk.Row) error {
	for i := range rows {
		t := &rows[i].Ticket
		if _, ok := b.orgs[t.OrgID]; !ok {
			o, err := people.OrganisationByID(ctx, h.DB.Read(), t.OrgID)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			b.orgs[t.OrgID] = o.Name
		}
		if _, ok := b.sites[t.SiteID]; !ok && t.SiteID != "" {
			s, err := people.SiteByID(ctx, h.DB.Read(), t.SiteID)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			b.sites[t.SiteID] = s.Name
		}
	}
	return nil
}

// show makes the answers of tickets.
func (h *Handler) show(ctx context.Context, by auth.Actor, rows []desk.Row) ([]ticket, error) {
	ids := make([]string, 0, 6*len(rows))
	for i := range rows {
		t := &rows[i].Ticket
		ids = append(ids, t.RequesterID, t.AffectedID, t.SubmitterID, t.AssigneeID, t.TurnParty, t.TeamID)
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	if err := h.places(ctx, b, rows); err != nil {
		return nil, err
	}
	out := make([]ticket, len(rows))
	for i := range rows {
		out[i] = b.ticket(rows[i].Ticket)
	}
	return out, nil
}

func (b *book) ticket(t desk.Ticket) ticket {
	out := ticket{
		Number: t.Ref(), Kind: t.Kind, Subject: t.Subject, State: t.State, Priority: t.Priority, Impact: t.Impact, Urgency: t.Urgency,
		Sensitivity: t.Sensitivity, Door: desk.DoorOf(t), Channel: t.Channel, Auth: t.Auth, Turn: b.turn(t), Requester: b.person(t.RequesterID),
		Affected: b.person(t.AffectedID), Submitter: b.person(t.SubmitterID), Organisation: word(b.orgs[t.OrgID]), Site: word(b.sites[t.SiteID]),
		Region: word(t.Region), Team: word(b.teams[t.TeamID]), Assignee: b.person(t.AssigneeID), LastLine: t.LastLine, CreatedAt: t.MadeAt.UTC(),
		ChangedAt: t.ChangedAt.UTC(), ResolvedAt: instant(t.ResolvedAt), ClosedAt: instant(t.ClosedAt), Version: t.Version,
	}
	if !t.DueAt.IsZero() {
		out.Due = &due{At: t.DueAt.UTC(), Metric: t.DueMetric, Started: t.DueStarted.UTC()}
	}
	return out
}

func (b *book) turn(t desk.Ticket) turn {
	out := turn{Side: t.TurnSide, Since: t.TurnSince.UTC(), Team: b.teams[t.TurnParty], Person: b.person(t.TurnParty)}
	if t.TurnSide == agreement.SideProvider {
		if out.Team == "" {
			out.Team = b.teams[t.TeamID]
		}
		out.Person = b.person(t.AssigneeID)
	}
	return out
}

// word is a name, or null.
func word(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// instant is a time, or null.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// second is an instant of the ledger, or null.
func second(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	return instant(time.Unix(unix, 0))
}

// nullable writes into the specification that a field which points to an object may be null: huma says so of plain values
// alone. Schemas of answers are never validated against, so nothing else changes.
func nullable(r huma.Registry) {
	for name, s := range r.Map() {
		t := r.TypeFromRef("#/components/schemas/" + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for i := range t.NumField() {
			f := t.Field(i)
			tag := f.Tag.Get("json")
			p := s.Properties[tag]
			if f.Type.Kind() == reflect.Pointer && p != nil && p.Ref != "" { // a tag with omitempty names no property
				s.Properties[tag] = &huma.Schema{Description: p.Description, AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}}
			}
		}
	}
}
