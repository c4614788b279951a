package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"bothways/bench/load"
)

var (
	keptAt   = flag.String("at", "", "the database of the part million, made and kept there: sqlite:PATH or a PostgreSQL address whose database exists")
	copied   = flag.String("from", "", "fill PostgreSQL's database of the part million from this SQLite world: sqlite:PATH")
	measured = flag.String("measure", "pages", "what the part million measures, by commas: pages, pairs, search; none only fills")
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
// them and at all, with twenty agents writing meanwhile. With -at it makes that world there, of all tickets, and keeps it; what is
// there already is read as it is.
func measureMillion(b *bench) error {
	if *keptAt != "" {
		f, err := b.kept(*keptAt)
		if err != nil {
			return err
		}
		return b.measureFilled(f)
	}
	for _, n := range []int{b.tickets / 100, b.tickets} {
		f, err := b.filled(fmt.Sprintf("million%d", n), n)
		if err != nil {
			return err
		}
		if err := b.measureFilled(f); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureFilled(f *full) error {
	if strings.Contains(*measured, "pairs") {
		if err := b.measurePairs(f); err != nil {
			return err
		}
	}
	if strings.Contains(*measured, "search") {
		if err := b.measureSearches(f); err != nil {
			return err
		}
	}
	if !strings.Contains(*measured, "pages") {
		return nil
	}
	return b.measureWhileWriting(f)
}

func (b *bench) measureWhileWriting(f *full) error {
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
	site, team := "Site 3", "Team 5"
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
