package api_test

import (
	"testing"
	"time"

	"bothways/internal/agreement"
)

// TestMe: what one wants of the desk is kept and told; nonsense says where it is wrong.
func TestMe(t *testing.T) {
	each(t, func(w *world) {
		w.do(anna, "PATCH", "me", obj{"zone": "Europe/Lisbon", "language": "en", "copies": false, "quiet_hours": obj{"from": "20:00", "until": "07:30"}}).is(200)
		me := w.get(anna, "me").is(200)
		if me.str("zone") != "Europe/Lisbon" || me.str("language") != "en" || me.at("copies") != false || me.str("quiet_hours.until") != "07:30" {
			t.Errorf("%s", me.raw)
		}
		w.do(anna, "PATCH", "me", obj{"quiet_hours": obj{"from": "00:00", "until": "00:00"}, "zone": ""}).is(200)
		if me = w.get(anna, "me").is(200); me.at("quiet_hours") != nil {
			t.Errorf("%s", me.raw)
		}
		for _, body := range []obj{{"quiet_hours": obj{"from": "25:00", "until": "07:00"}}, {"quiet_hours": obj{"from": "01:00", "until": "23:00"}}, {"zone": "Mars/Olympus"}, {"language": "tlh"}} {
			w.do(anna, "PATCH", "me", body).is(422)
		}
		if n := len(w.get(anna, "me/addresses").is(200).items()); n != 1 {
			t.Errorf("anna has %d addresses", n)
		}
	})
}

// TestMePromises: the record is one's own and adds up to its list, and the site's is both columns.
func TestMePromises(t *testing.T) {
	each(t, func(w *world) {
		n := w.open()
		w.post(agent, "tickets/"+n+"/messages", obj{"body": "Which one?", "question": obj{"need": "the model"}}).is(201)
		w.clk.Advance(time.Minute)
		w.post(anna, "tickets/"+n+"/messages", obj{"body": "The grey one, of course."}).is(201)
		r := w.get(anna, "me/promises?days=30").is(200)
		if r.num("provider.kept") != 1 || r.num("customer.kept") != 1 || r.str("metrics.0.metric") != string(agreement.MetricAnswer) || r.num("metrics.0.kept") != 1 {
			t.Errorf("%s", r.raw)
		}
		l := w.get(anna, "me/outcomes?side=customer&state=met").is(200)
		if len(l.items()) != 1 || l.str("items.0.number") != n || l.num("items.0.used_seconds") != 60 {
			t.Errorf("%s", l.raw)
		}
		if r := w.get(tina, "me/promises").is(200); r.num("provider.kept") != 0 {
			t.Errorf("Tina reads anna's record: %s", r.raw)
		}
		site := theSite(w, "")
		if r := w.get(agent, "sites/"+site+"/promises").is(200); r.num("customer.kept") != 1 {
			t.Errorf("%s", r.raw)
		}
		w.get(tina, "sites/"+site+"/promises").is(404)
		w.get(anna, "me/promises?days=0").is(422)
	})
}

// TestTheSecondDoor: a message about levels names its door, and is told from others.
func TestTheSecondDoor(t *testing.T) {
	each(t, func(w *world) {
		a := w.post(anna, "tickets", obj{"kind": "question", "subject": "Longer hours", "door": "service_levels"}).is(201)
		if a.str("door") != "service_levels" || a.str("team") != "Service level management" {
			t.Errorf("%s", a.raw)
		}
		if d := w.get(anna, "tickets/"+w.open()).is(200).str("door"); d != "service_desk" {
			t.Errorf("a request to the desk is behind %q", d)
		}
		w.post(anna, "tickets", obj{"subject": "x", "door": "back"}).is(422)
	})
}
