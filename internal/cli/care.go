package cli

import (
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"bothways/internal/cli/check"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate"
)

func careCommands() []*command {
	return []*command{
		doctorCommand(),
		verifyCommand(),
		exportCommand(),
		{
			name: "search rebuild", params: "[flags]", about: "write the index of words anew, also while serve runs", needs: database,
			more:     `Reads every subject, message, note, file and person again. What is written meanwhile is indexed as always.`,
			examples: []string{"bothways search rebuild --data data"},
			setup: plain(func(c *call) error {
				n, err := c.app.Search.Rebuild(c.ctx, func(done int) { c.say("%d texts", done) })
				if err == nil {
					c.say("%d texts are in the index.", n)
				}
				return err
			}),
		},
		{
			name: "migrate", params: "[flags]", about: "bring the database to this program's schema", needs: itself,
			more:     `serve does it at its start. On SQLite a copy of the file is taken beside it before anything changes.`,
			examples: []string{"bothways migrate --data data"}, setup: plain((*call).migrate),
		},
		{
			name: "backup", params: "FILE", about: "write a consistent copy of SQLite's database, also while serve runs", needs: database, least: 1, most: 1,
			more:     `To restore it, point serve at the copy. PostgreSQL has pg_dump.`,
			examples: []string{"bothways backup --data data bothways-2026-11-24.db"},
			setup: plain(func(c *call) error {
				if err := c.app.DB.Backup(c.ctx, c.args[0]); err != nil {
					return err
				}
				c.say("%s", c.args[0])
				return nil
			}),
		},
		{
			name: "config check", params: "[flags]", about: "say whether the settings are right", needs: itself, setup: plain((*call).checkConfig),
			examples: []string{"bothways config check --config bothways.conf"},
		},
		{
			name: "config show", params: "[--json] [flags]", about: "print the settings in force, passwords left out", needs: itself,
			setup: func(fs *flag.FlagSet) runner {
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.showConfig(*asJSON) }
			},
		},
		{name: "version", about: "print the version", setup: plain(func(c *call) error {
			c.say("bothways %s, %s, schema %d", version(), runtime.Version(), check.Schema())
			return nil
		})},
		{name: "help", params: "[COMMAND]", about: "say what there is, or how one command is written", most: -1, setup: plain(func(*call) error { return nil })},
	}
}

func doctorCommand() *command {
	return &command{
		name: "doctor", params: "[--rederive] [--search] [flags]", about: "look whether the installation is well", needs: either,
		more: `Looks at settings, database, folder, relay, jobs, mails that failed, and what every installation has. With --rederive it reads every
ticket's ledger again and compares turn, state and due instant with what is cached: they have to be equal. With --search it reads everything that was
written and compares it with the index of words; bothways search rebuild mends what differs.`,
		examples: []string{"bothways doctor --data data", "bothways doctor --rederive --data data", "bothways doctor --search --data data"},
		setup: func(fs *flag.FlagSet) runner {
			rederive := fs.Bool("rederive", false, "prove that what is cached is what the ledger says")
			words := fs.Bool("search", false, "prove that the index of words is what was written")
			return func(c *call) error { return c.doctor(*rederive, *words) }
		},
	}
}

func (c *call) doctor(rederive, words bool) error {
	d := check.NewDoctor(c.ctx, c.env.Out)
	if c.app == nil {
		d.Check("settings", answerable(c.conf), "right")
		if err := c.open(); !d.Check("database", err, "") {
			return d.Verdict()
		}
		defer func() { _ = c.app.Stop() }()
	}
	d.Examine(c.app)
	if rederive {
		d.Rederive()
	}
	if words {
		d.Words()
	}
	return d.Verdict()
}

func verifyCommand() *command {
	return &command{
		name: "verify", params: "[flags]", about: "prove that the record is whole", needs: database,
		more: `Walks every ticket's chain of events, the signed checkpoints, every mail that came in (its bytes, and that it was taken in exactly
once), the ticket numbers, and every attached file's digest. It names what was changed, put in or taken out.`,
		examples: []string{"bothways verify --data data", "bothways verify --database postgres://bothways@127.0.0.1:5432/bothways"},
		setup:    plain(func(c *call) error { return check.Verify(c.ctx, c.app, c.env.Out) }),
	}
}

// version is the module's version and the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	out, revision, dirty := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = ", changed"
			}
		}
	}
	if out == "" || out == "(devel)" {
		out = "(development)"
	}
	if revision != "" && !strings.Contains(out, revision) {
		out += " (" + revision + dirty + ")"
	}
	return out
}

// migrate is the start of an app without the app, so that it can say what was done.
func (c *call) migrate() error {
	if err := c.makeFolder(); err != nil {
		return err
	}
	d, err := db.Open(c.ctx, c.conf.Database)
	if err != nil {
		return err
	}
	r, err := migrate.Up(c.ctx, d)
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	switch {
	case err != nil:
		return err
	case r.From == r.To:
		c.say("%s has schema %d already.", d, r.To)
	default:
		c.say("%s went from schema %d to %d.", d, r.From, r.To)
	}
	if r.Copy != "" {
		c.say("The copy from before is %s.", r.Copy)
	}
	return nil
}

// makeFolder makes the folder of the database where the settings leave it to us.
func (c *call) makeFolder() error {
	if path, ok := strings.CutPrefix(c.conf.Database, "sqlite:"); ok && strings.HasPrefix(path, c.conf.Data) {
		if err := os.MkdirAll(c.conf.Data, 0o700); err != nil {
			return errs.Wrap(errs.Unavailable, "cli", err, "The folder %s can't be made: %v.", c.conf.Data, err)
		}
	}
	return nil
}

// checkConfig says that the settings are right: wrong ones were refused when they were read.
func (c *call) checkConfig() error {
	if err := answerable(c.conf); err != nil {
		return err
	}
	c.say("The settings are right.")
	return nil
}

// answerable says what is wrong when mail would go out from an address nobody can answer.
func answerable(conf config.Config) error {
	if conf.Relay == "" || !strings.HasSuffix(conf.MailFrom, "@localhost") {
		return nil
	}
	return errs.New(errs.Invalid, "cli.config", "Mail would go out from %s, which nobody can answer. Set --mail-from to the desk's address.", conf.MailFrom)
}

func (c *call) showConfig(asJSON bool) error {
	var rows [][]string
	for i, v := range c.conf.Values() {
		rows = append(rows, []string{v[0], v[1], config.Settings()[i].Env()})
	}
	return c.table(asJSON, []string{"setting", "value", "variable"}, rows)
}
