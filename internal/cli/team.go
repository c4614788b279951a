package cli

import (
	"flag"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

func teamCommands() []*command {
	return []*command{
		{
			name: "team add", params: "NAME --kind desk|local-it|regional|enterprise|supplier [--member E]…", about: "add a support group", needs: database, least: 1, most: 1,
			more:     `Membership says who gets work; it grants nothing. A member's rights are their roles: bothways person grant --help`,
			examples: []string{"bothways team add 'Leeds local IT' --kind local-it --member priya.nair@norvik.example"},
			setup: func(fs *flag.FlagSet) runner {
				kind := fs.String("kind", "", "`KIND`: desk, local-it, regional, enterprise or supplier")
				members := list(fs, "member", "mail `ADDRESS` of a member; more than once for several")
				return func(c *call) error { return c.addTeam(*kind, *members) }
			},
		},
		{
			name: "team list", params: "[--json]", about: "list teams and who is in them", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listTeams(*asJSON) }
			},
		},
		memberCommand("add", "put persons into a team", (*call).addMember),
		memberCommand("remove", "take persons out of a team", (*call).removeMember),
	}
}

func memberCommand(verb, about string, fn func(*call, people.Team, people.Person) error) *command {
	return &command{name: "team member " + verb, params: "TEAM EMAIL…", about: about, needs: database, least: 2, most: -1,
		examples: []string{"bothways team member " + verb + " 'Service desk' kofi.mensah@norvik-it.example"},
		setup: plain(func(c *call) error {
			t, err := c.app.People.FindTeam(c.ctx, c.args[0])
			if err != nil {
				return err
			}
			persons, err := c.persons(c.args[1:])
			if err != nil {
				return err
			}
			for _, p := range persons {
				if err := fn(c, t, p); err != nil {
					return err
				}
			}
			return nil
		})}
}

func (c *call) addMember(t people.Team, p people.Person) error {
	return c.app.People.AddMember(c.ctx, c.by, t.ID, p.ID)
}

func (c *call) removeMember(t people.Team, p people.Person) error {
	return c.app.People.RemoveMember(c.ctx, c.by, t.ID, p.ID)
}

// persons finds all of them or says who is missing.
func (c *call) persons(keys []string) ([]people.Person, error) {
	var out []people.Person
	for _, k := range keys {
		p, err := c.app.People.FindPerson(c.ctx, k)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (c *call) addTeam(kind string, members []string) error {
	if kind == "" {
		return errs.New(errs.Invalid, "cli.team", "Name what kind of team it is with --kind desk, local-it, regional, enterprise or supplier.")
	}
	if strings.EqualFold(strings.NewReplacer("-", " ", "_", " ").Replace(kind), people.LocalITTeam) {
		kind = people.LocalITTeam
	}
	persons, err := c.persons(members)
	if err != nil {
		return err
	}
	t, err := c.app.People.CreateTeam(c.ctx, c.by, people.TeamInput{Name: c.args[0], Kind: kind})
	if err != nil {
		return err
	}
	for _, p := range persons {
		if err := c.addMember(t, p); err != nil {
			return err
		}
	}
	c.say("%s (%s)", t.Name, t.Kind)
	return nil
}

func (c *call) listTeams(asJSON bool) error {
	all, err := everything(func(cursor string) (page.List[people.Team], error) {
		return c.app.People.Teams(c.ctx, c.by, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, t := range all {
		members, err := allPersons(c.ctx, c.app, people.PersonFilter{TeamID: t.ID})
		if err != nil {
			return err
		}
		var addresses []string
		for _, p := range members {
			addresses = append(addresses, p.Address)
		}
		rows = append(rows, []string{t.Name, t.Kind, strings.Join(addresses, " "), t.ID})
	}
	return c.table(asJSON, []string{"name", "kind", "members", "id"}, rows)
}

func tokenCommands() []*command {
	return []*command{
		{
			name: "token create", params: "--person EMAIL [--scope S]… [--name N] [--ends DATE]", about: "make an API token and print it, this once", needs: database,
			more: `Who has the token can do what the person may, as far as its scopes reach: read, write (with read), admin, or verbs such as ticket.read
and ticket.*. Without a scope it has no limits. Send it as "Authorization: Bearer TOKEN".`,
			examples: []string{"bothways token create --person amara.okafor@norvik-it.example --scope read --name 'weekly report' --ends 2027-01-31"},
			setup: func(fs *flag.FlagSet) runner {
				person := fs.String("person", "", "mail `ADDRESS` of who it acts for")
				scopes := list(fs, "scope", "`SCOPE` it reaches; more than once for several")
				name := fs.String("name", "command line", "`NAME` by which it is known")
				ends := fs.String("ends", "", "`DATE` at whose end it ends, YYYY-MM-DD")
				return func(c *call) error { return c.createToken(*person, *name, *scopes, *ends) }
			},
		},
		{
			name: "token list", params: "[--person EMAIL] [--json]", about: "list API tokens", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				person := fs.String("person", "", "mail `ADDRESS` of who they act for")
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listTokens(*person, *asJSON) }
			},
		},
		{
			name: "token revoke", params: "ID…", about: "end API tokens at once", needs: database, least: 1, most: -1,
			setup: plain(func(c *call) error {
				for _, tokenID := range c.args {
					if err := c.app.Auth.RevokeToken(c.ctx, c.by, tokenID); err != nil {
						return err
					}
				}
				return nil
			}),
		},
	}
}

func (c *call) createToken(person, name string, scopes []string, until string) error {
	if person == "" {
		return errs.New(errs.Invalid, "cli.token", "Name the person the token acts for with --person anna@example.org.")
	}
	p, err := c.app.People.FindPerson(c.ctx, person)
	if err != nil {
		return err
	}
	if p.Disabled() || p.Stranger() {
		return errs.New(errs.Conflict, "cli.token", "%s can't act: the person is disabled, or known from a mail alone. Enable or place them first.", p.Name)
	}
	ends, err := endOf("ends", until)
	if err != nil {
		return err
	}
	secret, _, err := c.app.Auth.CreateToken(c.ctx, c.by, p.ID, name, scopes, ends)
	if err != nil {
		return err
	}
	c.say("%s", secret)
	return nil
}

func (c *call) listTokens(person string, asJSON bool) error {
	var persons []people.Person
	var err error
	if person != "" {
		persons, err = c.persons([]string{person})
	} else {
		persons, err = allPersons(c.ctx, c.app, people.PersonFilter{Disabled: true})
	}
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range persons {
		tokens, err := c.app.Auth.Tokens(c.ctx, c.by, p.ID)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			rows = append(rows, []string{t.ID, p.Address, t.Name, scopesOf(t), stamp(t.MadeAt), stamp(t.UsedAt), stamp(t.EndsAt), yesNo(ended(t, c.app.Clock.Now()))})
		}
	}
	return c.table(asJSON, []string{"id", "person", "name", "scopes", "made", "used", "ends", "ended"}, rows)
}

func scopesOf(t auth.TokenInfo) string {
	if t.Scopes == nil {
		return "no limits"
	}
	return strings.Join(t.Scopes, " ")
}

func ended(t auth.TokenInfo, now time.Time) bool { return !t.EndsAt.IsZero() && !now.Before(t.EndsAt) }
