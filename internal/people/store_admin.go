package people

import (
	"encoding/json"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlOrganisationTaken  = `SELECT COUNT(*) FROM people_organisation WHERE name_key = $1 AND id <> $2`
	sqlOrganisationRename = `UPDATE people_organisation SET name = $1, name_key = $2, version = version + 1 WHERE id = $3 AND version = $4`
	sqlTeamTaken          = `SELECT COUNT(*) FROM people_team WHERE name_key = $1 AND id <> $2`
	sqlTeamRename         = `UPDATE people_team SET name = $1, name_key = $2, version = version + 1 WHERE id = $3 AND version = $4`

	sqlHoldings = `SELECT g.id, g.person_id, g.role, g.scope, g.scope_id, g.from_at, g.until_at, g.made_by, p.name,
  COALESCE((SELECT a.address FROM people_address a WHERE a.person_id = p.id ORDER BY a.rank, a.address LIMIT 1), ''),
  CASE g.scope WHEN 'everywhere' THEN 'everywhere' WHEN 'region' THEN g.scope_id
    WHEN 'organisation' THEN COALESCE((SELECT o.name FROM people_organisation o WHERE o.id = g.scope_id), '')
    WHEN 'site' THEN COALESCE((SELECT x.name FROM people_site x WHERE x.id = g.scope_id), '')
    ELSE COALESCE((SELECT t.name FROM people_team t WHERE t.id = g.scope_id), '') END
FROM people_grant g JOIN people_person p ON p.id = g.person_id LEFT JOIN people_site s ON s.id = p.site_id`

	sqlPersonNames       = `SELECT id, name FROM people_person`
	sqlOrganisationNames = `SELECT id, name FROM people_organisation`
	sqlSiteNames         = `SELECT id, name FROM people_site`
	sqlTeamNames         = `SELECT id, name FROM people_team`

	sqlRooms      = `SELECT r.id, r.site_id, r.name, r.seats, r.closed_at, r.version FROM people_room r`
	sqlRoomTaken  = `SELECT COUNT(*) FROM people_room WHERE site_id = $1 AND name_key = $2 AND id <> $3`
	sqlRoomInsert = `INSERT INTO people_room (id, site_id, name, name_key, seats, closed_at, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`
	sqlRoomUpdate = `UPDATE people_room SET name = $1, name_key = $2, seats = $3, closed_at = $4, version = version + 1 WHERE id = $5 AND version = $6`

	sqlAbsences = `SELECT b.id, b.person_id, b.substitute_id, b.from_at, b.until_at, b.made_by, b.version
FROM people_absence b JOIN people_person p ON p.id = b.person_id LEFT JOIN people_site s ON s.id = p.site_id`
	sqlAbsenceInsert = `INSERT INTO people_absence (id, person_id, substitute_id, from_at, until_at, made_by, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`
	sqlAbsenceUpdate = `UPDATE people_absence SET substitute_id = $1, until_at = $2, version = version + 1 WHERE id = $3 AND version = $4`
	// served by people_absence_time
	sqlAwayAt = `SELECT b.person_id, COALESCE(s.id, '') FROM people_absence b LEFT JOIN people_person s ON s.id = b.substitute_id AND s.disabled_at = 0
WHERE b.from_at <= $1 AND (b.until_at = 0 OR b.until_at > $1)`

	// served by people_absence_person
	sqlFirstReturn = `SELECT COALESCE(MIN(b.until_at), 0) FROM people_absence b`

	sqlRoster       = `SELECT r.team_id, r.zone, r.plan, r.version FROM people_roster r WHERE r.team_id = $1`
	sqlRosterInsert = `INSERT INTO people_roster (team_id, zone, plan, version) VALUES ($1, $2, $3, 1) ON CONFLICT (team_id) DO NOTHING`
	sqlRosterUpdate = `UPDATE people_roster SET zone = $1, plan = $2, version = version + 1 WHERE team_id = $3 AND version = $4`
)

func scanRoom(s db.Scanner) (Room, error) {
	var r Room
	var closed int64
	err := s.Scan(&r.ID, &r.SiteID, &r.Name, &r.Seats, &closed, &r.Version)
	r.ClosedAt = clock.FromMicros(closed)
	return r, err
}

func scanAbsence(s db.Scanner) (Absence, error) {
	var a Absence
	var from, until int64
	err := s.Scan(&a.ID, &a.PersonID, &a.SubstituteID, &from, &until, &a.MadeBy, &a.Version)
	a.From, a.Until = clock.FromMicros(from), clock.FromMicros(until)
	return a, err
}

func scanRoster(s db.Scanner) (Roster, error) {
	var r Roster
	var plan string
	if err := s.Scan(&r.TeamID, &r.Zone, &plan, &r.Version); err != nil {
		return Roster{}, err
	}
	return r, json.Unmarshal([]byte(plan), &r.Plan)
}

func scanHolding(s db.Scanner) (Holding, error) {
	var h Holding
	var from, until int64
	err := s.Scan(&h.ID, &h.PersonID, &h.Role, &h.Scope, &h.ScopeID, &from, &until, &h.MadeBy, &h.Person, &h.Address, &h.ScopeName)
	h.From, h.Until = clock.FromMicros(from), clock.FromMicros(until)
	return h, err
}
