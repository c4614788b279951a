package search_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/fulltext"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/search"
)

// topics and places make texts of which some words are in a seventh of all tickets, others in a few.
var (
	topics = []string{"printer", "projector", "password", "network", "laptop", "mailbox", "telephone"}
	places = []string{"Lund", "Leeds", "Porto", "Malmö", "Aarhus", "Kyiv", "Łódź", "Köln", "İzmir", "Nice", "Graz"}
	rest   = "Good morning, since the update on Monday it does not work any more. Restarting did not help and the colleague next to me has the same. Could somebody look at it before noon"
)

// size is how many tickets a benchmark is over; BOTHWAYS_BENCH_TICKETS sets another.
func size() int {
	if n, err := strconv.Atoi(os.Getenv("BOTHWAYS_BENCH_TICKETS")); err == nil {
		return n
	}
	return 100_000
}

// fill writes tickets with a subject, a first message and a later one each, as the desk's store does.
func (w *world) fill(b *testing.B, n int) {
	b.Helper()
	sites, persons := []string{w.leeds.ID, w.lund.ID, w.twin.ID}, []string{w.helen.PersonID, "somebody", w.tara.PersonID}
	for from := 0; from < n; from += 1000 {
		w.check(w.db.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				number := 10_000 + int64(i)
				site, person := w.leeds, persons[i%3]
				site.ID = sites[i%3]
				if i%1000 == 0 {
					person = w.helen.PersonID
				} else if person == w.helen.PersonID {
					person = "another"
				}
				subject := fmt.Sprintf("%s in %s room %d", topics[i%len(topics)], places[i%len(places)], i%97)
				if err := insertTicket(tx, number, site, person, subject); err != nil {
					return err
				}
				for j, text := range []string{
					fmt.Sprintf("%s. The %s is SN-%07X, ask %s%d@people.example. %s.", rest, topics[i%len(topics)], i*2654435761%0xfffffff, places[i%len(places)], i, topics[(i+3)%len(topics)]),
					fmt.Sprintf("We look at it. Case needle%d, %s", i/3, rest),
				} {
					kind := fulltext.Lead
					if j == 1 {
						kind = fulltext.Text
					}
					if err := fulltext.Put(ctx, tx, fulltext.Document{Kind: kind, Owner: number, Item: fmt.Sprint("m", number, "-", j), Text: text}); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	if w.db.Engine() == db.PostgreSQL {
		if _, err := w.db.Raw().ExecContext(ctx, "VACUUM ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch is one search, ranked, with passages, under rights, by eight at once. On SQLite, and with
// BOTHWAYS_TEST_POSTGRES set on PostgreSQL.
func BenchmarkSearch(b *testing.B) {
	engines := []db.Engine{db.SQLite}
	if os.Getenv("BOTHWAYS_TEST_POSTGRES") != "" {
		engines = append(engines, db.PostgreSQL)
	}
	for _, e := range engines {
		w := newWorld(b, dbtest.Open(b, e))
		w.fill(b, size())
		for _, q := range []struct{ name, q string }{
			{"rare", "needle777"}, {"common", "printer"}, {"two-common", "printer monday"}, {"common-and-rare", "printer needle777"}, {"begun", "pri"}, {"phrase", `"same could somebody"`},
			{"serial-piece", "sn-00"}, {"address", "lund77@people"}, {"none", "nothingatall"}, {"apart", "projector lund telephone"},
		} {
			for _, by := range []struct {
				name string
				by   auth.Actor
			}{{"agent", w.agent}, {"site", w.local}, {"customer", w.helen}} {
				b.Run(fmt.Sprintf("%s/%s/%s", e, q.name, by.name), func(b *testing.B) {
					b.SetParallelism(4) // 8 clients on 2 cores
					b.RunParallel(func(pb *testing.PB) {
						for pb.Next() {
							if r, err := w.search.Tickets(ctx, by.by, search.Input{Q: q.q, Limit: 20}); err != nil || r.Slow {
								b.Error(err, r.Slow)
								return
							}
						}
					})
					b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "searches/s")
				})
			}
		}
	}
}
