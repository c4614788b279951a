package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bothways/bench/load"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/search"
)

// span is how long each search is asked again and again.
const span = 3 * time.Second

// measureSearches searches in this process, by the clients at once: as an agent of everything, as one of a site, and as a customer.
func (b *bench) measureSearches(f *full) error {
	return b.inside(f.world, func(a *app.App, by auth.Actor) error {
		k := &asker{f: f, a: a, now: time.Now()}
		who, err := k.actors(by)
		if err != nil {
			return err
		}
		for _, q := range []struct{ name, q, budget string }{
			{"rare word", load.Serial(f.n / 3), ">= 1,000/s at 100 k, p95 < 150 ms"},
			{"common word", "printer", ">= 200/s at 100 k, p95 < 150 ms"},
			{"very common word", "the", ">= 200/s at 100 k, p95 < 150 ms"},
			{"two common words", "printer update", "p95 < 150 ms"},
			{"no such word", "nothingatall", "p95 < 150 ms"},
		} {
			for _, w := range who {
				if *whose != "" && *whose != w.name {
					continue
				}
				b.measureSearch(fmt.Sprintf("search, %s, %s, %s tickets, %s", q.name, w.name, thousands(float64(f.n)), a.DB.Engine()), q.budget, func(int) error {
					r, err := a.Search.Tickets(context.Background(), w.by, search.Input{Q: q.q, Limit: 20})
					if err == nil && r.Slow {
						err = errSlow
					}
					return err
				})
			}
		}
		return nil
	})
}

var errSlow = errors.New("cut, because it took too long")

// measureSearch asks one search again and again: alone, for what it costs, and by all clients at once. One that fails is a line of
// the table, and the others are asked all the same.
func (b *bench) measureSearch(what, budget string, ask func(int) error) {
	one := func(int) (func(int) error, func(), error) { return ask, func() {}, nil }
	alone, err := drive(1, 1, one)
	if err == nil {
		alone, err = drive(1, min(max(int(span/3/alone.p50), 3), 1000), one)
	}
	var g figures
	if err == nil {
		g, err = drive(b.clients, min(max(int(span/alone.p50), b.clients), 3000), one)
	}
	if err != nil {
		b.table.judge(what, "failed", err.Error(), budget, false)
		return
	}
	b.table.judge(what, g.String(), g.delays()+"  alone "+millis2(alone.p50), budget, g.p95 < 150*time.Millisecond)
}
