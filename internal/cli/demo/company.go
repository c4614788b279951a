package demo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/cli/demo/story"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// The names of the two organisations.
const (
	Company  = "Norvik Industries"
	Provider = "Norvik IT"
)

type place struct {
	name, zone, region, open, close string
	holidays                        map[string]string // those of a fixed day, beside Christmas and New Year
}

var places = []place{
	{"Leeds", "Europe/London", "north", "09:00", "17:00", map[string]string{"12-26": "Boxing Day"}},
	{"Porto", "Europe/Lisbon", "south", "09:00", "17:00", map[string]string{"04-25": "Dia da Liberdade", "05-01": "Dia do Trabalhador", "06-10": "Dia de Portugal", "06-24": "São João", "08-15": "Assunção", "12-08": "Imaculada Conceição"}},
	{"Tallinn", "Europe/Tallinn", "north", "09:00", "17:00", map[string]string{"02-24": "Iseseisvuspäev", "05-01": "Kevadpüha", "06-23": "Võidupüha", "06-24": "Jaanipäev", "08-20": "Taasiseseisvumispäev", "12-26": "Teine jõulupüha"}},
	{"Gdańsk", "Europe/Warsaw", "south", "08:00", "16:00", map[string]string{"01-06": "Trzech Króli", "05-01": "Święto Pracy", "05-03": "Święto Konstytucji 3 Maja", "08-15": "Wniebowzięcie NMP", "12-26": "Drugi dzień Świąt"}},
	{"Turku", "Europe/Helsinki", "north", "08:00", "16:00", map[string]string{"01-06": "Loppiainen", "05-01": "Vappu", "12-06": "Itsenäisyyspäivä", "12-26": "Tapaninpäivä"}},
}

// serviceHours are when IT works; its holidays are those of its first place.
func serviceHours() calendar.Spec {
	p := places[0]
	p.open, p.close = "08:00", "18:00"
	return week(p)
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
	{"amara", "Amara Okafor", "amara.okafor@norvik-it.example", "", []string{"agent"}, deskTeam, "agent on the desk"},
	{"kofi", "Kofi Mensah", "kofi.mensah@norvik-it.example", "", []string{"agent"}, deskTeam, "agent on the desk"},
	{"beth", "Beth Hargreaves", "beth.hargreaves@norvik-it.example", "", []string{"agent", "major_incident_manager"}, deskTeam, "leads the desk"},
	{"lena", "Lena Brandt", "lena.brandt@norvik-it.example", "", []string{"agent"}, deskTeam, ""},
	{"joao", "João Pires", "joao.pires@norvik-it.example", "", []string{"agent"}, deskTeam, ""},
	{"mina", "Mina Petrova", "mina.petrova@norvik-it.example", "", []string{"agent"}, deskTeam, ""},
	{"tomas", "Tomás Vieira", "tomas.vieira@norvik-it.example", "", []string{"administrator"}, "", "administrator"},
	{"ingrid", "Ingrid Solberg", "ingrid.solberg@norvik-it.example", "", []string{"service_level_manager", "resolver@team"}, "Service level management", "service level manager"},
	{"marit", "Marit Hallik", "marit.hallik@norvik-it.example", "", []string{"auditor"}, "", "auditor"},
	{"rui", "Rui Costa", "rui.costa@norvik-it.example", "", []string{"resolver@team"}, "Network", "network team"},
	{"silja", "Silja Aho", "silja.aho@norvik-it.example", "", []string{"resolver@team"}, "Network", ""},
	{"farah", "Farah Aziz", "farah.aziz@norvik-it.example", "", []string{"resolver@team"}, "Business systems", ""},
	{"viktor", "Viktor Lind", "viktor.lind@norvik-it.example", "", []string{"resolver@team"}, "Business systems", ""},
	{"oskar", "Oskar Nylund", "oskar.nylund@norvik-it.example", "", []string{"resolver@team"}, "Mobile devices", ""},
	{"leila", "Leila Haddad", "leila.haddad@norvik-it.example", "", []string{"resolver@team"}, "Mobile devices", ""},
	{"nadia", "Nadia Roth", "nadia.roth@norvik-it.example", "", []string{"resolver@team"}, "Information security", ""},
	{"hanna", "Hanna Lund", "hanna.lund@norvik-it.example", "", []string{"resolver@team"}, "Regional IT north", ""},
	{"diogo", "Diogo Sá", "diogo.sa@norvik-it.example", "", []string{"resolver@team"}, "Regional IT south", ""},

	{"helen", "Helen Marsh", "helen.marsh@norvik.example", "Leeds", nil, "", "customer in Leeds"},
	{"owen", "Owen Clarke", "owen.clarke@norvik.example", "Leeds", nil, "", "customer in Leeds"},
	{"graham", "Graham Pell", "graham.pell@norvik.example", "Leeds", []string{"site_contact@site", "signatory@organisation"}, "", "speaks for Leeds"},
	{"priya", "Priya Nair", "priya.nair@norvik.example", "Leeds", []string{"site_it@site"}, "Leeds local IT", "local IT in Leeds"},
	{"dev", "Dev Malik", "dev.malik@norvik.example", "Leeds", []string{"site_it@site"}, "Leeds local IT", ""},
	{"rita", "Rita Sousa", "rita.sousa@norvik.example", "Porto", nil, "", "customer in Porto"},
	{"bruno", "Bruno Tavares", "bruno.tavares@norvik.example", "Porto", []string{"site_contact@site"}, "", ""},
	{"ines", "Inês Duarte", "ines.duarte@norvik.example", "Porto", []string{"site_it@site"}, "Porto local IT", ""},
	{"tiago", "Tiago Freitas", "tiago.freitas@norvik.example", "Porto", []string{"site_it@site"}, "Porto local IT", ""},
	{"jonas", "Jonas Weber", "jonas.weber@norvik.example", "Tallinn", nil, "", ""},
	{"liis", "Liis Tamm", "liis.tamm@norvik.example", "Tallinn", nil, "", ""},
	{"kadri", "Kadri Mägi", "kadri.magi@norvik.example", "Tallinn", []string{"site_contact@site"}, "", ""},
	{"mart", "Mart Saar", "mart.saar@norvik.example", "Tallinn", []string{"site_it@site"}, "Tallinn local IT", ""},
	{"ewa", "Ewa Lis", "ewa.lis@norvik.example", "Gdańsk", nil, "", ""},
	{"marek", "Marek Nowak", "marek.nowak@norvik.example", "Gdańsk", nil, "", "customer in Gdańsk"},
	{"zofia", "Zofia Wrona", "zofia.wrona@norvik.example", "Gdańsk", []string{"site_contact@site"}, "", ""},
	{"piotr", "Piotr Zając", "piotr.zajac@norvik.example", "Gdańsk", []string{"site_it@site"}, "Gdańsk local IT", ""},
	{"ola", "Ola Bielska", "ola.bielska@norvik.example", "Gdańsk", []string{"site_it@site"}, "Gdańsk local IT", ""},
	{"aino", "Aino Laine", "aino.laine@norvik.example", "Turku", nil, "", ""},
	{"eero", "Eero Salo", "eero.salo@norvik.example", "Turku", []string{"site_contact@site"}, "", ""},
	{"noora", "Noora Virta", "noora.virta@norvik.example", "Turku", []string{"site_it@site"}, "Turku local IT", ""},
}

