package fulltext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many characters of a word count.
const maxWord = 64

// spellings are letters that Unicode does not take apart, as people write them who do not have them on their keyboard.
var spellings = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŋ': "n", 'ı': "i", 'ĸ': "k", 'ŧ': "t", 'ς': "σ",
}

// fold writes a word without case, diacritics and width: what is equal to a reader is equal here.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r < utf8.RuneSelf:
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
				b.WriteRune(r)
			}
		case unicode.Is(unicode.Mn, r) || r == '\u0640': // marks, and the Arabic stretcher
		case spellings[r] != "":
			b.WriteString(spellings[r])
		case unicode.IsDigit(r):
			b.WriteByte('0' + digit(r))
		case unicode.IsLetter(r) || unicode.Is(unicode.Mc, r):
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// digit is the value of a decimal digit of any script: each script's ten stand in a row.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// key is what a folded word is found by: cut to length, and with the pairs that stand for an umlaut or å written as one vowel.
func key(folded string) string {
	folded = cut(folded, maxWord)
	if len(folded) < 4 || !strings.Contains(folded, "e") && !strings.Contains(folded, "aa") || strings.ContainsAny(folded, "0123456789") {
		return folded
	}
	out := make([]byte, 0, len(folded))
	for i := 0; i < len(folded); i++ {
		c := folded[i]
		out = append(out, c)
		if i+1 == len(folded) {
			break
		}
		switch next := folded[i+1]; {
		case c == 'a' && next == 'a', (c == 'a' || c == 'o') && next == 'e', c == 'u' && next == 'e' && !(i > 0 && strings.IndexByte("aeq", folded[i-1]) >= 0):
			i++
		}
	}
	return string(out)
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut shortens to n characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
