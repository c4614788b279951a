package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// signed puts a version of an agreement of one site into the book, as a signature does.
func (w *world) signed(site people.Site, from time.Time, change func(t *agreement.Terms)) agreement.Paper {
	w.t.Helper()
	held := must(w, func() (agreement.Paper, error) {
		return w.book.InForce(ctx, w.db.Read(), site.OrgID, site.ID, w.clk.Now())
	})
	terms := agreement.DefaultTerms()
	change(&terms)
	body := must(w, func() ([]byte, error) { return json.Marshal(terms) })
	agreementID, versionID := id.New(), id.New()
	w.check(w.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO agreement_agreement (id, org_id, site_id, name, made_at) VALUES ($1, $2, $3, 'Of a site', 1)`, agreementID, site.OrgID, site.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO agreement_version (id, agreement_id, number, service_calendar_id, customer_calendar_id, terms, from_at, ask_id) VALUES ($1, $2, 1, $3, $4, $5, $6, 'x')`,
			versionID, agreementID, held.ServiceCalendar, held.CustomerCalendar, string(body), clock.Micros(from))
		return err
	}))
	return must(w, func() (agreement.Paper, error) { return w.book.Paper(ctx, w.db.Read(), versionID) })
}

// TestAVersionComesIntoForce: open tickets of the site come under it from the instant it is in force, whenever somebody gets to them; what
// was used stays used, and nobody else's tickets move.
func TestAVersionComesIntoForce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := must(w, func() (people.Site, error) {
			return w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: w.site.OrgID, Name: "Porto", Zone: "Europe/Lisbon"})
		})
		rita := w.person("Rita", "rita@norvik.example", w.site.OrgID, other.ID)
		opened := w.clk.Now()
		mine := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: "VPN", Description: "It drops."})
		})
		hers := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, rita, desk.OpenInput{Subject: "VPN", Description: "It drops."})
		})
		from := opened.Add(2 * time.Hour)
		paper := w.signed(w.site, from, func(t *agreement.Terms) {
			for i := range t.Targets {
				if t.Targets[i].Metric == agreement.MetricResolution {
					t.Targets[i].Seconds = 8 * 3600
				}
			}
		})
		w.clk.Set(from.Add(40 * time.Second)) // the job is late
		w.check(w.desk.ComeIntoForce(ctx, paper))
		resolution := func(n int64) (o agreement.Obligation) {
			l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.agent, n) })
			for _, x := range l.Result.Obligations {
				if x.Metric == agreement.MetricResolution {
					o = x
				}
			}
			return o
		}
		if o := resolution(mine.Number); o.Target != 8*3600 || o.Started != opened.Unix() || o.Used != 2*3600+40 {
			t.Errorf("the ticket of the site: target %d, used %d", o.Target, o.Used)
		}
		if o := resolution(hers.Number); o.Target != 24*3600 {
			t.Errorf("another site's ticket has the target %d", o.Target)
		}
		events := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, mine.Number) })
		last := events[len(events)-1]
		if last.Kind != string(agreement.AgreementSet) || !last.At.Equal(from) || last.Actor != "system" {
			t.Errorf("the decision stands as %s at %s by %s, want at %s", last.Kind, last.At, last.Actor, from)
		}
		w.check(w.desk.ComeIntoForce(ctx, paper))
		if again := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, mine.Number) }); len(again) != len(events) {
			t.Errorf("done again it adds %d events", len(again)-len(events))
		}
		// what is opened from now on is under it at once
		next := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: "Dock", Description: "It is dark."})
		})
		if o := resolution(next.Number); o.Target != 8*3600 {
			t.Errorf("a new ticket has the target %d", o.Target)
		}
	})
}
