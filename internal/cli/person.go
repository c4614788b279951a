package cli

import (
	"context"
	"flag"
	"slices"
	"strings"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

const scopeHelp = `A role is ROLE or ROLE@SCOPE: agent, agent@everywhere, site-it@site:Leeds, resolver@team:Network, auditor@region:north,
signatory@organisation:'Norvik Industries'. Without a scope a role of IT holds everywhere, a customer's in their own organisation, a site
contact's at their own site.`

const zoneOfPerson = "`ZONE` the person works in (default the site's)"

func personCommands() []*command {
	return []*command{
		{
			name: "person add", params: "--email E [--name N] [--organisation O] [--site S] [--role ROLE[@SCOPE]]… [--team T]…", about: "add a person", needs: database,
			zone: zoneOfPerson,
			more: scopeHelp + `
The organisation may be left out when the site names one, or when there is only one customer. Somebody who is known from a mail alone is
placed where you say. A password is needed only to sign in.`,
			examples: []string{
				"bothways person add --email helen.marsh@norvik.example --name 'Helen Marsh' --site Leeds",
				"bothways person add --email amara.okafor@norvik-it.example --name 'Amara Okafor' --organisation IT --role agent --team 'Service desk' --password-file p.txt",
			},
			setup: setupPersonAdd,
		},
		{
			name: "person list", params: "[BEGINNING] [--organisation O] [--site S] [--team T] [--disabled] [--json]", about: "list persons", needs: database, most: 1,
			examples: []string{"bothways person list mar", "bothways person list --site Leeds --json"},
			setup:    setupPersonList,
		},
		{
			name: "person set", params: "EMAIL [--name N] [--organisation O] [--site S] [--zone Z] [--mailed yes|no]", about: "change or place a person", needs: database, least: 1, most: 1,
			zone: zoneOfPerson, examples: []string{"bothways person set owen.clarke@norvik.example --site Leeds"}, setup: setupPersonSet,
		},
		{
			name: "person grant", params: "EMAIL ROLE[@SCOPE]… [--until DATE] [--reason R]", about: "give a person roles", needs: database, least: 2, most: -1, more: scopeHelp,
			examples: []string{"bothways person grant priya.nair@norvik.example site-it@site:Leeds", "bothways person grant kofi.mensah@norvik-it.example agent --until 2027-03-31"},
			setup:    setupGrant,
		},
		{
			name: "person revoke", params: "EMAIL ROLE[@SCOPE]… [--reason R]", about: "end roles of a person", needs: database, least: 2, most: -1, more: scopeHelp,
			examples: []string{"bothways person revoke priya.nair@norvik.example site-it@site:Leeds"}, setup: setupRevoke,
		},
		onPerson("person roles", "EMAIL", "list what a person holds, held and will hold", (*call).listGrants),
		onPerson("person disable", "EMAIL", "end what a person may do, with sessions and tokens", func(c *call, p people.Person) error {
			return c.app.People.DisablePerson(c.ctx, c.by, p.ID)
		}),
		onPerson("person enable", "EMAIL", "take a disabling back", func(c *call, p people.Person) error { return c.app.People.EnablePerson(c.ctx, c.by, p.ID) }),
		{
			name: "person password", params: "EMAIL [--password-file F|--password-stdin]", about: "set a person's password; without a file one is made and printed", needs: database, least: 1, most: 1,
			examples: []string{"bothways person password helen.marsh@norvik.example", "bothways person password helen.marsh@norvik.example --password-stdin <password.txt"},
			setup: func(fs *flag.FlagSet) runner {
				pw := passwordFlags(fs)
				return func(c *call) error {
					p, err := c.app.People.FindPerson(c.ctx, c.args[0])
					if err != nil {
						return err
					}
					password, err := pw.read(c)
					if err != nil {
						return err
					}
					return c.setPassword(p, password)
				}
			},
		},
		{
			name: "person address", params: "add|remove|verify EMAIL [ADDRESS]", about: "a person's further mail addresses", needs: database, least: 2, most: 3,
			examples: []string{"bothways person address add helen.marsh@norvik.example h.marsh@norvik.example", "bothways person address remove h.marsh@norvik.example"},
			setup:    plain((*call).changeAddress),
		},
	}
}

// onPerson is a command on one person.
func onPerson(name, params, about string, fn func(*call, people.Person) error) *command {
	return &command{name: name, params: params, about: about, needs: database, least: 1, most: 1, examples: []string{"bothways " + name + " helen.marsh@norvik.example"},
		setup: plain(func(c *call) error {
			p, err := c.app.People.FindPerson(c.ctx, c.args[0])
			if err != nil {
				return err
			}
			return fn(c, p)
		})}
}

type passwordSource struct {
	file  *string
	stdin *bool
}

func passwordFlags(fs *flag.FlagSet) passwordSource {
	return passwordSource{fs.String("password-file", "", "`FILE` whose first line is the password"), fs.Bool("password-stdin", false, "read the password from standard input")}
}

// read gives the password, "" when none was offered.
func (s passwordSource) read(c *call) (string, error) {
	if *s.file == "" && !*s.stdin {
		return "", nil
	}
	return passwordFrom(*s.file, c.env.In)
}

func setupPersonAdd(fs *flag.FlagSet) runner {
	email := fs.String("email", "", "mail `ADDRESS`, with which they sign in")
	name := fs.String("name", "", "`NAME` (default the address)")
	org := fs.String("organisation", "", "`NAME` of the organisation they belong to")
	site := fs.String("site", "", "`NAME` of the site they work at")
	roles := list(fs, "role", "`ROLE[@SCOPE]` they hold; more than once for several")
	teams := list(fs, "team", "`NAME` of a team they are in; more than once for several")
	notMailed := fs.Bool("not-mailed", false, "send them no mails; the pages show what there is")
	pw := passwordFlags(fs)
	return func(c *call) error {
		in := people.PersonInput{Name: *name, Address: *email, Verified: true, NotMailed: *notMailed, Zone: c.zone}
		if in.Address == "" {
			return errs.New(errs.Invalid, "cli.person", "Name the person's mail address with --email anna@example.org.")
		}
		if in.Name == "" {
			in.Name = in.Address
		}
		if err := c.findPlace(&in, *org, *site, *roles); err != nil {
			return err
		}
		password, err := pw.read(c)
		if err != nil {
			return err
		}
		return c.addPerson(in, *roles, *teams, password)
	}
}

// findPlace finds organisation and site by name. Who has a role in IT, where there is no customer yet, is of IT.
func (c *call) findPlace(in *people.PersonInput, org, site string, roles []string) error {
	if org == "" && site == "" && len(roles) > 0 {
		customers, err := organisations(c.ctx, c.app, people.Customer)
		if err != nil {
			return err
		}
		providers, err := organisations(c.ctx, c.app, people.Provider)
		if err != nil {
			return err
		}
		if len(customers) == 0 && len(providers) == 1 {
			org = providers[0].Name
		}
	}
	if org != "" || site == "" {
		o, err := c.organisation(org)
		if err != nil {
			return err
		}
		in.OrgID = o.ID
	}
	if site == "" {
		return nil
	}
	s, err := c.app.People.FindSite(c.ctx, in.OrgID, site)
	if err != nil {
		return err
	}
	in.SiteID, in.OrgID = s.ID, s.OrgID
	return nil
}

// addPerson checks everything that can be checked before the first row is written.
func (c *call) addPerson(in people.PersonInput, roles, teamNames []string, password string) error {
	home := people.Person{OrgID: in.OrgID, SiteID: in.SiteID}
	grants, err := c.grants(roles, home)
	if err != nil {
		return err
	}
	var teams []people.Team
	for _, name := range teamNames {
		t, err := c.app.People.FindTeam(c.ctx, name)
		if err != nil {
			return err
		}
		teams = append(teams, t)
	}
	if password != "" {
		if err := auth.CheckPassword(password, in.Address, in.Name); err != nil {
			return err
		}
	}
	p, err := people.PersonByAddress(c.ctx, c.app.DB.Read(), in.Address)
	switch {
	case err == nil && p.Stranger():
		p, err = c.place(p, in)
	case err == nil:
		err = errs.New(errs.Conflict, "cli.person", "%s is the address of %s already. Change them with: bothways person set %s", in.Address, p.Name, in.Address)
	case errs.Is(err, errs.NotFound):
		p, err = c.app.People.CreatePerson(c.ctx, c.by, in)
	}
	if err != nil {
		return err
	}
	for _, g := range grants {
		g.PersonID = p.ID
		if _, err := c.app.People.Grant(c.ctx, c.by, g); err != nil {
			return err
		}
	}
	for _, t := range teams {
		if err := c.app.People.AddMember(c.ctx, c.by, t.ID, p.ID); err != nil {
			return err
		}
	}
	if password != "" {
		if err := c.setPassword(p, password); err != nil {
			return err
		}
	}
	c.say("%s", personLine(p))
	return nil
}

// place gives somebody who was known from a mail alone a name, an organisation and a site.
func (c *call) place(p people.Person, in people.PersonInput) (people.Person, error) {
	ch := people.PersonChange{ID: p.ID, OrgID: &in.OrgID}
	if in.Name != "" && in.Name != in.Address {
		ch.Name = &in.Name
	}
	if in.SiteID != "" {
		ch.SiteID = &in.SiteID
	}
	if in.Zone != "" {
		ch.Zone = &in.Zone
	}
	if in.NotMailed {
		mailed := false
		ch.Mailed = &mailed
	}
	p, err := c.app.People.UpdatePerson(c.ctx, c.by, ch)
	if err != nil {
		return p, err
	}
	return p, c.app.People.VerifyAddress(c.ctx, c.by, in.Address)
}

func personLine(p people.Person) string {
	where := p.OrgName
	if p.SiteName != "" {
		where += ", " + p.SiteName
	}
	return p.Name + " <" + p.Address + "> of " + where
}

func setupPersonList(fs *flag.FlagSet) runner {
	org := fs.String("organisation", "", "`NAME` of an organisation")
	site := fs.String("site", "", "`NAME` of a site")
	team := fs.String("team", "", "`NAME` of a team")
	disabled := fs.Bool("disabled", false, "with those who are disabled")
	asJSON := jsonFlag(fs)
	return func(c *call) error {
		f := people.PersonFilter{Disabled: *disabled, Q: strings.Join(c.args, " ")}
		if *org != "" {
			o, err := c.app.People.FindOrganisation(c.ctx, *org)
			if err != nil {
				return err
			}
			f.OrgID = o.ID
		}
		if *site != "" {
			s, err := c.app.People.FindSite(c.ctx, f.OrgID, *site)
			if err != nil {
				return err
			}
			f.SiteID = s.ID
		}
		if *team != "" {
			t, err := c.app.People.FindTeam(c.ctx, *team)
			if err != nil {
				return err
			}
			f.TeamID = t.ID
		}
		persons, err := allPersons(c.ctx, c.app, f)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, p := range persons {
			rows = append(rows, []string{p.Name, p.Address, p.OrgName, p.SiteName, p.Zone, yesNo(p.Mailed), stamp(p.DisabledAt), p.ID})
		}
		return c.table(*asJSON, []string{"name", "address", "organisation", "site", "zone", "mailed", "disabled", "id"}, rows)
	}
}

func allPersons(ctx context.Context, a *app.App, f people.PersonFilter) ([]people.Person, error) {
	return everything(func(cursor string) (page.List[people.Person], error) {
		return a.People.Persons(ctx, auth.SystemActor(), f, cursor, page.MaxLimit)
	})
}

func setupPersonSet(fs *flag.FlagSet) runner {
	name := fs.String("name", "", "new `NAME`")
	org := fs.String("organisation", "", "`NAME` of the organisation they belong to")
	site := fs.String("site", "", "`NAME` of the site they work at, \"\" for none")
	mailed := fs.String("mailed", "", "`yes|no`: whether mails are sent to them")
	return func(c *call) error {
		p, err := c.app.People.FindPerson(c.ctx, c.args[0])
		if err != nil {
			return err
		}
		ch := people.PersonChange{ID: p.ID}
		if *name != "" {
			ch.Name = name
		}
		if c.given[zoneName] {
			ch.Zone = &c.zone
		}
		if i := slices.Index([]string{"", "no", "yes"}, *mailed); i > 0 {
			on := i == 2
			ch.Mailed = &on
		} else if i < 0 {
			return errs.New(errs.Invalid, "cli.person", "--mailed is yes or no, not %q.", *mailed)
		}
		orgID := p.OrgID
		if *org != "" {
			o, err := c.app.People.FindOrganisation(c.ctx, *org)
			if err != nil {
				return err
			}
			ch.OrgID, orgID = &o.ID, o.ID
		}
		if *site != "" {
			if p.Stranger() && *org == "" {
				orgID = ""
			}
			s, err := c.app.People.FindSite(c.ctx, orgID, *site)
			if err != nil {
				return err
			}
			ch.SiteID = &s.ID
		} else if c.given["site"] {
			ch.SiteID = site
		}
		if p, err = c.app.People.UpdatePerson(c.ctx, c.by, ch); err != nil {
			return err
		}
		c.say("%s", personLine(p))
		return nil
	}
}

// changeAddress adds, removes or verifies an address.
func (c *call) changeAddress() error {
	verb, rest := c.args[0], c.args[1:]
	address := rest[len(rest)-1]
	switch verb {
	case "add":
		if len(rest) != 2 {
			return errs.New(errs.Invalid, "cli.person", "Write: bothways person address add EMAIL ADDRESS")
		}
		p, err := c.app.People.FindPerson(c.ctx, rest[0])
		if err != nil {
			return err
		}
		_, err = c.app.People.AddAddress(c.ctx, c.by, p.ID, address, true)
		return err
	case "remove":
		return c.app.People.RemoveAddress(c.ctx, c.by, address)
	case "verify":
		return c.app.People.VerifyAddress(c.ctx, c.by, address)
	}
	return errs.New(errs.Invalid, "cli.person", "%q is neither add, remove nor verify.", verb)
}
