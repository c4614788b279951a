package people

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// OrganisationByID reads an organisation. Errors: NotFound.
func OrganisationByID(ctx context.Context, q db.Querier, orgID string) (Organisation, error) {
	return one(ctx, q, sqlOrganisations, db.NewWhere().And("o.id = ?", orgID), "", scanOrganisation)
}

// SiteByID reads a site. Errors: NotFound.
func SiteByID(ctx context.Context, q db.Querier, siteID string) (Site, error) {
	return one(ctx, q, sqlSites, db.NewWhere().And("s.id = ?", siteID), "", scanSite)
}

// mostSites bounds one reading of CustomerSites: nobody negotiates with more.
const mostSites = 500

// CustomerSites lists the sites of customers by name.
func CustomerSites(ctx context.Context, q db.Querier) ([]Site, error) {
	w := db.NewWhere().And("o.kind = ?", Customer)
	return list(ctx, q, sqlSites, w, " ORDER BY s.name_key, s.id LIMIT "+w.Arg(mostSites), scanSite)
}

// PersonByID reads a person. Errors: NotFound.
func PersonByID(ctx context.Context, q db.Querier, personID string) (Person, error) {
	return one(ctx, q, sqlPersons, db.NewWhere().And("p.id = ?", personID), "", scanPerson)
}

// PersonByAddress reads whose address it is. Errors: NotFound.
func PersonByAddress(ctx context.Context, q db.Querier, address string) (Person, error) {
	w := db.NewWhere().And("p.id = (SELECT x.person_id FROM people_address x WHERE x.address = ?)", text.Address(address))
	return one(ctx, q, sqlPersons, w, "", scanPerson)
}

// SignInID gives the person who may sign in with an address, "" when it is nobody's or its person is disabled: what
// auth.Credentials wants.
func (s *Service) SignInID(ctx context.Context, address string) (string, error) {
	p, err := PersonByAddress(ctx, s.db.Read(), address)
	if errs.Is(err, errs.NotFound) || err == nil && p.Disabled() {
		return "", nil
	}
	return p.ID, err
}

// PersonsByID reads several persons at once, in no order; ids that do not exist are left out.
func PersonsByID(ctx context.Context, q db.Querier, ids ...string) ([]Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(ctx, q, sqlPersons, db.NewWhere().In("p.id", ids...), "", scanPerson)
}

// PersonsByAddress reads whose the addresses are, each as text.Address gives it; those nobody has are left out.
func PersonsByAddress(ctx context.Context, q db.Querier, addresses ...string) (map[string]Person, error) {
	out := map[string]Person{}
	if len(addresses) == 0 {
		return out, nil
	}
	w := db.NewWhere().In("address", addresses...)
	rows, err := q.Query(ctx, sqlAddressOwners+w.SQL(), w.Args()...)
	pairs, err := db.Collect(rows, err, func(s db.Scanner) (p [2]string, err error) { return p, s.Scan(&p[0], &p[1]) })
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(pairs))
	for i, p := range pairs {
		ids[i] = p[1]
	}
	all, err := PersonsByID(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		for i := range all {
			if all[i].ID == pair[1] {
				out[pair[0]] = all[i]
			}
		}
	}
	return out, nil
}

// CountEnabled is how many enabled people a customer organisation has, or one of its sites; "" is every.
func CountEnabled(ctx context.Context, q db.Querier, orgID, siteID string) (n int64, err error) {
	return n, q.QueryRow(ctx, sqlCountEnabled, orgID, siteID).Scan(&n)
}

// TeamByID reads a team. Errors: NotFound.
func TeamByID(ctx context.Context, q db.Querier, teamID string) (Team, error) {
	return one(ctx, q, sqlTeams, db.NewWhere().And("t.id = ?", teamID), "", scanTeam)
}

