package ui

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"bothways/internal/web/asset"
)

func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(s *goquery.Selection, name string) string { return s.AttrOr(name, "") }

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestEveryIconHasASymbol(t *testing.T) {
	sprite, err := fs.ReadFile(asset.FS(), asset.Icons)
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("icon.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`Icon = "([a-z]+)"`).FindAllStringSubmatch(string(src), -1)
	if len(names) < 20 {
		t.Fatalf("found %d icons in icon.go", len(names))
	}
	for _, n := range names {
		if !strings.Contains(string(sprite), `<symbol id="`+n[1]+`"`) {
			t.Errorf("icons.svg has no symbol %q", n[1])
		}
	}
	if got := attr(draw(t, Ico(IconClock)).Find("use"), "href"); !strings.HasPrefix(got, "/web/icons.svg?v=") || !strings.HasSuffix(got, "#clock") {
		t.Errorf("an icon refers to %q", got)
	}
}

// What was typed comes back byte for byte, also when it begins with an empty line.
func TestFieldsKeepWhatWasTyped(t *testing.T) {
	f := Form{ID: "x", Action: "/go", Values: map[string]string{"body": "\n  two <b>lines</b>\nof \"text\" & more ", "name": `a"b<c`, "secret": "hunter2", "pick": "b"},
		Hidden: []Hidden{{"version", "17"}}}
	if got := draw(t, TextArea(f, Field{Name: "body", Label: "Text"})).Find("textarea").Text(); got != f.Values["body"] {
		t.Errorf("textarea holds %q, want %q", got, f.Values["body"])
	}
	if got := attr(draw(t, Input(f, Field{Name: "name", Label: "Name"})).Find("input"), "value"); got != f.Values["name"] {
		t.Errorf("input holds %q", got)
	}
	if _, has := draw(t, Input(f, Field{Name: "secret", Label: "Password", Type: "password"})).Find("input").Attr("value"); has {
		t.Error("a password was sent back to the page")
	}
	opts := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	if got := attr(draw(t, Select(f, Field{Name: "pick", Label: "Pick"}, opts)).Find("option[selected]"), "value"); got != "b" {
		t.Errorf("select shows %q", got)
	}
	if got := attr(draw(t, Radios(f, Field{Name: "pick", Label: "Pick"}, opts)).Find("input[checked]"), "value"); got != "b" {
		t.Errorf("radio shows %q", got)
	}
	form := draw(t, FormBox(f)).Find("form")
	if attr(form, "method") != "post" || attr(form, "action") != "/go" || attr(form.Find("input[name=version]"), "value") != "17" {
		t.Error("the form lost its method, address or hidden fields")
	}
	if up := draw(t, UploadBox(f)).Find("form"); attr(up, "enctype") != "multipart/form-data" {
		t.Error("a form with files is not multipart")
	}
}

// An error stands in the summary and at the field in the same words, and the
// field points at it.
func TestErrorsAreTiedToTheirFields(t *testing.T) {
	f := Form{ID: "in", Action: "/x", Errors: []FieldError{{"email", "Enter a whole mail address."}, {"", "Somebody was faster."}}}
	doc := draw(t, ErrorSummary(Form{ID: "other"}, f))
	box := doc.Find(".summary-err")
	if _, ok := box.Attr("autofocus"); !ok || attr(box, "tabindex") != "-1" || attr(box, "role") != "alert" {
		t.Error("the summary does not take the focus")
	}
	if link := box.Find("a"); attr(link, "href") != "#in-email" || link.Text() != "Enter a whole mail address." {
		t.Errorf("summary link %q %q", attr(link, "href"), link.Text())
	}
	if !strings.Contains(box.Text(), "Somebody was faster.") {
		t.Error("an error about the whole form is missing")
	}
	field := draw(t, Input(f, Field{Name: "email", Label: "Mail", Hint: "Like a@b.c"}))
	in := field.Find("input")
	if attr(in, "id") != "in-email" || attr(in, "aria-invalid") != "true" || attr(in, "aria-describedby") != "in-email-hint in-email-error" {
		t.Errorf("the field is not tied to its error: %v", in.Nodes[0].Attr)
	}
	if got := squeeze(field.Find("#in-email-error").Text()); got != "Error: Enter a whole mail address." {
		t.Errorf("at the field: %q", got)
	}
	if attr(field.Find("label"), "for") != "in-email" {
		t.Error("the label is not the field's")
	}
	if draw(t, ErrorSummary(Form{})).Find("*").Is(".summary-err") {
		t.Error("a summary without errors")
	}
}

func TestDocument(t *testing.T) {
	doc := draw(t, Document(Doc{Title: "Home <x>", Theme: "dark", Failed: true}, "portal"))
	if got := doc.Find("head > title").Text(); got != "Error: Home <x> · Bothways" {
		t.Errorf("title %q", got)
	}
	if attr(doc.Find("html"), "data-theme") != "dark" || attr(doc.Find("html"), "lang") != "en" {
		t.Error("theme or language missing")
	}
	if attr(doc.Find("body").Children().First(), "href") != "#main" {
		t.Error("the skip link is not first")
	}
	if _, has := draw(t, Document(Doc{Theme: `"><script>`}, "")).Find("html").Attr("data-theme"); has {
		t.Error("a theme nobody can choose was taken over")
	}
}

func TestMessageIsEscaped(t *testing.T) {
	m := PublicMessage{From: Author{Name: "<b>Eve</b>", Side: Customer}, At: nov(24, 8, 0), Body: Plain("<script>alert(1)</script>\nnext"), Claim: "<i>", Files: []File{{Name: `"><img>`, Size: 10, URL: "javascript:alert(1)"}}}
	doc := draw(t, Msg(desk, m))
	if doc.Find("script, img, b, i").Length() > 0 {
		t.Error("a message brought elements into the page")
	}
	if !strings.Contains(doc.Find(".prose").Text(), "<script>alert(1)</script>") {
		t.Error("what was written is not shown as text")
	}
	if got := attr(doc.Find("a.att"), "href"); strings.HasPrefix(got, "javascript:") {
		t.Errorf("an attachment leads to %q", got)
	}
	you := draw(t, Msg(desk, PublicMessage{From: Author{Name: "Helen", Side: Customer, You: true}, At: nov(24, 8, 0)}))
	if you.Find("h3").Text() != "You" {
		t.Error("the reader's own message does not say You")
	}
}

func TestOneTap(t *testing.T) {
	doc := draw(t, OneTapView(OneTap{Label: "Yes", Action: "/a", Hidden: []Hidden{{"body", "Yes"}}, Main: true}))
	form := doc.Find("form")
	if attr(form, "method") != "post" || attr(form.Find("input[name=body]"), "value") != "Yes" || attr(form.Find("button"), "class") != "btn primary" {
		t.Error("a one-tap answer is a form with everything in it")
	}
}

// Classes live in ui and ui/staff; nothing has a style attribute, an inline
// script or handler, or an address in data:.
func TestTemplatesKeepToTheRules(t *testing.T) {
	style := regexp.MustCompile(`\sstyle=|<style|\son[a-z]+=|<script>|"data:`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if m := style.Find(src); m != nil {
			t.Errorf("%s contains %q", path, m)
		}
		if !strings.HasPrefix(path, filepath.Join("..", "ui")) && strings.Contains(string(src), "class=") {
			t.Errorf("%s names a CSS class: only ui does", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Only ui/markup may call Sanitised: there the text was sanitised.
func TestOnlyMarkupCallsSanitised(t *testing.T) {
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(string(src), "ui.Sanitised(") && filepath.Base(filepath.Dir(path)) != "markup" && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s calls ui.Sanitised", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The words of the pages blame nobody and beg nobody.
func TestWords(t *testing.T) {
	avoid := regexp.MustCompile(`(?i)"[^"\n]*\b(please|sorry|oops|invalid|forbidden|unauthori[sz]ed|violation|breach|escalat\w*|VIP|non-compliant|user error|you forgot)\b[^"\n]*"|>[^<>{}\n]*\b(please|sorry|oops|invalid|forbidden)\b`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "gallery" {
			if d != nil && d.IsDir() && d.Name() == "gallery" {
				return filepath.SkipDir
			}
			return err
		}
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || (filepath.Ext(path) != ".go" && filepath.Ext(path) != ".templ") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range avoid.FindAll(src, -1) {
			if !strings.Contains(string(m), "aria-invalid") {
				t.Errorf("%s says %s", path, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var nov = func(day, h, m int) time.Time { return time.Date(2026, 11, day, h, m, 0, 0, time.UTC) }

var desk = Reader{Now: nov(24, 9, 42), Zone: time.FixedZone("GMT", 0)}

func TestDueWords(t *testing.T) {
	for _, c := range []struct {
		name          string
		d             Due
		staff, portal string
		kind          ChipKind
	}{
		{"ours, soon", Due{Side: Provider, At: nov(24, 10, 24), Left: 42 * time.Minute, Soon: true}, "42 min", "Our turn, by 10:24", ChipSoon},
		{"ours, tomorrow", Due{Side: Provider, At: nov(25, 12, 0), Left: 10 * time.Hour}, "Tomorrow 12:00", "Our turn, by tomorrow 12:00", ChipPlain},
		{"ours, missed", Due{Side: Provider, At: nov(24, 9, 25), Left: -17 * time.Minute, Missed: true}, "Missed 09:25", "Our turn, was due 09:25", ChipLate},
		{"theirs", Due{Side: Customer, At: nov(26, 10, 0)}, "By Thu 10:00", "Your turn, by Thu 10:00", ChipYou},
		{"theirs, missed", Due{Side: Customer, At: nov(23, 10, 0), Missed: true}, "Missed Mon 10:00", "Your turn, was due Mon 10:00", ChipLate},
		{"confirm", Due{Side: Customer, At: nov(27, 16, 0), Confirm: true}, "Confirm by Fri 16:00", "Your turn, by Fri 16:00", ChipYou},
		{"supplier", Due{Side: Supplier}, "No promise runs", "With a supplier", ChipPlain},
		{"agreed wait", Due{Side: Nobody, Waiting: "Agreed: Tue 1 Dec"}, "Agreed: Tue 1 Dec", "Agreed: Tue 1 Dec", ChipPlain},
	} {
		s, p := desk.StaffChip(c.d), desk.PortalChip(c.d)
		if s.Text != c.staff || p.Text != c.portal || s.Kind != c.kind {
			t.Errorf("%s: staff %q (%s), portal %q; want %q (%s), %q", c.name, s.Text, s.Kind, p.Text, c.staff, c.kind, c.portal)
		}
	}
}
