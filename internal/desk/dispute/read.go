package dispute

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/page"
)

// Get reads a dispute with its proposals and where the agreement says it goes. Errors: NotFound for who may not read its ticket.
func (s *Service) Get(ctx context.Context, by auth.Actor, disputeID string) (Dispute, error) {
	d, t, err := s.readable(ctx, s.DB.Read(), by, disputeID, false)
	if err != nil {
		return Dispute{}, err
	}
	d.Escalation, err = s.escalation(ctx, s.DB.Read(), t)
	return d, err
}

// escalation is where the version in force on a ticket says that a dispute goes; "" when it says nothing.
func (s *Service) escalation(ctx context.Context, q db.Querier, t ticket.Ticket) (string, error) {
	_, papers, err := s.Desk.Facts(ctx, q, t)
	if err != nil || len(papers) == 0 {
		return "", err
	}
	return papers[len(papers)-1].Terms.Escalation, nil
}

func (s *Service) readable(ctx context.Context, q db.Querier, by auth.Actor, disputeID string, taken bool) (Dispute, ticket.Ticket, error) {
	var d Dispute
	var err error
	if tx, ok := q.(*db.Tx); ok && taken {
		d, err = take(ctx, tx, disputeID)
	} else {
		d, err = byID(ctx, q, disputeID)
	}
	if err != nil {
		return d, ticket.Ticket{}, err
	}
	t, err := s.Desk.Readable(ctx, q, by, d.Number)
	if err != nil {
		return Dispute{}, t, err
	}
	return d, t, nil
}

// Filter narrows a list.
type Filter struct {
	State  State // "" is every
	Number int64 // of a ticket, 0 is every
}

// List gives the disputes of the tickets that the actor may read, the newest first, without their proposals. Errors: Invalid for a cursor
// that is none.
func (s *Service) List(ctx context.Context, by auth.Actor, f Filter, cursor string, limit int) (page.List[Dispute], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Dispute]{}, err
	}
	w := db.NewWhere()
	read.Visible(by, auth.TicketRead, w)
	if f.State != "" {
		w.And("d.state = ?", string(f.State))
	}
	if f.Number != 0 {
		w.And("t.number = ?", f.Number)
	}
	return list(ctx, s.DB.Read(), w, c, page.Limit(limit))
}

// May say what the actor may do about a dispute: propose how it stands, and take it back.
func (s *Service) MayDo(ctx context.Context, by auth.Actor, d Dispute) (propose, withdraw bool, err error) {
	q := s.DB.Read()
	t, err := store.ByID(ctx, q, d.TicketID)
	if err != nil || d.pending("") != nil {
		return false, false, err
	}
	parts, err := store.Participants(ctx, q, t.ID)
	if err != nil {
		return false, false, err
	}
	stream, err := event.Of(ctx, q, t.ID, 0)
	o := t.Object(parts)
	customer := by.PersonID == t.RequesterID || by.PersonID == t.AffectedID || by.HoldsOver(auth.SiteContact, o) || by.HoldsOver(auth.Signatory, o)
	propose = d.State == Open && auth.Can(by, auth.DisputePropose, o) == nil && !concerns(t, stream, by.PersonID)
	withdraw = auth.Can(by, auth.TicketDispute, o) == nil && customer == (d.Side == "customer")
	if !customer && auth.Can(by, auth.TicketWork, o) != nil {
		withdraw = false
	}
	return propose, withdraw, err
}
