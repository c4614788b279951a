package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/kit/errs"
)

// Env is what a process is given.
type Env struct {
	Args   []string // without the program's name
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(string) string
}

// Main runs one command to its end and gives the exit code. An interrupt or SIGTERM ends it in order.
func Main(e Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends a process that hangs while it stops
	return run(ctx, e, nil)
}

// Run runs one command on an app that is open already; it gives the exit code. The settings of the app hold, whatever flags
// say. Commands that open or start an installation of their own are refused.
func Run(ctx context.Context, a *app.App, args []string, in io.Reader, out, errOut io.Writer) int {
	return run(ctx, Env{Args: args, In: in, Out: out, Err: errOut, Getenv: func(string) string { return "" }}, a)
}

// interrupted is the exit code of a command that was told to stop, as shells use it.
const interrupted = 130

func run(ctx context.Context, e Env, a *app.App) int {
	err := dispatch(ctx, e, a)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		_, _ = fmt.Fprintln(e.Err, "bothways: Stopped before it was done.")
		return interrupted
	}
	complain(e.Err, err)
	return errs.KindOf(err).Exit()
}

// complain says what is wrong in one sentence, or one a field.
func complain(w io.Writer, err error) {
	var e *errs.E
	switch {
	case !errors.As(err, &e), e.Kind == errs.Internal:
		_, _ = fmt.Fprintf(w, "bothways: This is a fault of the program, please report it: %v\n", err)
	case len(e.Fields) > 1:
		_, _ = fmt.Fprintf(w, "bothways: %s\n", e.Msg)
		for _, f := range e.Fields {
			_, _ = fmt.Fprintf(w, "  %s: %s\n", f.Path, f.Msg)
		}
	default:
		_, _ = fmt.Fprintf(w, "bothways: %s\n", errs.Sentence(err))
	}
}

// call is one command on its way.
type call struct {
	ctx   context.Context
	env   Env
	conf  config.Config
	app   *app.App // nil for commands that open no database
	args  []string // what is left beside flags
	given map[string]bool
	zone  string // what --zone said, where it is the command's own
	by    auth.Actor
	wrote error // the first that went wrong while printing
}

// say prints a result.
func (c *call) say(format string, args ...any) {
	if _, err := fmt.Fprintf(c.env.Out, format+"\n", args...); err != nil && c.wrote == nil {
		c.wrote = err
	}
}

// note prints what is no result.
func (c *call) note(format string, args ...any) { _, _ = fmt.Fprintf(c.env.Err, format+"\n", args...) }

// log is where an app of this command writes.
func (c *call) log(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(c.env.Err, &slog.HandlerOptions{Level: level}))
}

func dispatch(ctx context.Context, e Env, a *app.App) error {
	cmd, rest, err := find(e.Args)
	if err != nil {
		return err
	}
	if wantsHelp(rest) {
		_, err := io.WriteString(e.Out, cmd.help())
		return err
	}
	if a != nil && cmd.needs == itself {
		return errs.New(errs.Conflict, "cli", "bothways %s opens an installation of its own and can't run inside one. Run it from a shell.", cmd.name)
	}
	c := &call{ctx: ctx, env: e, app: a, by: auth.SystemActor()}
	c.by.Channel = "cli"
	fn, err := c.read(cmd, rest)
	if err != nil {
		return err
	}
	if cmd.needs == database && c.app == nil {
		if err := c.open(); err != nil {
			return err
		}
		return errors.Join(c.done(fn), c.app.Stop())
	}
	return c.done(fn)
}

func (c *call) done(fn runner) error {
	if err := fn(c); err != nil {
		return err
	}
	if c.wrote != nil {
		return errs.Wrap(errs.Unavailable, "cli", c.wrote, "The result can't be written: %v.", c.wrote)
	}
	return nil
}

// read reads flags and arguments of a command.
func (c *call) read(cmd *command, args []string) (runner, error) {
	probe := cmd.flagSet()
	args = arrange(probe, args)
	c.given = map[string]bool{}
	if probe.Parse(args) == nil {
		probe.Visit(func(f *flag.Flag) { c.given[f.Name] = true })
	}
	var fn runner
	conf, rest, err := config.Load(cmd.name, config.Sources{Env: c.env.Getenv, Args: args, Out: c.env.Out}, func(fs *flag.FlagSet) { fn = cmd.setup(fs) })
	if err != nil {
		return nil, err
	}
	c.conf, c.args = conf, rest
	if cmd.zone != "" {
		if c.given[zoneName] {
			c.zone = conf.Zone
		}
		c.conf.Zone = "UTC"
	}
	switch {
	case len(rest) < cmd.least:
		return nil, errs.New(errs.Invalid, "cli", "Something is missing. Write: bothways %s", cmd.usage())
	case cmd.most >= 0 && len(rest) > cmd.most:
		return nil, errs.New(errs.Invalid, "cli", "%q is too much. Write: bothways %s", rest[cmd.most], cmd.usage())
	}
	return fn, nil
}

// open opens the database that the settings name. One on SQLite has to exist: a slip in --data must not make a new one.
func (c *call) open() error {
	if path, ok := strings.CutPrefix(c.conf.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return errs.New(errs.NotFound, "cli", "There is no database at %s. Point --data or --database at yours, or make one with: bothways init --admin-email you@example.org", path)
		}
	}
	a, err := app.New(c.ctx, c.conf, app.Options{Log: c.log(slog.LevelWarn)})
	c.app = a
	return err
}
