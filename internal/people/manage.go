package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

// Manageable says whether somebody may change a person. Errors: as auth.Can; Denied when the person holds a role that they could not
// grant.
func (s *Service) Manageable(ctx context.Context, q db.Querier, by auth.Actor, personID string) error {
	_, err := s.manageable(ctx, q, by, personID)
	return err
}

// manageable loads a person whom by may manage, and who holds no role that by could not grant. Errors: as auth.Can.
func (s *Service) manageable(ctx context.Context, q db.Querier, by auth.Actor, personID string) (Person, error) {
	p, err := PersonByID(ctx, q, personID)
	if err != nil {
		return Person{}, err
	}
	if err := auth.Can(by, auth.PersonManage, p.Object()); err != nil {
		return Person{}, err
	}
	if by.Kind == auth.System {
		return p, nil
	}
	grants, err := GrantsOf(ctx, q, personID)
	if err != nil {
		return Person{}, err
	}
	now := s.clk.Now()
	for _, g := range grants {
		if !g.Until.IsZero() && !now.Before(g.Until) {
			continue
		}
		o, err := scopeObject(ctx, q, g.Grant)
		if err != nil {
			return Person{}, err
		}
		if auth.CanGrant(by, g.Grant, o) != nil {
			return Person{}, errs.New(errs.Denied, "people.manage", "This person holds a role beyond your own scope (%s). Only an administrator of that scope, or of everywhere, may change them.", g.Role.Name())
		}
	}
	return p, nil
}
