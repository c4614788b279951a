package story

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed text/*.txt
var files embed.FS

// topic is something people ask for, with what is said about it. The keys of said are the letters of the text files:
// S subject, O opening, A first word of IT, Q question and R its answer, W question after a date and V its answer (or, of what is
// withdrawn, its end), P what a supplier is asked and what they did, N note, F solution, X rejection, Z second solution.
type topic struct {
	name, kind, team string
	impact, urgency  string
	weight           int
	flow             string
	said             map[string][]string
}

// book is everything that can be said.
type book struct {
	topics  []topic
	slots   map[string][]string
	phrases map[string][]string
}

var library = sync.OnceValues(readBook)

func readBook() (*book, error) {
	b := &book{}
	var err error
	if b.slots, err = readLists("slots"); err != nil {
		return nil, err
	}
	if b.phrases, err = readLists("phrases"); err != nil {
		return nil, err
	}
	for _, name := range []string{"workplace", "accounts", "programs", "network", "events"} {
		t, err := readTopics(name)
		if err != nil {
			return nil, err
		}
		b.topics = append(b.topics, t...)
	}
	return b, nil
}

func lines(name string) ([]string, error) {
	raw, err := files.ReadFile("text/" + name + ".txt")
	return strings.Split(string(raw), "\n"), err
}

// readLists reads "name = one; another".
func readLists(file string) (map[string][]string, error) {
	all, err := lines(file)
	out := map[string][]string{}
	for i, l := range all {
		name, list, ok := strings.Cut(l, " = ")
		if !ok {
			if l != "" {
				return nil, fmt.Errorf("story: %s line %d is no list", file, i+1)
			}
			continue
		}
		out[name] = strings.Split(list, "; ")
	}
	return out, err
}

func readTopics(file string) ([]topic, error) {
	all, err := lines(file)
	var out []topic
	for i, l := range all {
		switch {
		case l == "":
		case strings.HasPrefix(l, "== "):
			t, err := head(l[3:])
			if err != nil {
				return nil, fmt.Errorf("story: %s line %d: %w", file, i+1, err)
			}
			out = append(out, t)
		case len(out) > 0 && len(l) > 2 && l[1] == ' ' && strings.Contains("SOAQRWVPNFXZ", l[:1]):
			out[len(out)-1].said[l[:1]] = append(out[len(out)-1].said[l[:1]], l[2:])
		default:
			return nil, fmt.Errorf("story: %s line %d is of no kind", file, i+1)
		}
	}
	return out, err
}

// head reads "name | kind | team | impact/urgency | weight | flow".
func head(l string) (topic, error) {
	f := strings.Split(l, " | ")
	if len(f) < 5 {
		return topic{}, fmt.Errorf("a topic has five parts, not %d", len(f))
	}
	t := topic{name: f[0], kind: strings.ReplaceAll(f[1], " ", "_"), team: f[2], said: map[string][]string{}}
	t.impact, t.urgency, _ = strings.Cut(f[3], "/")
	var err error
	t.weight, err = strconv.Atoi(f[4])
	if len(f) > 5 {
		t.flow = f[5]
	}
	return t, err
}

// voice speaks for one case: a slot that was filled once stays as it is.
type voice struct {
	*dice
	book  *book
	place string
	slots map[string]string
	used  map[string]bool // what was said already
}

// phrase is one of a list of phrases.
func (v *voice) phrase(list string) string { return v.fresh(v.book.phrases[list]) }

// say is one of the topic's lines of a kind; "" when it has none.
func (v *voice) say(t *topic, kind string) string { return v.fresh(t.said[kind]) }

// fresh says one of a list, not what was said before if there is another.
func (v *voice) fresh(list []string) string {
	if len(list) == 0 {
		return ""
	}
	at := v.below(len(list))
	for i := range list {
		if l := list[(at+i)%len(list)]; !v.used[l] {
			at = (at + i) % len(list)
			break
		}
	}
	v.used[list[at]] = true
	return v.fill(list[at])
}

// fill chooses among [one|another] and fills {slots}, which may hold slots themselves.
func (v *voice) fill(s string) string {
	for {
		i := strings.IndexByte(s, '[')
		if i < 0 {
			break
		}
		j := i + strings.IndexByte(s[i:], ']')
		s = s[:i] + one(v.dice, strings.Split(s[i+1:j], "|")) + s[j+1:]
	}
	for range 20 {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		j := i + strings.IndexByte(s[i:], '}')
		w := v.slot(s[i+1 : j])
		if i == 0 || i > 1 && strings.Contains(".?!\n“", s[i-2:i-1]) || s[i-1] == '\n' {
			w = upper(w)
		}
		s = s[:i] + w + s[j+1:]
	}
	return s
}

func (v *voice) slot(name string) string {
	if name == "clock" { // another each time
		return one(v.dice, v.book.slots[name])
	}
	if w, ok := v.slots[name]; ok {
		return w
	}
	list := v.book.slots[name]
	if len(list) == 0 {
		list = v.book.slots[Plain(v.place)+"."+name]
	}
	v.slots[name] = v.fill(one(v.dice, list))
	return v.slots[name]
}

func upper(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// plain maps the letters of our people's names to those of their addresses.
var plain = strings.NewReplacer("ä", "a", "ö", "o", "õ", "o", "ü", "u", "š", "s", "ž", "z", "å", "a", "ã", "a", "á", "a", "â", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "ú", "u", "ç", "c",
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ś", "s", "ź", "z", "ż", "z", "ý", "y", "à", "a", "'", "", " ", "-")

// Plain writes a name of ours in the letters of addresses.
func Plain(name string) string { return plain.Replace(strings.ToLower(name)) }
