package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// RenameOrganisation gives an organisation another name. version is as read; 0 takes whatever it is. Errors: as auth.Can; Invalid;
// Stale when somebody changed it meanwhile; Conflict for a name in use.
func (s *Service) RenameOrganisation(ctx context.Context, by auth.Actor, orgID string, version int64, name string) (Organisation, error) {
	const op = "people.RenameOrganisation"
	var o Organisation
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if o, err = OrganisationByID(ctx, tx, orgID); err != nil {
			return err
		}
		if err := auth.Can(by, auth.SiteManage, auth.Object{Kind: "organisation", ID: o.ID, OrgID: o.ID}); err != nil {
			return err
		}
		old := o.Version
		if o.Name, err = s.rename(ctx, tx, renaming{op, "an organisation", sqlOrganisationTaken, sqlOrganisationRename, o.ID, name, old, version}); err != nil {
			return err
		}
		o.Version = old + 1
		s.forgetAllAfter(tx)
		return s.audit(ctx, tx, by, "organisation.update", o.ID, map[string]any{"renamed": true})
	})
	if err != nil {
		return Organisation{}, err
	}
	return o, nil
}

// RenameTeam gives a team another name. version is as read; 0 takes whatever it is. Errors: as auth.Can; Invalid; Stale when
// somebody changed it meanwhile; Conflict for a name in use.
func (s *Service) RenameTeam(ctx context.Context, by auth.Actor, teamID string, version int64, name string) (Team, error) {
	const op = "people.RenameTeam"
	var t Team
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = TeamByID(ctx, tx, teamID); err != nil {
			return err
		}
		if err := auth.Can(by, auth.TeamManage, auth.Object{Kind: "team", ID: t.ID, TeamID: t.ID}); err != nil {
			return err
		}
		old := t.Version
		if t.Name, err = s.rename(ctx, tx, renaming{op, "a team", sqlTeamTaken, sqlTeamRename, t.ID, name, old, version}); err != nil {
			return err
		}
		t.Version = old + 1
		return s.audit(ctx, tx, by, "team.update", t.ID, map[string]any{"renamed": true})
	})
	if err != nil {
		return Team{}, err
	}
	return t, nil
}

// renaming is a change of a name that only one may have.
type renaming struct {
	op, what, taken, write, id, name string
	have, read                       int64 // versions
}

// rename writes a new name and gives it as it is kept.
func (s *Service) rename(ctx context.Context, tx *db.Tx, r renaming) (string, error) {
	if r.read != 0 && r.read != r.have {
		return "", stale(r.op)
	}
	c := checker{op: r.op}
	name := c.name("name", r.name)
	if err := c.err(); err != nil {
		return "", err
	}
	var n int64
	if err := tx.QueryRow(ctx, r.taken, text.Fold(name), r.id).Scan(&n); err != nil {
		return "", err
	}
	if n > 0 {
		return "", taken(r.op, r.what, name)
	}
	rows, err := tx.Exec(ctx, r.write, name, text.Fold(name), r.id, r.have)
	if err == nil && rows == 0 {
		return "", stale(r.op)
	}
	return name, err
}

// Members lists a team's members, also those who are disabled, by name. Errors: as Teams; NotFound.
func (s *Service) Members(ctx context.Context, by auth.Actor, teamID string) (Team, []Person, error) {
	if !by.Staff() || !auth.InScopes(by.Scopes, auth.SiteRead) {
		return Team{}, nil, errs.New(errs.NotFound, "people.Members", "There is nothing here that you can see.")
	}
	q := s.db.Read()
	t, err := TeamByID(ctx, q, teamID)
	if err != nil {
		return t, nil, err
	}
	all, err := list(ctx, q, sqlPersons, db.NewWhere().And("p.id IN (SELECT m.person_id FROM people_member m WHERE m.team_id = ?)", teamID), byNameOfPerson, scanPerson)
	return t, all, err
}

// TeamsOf lists the teams a person is a member of, by name.
func TeamsOf(ctx context.Context, q db.Querier, personID string) ([]Team, error) {
	w := db.NewWhere().And("t.id IN (SELECT m.team_id FROM people_member m WHERE m.person_id = ?)", personID)
	return list(ctx, q, sqlTeams, w, " ORDER BY t.name_key, t.id", scanTeam)
}

// NamesOf reads what persons, organisations, sites and teams are called, by id; ids of anything else are left out.
func NamesOf(ctx context.Context, q db.Querier, ids ...string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	for _, query := range []string{sqlPersonNames, sqlOrganisationNames, sqlSiteNames, sqlTeamNames} {
		w := db.NewWhere().In("id", ids...)
		rows, err := q.Query(ctx, query+w.SQL(), w.Args()...)
		all, err := db.Collect(rows, err, func(s db.Scanner) (p [2]string, err error) { return p, s.Scan(&p[0], &p[1]) })
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			out[p[0]] = p[1]
		}
	}
	return out, nil
}
