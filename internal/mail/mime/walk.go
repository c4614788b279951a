package mime

import (
	"bytes"
	"fmt"
	"strings"
)

// Part is one node of the tree of a mail. Body is a slice of the mail, still encoded.
type Part struct {
	Header      Header
	Type        string // lower case, "text/plain" when nothing is said
	Params      map[string]string
	Disposition string // lower case: "attachment", "inline" or ""
	FileParams  map[string]string
	Encoding    string // content transfer encoding, lower case
	Depth       int
	Parent      *Part
	Parts       []*Part
	Body        []byte
	Typed       bool // the part says its type itself

	boundary string
	start    int // where the body begins in the mail
}

// Multipart says whether the part is a container of parts.
func (p *Part) Multipart() bool { return len(p.Parts) > 0 }

// Charset is the label the part has for its text.
func (p *Part) Charset() string { return p.Params["charset"] }

// Name is the file name the part gives itself, decoded, or "".
func (p *Part) Name() string {
	for _, v := range []string{p.FileParams["filename"], p.Params["name"], p.FileParams["name"], p.Params["filename"]} {
		if n := strings.TrimSpace(Words(v, p.Charset())); n != "" {
			return n
		}
	}
	return ""
}

// Tree is a mail taken apart.
type Tree struct {
	Root  *Part
	Count int // parts of all levels
}

// Walk takes a mail apart in one pass. What is beyond the limits stays in the body of the part it was found in, and is
// noted as a problem.
func Walk(raw []byte, b *Budget) *Tree {
	w := &walker{raw: raw, b: b, open: map[string]*Part{}}
	w.walk()
	return &Tree{Root: w.root, Count: w.count}
}

type walker struct {
	raw    []byte
	b      *Budget
	root   *Part
	count  int
	fields int
	open   map[string]*Part // open multiparts by boundary
	stack  []*Part
	outer  [][]*Part // parts whose boundary an inner one of the same name hides, per level
}

func (w *walker) walk() {
	pos := skipEnvelope(w.raw)
	w.root = w.begin(nil, pos)
	pos = w.root.start
	for {
		at, next, owner, closing := w.delimiter(pos)
		w.endBody(at, owner != nil)
		if owner == nil {
			break
		}
		w.closeAbove(owner)
		if closing {
			w.pop()
			pos = next
			continue
		}
		if w.count >= w.b.Parts || w.b.Late() {
			w.b.Problem("the mail has more than %d parts: the rest was left out", w.b.Parts)
			break
		}
		p := w.begin(owner, next)
		pos = p.start
	}
	for len(w.stack) > 0 {
		w.b.Problem("a multipart has no end")
		w.pop()
	}
}

// skipEnvelope steps over the mbox line and empty lines that mailbox formats and gateways put before the header.
func skipEnvelope(raw []byte) int {
	pos := 0
	for i := 0; i < 8 && pos < len(raw); i++ {
		line, next := nextLine(raw, pos)
		if !isBlank(line) && !bytes.HasPrefix(line, []byte("From ")) && !bytes.HasPrefix(line, []byte(">From ")) {
			break
		}
		pos = next
	}
	return pos
}

// begin reads the header of the part at pos and opens it.
func (w *walker) begin(parent *Part, pos int) *Part {
	w.count++
	p := &Part{Parent: parent, Type: "text/plain"}
	r := headerReader{raw: w.raw, pos: pos, max: w.b.Headers, bytes: w.b.HeaderBytes, b: w.b}
	if parent != nil {
		p.Depth = parent.Depth + 1
		parent.Parts = append(parent.Parts, p)
		if parent.Type == "multipart/digest" {
			p.Type = "message/rfc822"
		}
		r.max = max(0, min(64, 8*w.b.Headers-w.fields))
		r.keep = func(name []byte) bool { return hasPrefixFold(name, "content-") }
		r.stop = func(line []byte) bool {
			_, owner, _ := w.match(line)
			return owner != nil
		}
	}
	p.Header, p.start = r.read()
	w.fields += len(p.Header.Fields)
	if parent == nil && len(p.Header.Fields) > 0 && !p.Header.Known() {
		w.b.Problem("the mail has no header")
		p.Header, p.start = Header{}, pos
	}
	w.describe(p)
	if p.boundary != "" {
		if p.Depth >= w.b.Depth {
			w.b.Problem("parts are nested deeper than %d: what is inside was kept as a file", w.b.Depth)
			p.Type, p.boundary = "application/octet-stream", ""
		} else {
			w.push(p)
		}
	}
	return p
}

