package people

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlOrganisations      = `SELECT o.id, o.name, o.kind, o.made_at, o.version FROM people_organisation o`
	sqlOrganisationInsert = `INSERT INTO people_organisation (id, name, name_key, kind, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name_key) DO NOTHING`

	sqlSites      = `SELECT s.id, s.org_id, o.name, s.name, s.zone, s.region, s.calendar_id, s.made_at, s.headcount, s.fte_tenths, s.version FROM people_site s JOIN people_organisation o ON o.id = s.org_id`
	sqlSiteInsert = `INSERT INTO people_site (id, org_id, name, name_key, zone, region, calendar_id, made_at, headcount, fte_tenths) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (org_id, name_key) DO NOTHING`
	sqlSiteTaken  = `SELECT COUNT(*) FROM people_site WHERE org_id = $1 AND name_key = $2 AND id <> $3`
	sqlSiteUpdate = `UPDATE people_site SET name = $1, name_key = $2, zone = $3, region = $4, calendar_id = $5, headcount = $6, fte_tenths = $7, version = version + 1 WHERE id = $8 AND version = $9`
	sqlRegions    = `SELECT DISTINCT region FROM people_site WHERE region <> ''`

	// a person with their organisation, site and first address; people_address_person serves the last
	sqlPersons = `SELECT p.id, p.name, p.org_id, o.name, o.kind, p.site_id, COALESCE(s.name, ''), COALESCE(s.region, ''), COALESCE(s.zone, ''), p.zone,
  COALESCE((SELECT a.address FROM people_address a WHERE a.person_id = p.id ORDER BY a.rank, a.address LIMIT 1), ''),
  p.mailed, p.made_at, p.disabled_at, p.version
FROM people_person p JOIN people_organisation o ON o.id = p.org_id LEFT JOIN people_site s ON s.id = p.site_id`
	sqlCountEnabled  = `SELECT COUNT(*) FROM people_person p JOIN people_organisation o ON o.id = p.org_id WHERE p.disabled_at = 0 AND o.kind = 'customer' AND (p.org_id = $1 OR $1 = '') AND (p.site_id = $2 OR $2 = '')`
	sqlPersonIDs     = `SELECT p.id FROM people_person p WHERE p.id > $1 ORDER BY p.id LIMIT 500`
	sqlPersonInsert  = `INSERT INTO people_person (id, org_id, site_id, name, name_key, zone, mailed, made_at, disabled_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1)`
	sqlPersonUpdate  = `UPDATE people_person SET org_id = $1, site_id = $2, name = $3, name_key = $4, zone = $5, mailed = $6, version = version + 1 WHERE id = $7 AND version = $8`
	sqlPersonDisable = `UPDATE people_person SET disabled_at = $1, version = version + 1 WHERE id = $2`

	// served by people_address_person
	sqlAddresses     = `SELECT address, verified, rank FROM people_address WHERE person_id = $1 ORDER BY rank, address`
	sqlAddressOwner  = `SELECT person_id FROM people_address WHERE address = $1`
	sqlAddressOwners = `SELECT address, person_id FROM people_address`
	sqlAddressInsert = `INSERT INTO people_address (address, person_id, verified, rank) VALUES ($1, $2, $3, $4) ON CONFLICT (address) DO NOTHING`
	sqlAddressVerify = `UPDATE people_address SET verified = $1 WHERE address = $2`
	sqlAddressDelete = `DELETE FROM people_address WHERE address = $1`

	sqlTeams        = `SELECT t.id, t.name, t.kind, t.made_at, t.version FROM people_team t`
	sqlTeamInsert   = `INSERT INTO people_team (id, name, name_key, kind, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name_key) DO NOTHING`
	sqlMemberInsert = `INSERT INTO people_member (team_id, person_id) VALUES ($1, $2) ON CONFLICT (team_id, person_id) DO NOTHING`
	sqlMemberDelete = `DELETE FROM people_member WHERE team_id = $1 AND person_id = $2`

	sqlGrants      = `SELECT g.id, g.person_id, g.role, g.scope, g.scope_id, g.from_at, g.until_at, g.made_by FROM people_grant g`
	sqlGrantInsert = `INSERT INTO people_grant (id, person_id, role, scope, scope_id, from_at, until_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlGrantEnd    = `UPDATE people_grant SET until_at = $1 WHERE id = $2`
	// writes the rows that two commands must not both take for granted: on PostgreSQL the later one runs again
	sqlAdministratorsLock  = `UPDATE people_grant SET made_by = made_by WHERE role = 'administrator' AND scope = 'everywhere' AND until_at = 0`
	sqlAdministratorsCount = `SELECT COUNT(*) FROM people_grant g JOIN people_person p ON p.id = g.person_id
