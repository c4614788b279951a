package agreement

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"bothways/internal/calendar"
)

// scenario is one of sla-scenarios-zammad.json: facts about what another desk computes, tolerance one minute.
type scenario struct {
	Name     string
	Calendar calendar.Spec
	SLA      struct {
		FirstResponse int64 `json:"first_response"`
		Update        int64
		Solution      int64
	} `json:"sla_minutes"`
	Created time.Time
	Events  []happening
	Expect  map[string]any
	Then    []struct {
		Ev     string
		Expect map[string]any
	}
	gone bool // the agreement no longer applies
}

type happening struct {
	At     time.Time
	Ev, To string
}

// zammadDiffers names where we mean another thing, per scenario and expectation, and why. An entry that has become
// equal is an error.
var zammadDiffers = map[string]map[string]string{
	"new ticket": {
		"update_due": "theirs runs from the opening; our next response is owed once the first was given",
	},
	"answered late": {
		"next_due":   "their update clock is due first; we owe no next response: the customer said nothing since",
		"update_due": "as above",
	},
	"first response late, update in time": {
		"first_response_minutes": "they have a field set to 14:00Z; ours is the first human message, 11:00Z",
		"first_response_margin":  "as above",
		"update_minutes":         "that message was our first response, no next one was owed",
		"update_margin":          "as above",
	},
	"... and the customer replies": {
		"first_response_margin": "first human message at 12:00Z",
		"update_minutes":        "they keep the worst exchange; each of ours is an obligation of its own, and this one is at its start",
		"update_margin":         "as above",
	},
	"... and the agent answers": {
		"update_minutes": "they keep the worst exchange in one figure; ours took five minutes and stands beside the others",
		"update_margin":  "as above",
	},
	"... closed late": {
		"update_minutes": "as above",
		"update_margin":  "as above",
	},
	"pending 10:00-15:00 pushes the first response into the next day": {
		"next_due":           "the two hours are used up at the closing; we say the closing, they the next opening: the same promise",
		"first_response_due": "as above",
	},
	"pending 10:00-10:30, response 10:45, closed 12:00": {
		"first_response_minutes": "the agent's message at 10:15Z, during the pause, is our first response",
		"first_response_margin":  "as above",
	},
}

func TestZammadScenarios(t *testing.T) {
	for _, c := range zammadScenarios(t) {
		t.Run(c.Name, func(t *testing.T) {
			got := c.ours(t)
			for key, want := range c.Expect {
				reason, differs := zammadDiffers[c.Name][key]
				switch equal := closeTo(got[key], want); {
				case !equal && !differs:
					t.Errorf("%s is %v, they have %v", key, got[key], want)
				case equal && differs:
					t.Errorf("%s is %v as theirs, yet the list says: %s", key, got[key], reason)
				}
			}
			for _, then := range c.Then {
				if then.Ev != "" {
					same(t, "what happens then", then.Ev, "sla_no_longer_applies")
					continue
				}
				c.gone = true
				got := c.ours(t)
				for key, want := range then.Expect {
					if !closeTo(got[key], want) {
						t.Errorf("then %s is %v, they have %v", key, got[key], want)
					}
				}
			}
			for key := range zammadDiffers[c.Name] {
				if _, there := c.Expect[key]; !there {
					t.Errorf("%s is listed as different and not expected at all", key)
				}
			}
		})
	}
}

func zammadScenarios(t *testing.T) []scenario {
	dir := os.Getenv("BOTHWAYS_MATERIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "material")
	}
	data, err := os.ReadFile(filepath.Join(dir, "business-time", "sla-scenarios-zammad.json"))
	if err != nil {
		t.Skip("no test material; set BOTHWAYS_MATERIAL to its folder: ", err)
	}
	var file struct{ Scenarios []scenario }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Scenarios
}

// ledger is the scenario as events: pending is a wait the customer agreed to, closed by the customer's word.
func (c *scenario) ledger(t *testing.T) ([]Event, Facts) {
	hours := compile(t, c.Calendar)
	v := Version{Service: hours, Customer: hours, Targets: []Target{
		{Metric: MetricFirstResponse, Seconds: c.SLA.FirstResponse * 60},
		{Metric: MetricNextResponse, Seconds: c.SLA.Update * 60},
		{Metric: MetricResolution, Seconds: c.SLA.Solution * 60},
	}}
	out := []Event{{At: c.Created.Unix(), Kind: Opened}}
	contact := slices.ContainsFunc(c.Events, func(x happening) bool { return x.Ev == "agent_contact" })
	slices.SortStableFunc(c.Events, func(a, b happening) int { return a.At.Compare(b.At) })
	for _, x := range c.Events {
		e := Event{At: x.At.Unix()}
		switch x.Ev + " " + x.To {
		case "customer_message ":
			continue // the opening
		case "customer_contact ":
			e.Kind = CustomerSpoke
		case "agent_contact ":
			e.Kind = ProviderSpoke
		case "first_response ":
			if contact {
				continue // an attribute of the record; the messages are there themselves
			}
			e.Kind = ProviderSpoke
		case "state pending", "initial_state pending":
			e.Kind, e.Consent, e.Until = WaitAgreed, true, e.At+1<<30
		case "state open":
			e.Kind = WaitEnded
		case "closed ", "state closed":
			e.Kind, e.Cause = Closed, CauseConfirmed
		default:
			t.Fatalf("an event %q to %q is not mapped", x.Ev, x.To)
		}
		out = append(out, e)
	}
	for i := range out {
		out[i].Seq = int64(i + 1)
	}
	if c.gone {
		out = append(out, Event{At: out[len(out)-1].At, Kind: AgreementSet, Version: 1, Seq: int64(len(out) + 1)})
	}
	return out, Facts{Versions: []Version{v, {}}, Now: out[len(out)-1].At}
}

// ours is what we say, in their words.
func (c *scenario) ours(t *testing.T) map[string]any {
	events, facts := c.ledger(t)
	r := Clock(events, facts)
	out := map[string]any{}
	next := int64(0)
	for metric, name := range map[Metric]string{MetricFirstResponse: "first_response", MetricNextResponse: "update", MetricResolution: "solution"} {
		i := slices.IndexFunc(r.Obligations, func(o Obligation) bool { return o.Metric == metric })
		if i < 0 {
			continue
		}
		o := r.Obligations[i]
		if o.Ended == 0 && o.Due != 0 {
			out[name+"_due"] = time.Unix(o.Due, 0).UTC().Format(time.RFC3339)
			if next == 0 || o.Due < next {
				next = o.Due
			}
		}
		if o.Met != 0 {
			out[name+"_minutes"], out[name+"_margin"] = float64(o.Used)/60, float64(o.Left())/60
		}
	}
	if next != 0 {
		out["next_due"] = time.Unix(next, 0).UTC().Format(time.RFC3339)
	}
	return out
}

func closeTo(got, want any) bool {
	g, ok := got.(float64)
	w, both := want.(float64)
	if ok && both {
		return g-w <= 1 && w-g <= 1
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}
