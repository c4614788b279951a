package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// LevelsTeam is the id of the team behind the second door, the same in every installation, so that renaming it changes nothing.
const LevelsTeam = "00000000-0000-7000-8000-000000000002"

// Levels is the team of service level management: who answers at the second door. Errors: NotFound before EnsureBase.
func Levels(ctx context.Context, q db.Querier) (Team, error) { return TeamByID(ctx, q, LevelsTeam) }

// IsLevels says whether a team is that of service level management.
func IsLevels(teamID string) bool { return teamID == LevelsTeam }

// Managers lists who answers at the second door for a site: its service level managers, else the members of the team.
func (s *Service) Managers(ctx context.Context, q db.Querier, site Site) ([]Person, error) {
	all, err := s.Holders(ctx, q, auth.ServiceLevelManager, site)
	if err != nil || len(all) > 0 {
		return all, err
	}
	return StaffOfTeam(ctx, q, LevelsTeam)
}

// ensureLevels makes the team of service level management.
func (s *Service) ensureLevels(ctx context.Context, tx *db.Tx) error {
	if _, err := Levels(ctx, tx); !errs.Is(err, errs.NotFound) {
		return err
	}
	now := s.clk.Now()
	n, err := tx.Exec(ctx, sqlTeamInsert, LevelsTeam, "Service level management", "service level management", EnterpriseTeam, clock.Micros(now))
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.Exec(ctx, sqlTeamInsert, LevelsTeam, "Service level management (second door)", "service level management (second door)", EnterpriseTeam, clock.Micros(now))
	return err
}

// Holders lists who holds a role over a site, its region or its organisation now, those of the narrowest scope alone: whom to name as
// the site's service level manager or signatory. A role of the customer's is held by people of the organisation only.
func (s *Service) Holders(ctx context.Context, q db.Querier, role auth.Role, site Site) ([]Person, error) {
	now := clock.Micros(s.clk.Now())
	for _, g := range []auth.Grant{{Scope: auth.Site, ScopeID: site.ID}, {Scope: auth.Region, ScopeID: site.Region}, {Scope: auth.Organisation, ScopeID: site.OrgID}, {Scope: auth.Everywhere}} {
		if g.Scope != auth.Everywhere && g.ScopeID == "" {
			continue
		}
		w := db.NewWhere().And(`p.id IN (SELECT g.person_id FROM people_grant g
WHERE g.role = ? AND g.scope = ? AND g.scope_id = ? AND g.from_at <= ? AND (g.until_at = 0 OR g.until_at > ?))`,
			string(role), string(g.Scope), g.ScopeID, now, now).And("p.disabled_at = 0")
		if role.OfCustomer() {
			w.And("p.org_id = ?", site.OrgID)
		}
		all, err := list(ctx, q, sqlPersons, w, byNameOfPerson, scanPerson)
		if err != nil || len(all) > 0 {
			return all, err
		}
	}
	return nil, nil
}
