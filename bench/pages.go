package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/people"
)

// page is an address that is read by many at once.
type page struct {
	what, path string
	api        bool
	budget     string
	ok         func(figures) bool
}

// measurePages reads lists and tickets at a tenth of the tickets and at all of them, and with them memory and the cold start.
func measurePages(b *bench) error {
	ctx := context.Background()
	w, err := b.world("pages", 500)
	if err != nil {
		return err
	}
	if err := b.measureEmpty(w); err != nil {
		return err
	}
	c := crowd{now: time.Now().UTC()}
	var refs []string
	if err := b.inside(w, func(a *app.App, by auth.Actor) error {
		if c.sample, err = observe(a, by); err != nil {
			return err
		}
		if refs, err = conversations(a, by, 20, 200); err != nil {
			return err
		}
		for i := range 500 {
			p, err := people.PersonByAddress(ctx, a.DB.Read(), customer(i))
			if err != nil {
				return err
			}
			c.persons = append(c.persons, p.ID)
		}
		return nil
	}); err != nil {
		return err
	}
	c.next = 100_000
	have := 4
	for _, want := range []int{b.tickets / 10, b.tickets} {
		if err := c.grow(ctx, b, w, have, want); err != nil {
			return err
		}
		have = want
		if err := b.measureFull(w, want, refs); err != nil {
			return err
		}
	}
	return nil
}

// rest is how long an idle process is left alone before its memory is read.
const rest = 5 * time.Second

// coldStart is the median of several starts.
func (b *bench) coldStart(w *world) (time.Duration, error) {
	f, err := median(5, 1, func(int) (figures, error) {
		p, err := b.serve(w.url, "")
		if err != nil {
			return figures{}, err
		}
		p.stop()
		return figures{rate: float64(p.cold), p50: p.cold}, nil
	})
	return f.p50, err
}

// measureEmpty is the program without tickets: how soon it answers, what it takes.
func (b *bench) measureEmpty(w *world) error {
	fresh, err := b.database("fresh")
	if err != nil {
		return err
	}
	p, err := b.serve(fresh, "")
	if err != nil {
		return err
	}
	b.table.add("cold start, the very first, which makes the schema", millis(p.cold), "")
	p.stop()
	cold, err := b.coldStart(w)
	if err != nil {
		return err
	}
	b.table.judge("cold start, no tickets", millis(cold), "", "< 100 ms", cold < 100*time.Millisecond)
	if p, err = b.serve(w.url, ""); err != nil {
		return err
	}
	defer p.stop()
	time.Sleep(rest)
	mb := p.memory()
	b.table.judge("idle memory, no tickets", fmt.Sprintf("%.0f MB", mb), "", "< 60 MB", mb < 60)
	return nil
}

func (b *bench) measureFull(w *world, tickets int, refs []string) error {
	at := fmt.Sprintf(", %s tickets", thousands(float64(tickets)))
	cold, err := b.coldStart(w)
	if err != nil {
		return err
	}
	b.table.judge("cold start"+at, millis(cold), "", "< 300 ms", cold < 300*time.Millisecond)
	p, err := b.serve(w.url, "")
	if err != nil {
		return err
	}
	defer p.stop()
	time.Sleep(rest)
	mb := p.memory()
	b.table.judge("idle memory"+at, fmt.Sprintf("%.0f MB", mb), "", "< 60 MB", mb < 60)
	cookie, err := signIn(p)
	if err != nil {
		return err
	}
	for _, pg := range []page{
		{"queue page, all parts" + at, "/desk", false, "≥ 500/s", func(f figures) bool { return f.rate >= 500 }},
		{"queue page, 50 rows of one part" + at, "/desk?q=turn%3Aprovider", false, "≥ 500/s", func(f figures) bool { return f.rate >= 500 }},
		{"API list, 50 by due" + at, "/api/v1/tickets?open=true&sort=due&limit=50", true, "", nil},
		{"API list, 50 newest" + at, "/api/v1/tickets?limit=50", true, "", nil},
		{"ticket page, 20 messages" + at, "/desk/tickets/" + refs[0], false, "≥ 1,000/s", func(f figures) bool { return f.rate >= 1000 }},
		{"ticket page, 200 messages" + at, "/desk/tickets/" + refs[1], false, "p95 < 50 ms", func(f figures) bool { return f.p95 < 50*time.Millisecond }},
	} {
		head := cookie
		if pg.api {
			head = w.bearer()
		}
		if err := b.measurePage(p, pg, head); err != nil {
			return err
		}
	}
	mb = p.memory()
	b.table.judge("memory after that load"+at, fmt.Sprintf("%.0f MB", mb), "", "< 150 MB", mb < 150)
	return nil
}

func (b *bench) measurePage(p *process, pg page, head string) error {
	var size int64
	f, err := median(b.rounds, max(1, b.n/2), p.costing(func(n int) (figures, error) {
		return drive(b.clients, n, func(int) (func(int) error, func(), error) {
			c, err := dialHTTP(p.http, head)
			if err != nil {
				return nil, nil, err
			}
			return func(i int) error {
				got, err := c.call(http.MethodGet, pg.path, "", http.StatusOK)
				if i == 0 {
					size = got
				}
				return err
			}, c.close, nil
		})
	}))
	if err != nil {
		return err
	}
	more := fmt.Sprintf("%s  %d kB", f.delays(), size/1000)
	if pg.ok == nil {
		b.table.add(pg.what, f.String(), more)
		return nil
	}
	b.table.judge(pg.what, f.String(), more, pg.budget, pg.ok(f))
	return nil
}
