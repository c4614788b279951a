package field

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"bothways/internal/kit/errs"
	"bothways/internal/mail/mime"
)

// Address is a mailbox as a header gives it. Address may be empty or no valid address when the sender wrote none.
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Addresses reads at most limit addresses of a header field, whatever was written there: groups, comments, missing quotes,
// encoded words. Entries without any text are left out; an entry without an address keeps its text as the name. Raw 8-bit
// text is read in the charset hint.
func Addresses(field, hint string, limit int) []Address {
	var out []Address
	for len(field) > 0 && len(out) < limit {
		var entry string
		entry, field = cutEntry(field)
		if a := parseEntry(entry, hint); a != (Address{}) {
			out = append(out, a)
		}
	}
	return out
}

// cutEntry takes the text up to the next comma or semicolon that separates, and drops the name of a group.
func cutEntry(s string) (entry, rest string) {
	quoted, depth, angle, start := false, 0, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case quoted:
			quoted = c != '"'
		case c == '"':
			quoted = closes(s[i+1:], '"')
		case c == '(' && !angle:
			if depth > 0 || closes(s[i+1:], ')') {
				depth++
			}
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<':
			angle = closes(s[i+1:], '>')
		case c == '>':
			angle = false
		case c == ',' && angle: // a source route; senders also forget the bracket
		case c == ':' && !angle && !strings.ContainsAny(s[start:i], "@<"):
			start = i + 1
		case (c == ',' || c == ';') && !angle:
			return s[start:i], s[i+1:]
		}
	}
	return s[start:], ""
}

// near is how far the end of a quoted name, a comment or a bracket is looked for.
const near = 1000

func closes(s string, end byte) bool {
	return strings.IndexByte(s[:min(len(s), near)], end) >= 0
}

func parseEntry(s, hint string) Address {
	s = strings.TrimSpace(s)
	if s == "" {
		return Address{}
	}
	if i := openBracket(s); i >= 0 {
		inner, before := s[i+1:], s[:i]
		for n := 0; n < 4; n++ { // "Ann <old@x> <new@x>"
			j := openBracket(before)
			if j < 0 {
				break
			}
			before = before[:j]
		}
		if j := strings.IndexByte(inner, '>'); j >= 0 {
			inner = inner[:j]
		}
		addr := Tidy(inner)
		if strings.Contains(addr, "=?") {
			addr = Tidy(mime.Words(addr, hint))
		}
		name, comment := phrase(before, hint)
		if name == "" {
			name = comment
		}
		if !strings.Contains(addr, "@") && strings.Contains(name, "@") && MailShaped(name) {
			return Address{Address: Tidy(name)}
		}
		return Address{Name: name, Address: addr}
	}
	if strings.Contains(s, "=?") && !strings.Contains(s, "@") {
		s = mime.Words(s, hint)
	}
	bare, comment := SplitComment(s)
	if i := strings.LastIndexByte(bare, '@'); i > 0 {
		from, to := wordAround(bare, i)
		name, _ := phrase(bare[:from]+" "+bare[to:], hint)
		if name == "" {
			name, _ = phrase(comment, hint)
		}
		return Address{Name: name, Address: Tidy(bare[from:to])}
	}
	name, _ := phrase(bare, hint)
	if comment = strings.TrimSpace(comment); MailShaped(comment) {
		return Address{Name: name, Address: Tidy(comment)}
	}
	if name == "" {
		name, _ = phrase(comment, hint)
	}
	return Address{Name: name}
}

// openBracket finds the bracket of the address: the last one outside quotes.
func openBracket(s string) int {
	quoted, at := false, -1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted && closes(s[i+1:], '"')
		case c == '<' && !quoted:
			at = i
		}
	}
	return at
}

// wordAround gives the bounds of the word with the "@" at i; a quoted local part belongs to it.
func wordAround(s string, i int) (int, int) {
	from, to := i, i+1
	if s[i-1] == '"' {
		if j := strings.LastIndexByte(s[:i-1], '"'); j >= 0 {
			from = j
		}
	}
	for from > 0 && s[from] != '"' && !strings.ContainsRune(" \t<(", rune(s[from-1])) {
		from--
	}
	for to < len(s) && !strings.ContainsRune(" \t>)\"", rune(s[to])) {
		to++
	}
	return from, to
}

// MailShaped says whether a text has the shape of one address.
func MailShaped(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t<>,;")
}

// Tidy drops what is no part of an address: blanks, "mailto:", stray brackets, controls.
func Tidy(s string) string {
	if !strings.HasPrefix(strings.TrimSpace(s), `"`) {
		s = strings.Map(func(r rune) rune {
			if r <= ' ' || r == 127 || r == 0xa0 {
				return -1
			}
			return r
		}, s)
	}
	s = strings.Trim(strings.TrimSpace(s), "<>,;'")
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if i := strings.LastIndexByte(s, ':'); i > 0 && strings.HasPrefix(s, "@") { // source route
		s = s[i+1:]
	}
	if !utf8.ValidString(s) {
		s = mime.Words(s, "")
	}
	return mime.Printable(strings.TrimRight(s, "."))
}

