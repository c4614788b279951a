package report_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/report"
)

// TestAttack23_WhoReadsACard: both sides of the agreement and auditors; nobody else, whatever they ask for.
func TestAttack23_WhoReadsACard(t *testing.T) {
	each(t, 2, func(w *world) {
		other := got(w, func() (agreement.Paper, error) {
			return w.signed("Lund 2026", w.org.ID, w.sites[1].ID, agreement.DefaultTerms()), nil
		})
		role := func(r auth.Role, s auth.Scope, id string) auth.Grant {
			return auth.Grant{Role: r, Scope: s, ScopeID: id}
		}
		it := w.base.Provider.ID
		people := map[string]auth.Actor{
			"helen": w.helen, "agent": w.agent, "tom of Lund": w.person("Tom Hale", w.org.ID, w.sites[1].ID),
			"speaker of Lund": w.person("Graham Pell", w.org.ID, w.sites[1].ID, role(auth.Signatory, auth.Site, w.sites[1].ID)),
			"speaker of all":  w.person("Ada Wynn", w.org.ID, w.sites[0].ID, role(auth.Signatory, auth.Organisation, w.org.ID)),
			"auditor":         w.person("Aud Itor", it, "", role(auth.Auditor, auth.Everywhere, "")),
			"resolver, Leeds": w.person("Re Solver", it, "", role(auth.Resolver, auth.Site, w.sites[0].ID)),
			"change manager":  w.person("Cha Nge", it, "", role(auth.ChangeManager, auth.Everywhere, "")),
			"nobody":          {},
		}
		leeds, lund, all := report.Query{AgreementID: w.usual(), SiteID: w.sites[0].ID}, report.Query{AgreementID: other.AgreementID}, report.Query{AgreementID: w.usual()}
		for who, may := range map[string][3]bool{
			"helen": {true, false, false}, "agent": {true, true, true}, "tom of Lund": {false, true, false}, "speaker of Lund": {false, true, false},
			"speaker of all": {true, true, false}, "auditor": {true, true, true}, "resolver, Leeds": {true, false, false}, "change manager": {}, "nobody": {},
		} {
			for i, q := range []report.Query{leeds, lund, all} {
				_, err := w.report.Card(ctx, people[who], q)
				if (err == nil) != may[i] {
					w.Errorf("%s, card %d: %v", who, i, err)
				}
				_, e := w.report.Entries(ctx, people[who], report.Behind{Query: q}, "", 10)
				if (e == nil) != may[i] {
					w.Errorf("%s, entries of card %d: %v", who, i, e)
				}
			}
		}
		if _, err := w.report.Card(ctx, w.helen, lund); !errs.Is(err, errs.NotFound) {
			w.Errorf("another site's card is known to be there: %v", err)
		}
		for who, n := range map[string]int{"helen": 1, "tom of Lund": 1, "change manager": 0} {
			places := got(w, func() ([]report.Place, error) { return w.report.Places(ctx, people[who]) })
			if len(places) != n {
				w.Errorf("%s has %d cards to read, %d wanted", who, len(places), n)
			}
		}
		for who, want := range map[string]bool{"helen": false, "agent": false, "auditor": false, "speaker of Lund": true} {
			_, err := w.report.Publish(ctx, people[who], lund)
			if (err == nil) != want {
				w.Errorf("%s publishes: %v", who, err)
			}
		}
	})
}

