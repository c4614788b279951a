package app

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/upkeep"
)

const jobProbe = "app.probe"

// How often connectors are asked, and by when each has to have answered well.
const (
	probeEvery = 5 * time.Minute
	probeDue   = 15 * time.Minute
	greetWait  = 10 * time.Second
)

// connectors are the ways in and out that this installation has, each with what asks it.
func (a *App) connectors() map[string]func(context.Context) error {
	out := map[string]func(context.Context) error{}
	if a.Config.Relay != "" {
		out[upkeep.Relay] = a.Box.Probe
	}
	if a.Config.LMTP != "" {
		out[upkeep.LMTP] = func(ctx context.Context) error { return greets(ctx, a.Config.LMTP) }
	}
	if a.Config.SMTP != "" {
		out[upkeep.SMTP] = func(ctx context.Context) error { return greets(ctx, a.Config.SMTP) }
	}
	return out
}

// greets says whether a server of ours greets who connects.
func greets(ctx context.Context, addr string) error {
	d := net.Dialer{Timeout: greetWait}
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(ctx, greetWait)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "220") {
		return fmt.Errorf("it greets with %q", strings.TrimSpace(line))
	}
	return nil
}

// expect begins to watch the connectors and the recurring jobs, and forgets connectors that are not configured any more.
func (a *App) expect(ctx context.Context, tx *db.Tx) error {
	has, now := a.connectors(), a.Clock.Now()
	for _, name := range []string{upkeep.Relay, upkeep.LMTP, upkeep.SMTP} {
		if has[name] == nil {
			if err := job.Unwatch(ctx, tx, name); err != nil {
				return err
			}
		}
	}
	for name := range has {
		if err := job.Expect(ctx, tx, name, now.Add(probeDue)); err != nil {
			return err
		}
	}
	for _, name := range []string{upkeep.Hourly, upkeep.Checkpoint} {
		if err := job.Expect(ctx, tx, name, now.Add(2*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

// probe asks every connector whether it would work now: what dies quietly is seen before somebody misses a mail.
func (a *App) probe(ctx context.Context, _ job.Job, finish job.Finish) error {
	answers := map[string]error{}
	for name, ask := range a.connectors() {
		answers[name] = ask(ctx)
		if err := answers[name]; err != nil {
			a.log.Error("a connector does not answer", "connector", name, "error", err)
		}
	}
	return finish(func(tx *db.Tx) error {
		now := a.Clock.Now()
		for name, err := range answers {
			if err == nil {
				err = job.Good(ctx, tx, name, now, now.Add(probeDue))
			} else {
				err = job.Bad(ctx, tx, name, now, err.Error())
			}
			if err != nil {
				return err
			}
		}
		return a.Jobs.Add(ctx, tx, jobProbe, "", now.Add(probeEvery))
	})
}
