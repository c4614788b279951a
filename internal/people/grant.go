package people

import (
	"context"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// GrantInput is what Grant needs.
type GrantInput struct {
	PersonID string
	Role     auth.Role
	Scope    auth.Scope
	ScopeID  string    // id of the organisation, site or team; name of the region; "" for Everywhere
	From     time.Time // zero: now
	Until    time.Time // zero: without end
	Reason   string
}

// Grant gives a person a role. Errors: as auth.CanGrant; NotFound for a person by may not see; Invalid; Conflict for somebody of
// Unassigned, disabled, or who holds exactly this already.
func (s *Service) Grant(ctx context.Context, by auth.Actor, in GrantInput) (Grant, error) {
	const op = "people.Grant"
	var g Grant
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clk.Now()
		g = Grant{Grant: auth.Grant{Role: in.Role, Scope: in.Scope, ScopeID: in.ScopeID}, ID: id.New(), PersonID: in.PersonID, From: in.From, Until: in.Until, MadeBy: by.ID()}
		if g.From.IsZero() {
			g.From = now
		}
		var err error
		if g.Scope == auth.Region {
			if g.ScopeID, err = spelling(ctx, tx, g.ScopeID); err != nil {
				return err
			}
		}
		o, err := scopeObject(ctx, tx, g.Grant)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err != nil {
			return errs.In(op, "scope_id", "There is no %s of that name or id. Name one that exists.", g.Scope)
		}
		if err := auth.CanGrant(by, g.Grant, o); err != nil {
			return err
		}
		if err := s.grantable(ctx, tx, by, g, o, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlGrantInsert, g.ID, g.PersonID, string(g.Role), string(g.Scope), g.ScopeID, clock.Micros(g.From), clock.Micros(g.Until), g.MadeBy); err != nil {
			return err
		}
		s.forgetAfter(tx, g.PersonID)
		return s.auditGrant(ctx, tx, by, "grant.create", g, in.Reason)
	})
	if err != nil {
		return Grant{}, err
	}
	return g, nil
}

// grantable says what stands against giving g to its person.
func (s *Service) grantable(ctx context.Context, tx *db.Tx, by auth.Actor, g Grant, o auth.Object, now time.Time) error {
	const op = "people.Grant"
	p, err := PersonByID(ctx, tx, g.PersonID)
	if err != nil {
		return err
	}
	if err := auth.Can(by, auth.PersonRead, p.Object()); err != nil {
		return err
	}
	switch {
	case p.Stranger():
		return unplaced(op)
	case p.Disabled():
		return errs.New(errs.Conflict, op, "%s is disabled. Enable them first.", p.Name)
	case !g.Until.IsZero() && (!g.Until.After(g.From) || !g.Until.After(now)):
		return errs.In(op, "until", "The grant would end before it begins, or has ended. Give a later time, or none.")
	case g.Role.OfCustomer() && g.Scope == auth.Team:
		return errs.In(op, "scope", "A %s speaks for an organisation, a region or a site, not for a team.", g.Role.Name())
	case g.Role.OfCustomer() && o.OrgID != "" && o.OrgID != p.OrgID:
		return errs.In(op, "scope_id", "A %s reaches no further than their own organisation. Choose a scope in it.", g.Role.Name())
	}
	held, err := GrantsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Grant == g.Grant && h.InForce(now) && h.Until.Equal(g.Until) {
			return errs.New(errs.Conflict, op, "%s holds this role there already.", p.Name).Reason("grant-exists")
		}
	}
	return nil
}

// Revoke ends a grant now; that it was held stays on record. Errors: as auth.CanGrant; NotFound; Conflict for one that has ended, and
// for the last administrator's.
func (s *Service) Revoke(ctx context.Context, by auth.Actor, grantID, reason string) error {
	const op = "people.Revoke"
	return s.db.Write(ctx, func(tx *db.Tx) error {
		g, err := one(ctx, tx, sqlGrants, db.NewWhere().And("g.id = ?", grantID), "", scanGrant)
		if err != nil {
			return err
		}
		o, err := scopeObject(ctx, tx, g.Grant)
		if err != nil {
			return err
		}
		if err := auth.CanGrant(by, g.Grant, o); err != nil {
			return err
		}
		now := s.clk.Now()
		if !g.Until.IsZero() && !now.Before(g.Until) {
			return errs.New(errs.Conflict, op, "This grant has ended already.")
		}
		if _, err := tx.Exec(ctx, sqlGrantEnd, clock.Micros(now), g.ID); err != nil {
			return err
		}
		if g.administersAll() {
			if err := s.keepAdministrator(ctx, tx); err != nil {
				return err
			}
		}
		s.forgetAfter(tx, g.PersonID)
		return s.auditGrant(ctx, tx, by, "grant.revoke", g, reason)
	})
}

