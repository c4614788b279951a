package cli

import (
	"log/slog"
	"net"
	"net/url"

	"bothways/internal/app"
	"bothways/internal/cli/check"
	"bothways/internal/config"
)

func serveCommands() []*command {
	return []*command{
		{
			name: "serve", params: "[flags]", about: "serve pages and API, take and send mail, work what falls due", needs: itself,
			more: `Runs until it is interrupted or gets SIGTERM; what runs then is ended in order. On SQLite one process serves a database, and the
other commands may be used beside it. On PostgreSQL any number of processes serve one database, all alike.`,
			examples: []string{
				"bothways serve --data data",
				"bothways serve --data data --listen 127.0.0.1:8080 --base-url https://desk.example.org \\",
				"    --lmtp 127.0.0.1:2424 --smtp-relay 127.0.0.1:25 --mail-from desk@example.org",
				"bothways serve --database postgres://bothways@127.0.0.1:5432/bothways",
			},
			setup: plain((*call).serve),
		},
		initCommand(),
		demoCommand(),
		replayCommand(),
	}
}

func (c *call) serve() error {
	settlePort(&c.conf)
	a, err := app.New(c.ctx, c.conf, app.Options{Log: c.log(slog.LevelInfo)})
	if err != nil {
		return err
	}
	c.app = a
	if err := a.Start(c.ctx); c.ctx.Err() != nil { // it is stopped as soon as it answers, which is no failure
		return c.untilStopped()
	} else if err != nil {
		_ = a.Stop()
		return err
	}
	if ok, err := check.HasAdministrator(c.ctx, a); err == nil && !ok {
		c.note("There is no administrator yet, so nobody can sign in. Make one, while this runs, with: bothways init%s --admin-email you@example.org", c.where())
	}
	c.addresses()
	return c.untilStopped()
}

// untilStopped waits for the end and ends in order.
func (c *call) untilStopped() error {
	<-c.ctx.Done()
	c.note("Stopping.")
	return c.app.Stop()
}

// where repeats the flags that name the database, for commands that are suggested.
func (c *call) where() string {
	switch {
	case c.given["database"]:
		return " --database " + withoutPassword(c.conf.Database)
	case c.given["data"]:
		return " --data " + c.conf.Data
	}
	return ""
}

func withoutPassword(database string) string {
	if u, err := url.Parse(database); err == nil && u.User != nil {
		return u.Redacted()
	}
	return database
}

// addresses prints what is listened on.
func (c *call) addresses() {
	c.say("Bothways %s", version())
	c.say("  pages and API   http://%s", c.app.Addr())
	if c.conf.BaseURL != "http://"+c.app.Addr() {
		c.say("  links in mails  %s", c.conf.BaseURL)
	}
	if addr := c.app.LMTPAddr(); addr != "" {
		c.say("  mail by LMTP    %s", addr)
	}
	if c.conf.SMTP != "" {
		c.say("  mail by SMTP    %s", c.conf.SMTP)
	}
	c.say("  database        %s", c.app.DB)
	if !c.app.Box.Mails() {
		c.say("  mail out        off; without --smtp-relay nobody is mailed and the pages show what there is")
	}
}

// settlePort replaces port 0 by a free one before anything is wired, because links in mails name it.
func settlePort(conf *config.Config) {
	host, port, err := net.SplitHostPort(conf.Listen)
	if err != nil || port != "0" {
		return
	}
	addr, err := freeAddress(conf.Listen)
	if err != nil {
		return // Start says why
	}
	if conf.BaseURL == "http://"+net.JoinHostPort(host, port) {
		conf.BaseURL = "http://" + addr
	}
	conf.Listen = addr
}

// freeAddress is where addr can be listened on at this moment.
func freeAddress(addr string) (string, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String(), nil
}
