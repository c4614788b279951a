package api_test

import (
	"strings"
	"testing"
)

func TestManyTicketsByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		a := w.post(anna, "tickets", obj{"subject": "Printer jams", "urgency": "high"}).is(201).str("number")
		b := w.post(anna, "tickets", obj{"subject": "=Screen dark"}).is(201).str("number")
		for q, want := range map[string]string{"priority:high": a, "-priority:high": b, "number:" + a: a, "%22printer+jams%22": a, "turn:customer": "", "state:open+sort:-made": a + " " + b, "kind:incident": b + " " + a} {
			if got := strings.ReplaceAll("BW-"+strings.ReplaceAll(w.get(agent, "tickets?q="+q).is(200).numbers(), " ", " BW-"), "BW- ", ""); got != want && !(want == "" && got == "BW-") {
				w.t.Errorf("%s: %q, want %q", q, got, want)
			}
		}
		if got := w.get(agent, "tickets?sort=-made").is(200).numbers(); "BW-"+strings.Split(got, " ")[0] != a {
			w.t.Errorf("the oldest first: %s", got)
		}
		bad := w.get(agent, "tickets?q=printer+sit:lund").is(422)
		if !strings.Contains(string(bad.raw), "At character 9") || !strings.Contains(string(bad.raw), "Did you mean site:lund?") {
			w.t.Error(string(bad.raw))
		}
		if w.get(carl, "tickets?q=state:open").is(200).numbers() != "" {
			w.t.Error("somebody else reads them by a filter")
		}
		id := w.post(agent, "views", obj{"name": "High", "query": "priority:high", "audience": "staff"}).is(201).str("id")
		v := w.get(agent, "views/"+id).is(200)
		if v.num("count") != 1 || v.at("mine") != true {
			w.t.Error(string(v.raw))
		}
		w.get(anna, "views").is(404)
		preview := w.post(agent, "bulk/preview", obj{"tickets": []string{a, b, "BW-99999"}, "do": "priority", "urgency": "high", "impact": "medium"}).is(200).items()
		if len(preview) != 3 || preview[0].(obj)["reason"] != "It is so already." || preview[2].(obj)["refused"] != true {
			w.t.Errorf("%v", preview)
		}
		run := w.post(agent, "bulk", obj{"tickets": []string{a, b, "BW-99999"}, "do": "priority", "urgency": "high"}).is(201)
		results := run.at("results").([]any)
		if results[0].(obj)["outcome"] != "unchanged" || results[1].(obj)["outcome"] != "done" || results[2].(obj)["status"] != float64(404) {
			w.t.Error(string(run.raw))
		}
		if w.get(agent, "tickets/"+b).is(200).str("urgency") != "high" {
			w.t.Error("it was not changed")
		}
		w.get(lead, "bulk/"+run.str("id")).is(404)
		w.post(agent, "bulk/"+run.str("id")+"/undo", nil).is(200)
		if w.get(agent, "tickets/"+b).is(200).str("urgency") != "medium" {
			w.t.Error("it was not taken back")
		}
		w.post(agent, "bulk", obj{"tickets": []string{a}, "do": "close"}).is(422)
		file := w.get(agent, "tickets.csv?q=number:"+b).is(200)
		if !strings.HasPrefix(string(file.raw), "number,kind,subject") || !strings.Contains(string(file.raw), "'=Screen dark") || strings.Count(string(file.raw), "\n") != 2 {
			w.t.Error(string(file.raw))
		}
		w.get(agent, "tickets.csv?q=sit:x").is(422)
	})
}
