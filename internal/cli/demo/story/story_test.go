package story

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func setting(t *testing.T, seed uint64) Setting {
	t.Helper()
	zone := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	s := Setting{Seed: seed, From: time.Date(2025, 11, 24, 7, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), PerDay: 6, Events: true,
		Hours: map[string]Hours{}, Service: Hours{Zone: zone("Europe/London"), From: 8 * 60, To: 18 * 60, Closed: []string{"12-25", "01-01"}}, Crews: map[string]Crew{},
		Contacts: map[string]string{}, Levels: "levels", Names: map[string]string{}}
	for place, z := range map[string]string{"Leeds": "Europe/London", "Porto": "Europe/Lisbon", "Tallinn": "Europe/Tallinn", "Gdańsk": "Europe/Warsaw", "Turku": "Europe/Helsinki"} {
		s.Hours[place] = Hours{Zone: zone(z), From: 9 * 60, To: 17 * 60, Closed: []string{"12-25", "01-01"}}
		s.Crews["local@"+place] = Crew{place + " local IT", []string{"it-" + place}}
	}
	for i, p := range []struct{ place, tongue string }{{"Leeds", "en"}, {"Porto", "pt"}, {"Tallinn", "et"}, {"Gdańsk", "pl"}, {"Turku", "fi"}} {
		for k, name := range []string{"Ada Lum", "Bo Vik", "Cy Ott"} {
			s.People = append(s.People, Person{Key: strings.ToLower(p.place + name[:2]), Name: name, Place: p.place, Tongue: p.tongue, Female: k == i%2})
		}
	}
	for _, team := range []string{"desk", "network", "business", "mobile", "security", "slm"} {
		s.Crews[team] = Crew{team, []string{team + "1", team + "2"}}
	}
	for _, c := range s.Crews {
		for _, key := range c.Members {
			s.Names[key] = "Di " + key
		}
	}
	return s
}

