package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// TeamInput is what CreateTeam needs.
type TeamInput struct {
	Name string
	Kind string // "desk", "local IT", "regional", "enterprise", "supplier"
}

// CreateTeam makes a support group. Errors: as auth.Can; Invalid; Conflict for a name in use.
func (s *Service) CreateTeam(ctx context.Context, by auth.Actor, in TeamInput) (Team, error) {
	if err := auth.Can(by, auth.TeamManage, auth.Object{Kind: "team"}); err != nil {
		return Team{}, err
	}
	c := checker{op: "people.CreateTeam"}
	t := Team{Name: c.name("name", in.Name), Kind: c.oneOf("kind", in.Kind, teamKinds...)}
	if err := c.err(); err != nil {
		return Team{}, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		t, err = s.insertTeam(ctx, tx, by, t)
		return err
	})
	return t, err
}

func (s *Service) insertTeam(ctx context.Context, tx *db.Tx, by auth.Actor, t Team) (Team, error) {
	t.ID, t.MadeAt, t.Version = id.New(), s.clk.Now(), 1
	n, err := tx.Exec(ctx, sqlTeamInsert, t.ID, t.Name, text.Fold(t.Name), t.Kind, clock.Micros(t.MadeAt))
	if err != nil {
		return Team{}, err
	}
	if n == 0 {
		return Team{}, taken("people.CreateTeam", "a team", t.Name)
	}
	return t, s.audit(ctx, tx, by, "team.create", t.ID, map[string]any{"kind": t.Kind})
}

// AddMember puts a person into a team; being there already is no error. Membership says who gets work, it grants nothing.
// Errors: as auth.Can; NotFound; Conflict for somebody of Unassigned or disabled.
func (s *Service) AddMember(ctx context.Context, by auth.Actor, teamID, personID string) error {
	return s.member(ctx, by, teamID, personID, func(tx *db.Tx, p Person) error {
		if p.Stranger() {
			return unplaced("people.AddMember")
		}
		if p.Disabled() {
			return errs.New(errs.Conflict, "people.AddMember", "%s is disabled. Enable them first.", p.Name)
		}
		n, err := tx.Exec(ctx, sqlMemberInsert, teamID, p.ID)
		if err != nil || n == 0 {
			return err
		}
		return s.audit(ctx, tx, by, "team.add_member", teamID, map[string]any{"person": p.ID})
	})
}

// RemoveMember takes a person out of a team; not being there is no error. Errors: as auth.Can; NotFound.
func (s *Service) RemoveMember(ctx context.Context, by auth.Actor, teamID, personID string) error {
	return s.member(ctx, by, teamID, personID, func(tx *db.Tx, p Person) error {
		n, err := tx.Exec(ctx, sqlMemberDelete, teamID, p.ID)
		if err != nil || n == 0 {
			return err
		}
		return s.audit(ctx, tx, by, "team.remove_member", teamID, map[string]any{"person": p.ID})
	})
}

func (s *Service) member(ctx context.Context, by auth.Actor, teamID, personID string, fn func(tx *db.Tx, p Person) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := auth.Can(by, auth.TeamManage, auth.Object{Kind: "team", ID: teamID, TeamID: teamID}); err != nil {
			return err
		}
		if _, err := TeamByID(ctx, tx, teamID); err != nil {
			return err
		}
		p, err := PersonByID(ctx, tx, personID)
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.PersonRead, p.Object()); err != nil {
			return err
		}
		s.forgetAfter(tx, p.ID)
		return fn(tx, p)
	})
}

func unplaced(op string) error {
	return errs.New(errs.Conflict, op, "This person is of Unassigned: nobody has said yet who they are. Place them into an organisation first.").Reason("unassigned")
}
