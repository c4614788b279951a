package mail

import (
	"bytes"
	"io"
	"strings"
	"time"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
	"bothways/internal/mail/prose"
)

// maxText is how much visible text is kept; more is in the original.
const maxText = 1 << 20

// maxAddresses is how many addresses of one field are kept.
const maxAddresses = 1000

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Parse reads a mail. It never panics, never returns nil and keeps as much as it can; what was wrong is in Problems. The
// message refers to raw, which must not be changed afterwards.
func Parse(raw []byte, lim Limits) *Message {
	b := mime.NewBudget(lim)
	m := &Message{raw: raw}
	if len(bytes.TrimSpace(raw)) == 0 {
		b.Problem("the mail is empty")
	}
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 { // old Macintosh line ends
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		b.Problem("the mail has NUL bytes")
	}
	m.tree = mime.Walk(raw, b)
	m.header = m.tree.Root.Header
	m.readHeader(b)
	r := reader{m: m, b: b, text: b.Text}
	r.read(m.tree.Root, false)
	r.finish()
	m.inner = m.embedded()
	m.Problems = b.Problems()
	return m
}

func (m *Message) readHeader(b *mime.Budget) {
	h := &m.header
	hint := m.hint()
	m.Authors = m.addresses("from", hint, b)
	m.froms = len(h.All("from"))
	m.ReplyTo = m.addresses("reply-to", hint, b)
	m.To, m.Cc = m.addresses("to", hint, b), m.addresses("cc", hint, b)
	if s := m.addresses("sender", hint, b); len(s) > 0 {
		m.Sender = s[0]
	}
	m.chooseFrom(b)
	m.Subject = strings.TrimSpace(mime.Words(h.Get("subject"), hint))
	m.MessageID = field.FirstID(h.Get("message-id"))
	m.InReplyTo = field.IDs(strings.Join(h.All("in-reply-to"), " "))
	m.References = field.IDs(strings.Join(h.All("references"), " "))
	m.AutoSubmitted, _ = mime.ParseParams(h.Get("auto-submitted"), 8)
	m.LoopIDs = h.All("x-bothways-loop")
	for _, v := range h.All("return-path") {
		m.NullSender = strings.ReplaceAll(v, " ", "") == "<>"
		break
	}
	m.readDate(b)
}

func (m *Message) readDate(b *mime.Budget) {
	if v := m.header.Get("date"); v != "" {
		if m.Date = field.Date(v); m.Date.IsZero() {
			b.Problem("the date cannot be read")
		}
	}
	if m.Date.IsZero() {
		for _, v := range m.header.All("received") {
			if i := strings.LastIndexByte(v, ';'); i >= 0 {
				if m.Date = field.Date(v[i+1:]); !m.Date.IsZero() {
					break
				}
			}
		}
	}
	if y := m.Date.Year(); !m.Date.IsZero() && (y < 1970 || y > 9999) {
		m.Date = time.Time{}
	}
}

// hint is the charset the mail itself names: raw 8-bit header fields are mostly in it.
func (m *Message) hint() string {
	for _, p := range m.tree.Walked() {
		if c := p.Charset(); c != "" {
			return c
		}
	}
	return ""
}

func (m *Message) addresses(name, hint string, b *mime.Budget) []Address {
	var out []Address
	for _, v := range m.header.All(name) {
		out = append(out, field.Addresses(v, hint, maxAddresses-len(out))...)
		if len(out) >= maxAddresses {
			b.Problem("the field %s has more than %d addresses: the rest was left out", name, maxAddresses)
			break
		}
	}
	return out
}

// chooseFrom finds somebody to call the sender.
func (m *Message) chooseFrom(b *mime.Budget) {
	for _, a := range m.Authors {
		if strings.Contains(a.Address, "@") {
			m.From = a
			return
		}
	}
	if len(m.Authors) > 0 {
		m.From = m.Authors[0]
		b.Problem("the sender gives no mail address")
		return
	}
	b.Problem("the mail names no sender")
	candidates := append([]Address{}, m.ReplyTo...)
	for _, v := range m.header.All("return-path") {
		candidates = append(candidates, field.Addresses(v, "", 1)...)
	}
	for _, a := range append(candidates, m.Sender) {
		if strings.Contains(a.Address, "@") {
			m.From = a
			return
		}
	}
}

// reader collects text and attachments from the tree.
type reader struct {
	m     *Message
	b     *mime.Budget
	text  int // bytes of text that may still be read
	plain []string
	html  []string
	shown []string // what HTML versions of a text show, as long as it is open whether there is a plain version
	names int

	alternatives int // how many multipart/alternative are open
}