func told(t *testing.T, s Setting) []*Case {
	t.Helper()
	cases, err := Year(s)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestYearIsToldTheSameAgain: one seed one story, another seed another.
func TestYearIsToldTheSameAgain(t *testing.T) {
	a, b, c := told(t, setting(t, 3)), told(t, setting(t, 3)), told(t, setting(t, 4))
	if !reflect.DeepEqual(a, b) {
		t.Error("one seed told two stories")
	}
	if len(a) < 1000 || reflect.DeepEqual(a, c) {
		t.Errorf("%d cases; another seed tells the same: %v", len(a), reflect.DeepEqual(a, c))
	}
}

// TestEverythingIsSaid wants every text to be whole: slots filled, nothing empty, no two in a case alike, acts in their order and
// none after the end.
func TestEverythingIsSaid(t *testing.T) {
	s := setting(t, 5)
	openings, verbs := map[string]int{}, map[Verb]int{}
	n := 0
	for _, c := range told(t, s) {
		seen := map[string]bool{}
		for i, a := range c.Acts {
			verbs[a.Verb]++
			if i > 0 && a.At.Before(c.Acts[i-1].At) || a.At.After(s.Until) || a.At.Before(s.From.AddDate(0, 0, -1)) {
				t.Errorf("%s: %s at %s", c.Subject, a.Verb, a.At)
			}
			if strings.ContainsAny(a.Text+a.Need+c.Subject, "{}[]|~") {
				t.Errorf("%s: %q %q", c.Subject, a.Text, a.Need)
			}
			if a.Text == "" && (a.Verb == Say || a.Verb == Ask || a.Verb == Note || a.Verb == Resolve || a.Verb == Reply || a.Verb == Mail || a.Verb == Open) {
				t.Errorf("%s (%s): an empty %s", c.Subject, c.Topic, a.Verb)
			}
			if len(a.Text) > 60 && seen[a.Text] {
				t.Errorf("%s (%s) says twice: %s", c.Subject, c.Topic, a.Text)
			}
			seen[a.Text] = true
			if i == 0 {
				openings[a.Text]++
				n++
			}
		}
	}
	for _, v := range []Verb{Open, Mail, Sort, Take, Say, Ask, Note, Resolve, Reply, Away, Bounce, Confirm, Reject, Return, Withdraw, Discard, AskSupplier, SupplierBack, Wait, Watch, Link, Merge, Waive, Dispute} {
		if verbs[v] == 0 {
			t.Errorf("nobody %s", v)
		}
	}
	if len(openings) < n*6/10 {
		t.Errorf("%d different openings of %d", len(openings), n)
	}
}

// TestNobodyIsGreetedWithoutAName: a greeting of IT's names whom it greets, and no text has the gap that a missing word leaves.
func TestNobodyIsGreetedWithoutAName(t *testing.T) {
	names := map[string]bool{"Di": true}
	for _, p := range setting(t, 5).People {
		first, _, _ := strings.Cut(p.Name, " ")
		names[first] = true
	}
	greeted := 0
	for _, c := range told(t, setting(t, 5)) {
		for _, a := range append([]Act{{Text: c.Subject}}, c.Acts...) {
			for _, gap := range []string{" ,", " .", "  ", "“”", "\n "} {
				if strings.Contains(a.Text, gap) && !strings.Contains(a.Text, " ...") {
					t.Errorf("%q has a gap", a.Text)
				}
			}
			for _, hello := range []string{"Hello ", "Good morning ", "Hi ", "Dear "} {
				if rest, ok := strings.CutPrefix(a.Text, hello); ok && a.Who != c.Requester && a.Verb != Mail {
					name, _, _ := strings.Cut(rest, ",")
					if greeted++; !names[name] {
						t.Errorf("%q greets %q", a.Text, name)
					}
				}
			}
		}
	}
	if greeted < 100 {
		t.Errorf("IT greets %d times", greeted)
	}
}

// TestTopicsAreWhole reads the text files.
func TestTopicsAreWhole(t *testing.T) {
	b, err := library()
	if err != nil {
		t.Fatal(err)
	}
	if len(b.topics) < 60 {
		t.Errorf("%d topics", len(b.topics))
	}
	v := &voice{dice: &dice{1}, book: b, place: "Gdańsk", slots: map[string]string{"colleague": "Ada Lum", "place": "Gdańsk", "first": "Bo"}, used: map[string]bool{}}
	for i := range b.topics {
		tp := &b.topics[i]
		need := []string{"S", "O", "F"}
		if tp.flow == "withdrawn" {
			need = []string{"S", "O", "V"}
		}
		for _, k := range need {
			if len(tp.said[k]) == 0 {
				t.Errorf("%s has no %s", tp.name, k)
			}
		}
		if len(tp.said["Q"]) > 0 != (len(tp.said["R"]) > 0) || len(tp.said["X"]) > 0 && len(tp.said["Z"]) == 0 {
			t.Errorf("%s asks or rejects, and nobody answers", tp.name)
		}
		for k, all := range tp.said {
			for _, l := range all {
				if said := v.fill(l); strings.ContainsAny(said, "{}[]|") || (k == "Q" || k == "W") && !strings.Contains(l, " ~") {
					t.Errorf("%s, %s: %q", tp.name, k, said)
				}
			}
		}
	}
	for name := range b.slots {
		if strings.Contains(name, " ") || name == "" {
			t.Errorf("slot %q", name)
		}
	}
}

// TestHours steps over nights, weekends and closed days.
func TestHours(t *testing.T) {
	h := setting(t, 1).Hours["Porto"]
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, h.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		from string
		d    time.Duration
		want string
	}{
		{"2026-11-20 16:00", 2 * time.Hour, "2026-11-23 10:00"},
		{"2026-12-24 16:30", time.Hour, "2026-12-28 09:30"},
		{"2026-11-21 12:00", 0, "2026-11-23 09:00"},
		{"2026-11-24 09:00", 7*time.Hour + 59*time.Minute, "2026-11-24 16:59"},
		{"2026-11-24 09:00", 8 * time.Hour, "2026-11-25 09:00"},
		{"2026-03-27 16:00", 17 * time.Hour, "2026-03-31 17:00"},
	} {
		want := c.want
		if c.d == 17*time.Hour {
			want = "2026-04-01 09:00" // two whole days later, over the change of clocks
		}
		if got := h.after(at(c.from), c.d); !got.Equal(at(want)) {
			t.Errorf("%s and %s: %s, not %s", c.from, c.d, got, want)
		}
	}
}
