package api_test

import (
	"fmt"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// TestScorecard: a site's figures as both sides read them, each with the entries behind it; what is no card of the caller's is not there.
func TestScorecard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 3 {
			n := w.open()
			asked(w, n)
			w.clk.Advance(time.Hour)
			if i == 0 {
				w.clk.Advance(6 * 24 * time.Hour) // the answer is late
			}
			w.post(anna, "tickets/"+n+"/messages", obj{"body": "This one."}).is(201)
		}
		of := "agreement=" + usualAgreement + "&site=" + w.harbour.ID
		mine := w.get(anna, "scorecards?"+of).is(200)
		its := w.get(agent, "scorecards?"+of).is(200)
		for _, path := range []string{"provider.due", "provider.kept", "customer.due", "customer.kept", "customer.broken", "customer.running", "customer.small", "tickets", "whose", "zone", "customer.metrics.0.metric", "customer.metrics.0.over_seconds", "helps.0.metric", "helps.0.side"} {
			if fmt.Sprint(mine.at(path)) != fmt.Sprint(its.at(path)) {
				t.Errorf("%s: the customer reads %v, IT %v", path, mine.at(path), its.at(path))
			}
		}
		for path, want := range map[string]string{
			"provider.kept": "3", "customer.kept": "2", "customer.broken": "1", "customer.due": "3", "customer.kept_permille": "667", "customer.small": "true",
			"customer.p90_seconds": "136800", "helps.0.side": "customer", "helps.0.metric": "answer", "whose": "Harbour", "zone": "Europe/Berlin", "readers.read": "0",
		} {
			if got := fmt.Sprint(mine.at(path)); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		for state, n := range map[string]int{"kept": 2, "broken": 1, "running": 0, "disputed": 0} {
			if got := len(w.get(anna, "scorecards/entries?"+of+"&side=customer&metric=answer&state="+state).is(200).items()); got != n {
				t.Errorf("%d entries are %s, want %d", got, state, n)
			}
		}
		first := w.get(agent, "scorecards/entries?"+of+"&side=provider&state=kept&limit=2").is(200)
		rest := w.get(agent, "scorecards/entries?"+of+"&side=provider&state=kept&limit=2&cursor="+first.str("next")).is(200)
		if len(first.items()) != 2 || len(rest.items()) != 1 || first.str("items.0.state") != "kept" {
			t.Errorf("pages of %d and %d", len(first.items()), len(rest.items()))
		}
		w.get(tina, "scorecards?"+of).is(404)
		w.get(tina, "scorecards/entries?"+of).is(404)
		w.get(anna, "scorecards?agreement="+usualAgreement).is(404) // of every site
		w.get(agent, "scorecards").is(422)
		w.get(agent, "scorecards?"+of+"&from=soon").is(422)
		w.get(agent, "scorecards?"+of+"&from=2026-12-01&to=2026-11-01").is(422)
		w.get(agent, "scorecards/entries?"+of+"&state=late").is(422)
		w.get(agent, "scorecards?agreement=nothing").is(404)
		if n := len(w.get(anna, "scorecards/places").is(200).items()); n != 1 {
			t.Errorf("anna may read %d cards, her site's is one", n)
		}
	})
}

// TestScorecardIsPublished: by who speaks for a side; it stays as it was.
func TestScorecardIsPublished(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.speakers()
	const it = "ingrid@it.example"
	body := obj{"agreement": usualAgreement, "site": w.harbour.ID, "from": "2026-11-23", "to": "2026-11-29"}
	of := "agreement=" + usualAgreement + "&site=" + w.harbour.ID + "&from=2026-11-23&to=2026-11-29"
	w.post(anna, "scorecards/publications", body).is(403)
	w.post(tina, "scorecards/publications", body).is(404)
	p := w.post(it, "scorecards/publications", body).is(201)
	if p.str("by.name") == "" || fmt.Sprint(p.at("figures.provider.total.kept")) != "0" {
		t.Errorf("%s", p.raw)
	}
	if got := w.get(anna, "scorecards?"+of).is(200); got.at("restated") != nil {
		t.Errorf("nothing has changed, and it is restated: %s", got.raw)
	}
	n := w.open()
	asked(w, n)
	got := w.get(anna, "scorecards?"+of).is(200)
	if fmt.Sprint(got.at("restated.figures.provider.total.kept")) != "0" || fmt.Sprint(got.at("provider.kept")) != "1" {
		t.Errorf("what was published beside what is: %s", got.raw)
	}
	if n := len(w.get(anna, "scorecards/publications?"+of).is(200).items()); n != 1 {
		t.Errorf("%d were published", n)
	}
}

// TestWhatIsAskedIsAcknowledged: once, by those whom it asks, and the share says so.
func TestWhatIsAskedIsAcknowledged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		version := usualVersion(w, "")
		sheet := w.get(anna, "agreements/versions/"+version+"/asked").is(200)
		if sheet.at("read") != nil || len(sheet.at("lines").([]any)) < 3 || sheet.at("asks_you") != true {
			t.Fatalf("%s", sheet.raw)
		}
		for range 2 {
			if got := w.post(anna, "agreements/versions/"+version+"/acknowledge", nil).is(200); got.str("read") != "2026-11-23T10:00:00Z" {
				t.Errorf("%s", got.raw)
			}
			w.clk.Advance(time.Hour)
		}
		card := w.get(anna, "scorecards?agreement="+usualAgreement+"&site="+w.harbour.ID).is(200)
		if fmt.Sprint(card.at("readers.read")) != "1" {
			t.Errorf("readers: %v", card.at("readers"))
		}
		w.get(nobody, "agreements/versions/"+version+"/asked").is(401)
		w.post(anna, "agreements/versions/00000000-0000-7000-8000-0000000000ff/acknowledge", nil).is(404)
		w.post(anna, "agreements/versions/none/acknowledge", nil).is(404)
	})
}
