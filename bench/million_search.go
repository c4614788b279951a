package main

import (
	"context"
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
				ask := func(int) error {
					_, err := a.Search.Tickets(context.Background(), w.by, search.Input{Q: q.q, Limit: 20})
					return err
				}
				start := time.Now()
				if err := ask(0); err != nil {
					return fmt.Errorf("%s, %s: %w", q.name, w.name, err)
				}
				n := min(max(int(span/time.Since(start)), b.clients), 3000)
				g, err := drive(b.clients, n, func(int) (func(int) error, func(), error) { return ask, func() {}, nil })
				if err != nil {
					return fmt.Errorf("%s, %s: %w", q.name, w.name, err)
				}
				b.table.judge(fmt.Sprintf("search, %s, %s, %s tickets, %s", q.name, w.name, thousands(float64(f.n)), a.DB.Engine()), g.String(), g.delays(), q.budget, g.p95 < 150*time.Millisecond)
			}
		}
		return nil
	})
}
