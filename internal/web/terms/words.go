package terms

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/web/ui"
)

// weekdays in the order of a week, as calendars and people name them.
var weekdays = [...]struct{ key, name string }{{"mon", "Mon"}, {"tue", "Tue"}, {"wed", "Wed"}, {"thu", "Thu"}, {"fri", "Fri"}, {"sat", "Sat"}, {"sun", "Sun"}}

// Week writes the weekly hours of a calendar: "Mon to Thu 09:00–17:00, Fri 09:00–15:00".
func Week(s calendar.Spec) string {
	var parts []string
	for i := 0; i < len(weekdays); {
		hours := frames(s.Week[weekdays[i].key])
		last := i
		for last+1 < len(weekdays) && frames(s.Week[weekdays[last+1].key]) == hours {
			last++
		}
		if hours != "" {
			days := weekdays[i].name
			switch {
			case i == 0 && last == len(weekdays)-1:
				days = "Every day"
			case last == i+1:
				days += " and " + weekdays[last].name
			case last > i:
				days += " to " + weekdays[last].name
			}
			parts = append(parts, days+" "+hours)
		}
		i = last + 1
	}
	if len(parts) == 0 {
		return "No weekly hours"
	}
	return strings.Join(parts, ", ")
}

func frames(all [][2]string) string {
	var out []string
	for _, f := range all {
		if f[0] == "00:00" && f[1] == "24:00" {
			return "round the clock"
		}
		out = append(out, f[0]+"–"+f[1])
	}
	return strings.Join(out, " and ")
}

// Open says whether IT is at work now and until or from when, in the reader's zone: "open until 18:00".
func Open(cal *calendar.Calendar, r ui.Reader) string {
	if cal == nil {
		return "open round the clock"
	}
	now := r.Now.Unix()
	if cal.IsOpen(now) {
		for _, s := range cal.Explain(now, now+24*3600) {
			if !s.Open {
				return "open until " + r.Due(time.Unix(s.From, 0))
			}
		}
		return "open round the clock"
	}
	if at, ok := cal.NextOpen(now); ok {
		return "closed until " + r.Due(time.Unix(at, 0))
	}
	return ""
}

// Pair is a promise of IT facing the promise of the customer that it depends on.
type Pair struct {
	About   string
	IT, You Promise
}

// Promise is one promise in words.
type Promise struct {
	Metric agreement.Metric
	Text   string // "A first reply within 4 h"
	Other  string // how long it is for other priorities; "" when they are alike
}

// pairs says which promises face each other and how each is told.
var pairs = [...]struct {
	about   string
	it, you agreement.Metric
	itText  string
	youText string
}{
	{"Answering", agreement.MetricFirstResponse, agreement.MetricAnswer, "A first reply", "An answer to our question"},
	{"Keeping on", agreement.MetricNextResponse, agreement.MetricSupplyFacts, "A reply to every message after that", "The facts we ask for"},
	{"Trying it out", "", agreement.MetricTest, "", "A test of what we changed"},
	{"Having read", "", agreement.MetricAcknowledge, "", "A word that you have read what we ask you to"},
	{"Finishing", agreement.MetricResolution, agreement.MetricConfirm, "A solution", "A yes or no whether it works"},
}

// Pairs are the promises of both sides, facing each other.
func Pairs(targets []agreement.Target) []Pair {
	return pairsFor(targets, Matter{Door: agreement.DoorDesk})
}

func pairsFor(targets []agreement.Target, x Matter) []Pair {
	var out []Pair
	for _, p := range pairs {
		pair := Pair{About: p.about, IT: x.promise(targets, p.it, p.itText), You: x.promise(targets, p.you, p.youText)}
		if pair.IT.Text != "" || pair.You.Text != "" {
			out = append(out, pair)
		}
	}
	return out
}

// Length is how long a promise is at a priority; 0 when there is none.
func Length(targets []agreement.Target, m agreement.Metric, p agreement.Priority) time.Duration {
	return Matter{Door: agreement.DoorDesk}.Length(targets, m, p)
}

// Matter is what promises are for: a service, and the door at which it goes in. The zero Matter is the desk's, whatever it is about.
type Matter struct {
	Service string // id
	Door    agreement.Door
}