// Desk is the service desk's team, the first of its kind. Errors: NotFound before EnsureBase.
func Desk(ctx context.Context, q db.Querier) (Team, error) {
	return one(ctx, q, sqlTeams, db.NewWhere().And("t.kind = ?", DeskTeam), " ORDER BY t.id LIMIT 1", scanTeam)
}

// Addresses lists a person's addresses, the first choice first.
func Addresses(ctx context.Context, q db.Querier, personID string) ([]Address, error) {
	rows, err := q.Query(ctx, sqlAddresses, personID)
	return db.Collect(rows, err, scanAddress)
}

// GrantsOf lists what a person holds, held and will hold, oldest first.
func GrantsOf(ctx context.Context, q db.Querier, personID string) ([]Grant, error) {
	return list(ctx, q, sqlGrants, db.NewWhere().And("g.person_id = ?", personID), " ORDER BY g.id", scanGrant)
}

// StaffOfTeam lists a team's members who are enabled, by name.
func StaffOfTeam(ctx context.Context, q db.Querier, teamID string) ([]Person, error) {
	w := db.NewWhere().And("p.id IN (SELECT m.person_id FROM people_member m WHERE m.team_id = ?)", teamID).And("p.disabled_at = 0")
	return list(ctx, q, sqlPersons, w, byNameOfPerson, scanPerson)
}

const byNameOfPerson = " ORDER BY p.name_key, p.id"

// Contacts lists who is told when a site is late: the enabled persons with a grant of site contact for the site in force now;
// when there is none, those with one for its organisation.
func (s *Service) Contacts(ctx context.Context, q db.Querier, siteID string) ([]Person, error) {
	site, err := SiteByID(ctx, q, siteID)
	if err != nil {
		return nil, err
	}
	now := clock.Micros(s.clk.Now())
	for _, g := range []auth.Grant{{Scope: auth.Site, ScopeID: site.ID}, {Scope: auth.Organisation, ScopeID: site.OrgID}} {
		w := db.NewWhere().And(`p.id IN (SELECT g.person_id FROM people_grant g
WHERE g.role = ? AND g.scope = ? AND g.scope_id = ? AND g.from_at <= ? AND (g.until_at = 0 OR g.until_at > ?))`,
			string(auth.SiteContact), string(g.Scope), g.ScopeID, now, now).And("p.disabled_at = 0").And("p.org_id = ?", site.OrgID)
		all, err := list(ctx, q, sqlPersons, w, byNameOfPerson, scanPerson)
		if err != nil || len(all) > 0 {
			return all, err
		}
	}
	return nil, nil
}

// Person reads one person for somebody. Errors: as auth.Can.
func (s *Service) Person(ctx context.Context, by auth.Actor, personID string) (Person, error) {
	p, err := PersonByID(ctx, s.db.Read(), personID)
	if err != nil {
		return Person{}, err
	}
	if err := auth.Can(by, auth.PersonRead, p.Object()); err != nil {
		return Person{}, err
	}
	return p, nil
}

// PersonFilter narrows a list of persons; empty fields do not.
type PersonFilter struct {
	Q        string // the beginning of a name, or an address
	OrgID    string
	SiteID   string
	TeamID   string    // its members
	Role     auth.Role // who holds it now, anywhere
	Disabled bool      // with those who are disabled
	AnyWord  bool      // Q may be the beginning of any word of a name, which reads all of them
}