// TestPublishedCardsStayAsTheyWere: what was published never changes, and a card that reads otherwise since says so.
func TestPublishedCardsStayAsTheyWere(t *testing.T) {
	each(t, 1, func(w *world) {
		manager := w.person("Ingrid Solberg", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
		n := w.open(w.helen, "Slow").Number
		w.advance(24 * time.Hour) // Tuesday: the reply was due on Monday
		got(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look into it."})
		})
		w.advance(time.Minute)
		q := report.Query{AgreementID: w.usual(), From: "2026-01-12", To: "2026-01-18"}
		p := got(w, func() (report.Publication, error) { return w.report.Publish(ctx, manager, q) })
		c := w.card(manager, q)
		if _, changed, err := w.report.Restated(ctx, c); err != nil || changed {
			w.Errorf("nothing has changed: %v, %v", changed, err)
		}
		if c.Provider.Broken != 1 {
			w.Fatalf("the late reply: %+v", c.Provider.Figures)
		}
		got(w, func() (calendar.Definition, error) {
			return w.cals.AddHoliday(ctx, sys, w.std.Service.ID, "2026-01-12", "Founders’ day")
		})
		w.must(w.desk.Outcomes.RederiveAll(ctx))
		c = w.card(manager, q)
		was, changed, err := w.report.Restated(ctx, c)
		if err != nil || !changed || was.ID != p.ID || was.Figures.Provider.Total.Broken != 1 || c.Provider.Broken != 0 || c.Provider.Kept != 1 {
			w.Errorf("after the correction: %v, %v, was %+v, now %+v", changed, err, was.Figures.Provider.Total, c.Provider.Figures)
		}
		all := got(w, func() ([]report.Publication, error) { return w.report.Published(ctx, manager, q.AgreementID, "") })
		a, _ := json.Marshal(all[0].Figures)
		b, _ := json.Marshal(p.Figures)
		if len(all) != 1 || string(a) != string(b) || !all[0].From.Equal(p.From) {
			w.Errorf("published %s, kept %s", b, a)
		}
	})
}

// TestOthersAreASpread: of other sites a site learns the spread alone, and only when there are five of whom enough is known.
func TestOthersAreASpread(t *testing.T) {
	each(t, 7, func(w *world) {
		var actors []auth.Actor
		for i, s := range w.sites {
			actors = append(actors, w.person(fmt.Sprint("Person ", i), w.org.ID, s.ID))
		}
		ask := func(i, times int) {
			for range times {
				n := w.open(actors[i], "It drops").Number
				got(w, func() (desk.SpeakResult, error) {
					return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which?", Question: &desk.QuestionInput{Need: "it"}})
				})
				w.must(w.jobs.RunDue(ctx))
				w.clk.Advance(time.Second)
				got(w, func() (desk.SpeakResult, error) {
					return w.desk.Speak(ctx, actors[i], desk.SpeakInput{Number: n, Body: "This one."})
				})
			}
		}
		for i := range 5 {
			ask(i, 20)
		}
		q := report.Query{AgreementID: w.usual(), SiteID: w.sites[0].ID}
		if c := w.card(w.helen, q); c.Others != nil || len(c.Sites) != 0 {
			w.Errorf("four other sites: %+v, %+v", c.Others, c.Sites)
		}
		ask(5, 20)
		c := w.card(w.helen, q)
		if c.Others == nil || c.Others.Sites != 5 || c.Others.Customer != (report.Range{Lowest: 1000, Middle: 1000, Highest: 1000}) || len(c.Sites) != 0 {
			w.Errorf("five other sites: %+v, %+v", c.Others, c.Sites)
		}
		if c := w.card(w.agent, q); len(c.Sites) != 6 || c.Sites[0].Site.Name != "Leeds" || c.Sites[0].Customer.Small() {
			w.Errorf("IT reads %+v", c.Sites)
		}
	})
}

// TestPeriodsAreInTheZoneOfTheAgreement: midnight is IT's, the last day is included, and what is none is told at its field.
func TestPeriodsAreInTheZoneOfTheAgreement(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 23, 30, 0, 0, time.UTC) // Thursday there
	for _, c := range []struct{ from, to, wantFrom, wantTo string }{
		{"2026-03-28", "2026-03-29", "2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z"}, // a day of 23 hours
		{"2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
		{"", "", "2026-08-30T22:00:00Z", "2026-11-26T23:00:00Z"}, // thirteen weeks, the last begun
		{"", "2026-09-30", "2026-07-05T22:00:00Z", "2026-09-30T22:00:00Z"},
	} {
		p, err := report.Read(c.from, c.to, now, zone)
		if err != nil || p.From.UTC().Format(time.RFC3339) != c.wantFrom || p.To.UTC().Format(time.RFC3339) != c.wantTo {
			t.Errorf("%s to %s: %v to %v, %v", c.from, c.to, p.From.UTC(), p.To.UTC(), err)
		}
	}
	for _, c := range [][2]string{{"2026-02-30", ""}, {"", "tomorrow"}, {"2026-02-02", "2026-02-01"}, {"2001-01-01", "2026-01-01"}, {"0001-01-01", "0001-01-02"}} {
		if _, err := report.Read(c[0], c[1], now, zone); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
