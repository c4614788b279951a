package fulltext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text; Hit says that it is what was looked for.
type Span struct {
	Text string
	Hit  bool
}

type stretch struct{ from, to int }

// hits finds every place of a text that the query would find, in order and without overlaps.
func (q Query) hits(s string) []stretch {
	sc := scan(s)
	var out []stretch
	for _, t := range q.terms {
		out = append(out, q.rows(t, sc.words)...)
		for _, c := range sc.joined {
			if t.joined != "" && c.text == t.joined || len(t.keys) == 1 && same(c.text, t.keys[0], t.prefix) {
				out = append(out, stretch{c.start, c.end})
			}
		}
		for _, p := range slices.Concat(t.codes, t.loose) {
			for _, c := range sc.codes {
				if strings.Contains(c.text, p) {
					out = append(out, stretch{c.start, c.end})
				}
			}
		}
	}
	return merge(out)
}

func same(key, want string, prefix bool) bool {
	return key == want || prefix && strings.HasPrefix(key, want)
}

// rows finds a term's words in a row.
func (q Query) rows(t term, ws []word) []stretch {
	var out []stretch
	n := len(t.keys)
	for i := 0; i+n <= len(ws); i++ {
		all := true
		for j, k := range t.keys {
			if !same(ws[i+j].key, k, t.prefix && j == n-1) {
				all = false
				break
			}
		}
		if all {
			end := ws[i+n-1].end
			if t.tails && ws[i].pair {
				end = ws[i].start + firstLen(ws[i].key)
			}
			out = append(out, stretch{ws[i].start, end})
		} else if t.joined != "" && n > 1 && same(ws[i].key, t.joined, t.prefix) {
			out = append(out, stretch{ws[i].start, ws[i].end})
		}
	}
	if t.joined != "" {
		for i := max(0, len(ws)-n+1); i < len(ws); i++ {
			if same(ws[i].key, t.joined, t.prefix) {
				out = append(out, stretch{ws[i].start, ws[i].end})
			}
		}
	}
	return out
}

func firstLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

func merge(in []stretch) []stretch {
	slices.SortFunc(in, func(a, b stretch) int { return a.from - b.from })
	var out []stretch
	for _, s := range in {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Mark gives a text in stretches, those that the query finds apart.
func (q Query) Mark(s string) []Span { return spans(s, q.hits(s)) }

func spans(s string, hits []stretch) []Span {
	var out []Span
	at := 0
	for _, h := range hits {
		if h.from > at {
			out = append(out, Span{Text: s[at:h.from]})
		}
		out = append(out, Span{s[h.from:h.to], true})
		at = h.to
	}
	if at < len(s) {
		out = append(out, Span{Text: s[at:]})
	}
	return out
}

// maxMarked is how much of a text is looked through for a passage, in bytes.
const maxMarked = 256 << 10

// Passage gives about width characters of a text on one line, where the query finds most, with an ellipsis on each side where
// something was left out; found says whether it finds anything.
func (q Query) Passage(s string, width int) (passage []Span, found bool) {
	if len(s) > maxMarked {
		s = strings.ToValidUTF8(s[:maxMarked], "")
	}
	hits := q.hits(s)
	from, to := window(s, hits, width)
	var inside []stretch
	for _, h := range hits {
		if h.from >= from && h.to <= to {
			inside = append(inside, stretch{h.from - from, h.to - from})
		}
	}
	out := spans(s[from:to], inside)
	for i := range out {
		out[i].Text = line(out[i].Text)
	}
	if len(out) > 0 {
		out[0].Text = strings.TrimLeft(out[0].Text, " ")
		out[len(out)-1].Text = strings.TrimRight(out[len(out)-1].Text, " ")
	}
	if from > 0 {
		out = append([]Span{{Text: "… "}}, out...)
	}
	if to < len(s) {
		out = append(out, Span{Text: " …"})
	}
	return out, len(hits) > 0
}

// line writes white space as single spaces.
func line(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// window chooses the bytes of a passage: a third of the width before the hit from which most others are near.
func window(s string, hits []stretch, width int) (from, to int) {
	at := 0
	if len(hits) > 0 {
		best := 0
		for i := range hits {
			n := 0
			for j := i; j < len(hits) && hits[j].to-hits[i].from <= width*2/3; j++ {
				n++
			}
			if n > best {
				best, at = n, hits[i].from
			}
		}
	}
	from = back(s, at, width/3)
	to = from
	for n := 0; to < len(s) && n < width; n++ {
		_, l := utf8.DecodeRuneInString(s[to:])
		to += l
	}
	for n := 0; to < len(s) && n < 20; n++ { // not in the middle of a word, where words have spaces
		r, l := utf8.DecodeRuneInString(s[to:])
		if unicode.IsSpace(r) {
			break
		}
		to += l
	}
	for _, h := range hits {
		if h.from < to && h.to > to {
			to = h.to
		}
	}
	return from, to
}

// back goes n characters back from a place, then to the beginning of a word.
func back(s string, at, n int) int {
	from := at
	for ; n > 0 && from > 0; n-- {
		_, l := utf8.DecodeLastRuneInString(s[:from])
		from -= l
	}
	for i := 0; from > 0 && from < at && i < 20; i++ {
		r, l := utf8.DecodeLastRuneInString(s[:from])
		if unicode.IsSpace(r) {
			break
		}
		from -= l
	}
	return from
}
