package fulltext

import "strings"

// The index holds three kinds of tokens. Pieces begin with mark, so that they are never taken for words; gap keeps rows of
// tokens from running into each other. Neither is ASCII: SQLite's tokenizer keeps all of a token that is not.
const (
	mark = "·"
	gap  = "·"
)

// maxTokens bounds what one document adds to the index.
const maxTokens = 60_000

// tokens is a document as the index holds it, in order: pieces first, whose place matters most (PostgreSQL counts places up to
// 16,383 only), then words, then compounds.
func tokens(s string) []string {
	sc := scan(s)
	var out []string
	seen := map[string]bool{}
	for _, c := range sc.codes {
		if seen[c.text] {
			continue
		}
		if len(seen) == maxCodes {
			break
		}
		seen[c.text] = true
		out = append(out, trigrams(c.text)...)
		out = append(out, gap)
	}
	for _, w := range sc.words {
		if len(out) == maxTokens {
			break
		}
		out = append(out, w.key)
	}
	for _, c := range sc.joined {
		if !seen[c.text] && len(out) < maxTokens {
			seen[c.text] = true
			out = append(out, gap, c.text)
		}
	}
	return out
}

// trigrams are the three-character pieces of a code, in order.
func trigrams(s string) []string {
	rs := []rune(wide(s))
	if len(rs) < 3 {
		return nil
	}
	out := make([]string, 0, len(rs)-2)
	for i := 0; i+3 <= len(rs); i++ {
		out = append(out, mark+string(rs[i:i+3]))
	}
	return out
}

// wide writes what joins the parts of an address in its full width, which SQLite's tokenizer takes as part of a word.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !inWord(r) {
			return r + 0xfee0
		}
		return r
	}, s)
}