// Persons lists the persons somebody may read, by name.
func (s *Service) Persons(ctx context.Context, by auth.Actor, f PersonFilter, cursor string, limit int) (page.List[Person], error) {
	w := db.NewWhere()
	auth.FilterFor(by, auth.PersonRead, w, auth.Columns{Org: "p.org_id", Site: "p.site_id", Region: "s.region", Self: "p.id"})
	if !f.Disabled {
		w.And("p.disabled_at = 0")
	}
	if f.OrgID != "" {
		w.And("p.org_id = ?", f.OrgID)
	}
	if f.SiteID != "" {
		w.And("p.site_id = ?", f.SiteID)
	}
	if f.TeamID != "" {
		w.And("p.id IN (SELECT m.person_id FROM people_member m WHERE m.team_id = ?)", f.TeamID)
	}
	if f.Role != "" {
		now := clock.Micros(s.clk.Now())
		w.And("p.id IN (SELECT g.person_id FROM people_grant g WHERE g.role = ? AND g.from_at <= ? AND (g.until_at = 0 OR g.until_at > ?))", string(f.Role), now, now)
	}
	if key := text.Fold(f.Q); key != "" {
		w.Or(
			func(w *db.Where) { w.And("p.name_key LIKE ? ESCAPE '!'", likePrefix(key)) },
			func(w *db.Where) {
				w.And("p.id IN (SELECT x.person_id FROM people_address x WHERE x.address = ?)", text.Address(f.Q))
			},
			func(w *db.Where) {
				if f.AnyWord {
					w.And("p.name_key LIKE ? ESCAPE '!'", "% "+likePrefix(key))
				}
			})
	}
	return paged(ctx, s.db.Read(), sqlPersons, w, "p", cursor, limit, scanPerson, func(p Person) (string, string) { return p.Name, p.ID })
}

// Organisations lists the organisations somebody may read, by name.
func (s *Service) Organisations(ctx context.Context, by auth.Actor, cursor string, limit int) (page.List[Organisation], error) {
	w := db.NewWhere()
	auth.FilterFor(by, auth.SiteRead, w, auth.Columns{Org: "o.id"})
	return paged(ctx, s.db.Read(), sqlOrganisations, w, "o", cursor, limit, scanOrganisation, func(o Organisation) (string, string) { return o.Name, o.ID })
}

// Sites lists the sites somebody may read, by name; orgID "" is those of every organisation.
func (s *Service) Sites(ctx context.Context, by auth.Actor, orgID, cursor string, limit int) (page.List[Site], error) {
	w := db.NewWhere()
	auth.FilterFor(by, auth.SiteRead, w, auth.Columns{Org: "s.org_id", Site: "s.id", Region: "s.region"})
	if orgID != "" {
		w.And("s.org_id = ?", orgID)
	}
	return paged(ctx, s.db.Read(), sqlSites, w, "s", cursor, limit, scanSite, func(v Site) (string, string) { return v.Name, v.ID })
}

// Teams lists the teams, by name, for staff. Errors: NotFound for others.
func (s *Service) Teams(ctx context.Context, by auth.Actor, cursor string, limit int) (page.List[Team], error) {
	if !by.Staff() || !auth.InScopes(by.Scopes, auth.SiteRead) {
		return page.List[Team]{}, errs.New(errs.NotFound, "people.Teams", "There is nothing here that you can see.")
	}
	return paged(ctx, s.db.Read(), sqlTeams, db.NewWhere(), "t", cursor, limit, scanTeam, func(t Team) (string, string) { return t.Name, t.ID })
}

// paged reads one page in the order of folded name and id. A cursor carries both; alias is the select's.
func paged[T any](ctx context.Context, q db.Querier, query string, w *db.Where, alias, cursor string, limit int, scan func(db.Scanner) (T, error), key func(T) (name, id string)) (page.List[T], error) {
	limit = page.Limit(limit)
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[T]{}, err
	}
	if cursor != "" {
		name, last, _ := strings.Cut(c.Tie, "\n")
		w.And("("+alias+".name_key, "+alias+".id) > (?, ?)", name, last)
	}
	rows, err := list(ctx, q, query, w, " ORDER BY "+alias+".name_key, "+alias+".id LIMIT "+w.Arg(limit+1), scan)
	if err != nil {
		return page.List[T]{}, err
	}
	return page.Of(rows, limit, func(v T) page.Cursor {
		name, id := key(v)
		return page.Cursor{Tie: text.Fold(name) + "\n" + id}
	}), nil
}