// Length is how long a promise is for the matter at a priority; 0 when there is none.
func (x Matter) Length(targets []agreement.Target, m agreement.Metric, p agreement.Priority) time.Duration {
	t, _ := agreement.TargetFor(targets, m, p, x.Service, x.Door)
	return time.Duration(t.Seconds) * time.Second
}

// Matters are those that have promises of their own, beside what goes in by the desk: the second door, then services in the order given
// by a name for each.
func Matters(targets []agreement.Target, name func(service string) string) []Matter {
	var out []Matter
	for _, t := range targets {
		if x := (Matter{t.Service, t.Door}); (t.Service != "" || t.Door == agreement.DoorLevels) && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b Matter) int {
		return cmp.Or(-cmp.Compare(a.Door, b.Door), cmp.Compare(name(a.Service), name(b.Service)), cmp.Compare(a.Service, b.Service))
	})
	return out
}

// MatterTitle is a heading for the promises of a matter.
func MatterTitle(x Matter, name func(service string) string) string {
	switch {
	case x.Service == "":
		return "At the second door: levels and price"
	case x.Door == agreement.DoorLevels:
		return name(x.Service) + ", at the second door"
	}
	return name(x.Service)
}

// Pairs are the promises that the targets have for the matter alone.
func (x Matter) Pairs(targets []agreement.Target) []Pair {
	own := slices.DeleteFunc(slices.Clone(targets), func(t agreement.Target) bool { return t.Service != x.Service || t.Door != x.Door })
	return pairsFor(own, x)
}

func (x Matter) promise(targets []agreement.Target, m agreement.Metric, text string) Promise {
	usual := x.Length(targets, m, agreement.PriorityMedium)
	if usual == 0 {
		return Promise{Metric: m}
	}
	p := Promise{Metric: m, Text: text + " within " + ui.Span(usual)}
	var other []string
	differ := false
	for _, o := range []agreement.Priority{agreement.PriorityCritical, agreement.PriorityHigh, agreement.PriorityLow} {
		if d := x.Length(targets, m, o); d > 0 {
			differ = differ || d != usual
			other = append(other, ui.Span(d)+" when "+string(o))
		}
	}
	if differ {
		p.Other = strings.Join(other, ", ")
	}
	return p
}

// Rung is a step that the agreement states beforehand.
type Rung struct {
	When, What string
}

// what tells a step to the customer's side; forIT to IT's. The same ladder goes to both.
var what = map[string]string{
	agreement.ActionRemind: "We remind whoever is asked", agreement.ActionTellContact: "We tell the contact of the site", agreement.ActionPause: "We pause the request: no more reminders",
	agreement.ActionLapse: "We close it; one word reopens it", agreement.ActionClose: "We close it, taking it that it works; one word reopens it",
	agreement.ActionWarn: "Whoever has it, and the team, are warned", agreement.ActionTellCustomer: "We tell you that we are late",
	agreement.ActionRequeue: "It goes back into the queue: nobody holds it until you answer", agreement.ActionCharge: "A charge is noted", agreement.ActionCredit: "A credit for you is noted",
}

// Ladder is what follows on a promise that is not kept, in order.
func Ladder(steps []agreement.Step, m agreement.Metric) []Rung {
	var out []Rung
	for _, s := range steps {
		if s.Metric != m {
			continue
		}
		r := Rung{When: share(s.Percent), What: what[s.Action]}
		consequence := s.Action != agreement.ActionRemind && s.Action != agreement.ActionTellContact && s.Action != agreement.ActionWarn && s.Action != agreement.ActionTellCustomer
		if s.Price.Minor > 0 {
			r.What += ": " + s.Price.String() + ", " + s.Price.What
		}
		switch {
		case s.PlusDays == 1, s.PlusDays == 0 && consequence && len(out) > 0:
			r.When = "The working day after"
		case s.PlusDays > 1:
			r.When = strconv.Itoa(s.PlusDays) + " working days after"
		}
		if s.PlusSeconds > 0 {
			r.When += ", and " + ui.Span(time.Duration(s.PlusSeconds)*time.Second) + " more"
		}
		out = append(out, r)
	}
	return out
}

func share(percent int) string {
	switch percent {
	case 50:
		return "At half time"
	case 75:
		return "At three quarters of the time"
	case 100:
		return "When the time is used up"
	case 0:
		return "At once"
	}
	return "At " + strconv.Itoa(percent) + "% of the time"
}
