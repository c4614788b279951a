package mime

import (
	"encoding/hex"
	"sort"
	"strconv"
	"strings"
)

// ParseParams splits "text/plain; charset=utf-8" into its lower-case first word and its parameters. It takes what
// senders write instead of RFC 2045 and 2231: missing semicolons, unquoted blanks, encoded words, charset given in
// another parameter's way. limit caps the number of parameters read.
func ParseParams(v string, limit int) (string, map[string]string) {
	head, rest := cutHead(v)
	raw := map[string]string{}
	for len(rest) > 0 && len(raw) < limit {
		var name, value string
		name, value, rest = nextParam(rest)
		if name == "" {
			continue
		}
		if _, twice := raw[name]; !twice {
			raw[name] = value
		}
	}
	return strings.ToLower(head), joinContinuations(raw)
}

// cutHead takes the first word; a parameter that follows without a semicolon is left in the rest.
func cutHead(v string) (string, string) {
	v = strings.TrimLeft(v, " \t;")
	i := strings.IndexAny(v, "; \t")
	if i < 0 {
		return v, ""
	}
	head, rest := v[:i], strings.TrimLeft(v[i:], " \t")
	if strings.HasPrefix(rest, "/") { // "text / plain"
		more, after := cutHead(strings.TrimLeft(rest[1:], " \t"))
		return head + "/" + more, after
	}
	return strings.TrimSuffix(head, ","), rest
}

func nextParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t;,")
	eq := strings.IndexByte(s, '=')
	semi := strings.IndexByte(s, ';')
	if eq < 0 || semi >= 0 && semi < eq {
		if semi < 0 {
			return "", "", ""
		}
		return "", "", s[semi+1:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:eq]))
	if i := strings.LastIndexAny(name, " \t"); i >= 0 {
		name = name[i+1:]
	}
	s = strings.TrimLeft(s[eq+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = quoted(s)
		return name, value, rest
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	value, rest = strings.TrimSpace(s[:end]), s[end:]
	if i := strings.IndexAny(value, " \t"); i >= 0 && !blanksAllowed(name, value) {
		value, rest = value[:i], value[i:]+rest
	}
	return name, strings.Trim(value, "'"), rest
}

// blanksAllowed: names of files and boundaries are taken whole even when nobody quoted them, unless another parameter
// follows the blank.
func blanksAllowed(name, value string) bool {
	name, _, _ = strings.Cut(name, "*")
	if name != "filename" && name != "name" && name != "boundary" {
		return false
	}
	return strings.HasPrefix(value, "=?") || strings.IndexByte(value, '=') < 0
}

// quoted reads a quoted string; one that never ends goes up to the next semicolon.
func quoted(s string) (string, string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			// a Windows path is no escape
			if i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
				i++
			}
			b.WriteByte(s[i])
		case '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	if i := strings.IndexByte(s, ';'); i > 0 {
		return strings.TrimSpace(s[1:i]), s[i:]
	}
	return b.String(), ""
}

// piece is one section of a parameter that was cut into several (RFC 2231 section 3).
type piece struct {
	n       int
	text    string
	encoded bool
}

func joinContinuations(raw map[string]string) map[string]string {
	out := make(map[string]string, len(raw))
	cut := map[string][]piece{}
	for name, value := range raw {
		base, section, star := strings.Cut(name, "*")
		if !star {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(section, "*"))
		if err != nil {
			n = 0
		}
		cut[base] = append(cut[base], piece{n, value, section == "" || strings.HasSuffix(section, "*")})
	}
	for base, pieces := range cut {
		if v := join2231(pieces); v != "" {
			out[base] = v
		}
	}
	for name, value := range raw {
		if _, done := out[name]; !done && !strings.Contains(name, "*") {
			out[name] = value
		}
	}
	return out
}

func join2231(pieces []piece) string {
	sort.Slice(pieces, func(i, j int) bool {
		return pieces[i].n < pieces[j].n || pieces[i].n == pieces[j].n && pieces[i].text < pieces[j].text
	})
	var b []byte
	charset, coded := "", false
	for i, p := range pieces {
		text := p.text
		if !p.encoded {
			b = append(b, text...)
			continue
		}
		if i == 0 {
			if c, rest, ok := strings.Cut(text, "'"); ok {
				if _, value, ok := strings.Cut(rest, "'"); ok {
					charset, text = c, value
				}
			}
		}
		coded = true
		b = append(b, percent(text)...)
	}
	if !coded {
		return string(b)
	}
	s, _ := Text(b, charset)
	return s
}

func percent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}
