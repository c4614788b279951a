package report_test

import (
	"encoding/json"
	"math/rand"
	"os"
	"strconv"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/report"
)

const (
	sqlBenchTicket = `INSERT INTO desk_ticket (id, number, kind, subject, subject_key, channel, org_id, site_id, region, team_id, assignee_id, submitter_id, requester_id, affected_id, impact, urgency, priority, sensitivity, state, open, auth, turn_side, turn_party, turn_since, due_at, due_metric, due_started, last_line, made_at, changed_at, resolved_at, closed_at, version)
VALUES ($1, $2, 'incident', 'It drops', ' it drops ', 'mail', $3, $4, '', $5, '', $6, $6, $6, 'medium', 'medium', 'medium', '', 'closed', FALSE, '', 'nobody', '', $7, 0, '', 0, '', $7, $7, $7, $7, 1)`
	sqlBenchOutcome = `INSERT INTO desk_outcome (ticket_id, obligation, side, metric, state, stands, reason, org_id, site_id, team_id, person_id, requester_id, target_seconds, used_seconds, started_at, due_at, ended_at, decided_at, agreement_id, version_id, priority)
VALUES ($1, $2, $3, $4, $5, $5, '', $6, $7, '', '', '', $8, $9, $10, $10, $10, $10, $11, '', 'medium')`
	sqlBenchAccount = `INSERT INTO desk_account (ticket_id, agreement_id, org_id, site_id, ended_at, spent, owed) VALUES ($1, $2, $3, $4, $5, $6, '')`
	sqlBenchStale   = `INSERT INTO desk_stale (id, agreement_id, day) VALUES ($1, $2, $3)`
)

// BenchmarkScorecard reads a year's card: of every site, of one of five, and with today's tickets not packed yet. BOTHWAYS_BENCH_TICKETS sets how
// many tickets ended in that year.
func BenchmarkScorecard(b *testing.B) {
	n := 20_000
	if v, err := strconv.Atoi(os.Getenv("BOTHWAYS_BENCH_TICKETS")); err == nil {
		n = v
	}
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		b.Run(string(e), func(b *testing.B) {
			w := newWorld(b, dbtest.Open(b, e), 5)
			w.clk.Set(monday.AddDate(1, 0, 0))
			w.fill(n)
			began := clock.Stopwatch()
			w.must(w.report.Fold(ctx))
			b.Logf("packing a year of %d tickets took %v", n, began().Round(time.Millisecond))
			year := report.Query{AgreementID: w.usual(), From: monday.Format(time.DateOnly), To: w.clk.Now().Format(time.DateOnly)}
			site := year
			site.SiteID = w.sites[0].ID
			read := func(q report.Query) func(*testing.B) {
				return func(b *testing.B) {
					for b.Loop() {
						if c := w.card(sys, q); c.Provider.Due() == 0 || c.Tickets == 0 {
							b.Fatal("nothing was counted")
						}
					}
				}
			}
			b.Run("all", read(year))
			b.Run("site", read(site))
			w.stale(w.clk.Now().AddDate(0, 0, -1))
			b.Run("all, a day not packed", read(year))
		})
	}
}

// fill writes what a year of tickets leaves behind, from a seed: four to five promises and four spans each.
func (w *world) fill(n int) {
	r := rand.New(rand.NewSource(3)) //nolint:gosec // a test's own chance
	agreementID := w.usual()
	for done := 0; done < n; {
		part := min(2000, n-done)
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			for i := range part {
				site := w.sites[r.Intn(len(w.sites))].ID
				at := monday.Add(time.Duration(done+i) * 365 * 24 * time.Hour / time.Duration(n))
				ticketID := id.New()
				if _, err := tx.Exec(ctx, sqlBenchTicket, ticketID, int64(100_000+done+i), w.org.ID, site, w.base.Desk.ID, w.helen.PersonID, clock.Micros(at)); err != nil {
					return err
				}
				for k, m := range []string{"first_response", "next_response", "resolution", "answer", "confirm"} {
					side, state := "provider", "met"
					if k > 2 {
						side = "customer"
					}
					target, used := int64(3600*(1+r.Intn(24))), int64(r.Intn(24*3600))
					if used > target {
						state = "breached"
					}
					if _, err := tx.Exec(ctx, sqlBenchOutcome, ticketID, m+"-1", side, m, state, w.org.ID, site, target, used, clock.Micros(at.Add(time.Duration(k)*time.Minute)), agreementID); err != nil {
						return err
					}
				}
				spent, err := json.Marshal([]map[string]any{
					{"side": "provider", "party": w.base.Desk.ID, "wall": r.Intn(90_000), "working": r.Intn(30_000)}, {"side": "customer", "party": site, "wall": r.Intn(200_000), "working": r.Intn(60_000)},
					{"side": "supplier", "party": "Printworks", "wall": r.Intn(20_000), "working": r.Intn(9_000)}, {"side": "nobody", "wall": r.Intn(90_000), "working": r.Intn(9_000)},
				})
				if err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, sqlBenchAccount, ticketID, agreementID, w.org.ID, site, clock.Micros(at), string(spent)); err != nil {
					return err
				}
			}
			return nil
		}))
		done += part
	}
	for d := range 367 {
		w.stale(monday.AddDate(0, 0, d))
	}
}

func (w *world) stale(at time.Time) {
	agreementID := w.usual()
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlBenchStale, id.New(), agreementID, at.Unix()/86400)
		return err
	}))
}
