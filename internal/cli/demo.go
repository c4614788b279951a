package cli

import (
	"flag"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"bothways/internal/app"
	"bothways/internal/cli/demo"
	"bothways/internal/config"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
)

func demoCommand() *command {
	return &command{
		name: "demo", params: "[--listen ADDR] [--data DIR] [--lmtp ADDR] [--seed N] [--now TIME] [--build-only]", about: "try it: a company with five sites and a year of history", needs: itself,
		more: `Makes the invented company Norvik Industries in a temporary folder, which is removed at the end, or in --data, where it stays and goes
on next time. Prints where to look and whom to sign in as. No mail leaves: a page shows what would have been sent. When port 8080 is taken
and --listen is not given, the next free one is used. The same --seed and --now tell the same year; --build-only makes it and ends.`,
		examples: []string{"bothways demo", "bothways demo --data demo-data --listen 127.0.0.1:9000 --lmtp 127.0.0.1:2424", "bothways demo --data demo-data --seed 7 --now 2026-11-24T10:00:00Z --build-only"},
		setup: func(fs *flag.FlagSet) runner {
			seed := fs.Uint64("seed", 1, "`N` the year is told from")
			at := fs.String("now", "", "`TIME` the history ends (RFC 3339, default now)")
			only := fs.Bool("build-only", false, "make the company and end")
			return func(c *call) error {
				plan := demo.Plan{Now: clock.System{}.Now(), Seed: *seed}
				if *at != "" {
					var err error
					if plan.Now, err = time.Parse(time.RFC3339, *at); err != nil {
						return errs.New(errs.Invalid, "cli.demo", "--now %q is no time. Write it as 2026-11-24T10:00:00Z.", *at)
					}
				}
				return c.demo(plan, *only)
			}
		},
	}
}

func (c *call) demo(plan demo.Plan, only bool) error {
	if !c.given["data"] && !c.given["database"] {
		if only {
			return errs.New(errs.Invalid, "cli.demo", "Say with --data or --database where the company is to be made.")
		}
		dir, err := os.MkdirTemp("", "bothways-demo-")
		if err != nil {
			return errs.Wrap(errs.Unavailable, "cli.demo", err, "No temporary folder can be made: %v. Name one with --data.", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		c.conf.Data, c.conf.Database = dir, "sqlite:"+filepath.Join(dir, "bothways.db")
	}
	demo.Settings(&c.conf, c.given)
	if err := c.demoAddress(); err != nil {
		return err
	}
	if err := c.makeFolder(); err != nil {
		return err
	}
	log := c.log(slog.LevelWarn)
	if err := demo.Build(c.ctx, c.conf, plan, log); err != nil || only {
		return err
	}
	a, err := app.New(c.ctx, c.conf, app.Options{Log: log, Transport: box.InApp{}, Demo: true, Logins: demo.Logins(), Password: demo.Password})
	if err != nil {
		return err
	}
	c.app = a
	if err := a.Start(c.ctx); err != nil {
		_ = a.Stop()
		return err
	}
	c.tour()
	return c.untilStopped()
}

// demoAddress takes the first free port from the one of the settings on, unless the address was asked for.
func (c *call) demoAddress() error {
	host, port, err := net.SplitHostPort(c.conf.Listen)
	if err != nil || c.given["listen"] || c.env.Getenv(listenVariable()) != "" {
		settlePort(&c.conf)
		return nil
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return nil
	}
	for p := first; p < first+50; p++ {
		addr, err := freeAddress(net.JoinHostPort(host, strconv.Itoa(p)))
		if err != nil {
			continue
		}
		if c.conf.BaseURL == "http://"+c.conf.Listen {
			c.conf.BaseURL = "http://" + addr
		}
		c.conf.Listen = addr
		return nil
	}
	return errs.New(errs.Unavailable, "cli.demo", "The ports %d to %d are all taken. Choose one with --listen 127.0.0.1:PORT.", first, first+49)
}

func listenVariable() string {
	for _, s := range config.Settings() {
		if s.Name == "listen" {
			return s.Env()
		}
	}
	return ""
}

// tour says where to look, and as whom.
func (c *call) tour() {
	for _, line := range demo.Tour("http://" + c.app.Addr()) {
		c.say("%s", line)
	}
	if addr := c.app.LMTPAddr(); addr != "" {
		c.say("  %-34s takes mail by LMTP for %s", addr, c.conf.MailFrom)
	}
	if host, _, err := net.SplitHostPort(c.app.Addr()); err == nil && !loopback(host) {
		c.note("Everybody who reaches %s can sign in with that password. Stop the demo before it holds anything real.", c.app.Addr())
	}
	c.say("")
	if strings.HasPrefix(filepath.Base(c.conf.Data), "bothways-demo-") {
		c.say("Ctrl+C ends it and removes %s.", c.conf.Data)
	} else {
		c.say("Ctrl+C ends it; the company stays in %s.", c.app.DB)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
