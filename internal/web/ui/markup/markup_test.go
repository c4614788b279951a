package markup

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/web/ui"
)

func render(t *testing.T, p ui.Prose) string {
	t.Helper()
	var b strings.Builder
	if err := ui.ProseView(p).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "One line.\nNext line.\n\nNew paragraph.", "<p>One line.<br>Next line.</p><p>New paragraph.</p>"},
		{"bold", "Press **Collect VPN log** now", "<p>Press <strong>Collect VPN log</strong> now</p>"},
		{"line end stays", "*a*\nb", "<p><em>a</em><br>\nb</p>"},
		{"heading is lowered", "# Big", "<h4>Big</h4>"},
		{"html is text", "a <b>c</b> d", "<p>a &lt;b&gt;c&lt;/b&gt; d</p>"},
		{"html block is text", "<div>\nx", "<p>&lt;div&gt;<br>\nx</p>"},
		{"picture becomes link", "![cat](https://evil.example/x.png)", `<p><a href="https://evil.example/x.png" rel="nofollow noreferrer">cat</a></p>`},
		{"address becomes link", "see https://example.org/a", `<p>see <a href="https://example.org/a" rel="nofollow noreferrer">https://example.org/a</a></p>`},
		{"list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"number that is no list", "20418 is the number", "<p>20418 is the number</p>"},
		{"empty", " \n ", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := render(t, Markdown(c.in)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What somebody writes may carry no script, style, frame, form, picture or
// handler into a page, whatever it looks like.
func TestMarkdownIsHarmless(t *testing.T) {
	for _, in := range []string{
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<script>1</script>)",
		"<javascript:alert(1)>", "![x](javascript:alert(1))", "[x](//evil.example)", "[x](/desk/tickets/1/resolve)", "`<script>`", "```html\n<script>\n```", "[a]: javascript:1\n\n[a]",
		"<a href=\"x\" onclick=\"y\">z</a>", "<svg/onload=alert(1)>", "# <iframe src=x>", "| a |\n|---|\n| <form> |", "[x](vbscript:1 \"onload=1\")", "\x00<script>", "&lt;script&gt; &#60;script&#62;",
	} {
		out := render(t, Markdown(in))
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find("script,style,iframe,img,svg,form,input,object,link,meta").Length(); n > 0 {
			t.Errorf("%q became %s", in, out)
		}
		doc.Find("body *").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if a.Key != "href" && a.Key != "rel" && a.Key != "start" {
					t.Errorf("%q became %s with attribute %s", in, out, a.Key)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "http") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("%q leads to %q", in, a.Val)
				}
			}
		})
	}
}

// TestAttack71_MarkdownGrowsWithItsInput: twice the text costs about twice the work, whatever it repeats. Work is counted in allocations,
// which do not depend on the machine.
func TestAttack71_MarkdownGrowsWithItsInput(t *testing.T) {
	work := func(unit string, size int) float64 {
		in := strings.Repeat(unit, size/len(unit))
		return testing.AllocsPerRun(1, func() { texts = shelf{}; Markdown(in) })
	}
	for _, unit := range []string{">", "[", "*a ", "_", "`", "- ", "1. ", "![", "](", "a\n-", "<", "|a", "~~", "    ", "http://", "\\", "&"} {
		if small, large := work(unit, 2_000), work(unit, 4_000); large > 3*small+500 {
			t.Errorf("%q: %.0f allocations for 2 KB, %.0f for 4 KB", unit, small, large)
		}
	}
}

func BenchmarkMarkdownPlain(b *testing.B) {
	for b.Loop() {
		Markdown("The new dock firmware should stop the drops. Update it with the button in Company Portal, dock once, and if the VPN still drops send the log here.")
	}
}

// What was made of a text once is the same the next time, and no text has another's.
func TestMarkdownKept(t *testing.T) {
	texts = shelf{}
	all := []string{"**a** <b>x</b>", "**b** [x](javascript:1)", "- one\n- two"}
	var first []string
	for range 3 {
		for i, in := range all {
			got := render(t, Markdown(in))
			if len(first) < len(all) {
				first = append(first, got)
			} else if got != first[i] {
				t.Errorf("%q is %s, was %s", in, got, first[i])
			}
		}
	}
	for i := range 200 { // more than is kept
		in := fmt.Sprintf("**%d** ", i) + strings.Repeat("word ", 12_000)
		if got := render(t, Markdown(in)); !strings.Contains(got, fmt.Sprintf("<strong>%d</strong>", i)) {
			t.Fatalf("the text of %d is another's", i)
		}
		if texts.bytes > mostKept {
			t.Fatalf("%d bytes are kept", texts.bytes)
		}
	}
}

func BenchmarkMarkdownMarked(b *testing.B) {
	for b.Loop() {
		texts = shelf{}
		Markdown("The new dock firmware should stop the drops. Press **Collect VPN log** and send it here.\n\n- one\n- two")
	}
}
