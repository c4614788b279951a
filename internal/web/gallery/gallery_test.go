package gallery_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/web/asset"
	"bothways/internal/web/gallery"
)

func render(t *testing.T, p gallery.Page) ([]byte, *goquery.Document) {
	t.Helper()
	var b bytes.Buffer
	if err := p.View.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), doc
}

// Every page keeps what every page must: one main heading, names for all
// fields, ids used once, only addresses of this server, forms that post.
func TestEveryPage(t *testing.T) {
	for _, p := range gallery.Pages("dark") {
		t.Run(p.Name, func(t *testing.T) {
			html, doc := render(t, p)
			if n := doc.Find("h1").Length(); n != 1 {
				t.Errorf("%d main headings", n)
			}
			if n := doc.Find("main#main").Length(); n != 1 {
				t.Errorf("%d main parts", n)
			}
			if title := doc.Find("head > title").Text(); !strings.HasSuffix(title, " · Bothways") || strings.HasPrefix(title, " ") {
				t.Errorf("title %q", title)
			}
			if failed := doc.Find(".summary-err").Length() > 0; failed != strings.HasPrefix(doc.Find("head > title").Text(), "Error: ") {
				t.Errorf("error summary %v, title %q", failed, doc.Find("head > title").Text())
			}
			checkIDs(t, doc)
			checkFields(t, doc)
			checkForms(t, doc)
			checkAddresses(t, doc)
			if n := doc.Find("[style], style, script:not([src])").Length(); n > 0 {
				t.Errorf("%d inline styles or scripts", n)
			}
			if n := compressed(html); n > 25_000 {
				t.Errorf("the page is %d bytes compressed, the budget is 25,000", n)
			}
		})
	}
}

func compressed(b []byte) int {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}

func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	ids := map[string]int{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) { ids[s.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 || id == "" {
			t.Errorf("id %q is used %d times", id, n)
		}
	}
	for _, a := range []string{"aria-labelledby", "aria-describedby", "for"} {
		doc.Find("[" + a + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(a, "")) {
				if ids[id] == 0 {
					t.Errorf("%s=%q names nothing", a, id)
				}
			}
		})
	}
}

func checkFields(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("input:not([type=hidden]), textarea, select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if s.AttrOr("aria-label", "") == "" && s.Closest("label").Length() == 0 && (id == "" || doc.Find(`label[for="`+id+`"]`).Length() != 1) {
			t.Errorf("field %s %q has no label", goquery.NodeName(s), s.AttrOr("name", ""))
		}
	})
}

func checkForms(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		method := s.AttrOr("method", "")
		if s.AttrOr("action", "") == "" || (method != "post" && method != "get") {
			t.Errorf("form %q: method %q, action %q", s.AttrOr("id", ""), method, s.AttrOr("action", ""))
		}
		// which tickets are meant is part of what is asked
		if method == "get" && s.Find("input[type=hidden]:not([name=pick])").Length() > 0 {
			t.Error("a form that asks carries hidden fields")
		}
		if s.Find("button").Length() == 0 {
			t.Errorf("form %q has no button", s.AttrOr("id", ""))
		}
		if s.Find("input[type=file]").Length() > 0 && s.AttrOr("enctype", "") != "multipart/form-data" {
			t.Errorf("form %q takes files and is not multipart", s.AttrOr("id", ""))
		}
		if s.Find("form").Length() > 0 {
			t.Error("a form in a form")
		}
	})
}

func checkAddresses(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("[href], [src], [action]").Each(func(_ int, s *goquery.Selection) {
		for _, a := range []string{"href", "src", "action"} {
			u, has := s.Attr(a)
			if !has {
				continue
			}
			ok := strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//") || strings.HasPrefix(u, "#") || strings.HasPrefix(u, "mailto:") || strings.HasPrefix(u, "tel:")
			if !ok {
				t.Errorf("%s leads to %q", goquery.NodeName(s), u)
			}
		}
	})
	if got := doc.Find("link[rel=stylesheet]").AttrOr("href", ""); got != asset.URL(asset.Style) {
		t.Errorf("style sheet %q", got)
	}
}
