package load

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/people"
)

// Cast is who the tickets are about.
type Cast struct {
	Org       people.Organisation
	Sites     []people.Site
	Teams     []people.Team
	Agents    []people.Person
	Customers []people.Person
}

var zones = []string{"Europe/London", "Europe/Lisbon", "Europe/Tallinn", "Europe/Warsaw", "Europe/Helsinki", "America/New_York", "Asia/Tokyo"}

var regions = []string{"north", "south", "east", "west"}

// AgentAddress is the mail address of the i-th agent of the generated world.
func AgentAddress(i int) string { return fmt.Sprintf("agent%d@it.load.test", i) }

// People makes so many sites, teams, agents and customers by the product's commands.
func People(ctx context.Context, a *app.App, sites, teams, agents, customers int) (*Cast, error) {
	by, c := auth.SystemActor(), &Cast{}
	var err error
	if c.Org, err = a.People.CreateOrganisation(ctx, by, people.OrganisationInput{Name: "Load"}); err != nil {
		return nil, err
	}
	for i := range sites {
		s, err := a.People.CreateSite(ctx, by, people.SiteInput{OrgID: c.Org.ID, Name: fmt.Sprintf("Site %d", i), Zone: zones[i%len(zones)], Region: regions[i%len(regions)]})
		if err != nil {
			return nil, err
		}
		c.Sites = append(c.Sites, s)
	}
	for i := range teams {
		t, err := a.People.CreateTeam(ctx, by, people.TeamInput{Name: fmt.Sprintf("Team %d", i), Kind: people.EnterpriseTeam})
		if err != nil {
			return nil, err
		}
		c.Teams = append(c.Teams, t)
	}
	base, err := a.People.EnsureBase(ctx, "")
	if err != nil {
		return nil, err
	}
	if c.Agents, err = many(agents, func(i int) (people.Person, error) {
		p, err := a.People.CreatePerson(ctx, by, people.PersonInput{Name: fmt.Sprintf("Agent %d", i), Address: AgentAddress(i), Verified: true, OrgID: base.Provider.ID})
		if err != nil {
			return p, err
		}
		_, err = a.People.Grant(ctx, by, people.GrantInput{PersonID: p.ID, Role: auth.Agent, Scope: auth.Everywhere})
		return p, err
	}); err != nil {
		return nil, err
	}
	c.Customers, err = many(customers, func(i int) (people.Person, error) {
		return a.People.CreatePerson(ctx, by, people.PersonInput{Name: fmt.Sprintf("Customer %d", i), Address: fmt.Sprintf("person%d@load.test", i), Verified: true, SiteID: c.Sites[i%len(c.Sites)].ID})
	})
	return c, err
}

// many makes n things, several at once: they share an fsync.
func many(n int, one func(i int) (people.Person, error)) ([]people.Person, error) {
	const at = 16
	out, fails := make([]people.Person, n), make([]error, at)
	var all sync.WaitGroup
	for k := range at {
		all.Go(func() {
			for i := k; i < n && fails[k] == nil; i += at {
				out[i], fails[k] = one(i)
			}
		})
	}
	all.Wait()
	return out, errors.Join(fails...)
}