// read walks a part; inner says that it is one of several parts, so that a file name makes it a file.
func (r *reader) read(p *mime.Part, inner bool) {
	switch {
	case p.Multipart() && p.Type == "multipart/alternative":
		r.alternative(p)
	case p.Multipart() && p.Type == "multipart/related":
		r.related(p)
	case p.Multipart() && p.Type == "multipart/encrypted":
		for _, c := range p.Parts {
			r.attach(c, false)
		}
	case p.Multipart():
		for _, c := range p.Parts {
			r.read(c, true)
		}
	case r.isText(p, inner):
		r.addText(p)
	default:
		r.attach(p, false)
	}
}

func (r *reader) isText(p *mime.Part, inner bool) bool {
	switch p.Type {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text/x-html", "text/markdown", "text/x-amp-html":
	default:
		return false
	}
	if p.Disposition == "attachment" {
		return false
	}
	return !inner || p.Name() == ""
}

// alternative takes one text out of several versions of it: the plain one for reading, the HTML one as it is.
func (r *reader) alternative(p *mime.Part) {
	plain, shown := len(r.plain), len(r.shown)
	r.alternatives++
	for _, c := range p.Parts {
		if c.Type != "text/x-amp-html" {
			r.read(c, true)
		}
	}
	r.alternatives--
	if isStub(r.plain[plain:], r.shown[shown:]) {
		r.plain = append(r.plain[:plain], r.shown[shown:]...)
	}
	r.shown = r.shown[:shown]
}

// isStub says whether the plain version is empty or only stands in for the HTML one: "your program cannot show this mail".
func isStub(plain, shown []string) bool {
	seen, is, of := false, 0, 0
	for _, s := range plain {
		seen = seen || visible(s)
		is += len(s)
	}
	for _, s := range shown {
		of += len(s)
	}
	return !seen || of > 500 && is*4 < of
}

func visible(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c > ' ' && c != 0xa0 && c != 0x200b && c != 0xfeff }) >= 0
}

// related reads the root of a compound page; everything else is shown within it.
func (r *reader) related(p *mime.Part) {
	root := p.Parts[0]
	if start := field.Angle(p.Params["start"]); start != "" {
		for _, c := range p.Parts {
			if field.Angle(c.Header.Get("content-id")) == start {
				root = c
			}
		}
	}
	for _, c := range p.Parts {
		switch {
		case c == root || c.Multipart():
			r.read(c, true)
		default:
			r.attach(c, true)
		}
	}
}

func (r *reader) addText(p *mime.Part) {
	data, cut := p.Prefix(r.text, r.b)
	r.text -= len(data)
	if cut {
		r.b.Problem("a text is longer than what is read of it; all of it is attached")
		r.attach(p, false)
	}
	if r.b.Late() {
		return
	}
	if p.Type == "text/plain" {
		var files []mime.UUFile
		data, files = mime.CutUU(data, 100, r.b)
		for _, f := range files {
			r.attachFile(f.Name, f.Data)
		}
	}
	label := p.Charset()
	if label == "" && p.Type != "text/plain" {
		label = metaCharset(data)
	}
	s, problem := mime.Text(data, label)
	if problem != "" {
		r.b.Problem("%s", problem)
	}
	s = tidy(s)
	if p.Type == "text/plain" || p.Type == "text/markdown" {
		if lower(p.Params["format"]) == "flowed" {
			s = prose.Unflow(s, lower(p.Params["delsp"]) == "yes")
		}
		r.plain = append(r.plain, s)
		return
	}
	r.html = append(r.html, s)
	if text := prose.HTML(s, maxText); r.alternatives > 0 {
		r.shown = append(r.shown, text)
	} else {
		r.plain = append(r.plain, text)
	}
}

// tidy makes line ends LF and drops NUL and other controls that no text has.
func tidy(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case isControl(c):
			return -1
		}
		return c
	}, s)
}

func isControl(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 127 }

func (r *reader) finish() {
	var texts []string
	for _, t := range r.plain {
		if t = strings.Trim(t, "\n"); visible(t) {
			texts = append(texts, t)
		}
	}
	text := strings.Join(texts, "\n\n")
	if len(text) > maxText {
		r.b.Problem("the text is longer than %d kB: the rest is in the original", maxText>>10)
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	r.m.Text, r.m.HTML = text, strings.Join(r.html, "\n")
	if !r.b.Late() {
		r.m.ReplyText = prose.Reply(text)
	}
}

// metaCharset finds the charset that a page names itself.
func metaCharset(page []byte) string {
	head := bytes.ToLower(page[:min(len(page), 4096)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	v := bytes.TrimLeft(head[i+8:], `"' `)
	end := bytes.IndexAny(v, `"'> ;/`)
	if end < 0 || end > 40 {
		return ""
	}
	return string(v[:end])
}
