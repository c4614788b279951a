package cli

import (
	"encoding/base32"
	"flag"
	"io"
	"log/slog"
	"os"
	"strings"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/migrate"
	"bothways/internal/people"
)

func initCommand() *command {
	return &command{
		name: "init", params: "--admin-email E [--admin-name N] [--admin-password-file F] [--organisation IT]", needs: either,
		about: "make a database with its first administrator",
		more: `The administrator administers everything, is an agent everywhere and a member of the service desk. Without a password file a
password is made and printed this once. It may be run again, and while serve runs: what is there already stays as it is.`,
		examples: []string{
			"bothways init --data data --admin-email you@example.org",
			"bothways init --data data --admin-email you@example.org --admin-name 'Amara Okafor' --admin-password-file password.txt",
		},
		setup: func(fs *flag.FlagSet) runner {
			email := fs.String("admin-email", "", "`ADDRESS` the administrator signs in with")
			name := fs.String("admin-name", "", "`NAME` of the administrator (default the address)")
			file := fs.String("admin-password-file", "", "`FILE` whose first line is the password")
			org := fs.String("organisation", "", "`NAME` of the organisation that provides IT (default IT)")
			return func(c *call) error {
				if strings.TrimSpace(*email) == "" {
					return errs.New(errs.Invalid, "cli.init", "Name the first administrator with --admin-email you@example.org.")
				}
				return c.init(firstAdmin{*email, *name, *file, *org})
			}
		},
	}
}

type firstAdmin struct{ email, name, passwordFile, organisation string }

func (c *call) init(in firstAdmin) error {
	password := ""
	if in.passwordFile != "" {
		var err error
		if password, err = passwordFrom(in.passwordFile, nil); err != nil {
			return err
		}
		if err := auth.CheckPassword(password, in.email, in.name); err != nil {
			return err
		}
	}
	if c.app == nil {
		a, err := c.openNew(in.organisation)
		if err != nil {
			return err
		}
		c.app = a
		defer func() { _ = a.Stop() }()
	}
	base, err := c.app.People.EnsureBase(c.ctx, in.organisation)
	if err != nil {
		return err
	}
	if in.organisation != "" && base.Provider.Name != in.organisation {
		c.note("The providing organisation is called %q already and keeps its name.", base.Provider.Name)
	}
	p, made, err := c.ensureAdministrator(base, in)
	if err != nil {
		return err
	}
	c.say("Database %s", c.app.DB)
	return c.firstPassword(p, password, made)
}

// openNew opens the database, making it if need be; the provider is named before the app would name it.
func (c *call) openNew(provider string) (*app.App, error) {
	if provider != "" {
		if err := c.makeFolder(); err != nil {
			return nil, err
		}
		d, err := db.Open(c.ctx, c.conf.Database)
		if err != nil {
			return nil, err
		}
		if _, err = migrate.Up(c.ctx, d); err == nil {
			_, err = people.New(d, clock.System{}).EnsureBase(c.ctx, provider)
		}
		if cerr := d.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return nil, err
		}
	}
	return app.New(c.ctx, c.conf, app.Options{Log: c.log(slog.LevelWarn)})
}

// ensureAdministrator makes the person, their grants and their place at the desk, as far as they are not there.
func (c *call) ensureAdministrator(base people.Base, in firstAdmin) (p people.Person, made bool, err error) {
	p, err = people.PersonByAddress(c.ctx, c.app.DB.Read(), in.email)
	switch {
	case errs.Is(err, errs.NotFound):
		if in.name == "" {
			in.name = in.email
		}
		p, err = c.app.People.CreatePerson(c.ctx, c.by, people.PersonInput{Name: in.name, Address: in.email, Verified: true, OrgID: base.Provider.ID})
		made = true
	case err == nil && p.Stranger():
		p, err = c.place(p, people.PersonInput{Name: in.name, OrgID: base.Provider.ID, Address: in.email})
		made = true
	case err == nil && p.Disabled():
		err = errs.New(errs.Conflict, "cli.init", "%s is disabled. Enable them first: bothways person enable %s", p.Name, in.email)
	}
	if err != nil {
		return p, made, err
	}
	for _, r := range []auth.Role{auth.Administrator, auth.Agent} {
		_, err := c.app.People.Grant(c.ctx, c.by, people.GrantInput{PersonID: p.ID, Role: r, Scope: auth.Everywhere, Reason: "first administrator"})
		if err != nil && !errs.Is(err, errs.Conflict) {
			return p, made, err
		}
		made = made || err == nil
	}
	return p, made, c.app.People.AddMember(c.ctx, c.by, base.Desk.ID, p.ID)
}

func (c *call) firstPassword(p people.Person, password string, made bool) error {
	if password == "" && !made {
		c.say("Administrator %s is there already; the password stays as it is. Set another with: bothways person password%s %s", p.Address, c.where(), p.Address)
		return nil
	}
	c.say("Administrator %s", p.Address)
	return c.setPassword(p, password)
}

// setPassword sets a password; without one it makes one and prints it.
func (c *call) setPassword(p people.Person, password string) error {
	shown := password == ""
	if shown {
		password = newPassword()
	}
	own, err := people.Addresses(c.ctx, c.app.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	names := []string{p.Name}
	for _, a := range own {
		names = append(names, a.Address)
	}
	if err := c.app.Auth.SetPassword(c.ctx, c.by, p.ID, password, names...); err != nil {
		return err
	}
	if shown {
		c.say("Password %s", password)
	}
	return nil
}

// newPassword makes one of 120 random bits that can be typed.
func newPassword() string {
	s := strings.ToLower(base32.StdEncoding.EncodeToString(id.Bytes(15)))
	return s[:6] + "-" + s[6:12] + "-" + s[12:18] + "-" + s[18:]
}

// passwordFrom reads the first line of a file, or of in when path is "".
func passwordFrom(path string, in io.Reader) (string, error) {
	if path != "" {
		f, err := os.Open(path)
		if err != nil {
			return "", errs.Wrap(errs.NotFound, "cli.password", err, "The password file %s can't be read. Check the path and who may read it.", path)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return "", errs.Wrap(errs.Invalid, "cli.password", err, "The password can't be read: %v.", err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", errs.New(errs.Invalid, "cli.password", "The first line is empty. Write the password there.")
	}
	return line, nil
}
