// Package text holds the few operations on words that every tier needs: one-line clean-up, cutting, and folded keys for
// lookups that must not depend on an engine's collation.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Line makes one printable line of s: control characters, line separators and bidirectional overrides become spaces, runs of
// spaces one. It is applied to subjects and names so that they cannot inject a header or turn a page around.
func Line(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			space = b.Len() > 0
			continue
		}
		if r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200B' || r == '\uFEFF' {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Body cleans text of many lines: valid UTF-8, LF line ends, no NUL (PostgreSQL refuses it) and no other control but tab.
func Body(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}

// Cut shortens s to at most n runes, ending in an ellipsis where something was left out.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRightFunc(string(r[:n-1]), unicode.IsSpace) + "…"
}

// Join writes values one after the other, parted by commas.
func Join[T ~string](all []T) string {
	parts := make([]string, len(all))
	for i, v := range all {
		parts[i] = string(v)
	}
	return strings.Join(parts, ", ")
}

// Fold is the key for lookups: case-folded, without diacritics, one line. "Problème" and "PROBLEME" have the same key.
func Fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	out, _, err := transform.String(t, Line(s))
	if err != nil {
		return strings.ToLower(Line(s))
	}
	return out
}

// Address is the key of a mail address: trimmed and lower-case. (RFC 5321 leaves the local part's case to its host; no
// host in use makes a difference, and people do not.)
func Address(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Words splits folded text at everything that is neither letter nor digit.
func Words(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
