package answer

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bothways/internal/kit/text"
)

// Limits, in characters and bytes.
const (
	MostTitle  = 80
	MostBody   = 20_000
	MostFilled = 64 << 10
)

// Answer is one saved answer.
type Answer struct {
	ID        string
	OwnerID   string
	Shared    bool
	Title     string
	Body      string
	MadeAt    time.Time
	ChangedAt time.Time
	Version   int64
}

// Field is a placeholder that an answer may hold.
type Field struct {
	Name string // without the braces
	Says string // what stands in its place
}

// Fields lists every placeholder. All are facts that both sides of a ticket see; none is a secret, a note or an address.
func Fields() []Field {
	return []Field{
		{"requester.first", "the first name of who asks"}, {"requester.name", "the name of who asks"}, {"affected.first", "the first name of who it is for"},
		{"number", "the ticket’s number"}, {"subject", "what it is about"}, {"site", "the site"}, {"me.first", "your first name"}, {"me.name", "your name"},
		{"desk", "what mails call the desk"},
	}
}

func known(name string) bool {
	return slices.ContainsFunc(Fields(), func(f Field) bool { return f.Name == name })
}

// Fill puts values in the place of placeholders. Values are one line each and are not read again; a placeholder without a value stays
// as it is written.
func Fill(body string, values map[string]string) string {
	var out strings.Builder
	walk(body, func(plain string) { out.WriteString(plain) }, func(name, raw string) {
		v, ok := values[name]
		if !known(name) || !ok {
			v = raw
		}
		out.WriteString(text.Cut(text.Line(v), 300))
	}, func() bool { return out.Len() < MostFilled })
	s := out.String()
	if len(s) > MostFilled {
		s = s[:MostFilled]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return s
}

// Unknown lists what looks like a placeholder and is none.
func Unknown(body string) []string {
	var out []string
	walk(body, func(string) {}, func(name, raw string) {
		if !known(name) && !slices.Contains(out, raw) {
			out = append(out, raw)
		}
	}, func() bool { return len(out) < 10 })
	return out
}

// walk takes a text apart into plain pieces and {names} of lower-case letters and dots.
func walk(s string, plain func(string), name func(name, raw string), more func() bool) {
	for s != "" && more() {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			plain(s)
			return
		}
		plain(s[:i])
		s = s[i:]
		end := 1
		for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || s[end] == '.' || s[end] == '_') {
			end++
		}
		if end < 2 || end == len(s) || s[end] != '}' {
			plain(s[:1])
			s = s[1:]
			continue
		}
		name(s[1:end], s[:end+1])
		s = s[end+1:]
	}
}