// supplier is who Norvik IT buys telephone lines from; suppliers are all it buys from.
const supplier = "Brightline Telecom"

var suppliers = []string{supplier, "Nordprint Service", "Vaht Systems"}

// rank is what kind of team a name is of, where it is no local IT.
func rank(team string) string {
	if strings.HasPrefix(team, "Regional") {
		return people.RegionalTeam
	}
	return people.EnterpriseTeam
}

// company makes organisations, sites, teams and persons.
type company struct {
	a     *app.App
	by    auth.Actor
	sites map[string]people.Site
	teams map[string]people.Team
	staff map[string]people.Person // by key
	crowd []story.Person
}

func makeCompany(ctx context.Context, a *app.App) (*company, error) {
	c := &company{a: a, crowd: crowd(), by: auth.SystemActor(), sites: map[string]people.Site{}, teams: map[string]people.Team{}, staff: map[string]people.Person{}}
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
	for _, name := range suppliers {
		if err := c.makeTeam(ctx, name, people.SupplierTeam); err != nil {
			return nil, err
		}
	}
	for _, m := range cast {
		if err := c.join(ctx, m, base, org); err != nil {
			return nil, err
		}
	}
	for _, p := range c.crowd {
		if err := c.join(ctx, member{key: p.Key, name: p.Name, address: p.Key + "@norvik.example", site: p.Place}, base, org); err != nil {
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
	s := calendar.Spec{TZ: p.zone, Week: map[string][][2]string{}, HolidayNames: map[string]string{"12-25": "Christmas Day", "01-01": "New Year"}}
	maps.Copy(s.HolidayNames, p.holidays)
	s.YearlyHolidays = slices.Sorted(maps.Keys(s.HolidayNames))
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		s.Week[day] = [][2]string{{p.open, p.close}}
	}
	return s
}

func (c *company) makeTeam(ctx context.Context, name, kind string) error {
	if _, ok := c.teams[name]; ok {
		return nil
	}
	t, err := c.a.People.FindTeam(ctx, name) // the doors have their teams from the start
	if errs.Is(err, errs.NotFound) {
		t, err = c.a.People.CreateTeam(ctx, c.by, people.TeamInput{Name: name, Kind: kind})
	}
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
			kind = rank(m.team)
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

// passwords begins to hash the logins' password, beside the history on the other processors, and answers with what gives it to
// them: only hashing is slow.
func (c *company) passwords(ctx context.Context) (give func() error) {
	var g sync.WaitGroup
	made, failed := make([]auth.Prepared, len(cast)), make([]error, len(cast))
	g.Go(func() {
		for i, m := range cast {
			if m.login != "" {
				made[i], failed[i] = c.a.Auth.Prepare(ctx, Password, m.name, m.address)
			}
		}
	})
	return func() error {
		g.Wait()
		for i, m := range cast {
			if m.login != "" && failed[i] == nil {
				failed[i] = c.a.Auth.SetPrepared(ctx, c.by, c.staff[m.key].ID, made[i])
			}
		}
		return errors.Join(failed...)
	}
}
