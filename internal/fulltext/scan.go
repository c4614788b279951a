package fulltext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one place in a text where something can be found.
type word struct {
	key        string // what it is found by
	full       string // the key before pairs of vowels became one
	start, end int    // its bytes
	pair       bool   // two neighbours of a script without spaces
	tail       bool   // the last character of such a run, by itself
}

// code is a serial, a number or an address: also found by any three characters of it that follow each other.
type code struct {
	text       string
	start, end int
}

// scanned is a text taken apart.
type scanned struct {
	words  []word
	joined []code // compounds as one word: "e-mail" as "email"
	codes  []code
}

// raw is a word before it is folded.
type raw struct {
	start, end int
	unspaced   bool
	dotted     bool // letters with dots between them: T.E.
}

// scan takes a text apart.
func scan(s string) scanned {
	var out scanned
	rs := dotted(s, raws(s))
	for _, r := range rs {
		if r.unspaced {
			out.words = append(out.words, pairs(s, r)...)
			continue
		}
		t := s[r.start:r.end]
		if r.dotted {
			t = strings.ReplaceAll(t, ".", "")
		}
		if f := fold(t); f != "" {
			out.words = append(out.words, word{key: key(f), full: cut(f, maxWord), start: r.start, end: r.end})
		}
	}
	out.compounds(s, rs)
	return out
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\u200c' || r == '\u200d'
}

// unspaced says whether a character is of a script that writes no spaces between words.
func unspaced(r rune) bool {
	return r >= 0x0e00 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r == 'ー' || r == 'ｰ' || r == 'ﾞ' || r == 'ﾟ')
}

// raws finds the runs of letters, digits and marks; a change of script of the one kind to the other ends a run.
func raws(s string) []raw {
	var out []raw
	open := false
	for i, r := range s {
		if !inWord(r) {
			open = false
			continue
		}
		u := unspaced(r)
		if open && !u && unicode.IsMark(r) {
			u = out[len(out)-1].unspaced // a mark belongs to what it stands on
		}
		if !open || out[len(out)-1].unspaced != u {
			out = append(out, raw{start: i, unspaced: u})
			open = true
		}
		out[len(out)-1].end = i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			out[len(out)-1].end = i + 1
		}
	}
	return out
}

// dotted makes one word of single letters with dots between them: T.E. is TE.
func dotted(s string, in []raw) []raw {
	out := in[:0]
	for i := 0; i < len(in); i++ {
		r := in[i]
		j := i
		for single(s, r) && j+1 < len(in) && single(s, in[j+1]) && in[j+1].start == in[j].end+1 && s[in[j].end] == '.' {
			j++
		}
		if j > i {
			r.end, r.dotted = in[j].end, true
			i = j
		}
		out = append(out, r)
	}
	return out
}

func single(s string, r raw) bool {
	c, n := utf8.DecodeRuneInString(s[r.start:r.end])
	return n == r.end-r.start && unicode.IsLetter(c) && !r.unspaced
}

// pairs gives a run of a script without spaces as overlapping pairs, and its last character by itself.
func pairs(s string, r raw) []word {
	type unit struct {
		text       string
		start, end int
	}
	var units []unit
	for i := r.start; i < r.end; {
		_, n := utf8.DecodeRuneInString(s[i:])
		end := i + n
		for end < r.end {
			c, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsMark(c) && c != 'ﾞ' && c != 'ﾟ' {
				break
			}
			end += n
		}
		if f := fold(s[i:end]); f != "" {
			units = append(units, unit{f, i, end})
		}
		i = end
	}
	var out []word
	for i, u := range units {
		if i+1 == len(units) {
			out = append(out, word{key: u.text, full: u.text, start: u.start, end: u.end, tail: true})
			break
		}
		both := u.text + units[i+1].text
		out = append(out, word{key: both, full: both, start: u.start, end: units[i+1].end, pair: true})
	}
	return out
}

// Limits of what is found by pieces.
const (
	maxCode  = 80
	maxCodes = 400 // of one document
)

// compounds finds words that belong together without a space: a code when there is a digit or an @, else one word beside its parts.
func (out *scanned) compounds(s string, rs []raw) {
	for i := 0; i < len(rs); {
		j := i
		for j+1 < len(rs) && glued(s, rs[j], rs[j+1]) {
			j++
		}
		out.compound(s, rs[i:j+1])
		i = j + 1
	}
	out.groups(s, rs)
}

// glued says whether one character that joins stands between two words.
func glued(s string, a, b raw) bool {
	return !a.unspaced && !b.unspaced && (b.start == a.end+1 && strings.IndexByte("-_./:@+#&~'", s[a.end]) >= 0 || s[a.end:b.start] == "‑" || s[a.end:b.start] == "’")
}

func (out *scanned) compound(s string, rs []raw) {
	var plain, kept strings.Builder
	at, number := false, false
	for i, r := range rs {
		if r.unspaced {
			return
		}
		f := fold(strings.ReplaceAll(s[r.start:r.end], ".", ""))
		if i > 0 {
			sep := s[rs[i-1].end]
			at = at || sep == '@'
			if sep < utf8.RuneSelf {
				kept.WriteByte(sep)
			}
		}
		plain.WriteString(f)
		kept.WriteString(f)
		number = number || strings.ContainsAny(f, "0123456789")
	}
	start, end := rs[0].start, rs[len(rs)-1].end
	switch {
	case at:
		out.add(kept.String(), start, end)
		if number {
			out.add(plain.String(), start, end)
		}
	case number:
		out.add(plain.String(), start, end)
	case len(rs) > 1 && len(rs) <= 4:
		for i := 0; i+1 < len(rs); i++ {
			out.join(s, rs[i:i+2])
		}
		if len(rs) > 2 {
			out.join(s, rs)
		}
	}
}

// join keeps words with hyphens between them as one word.
func (out *scanned) join(s string, rs []raw) {
	var b strings.Builder
	for i, r := range rs {
		if i > 0 && s[rs[i-1].end:r.start] != "-" && s[rs[i-1].end:r.start] != "‑" {
			return
		}
		b.WriteString(fold(s[r.start:r.end]))
	}
	if b.Len() <= maxWord {
		out.joined = append(out.joined, code{key(b.String()), rs[0].start, rs[len(rs)-1].end})
	}
}

func (out *scanned) add(text string, start, end int) {
	if text = cut(text, maxCode); utf8.RuneCountInString(text) >= 3 {
		out.codes = append(out.codes, code{text, start, end})
	}
}

// groups finds numbers written in groups: 35 209900 176148 1.
func (out *scanned) groups(s string, rs []raw) {
	for i := 0; i < len(rs); {
		j := i
		var b strings.Builder
		for ; j < len(rs) && digits(s[rs[j].start:rs[j].end]) && (j == i || s[rs[j-1].end:rs[j].start] == " "); j++ {
			b.WriteString(fold(s[rs[j].start:rs[j].end]))
		}
		if j > i+1 {
			out.add(b.String(), rs[i].start, rs[j-1].end)
		}
		i = max(j, i+1)
	}
}

func digits(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