// describe reads the fields that say what a part is.
func (w *walker) describe(p *Part) {
	h := &p.Header
	if ct := h.Get("content-type"); ct != "" {
		t, params := ParseParams(ct, w.b.Params)
		p.Params = params
		if strings.Contains(t, "/") && len(t) < 200 {
			p.Type, p.Typed = t, true
		} else if t == "text" || t == "html" || t == "text/" {
			p.Type, p.Typed = "text/"+map[bool]string{true: "html", false: "plain"}[t == "html"], true
		} else {
			w.b.Problem("a content type cannot be read")
		}
	}
	p.Disposition, p.FileParams = ParseParams(h.Get("content-disposition"), w.b.Params)
	p.Encoding = encodingName(h.Get("content-transfer-encoding"))
	if !strings.HasPrefix(p.Type, "multipart/") {
		return
	}
	p.boundary = strings.TrimRight(p.Params["boundary"], " \t")
	wrong := p.Parent == nil && !bytes.Contains(w.raw[p.start:], []byte("--"+p.boundary)) // once a mail: it reads it all
	if p.boundary == "" || len(p.boundary) > 500 || wrong {
		if found := w.guessBoundary(p.start); found != "" {
			w.b.Problem("a multipart names no boundary, or a wrong one; it was guessed")
			p.boundary = found
		}
	}
	if p.boundary == "" {
		w.b.Problem("a multipart names no boundary; it was read as text")
		p.Type = "text/plain"
	}
}

// guessBoundary takes the first line that starts with two dashes and is followed by a field of a part.
func (w *walker) guessBoundary(pos int) string {
	near := w.raw[:min(len(w.raw), pos+nearby)]
	for i := 0; i < lookahead && pos < len(near); i++ {
		line, next := nextLine(near, pos)
		w.b.Lines++
		if len(line) > 2 && len(line) < 200 && bytes.HasPrefix(line, []byte("--")) {
			if _, owner, _ := w.match(line); owner != nil {
				return ""
			}
			following, _ := nextLine(near, next)
			if name, _, ok := splitField(following); ok && hasPrefixFold(name, "content-") {
				return strings.TrimRight(string(line[2:]), " \t")
			}
		}
		pos = next
	}
	return ""
}

// delimiter finds the next line that is a boundary of an open part.
func (w *walker) delimiter(pos int) (at, next int, owner *Part, closing bool) {
	for pos < len(w.raw) && len(w.stack) > 0 {
		if pos > 0 && w.raw[pos-1] != '\n' || !bytes.HasPrefix(w.raw[pos:], []byte("--")) {
			i := bytes.Index(w.raw[pos:], []byte("\n--"))
			if i < 0 {
				break
			}
			pos += i + 1
		}
		line, after := nextLine(w.raw, pos)
		w.b.Lines++
		if _, p, end := w.match(line); p != nil {
			return pos, after, p, end
		}
		pos = after
	}
	return len(w.raw), len(w.raw), nil, false
}

// match looks a line up among the open boundaries.
func (w *walker) match(line []byte) (string, *Part, bool) {
	if len(line) < 2 || len(line) > 1000 || line[0] != '-' || line[1] != '-' {
		return "", nil, false
	}
	key := bytes.TrimRight(line[2:], " \t\r")
	if p := w.open[string(key)]; p != nil {
		return p.boundary, p, false
	}
	if end := bytes.TrimSuffix(key, []byte("--")); len(end) < len(key) {
		if p := w.open[string(bytes.TrimRight(end, " \t"))]; p != nil {
			return p.boundary, p, true
		}
	}
	return "", nil, false
}

func (w *walker) push(p *Part) {
	if hidden := w.open[p.boundary]; hidden != nil {
		w.b.Problem("two multiparts in each other have the same boundary")
		w.outer = append(w.outer, []*Part{p, hidden})
	}
	w.open[p.boundary] = p
	w.stack = append(w.stack, p)
}

func (w *walker) pop() {
	p := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	delete(w.open, p.boundary)
	if n := len(w.outer); n > 0 && w.outer[n-1][0] == p {
		w.open[p.boundary] = w.outer[n-1][1]
		w.outer = w.outer[:n-1]
	}
	if len(p.Parts) == 0 { // no boundary ever came: what is there is the text
		w.b.Problem("a multipart has no parts; it was read as text")
		p.Type = "text/plain"
	}
}

// closeAbove ends the multiparts inside owner that have no end of their own.
func (w *walker) closeAbove(owner *Part) {
	for len(w.stack) > 0 && w.stack[len(w.stack)-1] != owner {
		w.b.Problem("a multipart has no end")
		w.pop()
	}
}

// endBody gives the part that was begun last its body; in front of a boundary the line end belongs to the boundary.
func (w *walker) endBody(at int, boundary bool) {
	p := w.last()
	if p.Body != nil {
		return
	}
	end := max(at, p.start)
	if boundary && end > p.start {
		end--
		if end > p.start && w.raw[end-1] == '\r' {
			end--
		}
	}
	p.Body = w.raw[p.start:end]
}

// last is the part that was begun last.
func (w *walker) last() *Part {
	p := w.root
	for len(p.Parts) > 0 {
		p = p.Parts[len(p.Parts)-1]
	}
	return p
}

// Walked lists the parts in the order of the mail, containers included.
func (t *Tree) Walked() []*Part {
	out := make([]*Part, 0, t.Count)
	var add func(p *Part)
	add = func(p *Part) {
		out = append(out, p)
		for _, c := range p.Parts {
			add(c)
		}
	}
	add(t.Root)
	return out
}

// String draws the tree: for tests and for a support question.
func (t *Tree) String() string {
	var s strings.Builder
	for _, p := range t.Walked() {
		fmt.Fprintf(&s, "%s%s %d\n", strings.Repeat("  ", p.Depth), p.Type, len(p.Body))
	}
	return s.String()
}
