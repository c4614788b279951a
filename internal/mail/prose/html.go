package prose

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxQuote is how deep quotations are marked; deeper ones look like this one.
const maxQuote = 12

// HTML gives the text that a reader of the page would see: quotations marked with ">", list items with "-", no scripts,
// no styles, no title. It reads tokens, not a tree, so that nesting costs nothing (html.Parse gives up at 512 levels), and
// stops after max bytes of text.
func HTML(src string, max int) string {
	w := writer{max: max}
	z := html.NewTokenizer(strings.NewReader(src))
	var skip atom.Atom // inside this element nothing is text
	for w.b.Len() < max {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() == io.EOF {
				w.rest(z.Raw())
			}
			return w.done()
		case html.TextToken:
			if skip == 0 {
				w.text(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := z.TagName()
			a := atom.Lookup(name)
			if skip != 0 {
				continue
			}
			if hidden[a] {
				if z.Raw()[len(z.Raw())-2] == '/' { // <title/>: a browser would wait for its end, senders do not mean that
					z.NextIsNotRawText()
				} else {
					skip = a
				}
				continue
			}
			w.open(a, z, attrs)
		case html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if skip != 0 {
				if a == skip {
					skip = 0
				}
				continue
			}
			w.close(a)
		}
	}
	return w.done()
}

// hidden are the raw text elements whose text nobody sees; the tokenizer ends each at its own end tag.
var hidden = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Title: true, atom.Noembed: true, atom.Noframes: true, atom.Iframe: true,
}

// blocks start on a line of their own; those that are true are set off by an empty line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: false, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Ul: false, atom.Ol: false, atom.Li: false, atom.Table: false, atom.Tr: false, atom.Pre: true, atom.Section: false,
	atom.Article: false, atom.Header: false, atom.Footer: false, atom.Dl: false, atom.Dt: false, atom.Dd: false,
	atom.Center: false, atom.Address: false, atom.Form: false, atom.Fieldset: false, atom.Main: false, atom.Body: false,
	atom.Tbody: false, atom.Thead: false, atom.Caption: false, atom.Blockquote: true, atom.Hr: false, atom.Option: false,
}

// writer lays the text out.
type writer struct {
	b     strings.Builder
	max   int
	lines int  // line ends owed before the next word
	space bool // a blank is owed before the next word
	quote int
	pre   int
	begun bool // the current line has text
	item  bool
}

func (w *writer) open(a atom.Atom, z *html.Tokenizer, attrs bool) {
	switch a {
	case atom.Br:
		w.lines++
		w.space = false
		return
	case atom.Blockquote:
		w.breakLine(true)
		for ; w.lines > 1 && w.b.Len() > 0; w.lines-- { // the empty line belongs to what is around the quotation
			w.b.WriteByte('\n')
			w.prefix()
		}
		w.quote++
		return
	case atom.Td, atom.Th:
		w.space = true
		return
	case atom.Img:
		if attrs {
			w.image(z)
		}
		return
	case atom.Pre:
		w.pre++
	case atom.Hr:
		w.breakLine(false)
		w.word("________________________________")
	}
	if gap, block := blocks[a]; block {
		w.breakLine(gap)
		w.item = a == atom.Li
	}
}

func (w *writer) close(a atom.Atom) {
	switch a {
	case atom.Blockquote:
		w.breakLine(true)
		w.quote = max(0, w.quote-1)
		return
	case atom.Pre:
		w.pre = max(0, w.pre-1)
	}
	if gap, block := blocks[a]; block {
		w.breakLine(gap)
		w.item = false
	}
}

// image writes the replacement text of small pictures: smileys, mostly.
func (w *writer) image(z *html.Tokenizer) {
	for {
		k, v, more := z.TagAttr()
		if string(k) == "alt" && len(v) > 0 && utf8.RuneCount(v) <= 4 && v[0] >= 0x80 {
			w.text(v)
		}
		if !more {
			return
		}
	}
}

// breakLine ends the line; gap asks for an empty one as well.
func (w *writer) breakLine(gap bool) {
	want := 0
	if w.begun || w.lines > 0 {
		want = 1
	}
	if gap {
		want = 2
	}
	w.lines = max(w.lines, want)
	w.space = false
}

func (w *writer) text(b []byte) {
	if w.pre > 0 {
		for line := range strings.Lines(string(b)) {
			if body := strings.TrimRight(line, "\r\n"); body != "" {
				w.word(body)
			}
			if strings.HasSuffix(line, "\n") {
				w.lines++
			}
		}
		return
	}
	for len(b) > 0 {
		i := 0
		for i < len(b) {
			r, n := utf8.DecodeRune(b[i:])
			if isSpace(r) {
				break
			}
			i += n
		}
		if i > 0 {
			w.word(string(b[:i]))
			b = b[i:]
		}
		for len(b) > 0 {
			r, n := utf8.DecodeRune(b)
			if !isSpace(r) {
				break
			}
			w.space = true
			b = b[n:]
		}
	}
}

func isSpace(r rune) bool { return r == 0xfeff || r == 0x200b || unicode.IsSpace(r) }

// word writes what is owed and then s.
func (w *writer) word(s string) {
	if w.b.Len() == 0 {
		w.lines, w.space = 0, false
		w.prefix()
	} else if w.lines > 0 {
		for range min(w.lines, 3) {
			w.b.WriteByte('\n')
			w.prefix()
		}
	} else if w.space {
		w.b.WriteByte(' ')
	}
	if w.item {
		w.b.WriteString("- ")
		w.item = false
	}
	w.lines, w.space, w.begun = 0, false, true
	w.b.WriteString(s)
}

func (w *writer) prefix() {
	if w.quote > 0 {
		w.b.WriteString(strings.Repeat(">", min(w.quote, maxQuote)) + " ")
	}
}

// rest keeps the text of a page that stops within a tag.
func (w *writer) rest(raw []byte) {
	if len(raw) > 0 && raw[0] != '<' {
		w.text(raw)
	}
}

func (w *writer) done() string {
	s := w.b.String()
	if len(s) > w.max {
		s = strings.ToValidUTF8(s[:w.max], "")
	}
	return s
}
