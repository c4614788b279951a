package mime

import (
	"bytes"
	"strings"
)

// Field is one header field as it was sent: the name in lower case, the value still folded.
type Field struct {
	Name  string
	value []byte
	extra []byte // unindented lines that belong to it all the same
}

// Raw is the value unfolded, with no CR, LF or NUL left in it.
func (f Field) Raw() string {
	v := unfold(f.value)
	if len(f.extra) > 0 {
		v += " " + unfold(f.extra)
	}
	return strings.TrimSpace(v)
}

// Header is a header block in the order it was sent.
type Header struct {
	Fields []Field
}

// Get is the first non-empty value of a field, unfolded, or "".
func (h *Header) Get(name string) string {
	for i := range h.Fields {
		if h.Fields[i].Name == name {
			if v := h.Fields[i].Raw(); v != "" {
				return v
			}
		}
	}
	return ""
}

// Has says whether the field is there, even empty.
func (h *Header) Has(name string) bool {
	for i := range h.Fields {
		if h.Fields[i].Name == name {
			return true
		}
	}
	return false
}

// All lists the values of a field, topmost first.
func (h *Header) All(name string) []string {
	var out []string
	for i := range h.Fields {
		if h.Fields[i].Name == name {
			out = append(out, h.Fields[i].Raw())
		}
	}
	return out
}

func unfold(b []byte) string {
	clean := true
	for _, c := range b {
		if c == '\r' || c == '\n' || c == 0 {
			clean = false
			break
		}
	}
	if clean {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b))
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\r':
			if i+1 < len(b) && b[i+1] != '\n' && b[i+1] != ' ' && b[i+1] != '\t' {
				s.WriteByte(' ')
			}
		case '\n', 0:
		default:
			s.WriteByte(b[i])
		}
	}
	return s.String()
}

// headerReader reads one header block.
type headerReader struct {
	raw   []byte
	pos   int
	stop  func(line []byte) bool // a line that ends the block without being part of it
	keep  func(name []byte) bool
	max   int
	bytes int
	full  bool
	b     *Budget
}

// lookahead and nearby are how many lines and bytes a line that is no field may be followed before the block counts as
// ended.
const (
	lookahead = 64
	nearby    = 16 << 10
)

// ReadHeader reads the header block at the start of raw and gives the offset of the body.
func ReadHeader(raw []byte, b *Budget) (Header, int) {
	r := headerReader{raw: raw, max: b.Headers, bytes: b.HeaderBytes, b: b}
	return r.read()
}

func (r *headerReader) read() (Header, int) {
	var h Header
	start, kept, last, from := r.pos, 0, -1, 0 // from: where the value of the last field starts
	for r.pos < len(r.raw) {
		line, next := nextLine(r.raw, r.pos)
		r.b.Lines++
		if r.stop != nil && r.stop(line) {
			break
		}
		if len(line) == 0 {
			r.pos = next
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if isBlank(line) && !r.fieldFollows(next) {
				r.pos = next
				break
			}
			if last >= 0 {
				if r.pos+len(line)-start <= r.bytes {
					h.Fields[last].value = r.raw[from : r.pos+len(line)]
				}
			}
			r.pos = next
			continue
		}
		name, value, ok := splitField(line)
		if !ok {
			to := r.skipGarbage(next)
			if to < 0 {
				break // the body starts without an empty line
			}
			if last >= 0 {
				h.Fields[last].extra = append(h.Fields[last].extra[:0:0], bytes.TrimSpace(r.raw[r.pos:to])...)
			}
			r.b.Problem("the header has lines that are no fields")
			r.pos, last = to, -1
			continue
		}
		from = r.pos + len(line) - len(value)
		r.pos, last = next, -1
		if r.keep != nil && !r.keep(name) {
			continue
		}
		if kept >= r.max || r.pos-start > r.bytes {
			if !r.full {
				r.b.Problem("the header is larger than %d fields or %d kB: the rest of it was left out", r.max, r.bytes>>10)
			}
			r.full = true
			continue
		}
		kept++
		h.Fields = append(h.Fields, Field{Name: strings.ToLower(string(name)), value: value})
		last = len(h.Fields) - 1
	}
	return h, r.pos
}

// fieldFollows says whether the next line is a field everybody knows: then a line of blanks did not end the header.
func (r *headerReader) fieldFollows(pos int) bool {
	line, _ := nextLine(r.raw, pos)
	name, _, ok := splitField(line)
	return ok && known(name)
}

// skipGarbage finds the next well-known field before an empty line, or -1.
func (r *headerReader) skipGarbage(pos int) int {
	near := r.raw[:min(len(r.raw), pos+nearby)]
	for i := 0; i < lookahead && pos < len(near); i++ {
		line, next := nextLine(near, pos)
		r.b.Lines++
		if len(line) == 0 || r.stop != nil && r.stop(line) {
			return -1
		}
		if name, _, ok := splitField(line); ok && known(name) {
			return pos
		}
		pos = next
	}
	return -1
}

var knownFields = map[string]bool{
	"from": true, "to": true, "cc": true, "subject": true, "date": true, "message-id": true, "received": true,
	"return-path": true, "reply-to": true, "sender": true, "mime-version": true, "delivered-to": true,
	"in-reply-to": true, "references": true, "precedence": true, "auto-submitted": true, "status": true,
	"authentication-results": true, "dkim-signature": true, "envelope-to": true, "user-agent": true, "bcc": true,
	"importance": true, "priority": true, "organization": true, "thread-index": true, "thread-topic": true,
}

func known(name []byte) bool {
	for _, p := range []string{"x-", "content-", "list-", "resent-"} {
		if hasPrefixFold(name, p) {
			return true
		}
	}
	return len(name) < 30 && knownFields[string(bytes.ToLower(name))]
}

// Known says whether the block has any field that mails have; a text that merely looks like a header has none.
func (h *Header) Known() bool {
	for i := range h.Fields {
		if known([]byte(h.Fields[i].Name)) {
			return true
		}
	}
	return false
}

// maxName is longer than any field name in use.
const maxName = 120

// splitField gives the name as it was written: most fields are not kept, and no memory is spent on those.
func splitField(line []byte) (name, value []byte, ok bool) {
	i := 0
	for i < len(line) && i < maxName && line[i] > ' ' && line[i] < 127 && line[i] != ':' {
		i++
	}
	end := i
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	if end == 0 || i >= len(line) || line[i] != ':' {
		return nil, nil, false
	}
	return line[:end], line[i+1:], true
}

// hasPrefixFold says whether a name starts with a lower-case prefix, whatever its case.
func hasPrefixFold(name []byte, prefix string) bool {
	return len(name) >= len(prefix) && bytes.EqualFold(name[:len(prefix)], []byte(prefix))
}

// nextLine gives the line at pos without its end, and where the next one starts.
func nextLine(raw []byte, pos int) ([]byte, int) {
	i := bytes.IndexByte(raw[pos:], '\n')
	if i < 0 {
		return bytes.TrimSuffix(raw[pos:], []byte("\r")), len(raw)
	}
	return bytes.TrimSuffix(raw[pos:pos+i], []byte("\r")), pos + i + 1
}

func isBlank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }
