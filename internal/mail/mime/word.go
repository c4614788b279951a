package mime

import (
	"strings"
	"unicode/utf8"
)

// Words decodes the text of a header field: RFC 2047 encoded words, also broken ones, and raw 8-bit text, which is read
// as UTF-8 if it is that, else in the charset hint, else in what it most likely is.
func Words(raw, hint string) string {
	s := decodeWords(raw)
	if s != raw && strings.HasPrefix(s, "=?") && strings.HasSuffix(s, "?=") { // some gateways encode twice
		s = decodeWords(s)
	}
	if !utf8.ValidString(s) {
		s, _ = Text([]byte(s), hint)
	}
	return Printable(s)
}

// Printable drops control characters and replaces line ends by a space: a name or subject is one line.
func Printable(s string) string {
	ok := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 127 || s[i] == 0xc2 || s[i] == 0xe2 || s[i] == 0xef {
			ok = false
			break
		}
	}
	if ok {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			return ' '
		case r < ' ' || r >= 127 && r < 160 || r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

// word is one encoded word before its bytes are read as text.
type word struct {
	charset string
	bytes   []byte
}

func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var out strings.Builder
	var pending *word // words that follow each other are one text: letters are cut in two between them
	flush := func() {
		if pending != nil {
			t, _ := Text(pending.bytes, pending.charset)
			out.WriteString(t)
			pending = nil
		}
	}
	ends := strings.Count(s, "?=") // no end is looked for where none is left, or the cost would be quadratic
	for {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		ends -= strings.Count(s[:i], "?=")
		w, n := readWord(s[i:], ends > 0)
		if w == nil {
			flush()
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		if between := s[:i]; pending == nil || strings.TrimSpace(between) != "" {
			flush()
			out.WriteString(between)
		} else if pending.charset != w.charset {
			flush()
		}
		if pending == nil {
			pending = w
		} else {
			pending.bytes = append(pending.bytes, w.bytes...)
		}
		ends -= strings.Count(s[i:i+n], "?=")
		s = s[i+n:]
	}
	flush()
	out.WriteString(s)
	return out.String()
}

// readWord reads "=?charset?Q?text?=" at the start of s. Blanks inside are kept, a missing end is the end of s.
func readWord(s string, closed bool) (*word, int) {
	const maxCharset = 64
	head := s[2:]
	if len(head) > maxCharset+8 {
		head = head[:maxCharset+8]
	}
	q := strings.IndexByte(head, '?')
	if q < 1 || q+2 >= len(head) {
		return nil, 0
	}
	charset := strings.TrimSpace(head[:q])
	if charset == "" || strings.ContainsAny(charset, "\"<>@=") {
		return nil, 0
	}
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 language
	rest := strings.TrimLeft(head[q+1:], " ")
	at := 2 + q + 1 + len(head[q+1:]) - len(rest)
	if len(rest) < 2 || rest[1] != '?' {
		return nil, 0
	}
	enc := rest[0] | 0x20
	if enc != 'q' && enc != 'b' {
		return nil, 0
	}
	body := s[at+2:]
	end := -1
	if closed {
		end = strings.Index(body, "?=")
	}
	n := at + 2 + end + 2
	if end < 0 {
		end = len(body)
		if i := strings.IndexAny(body, " \t\""); i >= 0 {
			end = i
		}
		n = at + 2 + end
	}
	w := &word{charset: strings.ToLower(charset)}
	if enc == 'b' {
		w.bytes = decodeB(body[:end])
	} else {
		w.bytes = decodeQ(body[:end])
	}
	return w, n
}

func decodeB(s string) []byte {
	d := base64Decoder{src: []byte(s)}
	out := make([]byte, 0, len(s)*3/4+3)
	buf := make([]byte, 512)
	for {
		n, err := d.Read(buf)
		out = append(out, buf[:n]...)
		if err != nil {
			return out
		}
	}
}

func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}
