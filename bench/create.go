package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"bothways/internal/app"
	"bothways/internal/auth"
)

// raw opens a database as the product does, without the product.
func (b *bench) raw(address string) (pool *sql.DB, begin string, err error) {
	if b.engine == "postgres" {
		pool, err = sql.Open("pgx", address)
		return pool, "BEGIN ISOLATION LEVEL REPEATABLE READ", err
	}
	pool, err = sql.Open("sqlite", "file:"+strings.TrimPrefix(address, "sqlite:")+
		"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=journal_mode(WAL)&_pragma=cache_size(-8000)")
	return pool, "BEGIN IMMEDIATE", err
}

// rawRounds write the rows of tickets with the bare engine, so many in a transaction. SQLite has one writer; PostgreSQL as many as
// there are clients.
func (b *bench) rawRounds(name string, s *sample, group int) (do round, done func(), err error) {
	ctx := context.Background()
	w, err := b.world(name, 1)
	if err != nil {
		return nil, nil, err
	}
	pool, begin, err := b.raw(w.url)
	if err != nil {
		return nil, nil, err
	}
	writers := 1
	if b.engine == "postgres" {
		writers = b.clients
	}
	number := int64(10_000_000)
	do = func(n int) (figures, error) {
		made := make([][][]row, max(1, n/group))
		for i := range made { // made before the clock starts: the engine alone is measured
			for range group {
				number++
				made[i] = append(made[i], s.copy(number))
			}
		}
		f, err := drive(writers, len(made), func(int) (func(int) error, func(), error) {
			wr, err := newWriter(ctx, pool, begin)
			return func(i int) error { return wr.write(ctx, made[i]...) }, wr.close, err
		})
		f.rate *= float64(group)
		return f, err
	}
	return do, func() { _ = pool.Close() }, nil
}

// ticketBody is what opens a ticket.
func ticketBody(requester string) string {
	body, _ := json.Marshal(map[string]string{"kind": "incident", "subject": subject, "description": description, "requester": requester, "impact": "medium", "urgency": "medium"})
	return string(body)
}

// createRounds open tickets over the API.
func (b *bench) createRounds(name, relay string) (do round, done func(), err error) {
	const customers = 500
	w, err := b.world(name, customers)
	if err != nil {
		return nil, nil, err
	}
	p, err := b.serve(w.url, relay)
	if err != nil {
		return nil, nil, err
	}
	bodies := make([]string, customers)
	for i := range bodies {
		bodies[i] = ticketBody(customer(i))
	}
	do = p.costing(func(n int) (figures, error) {
		return drive(b.clients, n, func(int) (func(int) error, func(), error) {
			c, err := dialHTTP(p.http, w.bearer())
			if err != nil {
				return nil, nil, err
			}
			return func(i int) error {
				_, err := c.call(http.MethodPost, "/api/v1/tickets", bodies[i%customers], http.StatusCreated)
				return err
			}, c.close, nil
		})
	})
	return do, p.stop, nil
}

// observed is the rows of one creation in a world of its own.
func (b *bench) observed() (s *sample, err error) {
	w, err := b.world("observed", 20)
	if err != nil {
		return nil, err
	}
	err = b.inside(w, func(a *app.App, by auth.Actor) error {
		s, err = observe(a, by)
		return err
	})
	return s, err
}

// measureCreate compares opening a ticket over the API with the engine writing the same rows.
func measureCreate(b *bench) error {
	s, err := b.observed()
	if err != nil {
		return err
	}
	relay, err := newRelay()
	if err != nil {
		return err
	}
	defer relay.close()
	var each []round
	for _, start := range []func() (round, func(), error){
		func() (round, func(), error) { return b.rawRounds("raw1", s, 1) },
		func() (round, func(), error) { return b.rawRounds("raw8", s, 8) },
		func() (round, func(), error) { return b.createRounds("create", "") },
		func() (round, func(), error) { return b.createRounds("mailing", relay.addr) },
	} {
		do, done, err := start()
		if err != nil {
			return err
		}
		defer done()
		each = append(each, do)
	}
	all, err := interleave(b.rounds, b.n, each...)
	if err != nil {
		return err
	}
	b.judgeCreate(s, all)
	b.table.add("  answers the relay has taken by then", fmt.Sprint(relay.count()), "")
	return nil
}

func (b *bench) judgeCreate(s *sample, all [][]figures) {
	counts := map[string]int{}
	for _, r := range s.rows {
		counts[r.table]++
	}
	var parts []string
	for _, t := range tables {
		if counts[t] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[t], t))
		}
	}
	single, eight := typical(all[0]), typical(all[1])
	b.table.add("rows of a creation", fmt.Sprint(len(s.rows)), strings.Join(parts, ", "))
	b.table.add("raw engine, those rows, singly", single.String(), single.delays())
	b.table.add("raw engine, those rows, 8 in a commit", eight.String(), "")
	for i, what := range []string{"nobody mailed", "answers mailed meanwhile"} {
		f, of := typical(all[2+i]), ratio(all[2+i], all[1])
		b.table.judge(fmt.Sprintf("create over the API, %d clients, %s", b.clients, what), f.String(), f.delays(), "p99 < 50 ms, aim 1,000/s", f.p99 < 50*time.Millisecond)
		b.table.judge("  of the raw engine in groups of 8", fmt.Sprintf("%.0f %%", 100*of), fmt.Sprintf("%.0f %% of it singly", 100*ratio(all[2+i], all[0])), "≥ 50 %", of >= 0.5)
	}
}
