package demo

import (
	"context"
	"errors"
	"sync"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// The names of the two organisations.
const (
	Company  = "Norvik Industries"
	Provider = "Norvik IT"
)

// Password opens every account of the demo. It is no secret: the demo listens on the machine itself unless told otherwise.
const Password = "norvik-demo-desk"

// Login is an account to try.
type Login struct {
	Address, Name, What string
}

// Logins are the accounts that have the password.
func Logins() []Login {
	var out []Login
	for _, m := range cast {
		if m.login != "" {
			out = append(out, Login{m.address, m.name, m.login})
		}
	}
	return out
}

type place struct{ name, zone, region, open, close string }

var places = []place{
	{"Leeds", "Europe/London", "north", "09:00", "17:00"},
	{"Porto", "Europe/Lisbon", "south", "09:00", "17:00"},
	{"Tallinn", "Europe/Tallinn", "north", "09:00", "17:00"},
	{"Gdańsk", "Europe/Warsaw", "south", "08:00", "16:00"},
	{"Turku", "Europe/Helsinki", "north", "08:00", "16:00"},
}

// member is one of the cast. Who has no site is of Norvik IT.
type member struct {
	key, name, address, site string
	roles                    []string // "agent", "site_it@site"
	team                     string
	login                    string // what the account shows; "" has no password
}

const deskTeam = "Service desk"

var cast = []member{
	{"amara", "Amara Okafor", "amara.okafor@norvik-it.example", "", []string{"agent"}, deskTeam, "service desk"},
	{"kofi", "Kofi Mensah", "kofi.mensah@norvik-it.example", "", []string{"agent"}, deskTeam, "service desk"},
	{"tomas", "Tomás Vieira", "tomas.vieira@norvik-it.example", "", []string{"administrator"}, "", "administrator"},
	{"ingrid", "Ingrid Solberg", "ingrid.solberg@norvik-it.example", "", []string{"service_level_manager"}, "", ""},
	{"rui", "Rui Costa", "rui.costa@norvik-it.example", "", []string{"resolver@team"}, "Network", "network team"},

	{"helen", "Helen Marsh", "helen.marsh@norvik.example", "Leeds", nil, "", "customer in Leeds"},
	{"owen", "Owen Clarke", "owen.clarke@norvik.example", "Leeds", nil, "", "customer in Leeds"},
	{"graham", "Graham Pell", "graham.pell@norvik.example", "Leeds", []string{"site_contact@site", "signatory@organisation"}, "", "speaks for Leeds"},
	{"priya", "Priya Nair", "priya.nair@norvik.example", "Leeds", []string{"site_it@site"}, "Leeds local IT", "local IT in Leeds"},
	{"rita", "Rita Sousa", "rita.sousa@norvik.example", "Porto", nil, "", "customer in Porto"},
	{"bruno", "Bruno Tavares", "bruno.tavares@norvik.example", "Porto", []string{"site_contact@site"}, "", ""},
	{"ines", "Inês Duarte", "ines.duarte@norvik.example", "Porto", []string{"site_it@site"}, "Porto local IT", ""},
	{"jonas", "Jonas Weber", "jonas.weber@norvik.example", "Tallinn", nil, "", ""},
	{"liis", "Liis Tamm", "liis.tamm@norvik.example", "Tallinn", nil, "", ""},
	{"kadri", "Kadri Mägi", "kadri.magi@norvik.example", "Tallinn", []string{"site_contact@site"}, "", ""},
	{"mart", "Mart Saar", "mart.saar@norvik.example", "Tallinn", []string{"site_it@site"}, "Tallinn local IT", ""},
	{"ewa", "Ewa Lis", "ewa.lis@norvik.example", "Gdańsk", nil, "", ""},
	{"marek", "Marek Nowak", "marek.nowak@norvik.example", "Gdańsk", nil, "", ""},
	{"zofia", "Zofia Wrona", "zofia.wrona@norvik.example", "Gdańsk", []string{"site_contact@site"}, "", ""},
	{"piotr", "Piotr Zając", "piotr.zajac@norvik.example", "Gdańsk", []string{"site_it@site"}, "Gdańsk local IT", ""},
	{"aino", "Aino Laine", "aino.laine@norvik.example", "Turku", nil, "", ""},
	{"eero", "Eero Salo", "eero.salo@norvik.example", "Turku", []string{"site_contact@site"}, "", ""},
	{"noora", "Noora Virta", "noora.virta@norvik.example", "Turku", []string{"site_it@site"}, "Turku local IT", ""},
}

// supplier is who Norvik IT buys telephone lines from.
const supplier = "Brightline Telecom"

// company makes organisations, sites, teams and persons.
type company struct {
	a     *app.App
	by    auth.Actor
	sites map[string]people.Site
	teams map[string]people.Team
	staff map[string]people.Person // by key
}

func makeCompany(ctx context.Context, a *app.App) (*company, error) {
	c := &company{a: a, by: auth.SystemActor(), sites: map[string]people.Site{}, teams: map[string]people.Team{}, staff: map[string]people.Person{}}
	base, err := a.People.EnsureBase(ctx, Provider)
	if err != nil {
		return nil, err
	}
	c.teams[base.Desk.Name] = base.Desk
	org, err := a.People.CreateOrganisation(ctx, c.by, people.OrganisationInput{Name: Company})
	if err != nil {
		return nil, err
	}
	if err := c.makeSites(ctx, org); err != nil {
		return nil, err
	}
	if err := c.makeTeam(ctx, supplier, people.SupplierTeam); err != nil {
		return nil, err
	}
	for _, m := range cast {
		if err := c.join(ctx, m, base, org); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *company) makeSites(ctx context.Context, org people.Organisation) error {
	for _, p := range places {
		name := "Office hours " + p.zone
		cal, err := c.a.Calendars.Find(ctx, name)
		if errs.Is(err, errs.NotFound) {
			cal, err = c.a.Calendars.Create(ctx, c.by, name, week(p))
		}
		if err != nil {
			return err
		}
		if c.sites[p.name], err = c.a.People.CreateSite(ctx, c.by, people.SiteInput{OrgID: org.ID, Name: p.name, Zone: p.zone, Region: p.region, CalendarID: cal.ID}); err != nil {
			return err
		}
	}
	return nil
}

func week(p place) calendar.Spec {
	s := calendar.Spec{TZ: p.zone, Week: map[string][][2]string{}, YearlyHolidays: []string{"12-25", "01-01"},
		HolidayNames: map[string]string{"12-25": "Christmas Day", "01-01": "New Year"}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		s.Week[day] = [][2]string{{p.open, p.close}}
	}
	return s
}

func (c *company) makeTeam(ctx context.Context, name, kind string) error {
	if _, ok := c.teams[name]; ok {
		return nil
	}
	t, err := c.a.People.CreateTeam(ctx, c.by, people.TeamInput{Name: name, Kind: kind})
	c.teams[name] = t
	return err
}

// join makes a person with their roles and their team.
func (c *company) join(ctx context.Context, m member, base people.Base, org people.Organisation) error {
	in := people.PersonInput{Name: m.name, Address: m.address, Verified: true, OrgID: base.Provider.ID}
	if m.site != "" {
		in.OrgID, in.SiteID = org.ID, c.sites[m.site].ID
	} else {
		in.Zone = places[0].zone
	}
	p, err := c.a.People.CreatePerson(ctx, c.by, in)
	if err != nil {
		return err
	}
	c.staff[m.key] = p
	if m.team != "" {
		kind := people.LocalITTeam
		if m.site == "" {
			kind = people.EnterpriseTeam
		}
		if err := c.makeTeam(ctx, m.team, kind); err != nil {
			return err
		}
		if err := c.a.People.AddMember(ctx, c.by, c.teams[m.team].ID, p.ID); err != nil {
			return err
		}
	}
	for _, r := range m.roles {
		if err := c.grant(ctx, p, m, r); err != nil {
			return err
		}
	}
	return nil
}

// grant gives a role over everywhere, or over the member's own site, organisation or team.
func (c *company) grant(ctx context.Context, p people.Person, m member, role string) error {
	name, scope, scoped := cut(role)
	g := people.GrantInput{PersonID: p.ID, Role: auth.Role(name), Scope: auth.Everywhere}
	if scoped {
		g.Scope = auth.Scope(scope)
		g.ScopeID = map[auth.Scope]string{auth.Site: p.SiteID, auth.Organisation: p.OrgID, auth.Team: c.teams[m.team].ID}[g.Scope]
	}
	_, err := c.a.People.Grant(ctx, c.by, g)
	return err
}

// passwords begins to give the logins their password and answers when it is done: hashing is most of the demo's start, so it
// goes on beside the history.
func (c *company) passwords(ctx context.Context) <-chan error {
	done := make(chan error, 1)
	go func() {
		var g sync.WaitGroup
		all := make([]error, len(cast))
		for i, m := range cast {
			if m.login != "" {
				g.Go(func() { all[i] = c.a.Auth.SetPassword(ctx, c.by, c.staff[m.key].ID, Password, m.name, m.address) })
			}
		}
		g.Wait()
		done <- errors.Join(all...)
	}()
	return done
}
