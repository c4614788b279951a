package demo

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/config"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
)

// settings are those of `bothways demo` with a database in a folder of the test.
func settings(t *testing.T) config.Config {
	t.Helper()
	dir := t.TempDir()
	conf, _, err := config.Load("demo", config.Sources{Env: func(string) string { return "" }, Args: []string{"--data", dir, "--database", "sqlite:" + filepath.Join(dir, "d.db")}, Out: io.Discard}, nil)
	if err != nil {
		t.Fatal(err)
	}
	Settings(&conf, nil)
	return conf
}

var quiet = slog.New(slog.DiscardHandler)

// TestBuild makes the company at several moments of the week and year, and looks at what came of it.
func TestBuild(t *testing.T) {
	for _, at := range []string{"2026-11-24T09:42:00Z", "2026-03-30T06:01:00Z", "2026-10-25T22:30:00Z", "2027-01-02T12:00:00Z"} {
		t.Run(at, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			conf := settings(t)
			if err := Build(context.Background(), conf, now, quiet); err != nil {
				t.Fatal(err)
			}
			look(t, conf, now)
		})
	}
}

func look(t *testing.T, conf config.Config, now time.Time) {
	t.Helper()
	ctx := context.Background()
	a, err := app.New(ctx, conf, app.Options{Clock: clock.NewFake(now), Log: quiet, Transport: box.InApp{}, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop() }()
	p := play{company: &company{a: a}}
	p.by.Kind = "system"
	l, err := a.Desk.List(ctx, p.by, desk.Filter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	states := map[desk.State]int{}
	for _, r := range l.Items {
		states[r.State]++
		t.Logf("%s %-22s %-9s %s %-16s %s", r.Ref(), r.State, r.TurnSide, r.DueAt.Format(time.DateTime), r.RequesterName, r.Subject)
	}
	for _, s := range desk.States() {
		if states[s] == 0 && s != desk.Declined {
			t.Errorf("no ticket is %s", s)
		}
	}
	t.Log(states)
}
