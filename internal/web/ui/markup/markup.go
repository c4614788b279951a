package markup

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"bothways/internal/web/ui"
)

var (
	writer = newWriter()
	policy = newPolicy()
	texts  shelf
)

// Markdown renders Markdown as people write it in messages: a single line end
// stays a line end, addresses become links. Text without any mark takes the
// short way round the parser, which most messages do. It is safe for
// concurrent use.
func Markdown(src string) ui.Prose {
	if !marked(src) {
		return ui.Plain(src)
	}
	if p, ok := texts.get(src); ok {
		return p
	}
	var b bytes.Buffer
	if err := writer.Convert([]byte(src), &b); err != nil {
		return ui.Plain(src) // show what was written rather than nothing
	}
	return texts.put(src, strings.TrimSpace(policy.Sanitize(b.String())))
}

// marked reports whether Markdown would read the text otherwise than Plain does.
func marked(src string) bool {
	if strings.ContainsAny(src, "*_`[]<>#|~\\&\t") || strings.Contains(src, "://") || strings.Contains(src, "www.") || strings.Contains(src, "@") {
		return true
	}
	for line := range strings.Lines(src) {
		t := strings.TrimLeft(line, " ")
		if len(line)-len(t) >= 4 {
			return true
		}
		if t == "" {
			continue
		}
		switch c := t[0]; {
		case c == '-' || c == '+' || c == '=':
			return true
		case c >= '0' && c <= '9':
			rest := strings.TrimLeft(t, "0123456789")
			if rest != "" && (rest[0] == '.' || rest[0] == ')') {
				return true
			}
		}
	}
	return false
}

// newWriter leaves out the parsers of HTML: what looks like HTML is then text.
func newWriter() goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithASTTransformers(util.Prioritized(tame{}, 500)),
	)
	return goldmark.New(
		goldmark.WithParser(p),
		goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.Table),
		goldmark.WithRendererOptions(html.WithHardWraps()),
	)
}

// tame lowers headings below those of the page and turns images into links, so
// that a message loads nothing from another server.
type tame struct{}

// Transform walks the parsed message.
func (tame) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var images []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+3, 6)
		case *ast.Image:
			images = append(images, n)
		}
		return ast.WalkContinue, nil
	})
	for _, img := range images {
		link := ast.NewLink()
		link.Destination = img.Destination
		for c := img.FirstChild(); c != nil; {
			next := c.NextSibling()
			link.AppendChild(link, c)
			c = next
		}
		if !link.HasChildren() {
			link.AppendChild(link, ast.NewString([]byte("picture")))
		}
		img.Parent().ReplaceChild(img.Parent(), img, link)
	}
}

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
		"h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto")
	for _, scheme := range []string{"http", "https"} {
		p.AllowURLSchemeWithCustomPolicy(scheme, func(u *url.URL) bool { return u.Host != "" }) // without a host, browsers read it as a path of ours
	}
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}