WHERE g.role = 'administrator' AND g.scope = 'everywhere' AND g.from_at <= $1 AND g.until_at = 0 AND p.disabled_at = 0`

	sqlActor = `SELECT p.name, p.org_id, p.site_id, p.disabled_at, o.kind FROM people_person p JOIN people_organisation o ON o.id = p.org_id WHERE p.id = $1`
	// served by people_grant_person and people_member_person
	sqlActorRights = `SELECT role, scope, scope_id FROM people_grant WHERE person_id = $1 AND from_at <= $2 AND (until_at = 0 OR until_at > $2)
UNION ALL SELECT '', '', team_id FROM people_member WHERE person_id = $1`
)

func scanOrganisation(s db.Scanner) (Organisation, error) {
	var o Organisation
	var made int64
	err := s.Scan(&o.ID, &o.Name, &o.Kind, &made, &o.Version)
	o.MadeAt = clock.FromMicros(made)
	return o, err
}

func scanSite(s db.Scanner) (Site, error) {
	var v Site
	var made int64
	err := s.Scan(&v.ID, &v.OrgID, &v.OrgName, &v.Name, &v.Zone, &v.Region, &v.CalendarID, &made, &v.Headcount, &v.Tenths, &v.Version)
	v.MadeAt = clock.FromMicros(made)
	return v, err
}

func scanPerson(s db.Scanner) (Person, error) {
	var p Person
	var site string
	var made, disabled int64
	err := s.Scan(&p.ID, &p.Name, &p.OrgID, &p.OrgName, &p.OrgKind, &p.SiteID, &p.SiteName, &p.Region, &site, &p.OwnZone, &p.Address, &p.Mailed, &made, &disabled, &p.Version)
	p.Zone = zoneOf(p.OwnZone, site)
	p.MadeAt, p.DisabledAt = clock.FromMicros(made), clock.FromMicros(disabled)
	return p, err
}

func scanAddress(s db.Scanner) (Address, error) {
	var a Address
	err := s.Scan(&a.Address, &a.Verified, &a.Rank)
	return a, err
}

func scanTeam(s db.Scanner) (Team, error) {
	var t Team
	var made int64
	err := s.Scan(&t.ID, &t.Name, &t.Kind, &made, &t.Version)
	t.MadeAt = clock.FromMicros(made)
	return t, err
}

func scanGrant(s db.Scanner) (Grant, error) {
	var g Grant
	var from, until int64
	err := s.Scan(&g.ID, &g.PersonID, &g.Role, &g.Scope, &g.ScopeID, &from, &until, &g.MadeBy)
	g.From, g.Until = clock.FromMicros(from), clock.FromMicros(until)
	return g, err
}

// right is a row of sqlActorRights: a grant, or a team when it has no role.
type right struct{ role, scope, id string }

func scanRight(s db.Scanner) (right, error) {
	var r right
	err := s.Scan(&r.role, &r.scope, &r.id)
	return r, err
}

func (r right) grant() auth.Grant {
	return auth.Grant{Role: auth.Role(r.role), Scope: auth.Scope(r.scope), ScopeID: r.id}
}

// list runs one of the selects above with conditions and what follows them.
func list[T any](ctx context.Context, q db.Querier, query string, w *db.Where, tail string, scan func(db.Scanner) (T, error)) ([]T, error) {
	rows, err := q.Query(ctx, query+w.SQL()+tail, w.Args()...)
	return db.Collect(rows, err, scan)
}

// one is list for a row that must exist. Errors: NotFound.
func one[T any](ctx context.Context, q db.Querier, query string, w *db.Where, tail string, scan func(db.Scanner) (T, error)) (T, error) {
	return scan(q.QueryRow(ctx, query+w.SQL()+tail, w.Args()...))
}

// likePrefix is a LIKE pattern (ESCAPE '!') for what begins with s.
func likePrefix(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) + "%"
}
