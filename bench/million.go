package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"bothways/bench/load"
	"bothways/internal/app"
	"bothways/internal/auth"
)

// writers are the agents who write while pages are read.
const writers = 20

// full is a world as the generator fills it.
type full struct {
	world *world
	first int64
	n     int
}

// measureMillion fills a world with -tickets tickets of three messages each, a tenth of them open, and reads it at a hundredth of
// them and at all, with twenty agents writing meanwhile.
func measureMillion(b *bench) error {
	w, err := b.world("million", 50)
	if err != nil {
		return err
	}
	f := &full{world: w, first: 10_000_000}
	var cast *load.Cast
	for _, want := range []int{b.tickets / 100, b.tickets} {
		if err := b.inside(w, func(a *app.App, _ auth.Actor) error {
			ctx := context.Background()
			if cast == nil {
				if cast, err = load.People(ctx, a, 40, 12, 20, 5000); err != nil {
					return err
				}
			}
			start := time.Now()
			err := load.Fill(ctx, a, cast, load.Shape{Seed: b.seed, Tickets: want, Messages: 3, Open: 10, First: f.first}, f.n, func(done int) {
				fmt.Fprintf(os.Stderr, "bench: %d tickets after %s\n", done, time.Since(start).Round(time.Second))
			})
			if err == nil && b.engine == "postgres" { // what autovacuum does within a minute
				err = analyze(w.url)
			}
			return err
		}); err != nil {
			return err
		}
		f.n = want
		if err := b.measureWhileWriting(f, cast); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureWhileWriting(f *full, cast *load.Cast) error {
	at := fmt.Sprintf(", %s tickets", thousands(float64(f.n)))
	cold, err := b.coldStart(f.world)
	if err != nil {
		return err
	}
	b.table.judge("cold start"+at, millis(cold), "", "< 300 ms", cold < 300*time.Millisecond)
	p, err := b.serve(f.world.url, "")
	if err != nil {
		return err
	}
	defer p.stop()
	cookie, err := signIn(p)
	if err != nil {
		return err
	}
	stop := f.write(p, b.pace)
	defer stop()
	under := func(limit time.Duration) func(figures) bool { return func(g figures) bool { return g.p95 < limit } }
	site, team := cast.Sites[3].Name, cast.Teams[5].Name
	for _, pg := range []page{
		{"queue, all parts" + at, "/desk", false, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"queue, one site" + at, "/desk?q=" + query(`site:"`+site+`"`), false, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"queue, one team, high" + at, "/desk?q=" + query(`team:"`+team+`" priority:high`), false, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"queue, ended" + at, "/desk?q=" + query("turn:ended"), false, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"queue, words" + at, "/desk?q=" + query("printer blank"), false, "p95 < 150 ms", under(150 * time.Millisecond)},
		{"API list, 50 newest" + at, "/api/v1/tickets?limit=50", true, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"ticket page, 3 messages" + at, fmt.Sprintf("/desk/tickets/BW-%d", f.first+int64(f.n/2)), false, "p95 < 50 ms", under(50 * time.Millisecond)},
		{"search, rare word" + at, "/api/v1/search?q=" + query(load.Serial(f.n/3)), true, "p95 < 150 ms", under(150 * time.Millisecond)},
		{"search, piece of a serial" + at, "/api/v1/search?q=" + query(load.Serial(f.n / 3)[7:]), true, "p95 < 150 ms", under(150 * time.Millisecond)},
		{"search, common word" + at, "/api/v1/search?q=printer", true, "p95 < 150 ms", under(150 * time.Millisecond)},
		{"search, two common words" + at, "/api/v1/search?q=" + query("printer update"), true, "p95 < 150 ms", under(150 * time.Millisecond)},
	} {
		head := cookie
		if pg.api {
			head = f.world.bearer()
		}
		if err := b.measurePage(p, pg, head); err != nil {
			b.table.add(pg.what, "fails", err.Error())
		}
	}
	mb := p.memory()
	b.table.judge("memory under that load"+at, fmt.Sprintf("%.0f MB", mb), "", "< 250 MB", mb < 250)
	return nil
}

// write lets the agents write: notes and new tickets in turn, each agent so many a second.
func (f *full) write(p *process, pace float64) (stop func()) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for k := range writers {
		all.Go(func() {
			tick := time.NewTicker(time.Duration(float64(time.Second) / pace))
			defer tick.Stop()
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				case <-tick.C:
				}
				path, body, want := fmt.Sprintf("/api/v1/tickets/BW-%d/notes", f.first+int64((k*7919+i*104729)%f.n)), `{"body":"Looked at the log: the printer lost its network twice."}`, http.StatusCreated
				if i%2 == 1 {
					path, body = "/api/v1/tickets", fmt.Sprintf(`{"kind":"incident","subject":"The scanner at gate %d is slow","description":"It takes a minute for each label.","requester":%q,"impact":"medium","urgency":"medium"}`, i, customer(k))
				}
				if err := once(p, f.world.bearer(), path, body, want); err != nil {
					fmt.Fprintln(os.Stderr, "bench: writer:", err)
				}
			}
		})
	}
	return func() { close(done); all.Wait() }
}

func query(q string) string { return url.QueryEscape(q) }

// analyze tells PostgreSQL's planner what there is, as autovacuum does within a minute.
func analyze(at string) error {
	pool, err := sql.Open("pgx", at)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	_, err = pool.Exec("ANALYZE")
	return err
}

// once posts on a connection of its own.
func once(p *process, head, path, body string, want int) error {
	c, err := dialHTTP(p.http, head)
	if err != nil {
		return err
	}
	defer c.close()
	_, err = c.call(http.MethodPost, path, body, want)
	return err
}
