package markup

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kept are the elements and attributes that a message may have, in full.
var kept = map[string][]string{
	"p": nil, "br": nil, "strong": nil, "em": nil, "del": nil, "code": nil, "pre": nil, "blockquote": nil, "ul": nil, "ol": {"start"}, "li": nil, "hr": nil, "h4": nil, "h5": nil, "h6": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": nil, "td": nil, "a": {"href", "rel"},
}

// allowed says what a piece of HTML has beyond what is kept, "" when nothing.
func allowed(src string) string {
	nodes, err := html.ParseFragment(strings.NewReader(src), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var walk func(*html.Node) string
	walk = func(n *html.Node) string {
		if n.Type == html.ElementNode {
			attrs, ok := kept[n.Data]
			if !ok {
				return "<" + n.Data + ">"
			}
			for _, a := range n.Attr {
				if !slices.Contains(attrs, a.Key) {
					return a.Key + "=" + a.Val
				}
				if v := strings.ToLower(a.Val); a.Key == "href" && !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "mailto:") {
					return "a link to " + a.Val
				}
				if a.Key == "rel" && a.Val != "nofollow noreferrer" {
					return "rel " + a.Val
				}
			}
		} else if n.Type != html.TextNode {
			return "a node that is no text"
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if s := walk(c); s != "" {
				return s
			}
		}
		return ""
	}
	for _, n := range nodes {
		if s := walk(n); s != "" {
			return s
		}
	}
	return ""
}

var nested = []string{
	"<scr<script>ipt>alert(1)</scr</script>ipt>", "<style>@import 'x'</style>", "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "<x onclick=alert(1) onmouseover=alert(1)>y</x>",
	"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>x</script></template>", "<a href=\"https://x.test\" onclick=\"y\" style=\"x\" target=_blank id=a class=b>z</a>", "<img src=x onerror=alert(1)>", "<!--><script>x</script>-->", "<p><b><i><u>x", "<ol start=\"1 onclick\"><li>x", "<iframe><p>x</p></iframe>",
	"<form><input name=x><button formaction=javascript:alert(1)>x</button></form>", "<<script>script>alert(1)<</script>/script>", "<a href=https://x.test/<script>>x</a>", "<textarea></textarea><svg onload=alert(1)>", "<plaintext><script>", "\x00<script\x00>x</script>", "<script/x>1</script/x>", "<svg><a xlink:href=javascript:x>y</a></svg>",
}

// TestAttack02_NestedTagsAreAnAllowList: HTML in what is written stays the text it is; and the list that looks at the result once
// more lets nothing else through, alone, the second time as the first.
func TestAttack02_NestedTagsAreAnAllowList(t *testing.T) {
	for _, in := range append(nested, "<b>bold</b>", "<p>x</p>") {
		out := render(t, Markdown(in))
		if bad := allowed(out); bad != "" {
			t.Errorf("%q became %s: %s", in, out, bad)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(strings.TrimLeft(in, "\x00"), " "); !strings.Contains(strings.ReplaceAll(doc.Text(), "\uFFFD", "\x00"), strings.TrimRight(strings.Split(first, "\n")[0], ">")) {
			t.Errorf("%q is no longer the text it was: %q", in, doc.Text())
		}
		once := policy.Sanitize(in)
		if bad := allowed(once); bad != "" {
			t.Errorf("the list lets %s through of %q", bad, in)
		}
		if twice := policy.Sanitize(once); twice != once {
			t.Errorf("%q is another the second time: %q, %q", in, once, twice)
		}
	}
}

// TestAttack03_LinksLeadToPagesAndMail: of all addresses a link may name, in Markdown and in HTML: pages and mail, and each says
// that it vouches for nothing and tells nothing.
func TestAttack03_LinksLeadToPagesAndMail(t *testing.T) {
	for _, to := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "java&#10;script:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "vbscript:x", "data:text/html,<script>1</script>",
		"data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=alert(1)>", "file:///etc/passwd", "blob:x", "about:blank", "view-source:x", "ms-msdt:/id", "search-ms:query", "cid:x", "//evil.test", "/desk/tickets/BW-1/resolve", "?x", "#x", "\\\\evil.test\\share", "http:evil.test", "https:/\\evil.test",
	} {
		for _, in := range []string{"[x](" + to + ")", "[x](<" + to + ">)", "![x](" + to + ")", "<" + to + ">", "[a]: " + to + "\n\n[a]", "[a]: <" + to + ">\n\n[a]", "`" + to + "`", to} {
			if out := render(t, Markdown(in)); allowed(out) != "" {
				t.Errorf("%q became %s: %s", in, out, allowed(out))
			}
		}
		if out := policy.Sanitize(`<a href="` + to + `">x</a><img src="` + to + `"><p style="background:url(` + to + `)">y</p>`); allowed(out) != "" {
			t.Errorf("the list lets %s through: %s", allowed(out), out)
		}
	}
	for _, to := range []string{"https://example.org/a?b=c#d", "http://example.org", "mailto:anna@example.org"} {
		if out := render(t, Markdown("["+"x]("+to+")")); !strings.Contains(out, `href="`+to+`" rel="nofollow noreferrer"`) {
			t.Errorf("%s is no link: %s", to, out)
		}
	}
}

// FuzzAttack02_AnAllowListWhateverIsWritten looks for what gets past either of the two, or changes when it is looked at again.
func FuzzAttack02_AnAllowListWhateverIsWritten(f *testing.F) {
	for _, s := range nested {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if bad := allowed(render(t, Markdown(in))); bad != "" {
			t.Errorf("%q: %s", in, bad)
		}
		once := policy.Sanitize(in)
		if bad := allowed(once); bad != "" || policy.Sanitize(once) != once {
			t.Errorf("%q: %s, %q", in, bad, once)
		}
	})
}
