package ui

import (
	"html"
	"strings"
)

// Prose is text ready for a page. It can only be made by the functions here
// and in ui/markup, so what a page prints unescaped was escaped or sanitised
// there. The zero value is empty.
type Prose struct{ html string }

// Plain turns plain text into paragraphs: a blank line starts a new one, a
// single line end stays a line end. Everything is escaped.
func Plain(text string) Prose {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return Prose{}
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/8 + 16)
	for _, p := range strings.Split(text, "\n\n") {
		p = strings.Trim(p, "\n")
		if strings.TrimSpace(p) == "" {
			continue
		}
		b.WriteString("<p>")
		for i, line := range strings.Split(p, "\n") {
			if i > 0 {
				b.WriteString("<br>")
			}
			b.WriteString(html.EscapeString(line))
		}
		b.WriteString("</p>")
	}
	return Prose{html: b.String()}
}

// Sanitised wraps HTML that a sanitiser made safe. Only ui/markup calls it; a
// test of this repository checks that.
func Sanitised(safe string) Prose { return Prose{html: safe} }

// Empty reports whether there is nothing to show.
func (p Prose) Empty() bool { return p.html == "" }
