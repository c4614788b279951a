package cli

import (
	"flag"
	"log/slog"
	"strings"

	"bothways/internal/app"
	"bothways/internal/cli/replay"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	logs "bothways/internal/replay"
)

func replayCommand() *command {
	return &command{
		name: "replay", params: "FILE… --format " + strings.Join(logs.Formats(), "|") + " [--map MAP.json] --data DIR", about: "turn a log of another desk into tickets, turns and scorecards", needs: itself, most: -1,
		more: `Every case of the log becomes a ticket with its events, in an installation of its own: DIR is empty, or not there yet. Files packed with
gzip are read as they are. --map says what rows mean (--schema prints its JSON Schema); for uci-incident that is fixed, and a map may say the
time zone and the agreement. Rows that could not be taken as they stand are listed with their numbers in DIR/replay-problems.csv; the rest
continues. All of a log is kept or nothing: one that was stopped begins anew. Nobody is mailed. An administrator is made to sign in with.`,
		examples: []string{
			"bothways replay incident_event_log.csv.gz --format uci-incident --data replayed",
			"bothways replay incidents.csv activities.csv --format bpi2014 --map bpi2014.json --data replayed",
			"bothways replay log.xes.gz --format xes --map map.json --data replayed && bothways serve --data replayed",
		},
		setup: func(fs *flag.FlagSet) runner {
			format := fs.String("format", "", "`FORMAT` of the log: "+strings.Join(logs.Formats(), ", "))
			mapFile := fs.String("map", "", "`FILE` that says what rows mean")
			problems := fs.String("problems", "", "`FILE` for rows that were not taken as they stand (default DIR/replay-problems.csv)")
			admin := fs.String("admin-email", "administrator@it.example", "`ADDRESS` of the administrator that is made")
			schema := fs.Bool("schema", false, "print the JSON Schema of a map and end")
			return func(c *call) error {
				if *schema {
					c.say("%s", strings.TrimSpace(string(logs.SchemaJSON())))
					return nil
				}
				return c.replay(replay.Order{Format: *format, Files: c.args, MapFile: *mapFile, Problems: *problems}, *admin)
			}
		},
	}
}

func (c *call) replay(o replay.Order, admin string) error {
	switch {
	case len(o.Files) == 0:
		return errs.New(errs.Invalid, "cli.replay", "Name the log: bothways replay FILE --format %s --data DIR", logs.FormatUCI)
	case !c.given["data"] && !c.given["database"]:
		return errs.New(errs.Invalid, "cli.replay", "Say with --data or --database where the tickets are to be written. It has to be empty.")
	}
	m, err := o.ReadMap()
	if err != nil {
		return err
	}
	c.conf.Zone = m.Location().String()
	if o.Problems == "" {
		o.Problems = replay.ProblemsIn(c.conf)
	}
	if err := replay.Prepare(c.ctx, c.conf, clock.System{}); err != nil {
		return err
	}
	a, err := app.New(c.ctx, c.conf, app.Options{Log: c.log(slog.LevelWarn), Fill: true})
	if err != nil {
		return err
	}
	report, err := replay.Run(c.ctx, a, c.by, o, m, c.env.Err)
	if err != nil {
		_ = a.Stop() // keeps nothing, and says the same error again
		return err
	}
	if err := a.Filled(); err != nil {
		_ = a.Stop()
		return err
	}
	c.app = a
	defer func() { _ = a.Stop() }()
	if err := a.Report.Fold(c.ctx); err != nil { // so that the first look at a scorecard is as quick as the next
		return err
	}
	if err := replay.Print(c.env.Out, report, o.Problems); err != nil {
		return err
	}
	c.say("")
	if err := c.init(firstAdmin{email: admin, name: "Administrator"}); err != nil {
		return err
	}
	c.say("See it with: bothways serve%s", c.where())
	return nil
}
