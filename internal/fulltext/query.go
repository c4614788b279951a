package fulltext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bothways/internal/kit/text"
)

// Limits of a query: what goes beyond is left out.
const (
	MaxQuery = 300 // characters
	MaxTerms = 12
	maxRow   = 16 // words of a phrase
)

// term is one word, phrase or code that has to be found.
type term struct {
	keys   []string // words in a row
	prefix bool     // the last of keys may go on
	joined string   // the same as one word
	codes  []string // or found as a piece of a code
	loose  []string // the same, when nothing else is found
	tails  bool     // a single character of a script without spaces
}

// Query is what somebody looks for: every term of it. The zero Query finds nothing.
type Query struct {
	terms  []term
	weight []int // set by Weigh: in how many documents each term stands, up to a thousand and one
	probed bool  // each owner is asked by itself
	exact  bool  // the last word is whole
	wide   bool  // loose codes count
	// Cut says that the query was longer than what is looked for.
	Cut bool
}

// Parse reads what was typed: words, of which the last may be a beginning, and "phrases". There is nothing that it refuses.
func Parse(s string) Query {
	var q Query
	if len(s) > 4*MaxQuery {
		s, q.Cut = s[:4*MaxQuery], true
	}
	s = strings.ToValidUTF8(s, " ")
	if utf8.RuneCountInString(s) > MaxQuery {
		s, q.Cut = cut(s, MaxQuery), true
	}
	for _, p := range parts(s) {
		q.part(p)
	}
	if len(q.terms) > MaxTerms {
		q.terms, q.Cut = q.terms[:MaxTerms], true
	}
	return q
}

// part is a stretch of what was typed.
type part struct {
	text   string
	quoted bool
	last   bool
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "＂", `"`)

func parts(s string) []part {
	var out []part
	open := !endsInSpace(s)
	pieces := strings.Split(quotes.Replace(s), `"`)
	for i, p := range pieces {
		if i%2 == 1 && i+1 < len(pieces) {
			out = append(out, part{text: p, quoted: true})
			continue
		}
		for _, f := range strings.FieldsFunc(p, unicode.IsSpace) {
			out = append(out, part{text: f})
		}
	}
	if n := len(out); n > 0 {
		out[n-1].last = open && !out[n-1].quoted
	}
	return out
}

func endsInSpace(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(r)
}

// part adds the terms of one stretch: mostly one; more where scripts with and without spaces stand side by side.
func (q *Query) part(p part) {
	sc := scan(p.text)
	ws := elided(p, sc.words)
	for i := 0; i < len(ws); {
		j := i + 1
		for j < len(ws) && runs(ws[i]) == runs(ws[j]) {
			j++
		}
		q.row(p, ws[i:j], i == 0 && j == len(ws), p.last && j == len(ws), sc)
		i = j
	}
}

func runs(w word) bool { return w.pair || w.tail }

// elided leaves out the article that French and Italian write with an apostrophe.
func elided(p part, ws []word) []word {
	if p.quoted || len(ws) != 2 || runs(ws[0]) || len(ws[0].key) > 2 {
		return ws
	}
	if between := p.text[ws[0].end:ws[1].start]; between != "'" && between != "’" {
		return ws
	}
	return ws[1:]
}

func (q *Query) row(p part, ws []word, whole, last bool, sc scanned) {
	var t term
	if runs(ws[0]) {
		if t.tails = len(ws) == 1; !t.tails && !p.quoted {
			ws = ws[:len(ws)-1] // the last character is in the last pair
		} else if !t.tails {
			ws = untail(ws)
		}
	}
	for _, w := range ws[:min(len(ws), maxRow)] {
		t.keys = append(t.keys, w.key)
	}
	t.prefix = t.tails || last && utf8.RuneCountInString(t.keys[len(t.keys)-1]) >= 3 && !runs(ws[0])
	if whole && !runs(ws[0]) {
		t.compound(p, sc)
	}
	if len(t.codes) > 0 && len(t.keys) == 1 { // a serial or a number
		t.prefix = false // what goes on after it is a code too, of which it is a piece
	}
	q.terms = append(q.terms, t)
}

// untail leaves out the single last characters of runs inside a phrase but keeps one that stands alone.
func untail(ws []word) []word {
	var out []word
	for i, w := range ws {
		if !w.tail || i == 0 || !ws[i-1].pair || ws[i-1].end != w.end {
			out = append(out, w)
		}
	}
	return out
}

// compound adds the other ways to find what was typed without a space.
func (t *term) compound(p part, sc scanned) {
	if strings.ContainsFunc(strings.TrimSpace(p.text), unicode.IsSpace) {
		for _, c := range sc.codes {
			if c.start == sc.words[0].start && c.end == sc.words[len(sc.words)-1].end {
				t.codes = append(t.codes, c.text) // a number in groups
			}
		}
		return
	}
	if n := len(sc.joined); n > 0 && sc.joined[n-1].start == sc.words[0].start {
		t.joined = sc.joined[n-1].text
	}
	for _, c := range sc.codes {
		if !strings.Contains(c.text, "@") {
			t.codes = append(t.codes, c.text)
		}
	}
	if p.quoted {
		return
	}
	// Pieces of an address only when its words find nothing: those of a company's domain are in every signature.
	trimmed := strings.TrimFunc(p.text, func(r rune) bool { return !inWord(r) && r != '@' })
	if kept := pieceOf(trimmed); utf8.RuneCountInString(kept) >= 3 && (len(t.codes) == 0 || strings.ContainsAny(kept, "@.-_")) {
		t.loose = append(t.loose, kept)
	}
}

// pieceOf writes what was typed as codes hold it: folded, with what joins its parts.
func pieceOf(s string) string {
	var b strings.Builder
	word := 0
	for i, r := range s {
		if inWord(r) {
			continue
		}
		b.WriteString(fold(s[word:i]))
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		}
		word = i + utf8.RuneLen(r)
	}
	b.WriteString(fold(s[min(word, len(s)):]))
	return cut(b.String(), maxCode)
}

// Empty says that there is nothing to look for.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Exactly is the query with its last word taken as a whole word, and whether that differs.
func (q Query) Exactly() (Query, bool) {
	differs := false
	for _, t := range q.terms {
		differs = differs || t.prefix && !t.tails
	}
	q.exact = true
	return q, differs
}

// Widely is the query that also finds its words inside addresses and codes, and whether that differs.
func (q Query) Widely() (Query, bool) {
	differs := false
	for _, t := range q.terms {
		differs = differs || len(t.loose) > 0
	}
	q.wide = true
	return q, differs
}

// Number is the number of a thing that was typed alone, after prefix: BW-1234, bw 1234, #1234 or 1234; 0 when it is something else.
func Number(s, prefix string) int64 {
	s = strings.ToUpper(text.Line(strings.TrimSpace(s)))
	s = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(s, "#"), strings.ToUpper(prefix)), "- ")
	if s == "" || len(s) > 12 {
		return 0
	}
	var n int64
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
