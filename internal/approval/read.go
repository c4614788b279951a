package approval

import (
	"context"
	"slices"

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
		d, err := s.deputy(ctx, q, by.PersonID)
		if err != nil {
			return err
		}
		_, voted := a.Voted(by.PersonID)
		if voted || slices.ContainsFunc(o.Parties, func(p string) bool { _, ok := d.until(a.Kind, p); return ok && p != a.AskedBy }) {
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

// Waiting lists what the actor is asked to decide, the oldest on top: by a seat of their own, as somebody's substitute, or because it was
// escalated to them.
func (s *Service) Waiting(ctx context.Context, by auth.Actor) ([]Ask, error) {
	if err := auth.Can(by, auth.ApprovalRead, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return nil, err
	}
	d, err := s.deputy(ctx, s.db.Read(), by.PersonID)
	if err != nil {
		return nil, err
	}
	all, err := asksWaiting(ctx, s.db.Read(), d.holders(by.PersonID))
	return slices.DeleteFunc(all, func(a Ask) bool { return len(a.seats(by.PersonID, d)) == 0 }), err
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
