package cli

import (
	"flag"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// grants reads roles with scopes as they are typed. home is the person who gets them.
func (c *call) grants(typed []string, home people.Person) ([]people.GrantInput, error) {
	var out []people.GrantInput
	for _, s := range typed {
		g, err := c.grant(s, home)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

func (c *call) grant(typed string, home people.Person) (people.GrantInput, error) {
	name, scope, scoped := strings.Cut(typed, "@")
	role, err := auth.ParseRole(name)
	if err != nil {
		return people.GrantInput{}, err
	}
	g := people.GrantInput{PersonID: home.ID, Role: role, Scope: auth.Everywhere}
	switch {
	case scoped:
	case role == auth.SiteContact && home.SiteID != "":
		g.Scope, g.ScopeID = auth.Site, home.SiteID
		return g, nil
	case role.OfCustomer():
		g.Scope, g.ScopeID = auth.Organisation, home.OrgID
		return g, nil
	default:
		return g, nil
	}
	kind, key, named := strings.Cut(scope, ":")
	if g.Scope, err = auth.ParseScope(kind); err != nil {
		return g, err
	}
	if named == (g.Scope == auth.Everywhere) {
		return g, errs.New(errs.Invalid, "cli.grant", "%q is no role with a scope. Write for example agent@everywhere, site-it@site:Leeds, resolver@team:Network or auditor@region:north.", typed)
	}
	g.ScopeID, err = c.scopeID(g.Scope, key, home)
	return g, err
}

// scopeID finds what a scope names.
func (c *call) scopeID(scope auth.Scope, key string, home people.Person) (string, error) {
	switch scope {
	case auth.Organisation:
		o, err := c.app.People.FindOrganisation(c.ctx, key)
		return o.ID, err
	case auth.Site:
		s, err := c.app.People.FindSite(c.ctx, "", key)
		if errs.Is(err, errs.Conflict) { // several organisations have a site of that name: theirs is meant, if it is one of them
			if own, oerr := c.app.People.FindSite(c.ctx, home.OrgID, key); oerr == nil {
				return own.ID, nil
			}
		}
		return s.ID, err
	case auth.Team:
		t, err := c.app.People.FindTeam(c.ctx, key)
		return t.ID, err
	}
	return key, nil // a region is its name
}

func setupGrant(fs *flag.FlagSet) runner {
	until := fs.String("until", "", "`DATE` at whose end the roles end, YYYY-MM-DD")
	reason := fs.String("reason", "", "`WHY`, for the record")
	return func(c *call) error {
		p, err := c.app.People.FindPerson(c.ctx, c.args[0])
		if err != nil {
			return err
		}
		grants, err := c.grants(c.args[1:], p)
		if err != nil {
			return err
		}
		ends, err := endOf("until", *until)
		if err != nil {
			return err
		}
		for _, g := range grants {
			g.Until, g.Reason = ends, *reason
			if _, err := c.app.People.Grant(c.ctx, c.by, g); err != nil {
				return err
			}
		}
		return nil
	}
}

// endOf reads the date at whose end something ends, or an exact instant; "" is the zero time.
func endOf(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, errs.New(errs.Invalid, "cli", "--%s %q is no date. Write YYYY-MM-DD.", name, s)
	}
	return t.AddDate(0, 0, 1), nil
}

func setupRevoke(fs *flag.FlagSet) runner {
	reason := fs.String("reason", "", "`WHY`, for the record")
	return func(c *call) error {
		p, err := c.app.People.FindPerson(c.ctx, c.args[0])
		if err != nil {
			return err
		}
		wanted, err := c.grants(c.args[1:], p)
		if err != nil {
			return err
		}
		held, err := people.GrantsOf(c.ctx, c.app.DB.Read(), p.ID)
		if err != nil {
			return err
		}
		for i, w := range wanted {
			n := 0
			for _, h := range held {
				if h.Role == w.Role && h.Scope == w.Scope && strings.EqualFold(h.ScopeID, w.ScopeID) && h.InForce(c.app.Clock.Now()) {
					if err := c.app.People.Revoke(c.ctx, c.by, h.ID, *reason); err != nil {
						return err
					}
					n++
				}
			}
			if n == 0 {
				return errs.New(errs.NotFound, "cli.revoke", "%s does not hold %s now. See what they hold with: bothways person roles %s", p.Name, c.args[i+1], c.args[0])
			}
		}
		return nil
	}
}

// listGrants lists what a person holds, held and will hold.
func (c *call) listGrants(p people.Person) error {
	held, err := people.GrantsOf(c.ctx, c.app.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, g := range held {
		name, err := c.scopeName(g.Grant)
		if err != nil {
			return err
		}
		rows = append(rows, []string{g.Role.Name(), string(g.Scope), name, stamp(g.From), stamp(g.Until), yesNo(g.InForce(c.app.Clock.Now()))})
	}
	return c.table(false, []string{"role", "scope", "of", "from", "until", "now"}, rows)
}

// scopeName is what a scope is called.
func (c *call) scopeName(g auth.Grant) (string, error) {
	switch g.Scope {
	case auth.Organisation:
		o, err := people.OrganisationByID(c.ctx, c.app.DB.Read(), g.ScopeID)
		return o.Name, err
	case auth.Site:
		s, err := people.SiteByID(c.ctx, c.app.DB.Read(), g.ScopeID)
		return s.Name, err
	case auth.Team:
		t, err := people.TeamByID(c.ctx, c.app.DB.Read(), g.ScopeID)
		return t.Name, err
	}
	return g.ScopeID, nil
}
