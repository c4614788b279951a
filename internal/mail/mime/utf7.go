package mime

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// decodeUTF7 reads RFC 2152: "+ANw-bermittlung" is "Übermittlung". What is no valid shift sequence stays as it is.
func decodeUTF7(s string) string {
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '+')
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		s = s[i+1:]
		n := 0
		for n < len(s) && isB64(s[n]) {
			n++
		}
		end := n
		if end < len(s) && s[end] == '-' {
			end++
		}
		switch text, ok := utf7Run(s[:n]); {
		case n == 0 && end == 1: // "+-" is a plus
			out.WriteByte('+')
		case !ok:
			out.WriteString("+" + s[:end])
		default:
			out.WriteString(text)
		}
		s = s[end:]
	}
}

func utf7Run(s string) (string, bool) {
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(b) < 2 {
		return "", false
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units)), true
}

func isB64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