// phrase reads a display name: quotes and escapes undone, encoded words decoded, comments apart.
func phrase(s, hint string) (name, comment string) {
	s, comment = SplitComment(s)
	s = strings.TrimSpace(unquote(s))
	name = strings.TrimSpace(mime.Words(s, hint))
	if n := len(name); n > 2 && (name[0] == '\'' && name[n-1] == '\'' || name[0] == '"' && name[n-1] == '"') {
		name = strings.TrimSpace(name[1 : n-1])
	}
	if strings.Trim(name, "<>,;.'\"") == "" {
		name = ""
	}
	return strings.Join(strings.Fields(name), " "), strings.TrimSpace(mime.Words(strings.TrimSpace(comment), hint))
}

func unquote(s string) string {
	if !strings.ContainsAny(s, `"\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// SplitComment takes the comments in round brackets out of s.
func SplitComment(s string) (rest, comment string) {
	if !strings.Contains(s, "(") {
		return s, ""
	}
	var r, c strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case ch == '\\' && i+1 < len(s):
			out := &r
			if depth > 0 {
				out = &c
			}
			out.WriteString(s[i : i+2])
			i++
			continue
		case ch == '"' && depth == 0:
			quoted = !quoted
		case ch == '(' && !quoted:
			if depth++; depth == 1 {
				continue
			}
		case ch == ')' && !quoted && depth > 0:
			if depth--; depth == 0 {
				c.WriteByte(' ')
				continue
			}
		}
		if depth > 0 {
			c.WriteByte(ch)
		} else {
			r.WriteByte(ch)
		}
	}
	return r.String(), c.String()
}

// Domain is what follows the last "@", in lower case, or "".
func (a Address) Domain() string {
	if i := strings.LastIndexByte(a.Address, '@'); i >= 0 {
		return strings.ToLower(strings.TrimRight(a.Address[i+1:], "."))
	}
	return ""
}

// maxAddress is the longest path SMTP carries (RFC 5321 4.5.3.1.3).
const maxAddress = 254

// Validate says whether an address may be written to: one mailbox, ASCII or UTF-8 without blanks, brackets or
// controls, with a domain. The error is errs.Invalid and names the reason. Everything that is sent goes through here
// first: net/mail encodes a bad name and mangles a bad address (attacks.md row 80).
func Validate(s string) error {
	const op = "mail.address"
	at := strings.LastIndexByte(s, '@')
	switch {
	case s == "":
		return errs.In(op, "address", "the mail address is missing")
	case len(s) > maxAddress:
		return errs.In(op, "address", "the mail address is longer than %d characters", maxAddress)
	case !utf8.ValidString(s):
		return errs.In(op, "address", "the mail address is no valid text")
	case at < 1 || at == len(s)-1:
		return errs.In(op, "address", "a mail address has a name, an @ and a domain")
	case strings.Contains(s, "=?"):
		return errs.In(op, "address", "this is an encoded text, no mail address")
	case at > 64:
		return errs.In(op, "address", "the part before the @ is longer than 64 characters")
	}
	for _, r := range s {
		if r <= ' ' || r == 127 || r >= 0x80 && r < 0xa0 || r == 0xa0 || r == 0x2028 || r == 0x2029 || strings.ContainsRune(`<>()[]\,;:"`, r) {
			return errs.In(op, "address", "the mail address has a character that no mail address has: %q", r)
		}
	}
	if strings.Contains(s[:at], "@") || !ValidDomain(s[at+1:]) {
		return errs.In(op, "address", "the domain of the mail address is not valid")
	}
	if a, err := mail.ParseAddress("<" + s + ">"); err != nil || a.Address != s {
		return errs.In(op, "address", "this is no valid mail address")
	}
	return nil
}

// ValidDomain says whether a domain has the form of one.
func ValidDomain(d string) bool {
	for label := range strings.SplitSeq(d, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r > 0x7f
			if !ok {
				return false
			}
		}
	}
	return true
}

// FirstID is the first message id of a field without its brackets, or the field itself when it has none.
func FirstID(v string) string {
	if list := IDs(v); len(list) > 0 {
		return list[0]
	}
	return ""
}

// maxIDs is how many references are kept, the newest.
const maxIDs = 200

// maxID is longer than any message id a program makes.
const maxID = 998

// IDs lists the message ids of a field, in order, each once, the newest maxIDs of them.
func IDs(v string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(id string) {
		id = strings.Trim(strings.Join(strings.Fields(mime.Printable(strings.ToValidUTF8(id, ""))), ""), "<>,;\"'")
		if id != "" && len(id) <= maxID && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	if !strings.Contains(v, "<") {
		for f := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
			if strings.Contains(f, "@") || !strings.Contains(v, " ") {
				add(f)
			}
		}
	}
	for {
		i := strings.IndexByte(v, '<')
		if i < 0 {
			break
		}
		v = v[i+1:]
		j := strings.IndexByte(v, '>')
		if j < 0 {
			add(v)
			break
		}
		add(v[:j])
		v = v[j+1:]
	}
	if len(out) > maxIDs {
		out = out[len(out)-maxIDs:]
	}
	return out
}

// Angle is what stands in angle brackets, or the whole value.
func Angle(v string) string {
	if i := strings.IndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		if j := strings.IndexByte(v, '>'); j >= 0 {
			v = v[:j]
		}
	}
	return strings.TrimSpace(v)
}
