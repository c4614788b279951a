package api

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// turn is whose move it is.
type turn struct {
	Side   agreement.Side `json:"side" enum:"provider,customer,supplier,nobody"`
	Since  time.Time      `json:"since"`
	Team   string         `json:"team,omitempty" doc:"Of the provider or the supplier: the team that owes the move."`
	Person *host.Person   `json:"person,omitempty" doc:"Who owes the move: the customer, or the assignee."`
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
	Matter       string             `json:"matter" doc:"At the second door: level, price, exception or complaint. Empty: nobody has said."`
	Service      *string            `json:"service" doc:"The service it is about."`
	Channel      string             `json:"channel" doc:"Where it came in."`
	Auth         string             `json:"auth" doc:"Of the mail that opened it: none, fail or aligned. Empty on other channels."`
	Turn         turn               `json:"turn"`
	Due          *due               `json:"due" doc:"What the side in turn owes first; null when nobody owes anything by a time."`
	Requester    *host.Person       `json:"requester" doc:"Who asks."`
	Affected     *host.Person       `json:"affected" doc:"Who gets it."`
	Submitter    *host.Person       `json:"submitter" doc:"Who typed it; null when the desk itself did."`
	Organisation *string            `json:"organisation"`
	Site         *string            `json:"site"`
	Region       *string            `json:"region"`
	Team         *string            `json:"team"`
	Assignee     *host.Person       `json:"assignee"`
	LastLine     string             `json:"last_line" doc:"The newest public words, in one line."`
	CreatedAt    time.Time          `json:"created_at"`
	ChangedAt    time.Time          `json:"changed_at"`
	ResolvedAt   *time.Time         `json:"resolved_at"`
	ClosedAt     *time.Time         `json:"closed_at"`
	Version      int64              `json:"version"`
}

// book knows the names that answers show, and makes the shapes that hold them.
type book struct {
	*host.Book
	services map[string]string
}

// names looks up persons and teams by their ids; ids of nothing stay without a name.
func (h *Handler) names(ctx context.Context, by auth.Actor, ids ...string) (*book, error) {
	b, err := host.Names(ctx, h.DB.Read(), by, ids...)
	return &book{Book: b}, err
}

// places reads the names of organisations and sites that no person of the answer has brought along.
func (h *Handler) places(ctx context.Context, b *book, rows []desk.Row) error {
	for i := range rows {
		t := &rows[i].Ticket
		if _, ok := b.Orgs[t.OrgID]; !ok {
			o, err := people.OrganisationByID(ctx, h.DB.Read(), t.OrgID)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			b.Orgs[t.OrgID] = o.Name
		}
		if _, ok := b.Sites[t.SiteID]; !ok && t.SiteID != "" {
			s, err := people.SiteByID(ctx, h.DB.Read(), t.SiteID)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			b.Sites[t.SiteID] = s.Name
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
	var services []string
	for i := range rows {
		if s := rows[i].ServiceID; s != "" && !slices.Contains(services, s) {
			services = append(services, s)
		}
	}
	if b.services, err = catalog.NamesOf(ctx, h.DB.Read(), services...); err != nil {
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
		Sensitivity: t.Sensitivity, Door: desk.DoorOf(t), Matter: string(t.Matter), Service: host.Word(b.services[t.ServiceID]), Channel: t.Channel, Auth: t.Auth, Turn: b.turn(t), Requester: b.Person(t.RequesterID),
		Affected: b.Person(t.AffectedID), Submitter: b.Person(t.SubmitterID), Organisation: host.Word(b.Orgs[t.OrgID]), Site: host.Word(b.Sites[t.SiteID]),
		Region: host.Word(t.Region), Team: host.Word(b.Teams[t.TeamID]), Assignee: b.Person(t.AssigneeID), LastLine: t.LastLine, CreatedAt: t.MadeAt.UTC(),
		ChangedAt: t.ChangedAt.UTC(), ResolvedAt: host.Instant(t.ResolvedAt), ClosedAt: host.Instant(t.ClosedAt), Version: t.Version,
	}
	if !t.DueAt.IsZero() {
		out.Due = &due{At: t.DueAt.UTC(), Metric: t.DueMetric, Started: t.DueStarted.UTC()}
	}
	return out
}

func (b *book) turn(t desk.Ticket) turn {
	out := turn{Side: t.TurnSide, Since: t.TurnSince.UTC(), Team: b.Teams[t.TurnParty], Person: b.Person(t.TurnParty)}
	if t.TurnSide == agreement.SideProvider {
		if out.Team == "" {
			out.Team = b.Teams[t.TeamID]
		}
		out.Person = b.Person(t.AssigneeID)
	}
	return out
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