func (s *Service) auditGrant(ctx context.Context, tx *db.Tx, by auth.Actor, verb string, g Grant, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "person", ObjectID: g.PersonID, Reason: reason,
		Change: map[string]any{"grant": g.ID, "role": g.Role, "scope": g.Scope, "scope_id": g.ScopeID, "from": g.From, "until": g.Until}})
}

func (g Grant) administersAll() bool {
	return g.Role == auth.Administrator && g.Scope == auth.Everywhere && g.Until.IsZero()
}

// keepAdministrator refuses the transaction that leaves nobody to administer everything. It writes the rows it counts by, so
// that of two such transactions at once the second counts after the first.
func (s *Service) keepAdministrator(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, sqlAdministratorsLock); err != nil {
		return err
	}
	var n int64
	if err := tx.QueryRow(ctx, sqlAdministratorsCount, clock.Micros(s.clk.Now())).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "people", "This is the last administrator of everything. Make somebody else one first, without an end.").Reason("last-administrator")
	}
	return nil
}

// scopeObject is what a grant is about, as the authoriser sees it. Errors: NotFound when it does not exist.
func scopeObject(ctx context.Context, q db.Querier, g auth.Grant) (auth.Object, error) {
	missing := errs.New(errs.NotFound, "people.scope", "There is nothing here that you can see.")
	switch g.Scope {
	case auth.Everywhere:
		if g.ScopeID != "" {
			return auth.Object{}, missing
		}
		return auth.Object{}, nil
	case auth.Organisation:
		_, err := OrganisationByID(ctx, q, g.ScopeID)
		return auth.Object{Kind: "organisation", ID: g.ScopeID, OrgID: g.ScopeID}, err
	case auth.Region:
		rows, err := q.Query(ctx, sqlRegions)
		all, err := db.Collect(rows, err, db.One[string])
		if err != nil {
			return auth.Object{}, err
		}
		for _, r := range all {
			if r == g.ScopeID {
				return auth.Object{Kind: "region", ID: r, Region: r}, nil
			}
		}
	case auth.Site:
		site, err := SiteByID(ctx, q, g.ScopeID)
		return site.Object(), err
	case auth.Team:
		_, err := TeamByID(ctx, q, g.ScopeID)
		return auth.Object{Kind: "team", ID: g.ScopeID, TeamID: g.ScopeID}, err
	}
	return auth.Object{}, missing
}

// Holding is a grant with who holds it and what its scope is called.
type Holding struct {
	Grant
	Person    string
	Address   string
	ScopeName string // "everywhere", the name of the site, …
}

// Holdings lists who holds which role where, now or later, of the persons somebody may read, by role and name; ended ones are left
// out. role "" lists every role.
func (s *Service) Holdings(ctx context.Context, by auth.Actor, role auth.Role) ([]Holding, error) {
	w := db.NewWhere().And("(g.until_at = 0 OR g.until_at > ?)", clock.Micros(s.clk.Now()))
	if role != "" {
		w.And("g.role = ?", string(role))
	}
	auth.FilterFor(by, auth.PersonRead, w, auth.Columns{Org: "p.org_id", Site: "p.site_id", Region: "s.region", Self: "p.id"})
	return list(ctx, s.db.Read(), sqlHoldings, w, " ORDER BY g.role, p.name_key, g.id LIMIT "+w.Arg(maxHoldings), scanHolding)
}

// maxHoldings bounds one reading of Holdings.
const maxHoldings = 2000

// HoldingsOf lists what a person holds, held and will hold, oldest first. Errors: as auth.Can.
func (s *Service) HoldingsOf(ctx context.Context, by auth.Actor, personID string) ([]Holding, error) {
	q := s.db.Read()
	p, err := PersonByID(ctx, q, personID)
	if err != nil {
		return nil, err
	}
	if err := auth.Can(by, auth.PersonRead, p.Object()); err != nil {
		return nil, err
	}
	return list(ctx, q, sqlHoldings, db.NewWhere().And("g.person_id = ?", personID), " ORDER BY g.id", scanHolding)
}

// Revocable says whether somebody may end a grant. Errors: as auth.CanGrant.
func (s *Service) Revocable(ctx context.Context, by auth.Actor, g Grant) error {
	o, err := scopeObject(ctx, s.db.Read(), g.Grant)
	if err != nil {
		return err
	}
	return auth.CanGrant(by, g.Grant, o)
}