// FindPerson finds a person by id, address or name, for the command line, which acts for the system. Errors: NotFound;
// Conflict, naming the candidates, for a name that several have.
func (s *Service) FindPerson(ctx context.Context, key string) (Person, error) {
	w := db.NewWhere()
	switch {
	case id.Valid(key):
		w.And("p.id = ?", key)
	case strings.Contains(key, "@"):
		w.And("p.id = (SELECT x.person_id FROM people_address x WHERE x.address = ?)", text.Address(key))
	default:
		w.And("p.name_key = ?", text.Fold(key))
	}
	return find(ctx, s.db.Read(), sqlPersons, w, "person", key, scanPerson, func(p Person) string { return p.Name + " <" + p.Address + "> of " + p.OrgName + " (" + p.ID + ")" })
}

// FindOrganisation finds an organisation by id or name. Errors: NotFound.
func (s *Service) FindOrganisation(ctx context.Context, key string) (Organisation, error) {
	return find(ctx, s.db.Read(), sqlOrganisations, byIDOrName("o", key), "organisation", key, scanOrganisation, func(o Organisation) string { return o.Name + " (" + o.ID + ")" })
}

// FindSite finds a site by id or name, in one organisation or, with orgID "", in all. Errors: NotFound; Conflict, naming the
// candidates, for a name that several have.
func (s *Service) FindSite(ctx context.Context, orgID, key string) (Site, error) {
	w := byIDOrName("s", key)
	if orgID != "" {
		w.And("s.org_id = ?", orgID)
	}
	return find(ctx, s.db.Read(), sqlSites, w, "site", key, scanSite, func(v Site) string { return v.Name + " of " + v.OrgName + " (" + v.ID + ")" })
}

// FindTeam finds a team by id or name. Errors: NotFound.
func (s *Service) FindTeam(ctx context.Context, key string) (Team, error) {
	return find(ctx, s.db.Read(), sqlTeams, byIDOrName("t", key), "team", key, scanTeam, func(t Team) string { return t.Name + " (" + t.ID + ")" })
}

func byIDOrName(alias, key string) *db.Where {
	if id.Valid(key) {
		return db.NewWhere().And(alias+".id = ?", key)
	}
	return db.NewWhere().And(alias+".name_key = ?", text.Fold(key))
}

// maxCandidates is how many are named when a name is not clear.
const maxCandidates = 5

func find[T any](ctx context.Context, q db.Querier, query string, w *db.Where, what, key string, scan func(db.Scanner) (T, error), describe func(T) string) (T, error) {
	var none T
	all, err := list(ctx, q, query, w, " LIMIT "+w.Arg(maxCandidates+1), scan)
	switch {
	case err != nil:
		return none, err
	case len(all) == 0:
		return none, errs.New(errs.NotFound, "people.find", "There is no %s %q. Look at the list with: bothways %s list", what, text.Cut(text.Line(key), 80), what)
	case len(all) == 1:
		return all[0], nil
	}
	names := make([]string, 0, maxCandidates+1)
	for i, v := range all {
		if i == maxCandidates {
			names = append(names, "…")
			break
		}
		names = append(names, describe(v))
	}
	return none, errs.New(errs.Conflict, "people.find", "%q is the name of several. Name one by its id: %s", text.Cut(text.Line(key), 80), strings.Join(names, "; "))
}

// Owns says whether a person can be the owner of a service: placed and enabled. It answers package catalog.
func (s *Service) Owns(ctx context.Context, q db.Querier, personID string) (bool, error) {
	p, err := PersonByID(ctx, q, personID)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && !p.Disabled() && !p.Stranger(), err
}

// Buys says whether an organisation can be the customer of a service. It answers package catalog.
func (s *Service) Buys(ctx context.Context, q db.Querier, orgID string) (bool, error) {
	o, err := OrganisationByID(ctx, q, orgID)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && o.Kind != Unassigned, err
}
