package approval

import (
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/page"
)

// Get reads an ask with its votes. Errors: NotFound for who has nothing to do with it.
func (s *Service) Get(ctx context.Context, by auth.Actor, askID string) (Ask, error) {
	a, err := askByID(ctx, s.db.Read(), askID)
	if err != nil {
		return Ask{}, err
	}
	if err := s.can(ctx, s.db.Read(), by, a, auth.ApprovalRead); err != nil {
		return Ask{}, err
	}
	return a, nil
}

// can says whether the actor may do a verb to an ask. Who stands in for somebody asked is asked as well.
func (s *Service) can(ctx context.Context, q db.Querier, by auth.Actor, a Ask, v auth.Verb) error {
	o := a.Object()
	if by.PersonID != "" && !slices.Contains(o.Parties, by.PersonID) {
		stands, err := s.standsFor(ctx, q, by.PersonID, a.Kind)
		if err != nil {
			return err
		}
		_, voted := a.Voted(by.PersonID)
		if voted || slices.ContainsFunc(o.Parties, func(p string) bool { _, ok := stands[p]; return ok && p != a.AskedBy }) {
			o.Parties = append(o.Parties, by.PersonID)
		}
	}
	return auth.Can(by, v, o)
}

// Of lists what was asked about a thing, the newest first, each with its votes. The caller decides whether the actor may see it.
func (s *Service) Of(ctx context.Context, q db.Querier, kind, objectID string) ([]Ask, error) {
	return asksOf(ctx, q, kind, objectID)
}

// ByID reads an ask whoever reads it: for the package whose thing it is, which decides who may see it. Errors: NotFound.
func (s *Service) ByID(ctx context.Context, q db.Querier, askID string) (Ask, error) {
	return askByID(ctx, q, askID)
}

// Seat is a seat that somebody may vote from.
type Seat struct {
	Stage, Holder string
	Until         time.Time // how long they stand in; zero for their own
}

// Seats gives from which seats the actor may vote on an ask at the moment.
func (s *Service) Seats(ctx context.Context, by auth.Actor, a Ask) ([]Seat, error) {
	if _, voted := a.Voted(by.PersonID); voted || a.barred(by.PersonID) {
		return nil, nil
	}
	stands, err := s.standsFor(ctx, s.db.Read(), by.PersonID, a.Kind)
	if err != nil {
		return nil, err
	}
	escalated := !a.EscalatedAt.IsZero() && slices.Contains(a.Rule.Escalate, by.PersonID)
	var out []Seat
	for _, o := range a.open() {
		until, stand := stands[o[1]]
		if (o[1] == by.PersonID || stand || escalated) && !a.barred(o[1]) {
			out = append(out, Seat{o[0], o[1], until})
		}
	}
	return out, nil
}

// Waiting lists what the actor is asked to decide, the oldest on top: by a seat of their own, as somebody's substitute, or because it was
// escalated to them.
func (s *Service) Waiting(ctx context.Context, by auth.Actor) ([]Ask, error) {
	if err := auth.Can(by, auth.ApprovalRead, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return nil, err
	}
	stands, err := s.standsFor(ctx, s.db.Read(), by.PersonID, "")
	if err != nil {
		return nil, err
	}
	holders := []string{by.PersonID}
	for p := range stands {
		holders = append(holders, p)
	}
	slices.Sort(holders)
	all, err := asksWaiting(ctx, s.db.Read(), holders)
	if err != nil {
		return nil, err
	}
	var out []Ask
	for _, a := range all {
		seats, err := s.Seats(ctx, by, a)
		if err != nil {
			return nil, err
		}
		if len(seats) > 0 {
			out = append(out, a)
		}
	}
	return out, nil
}

// Mine lists a page of what the actor asked for or voted on, the newest on top. Errors: Invalid for a cursor that is none of ours.
func (s *Service) Mine(ctx context.Context, by auth.Actor, cursor string, limit int) (page.List[Ask], error) {
	if err := auth.Can(by, auth.ApprovalRead, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return page.List[Ask]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Ask]{}, err
	}
	return asksMine(ctx, s.db.Read(), by.PersonID, c, page.Limit(limit))
}

// newest is the newest ask about a thing as it was with a digest.
func (s *Service) newest(ctx context.Context, q db.Querier, kind, objectID, digest string) (Ask, bool, error) {
	all, err := asksOf(ctx, q, kind, objectID)
	for _, a := range all {
		if a.Digest == digest {
			return a, true, err
		}
	}
	return Ask{}, false, err
}

// openAsk says whether a thing waits for consent, whatever its digest.
func (s *Service) openAsk(ctx context.Context, q db.Querier, kind, objectID string) (bool, error) {
	all, err := asksOf(ctx, q, kind, objectID)
	return slices.ContainsFunc(all, func(a Ask) bool { return a.State == Pending }), err
}
