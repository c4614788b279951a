package asset

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func gz(t *testing.T, name string) int {
	t.Helper()
	b, err := fs.ReadFile(FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}

func TestBudgets(t *testing.T) {
	for name, budget := range map[string]int{Style: 20_000, Script: 4_000, Icons: 6_000, Icon: 1_000} {
		if n := gz(t, name); n > budget {
			t.Errorf("%s is %d bytes compressed, the budget is %d", name, n, budget)
		}
	}
	font, err := fs.ReadFile(FS(), Font)
	if err != nil {
		t.Fatal(err)
	}
	// What a first visit loads beside the page's HTML (25 KB at most).
	if n := gz(t, Style) + gz(t, Script) + gz(t, Icons) + gz(t, Icon) + len(font) + 25_000; n > 100_000 {
		t.Errorf("a first visit to the portal is %d bytes, the budget is 100,000", n)
	}
}

// Everything comes from this server: no other origin, no data: address.
func TestNothingForeign(t *testing.T) {
	for _, name := range []string{Style, Script, Icons, Icon} {
		b, err := fs.ReadFile(FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, bad := range []string{"http://", "https://", "data:", "@import", "eval(", "innerHTML"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
}

func TestFontKeepsItsLicence(t *testing.T) {
	b, err := fs.ReadFile(FS(), FontLicence)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "SIL OPEN FONT LICENSE") && !strings.Contains(string(b), "SIL Open Font License") {
		t.Error("the font's licence file does not hold its licence")
	}
	css, _ := fs.ReadFile(FS(), Style)
	if !strings.Contains(string(css), `url("`+Font+`")`) {
		t.Errorf("the style sheet does not load %s", Font)
	}
}

func TestURL(t *testing.T) {
	for _, name := range []string{Style, Script, Icons, Icon, Font, FontLicence} {
		u := URL(name)
		if !strings.HasPrefix(u, Prefix+name+"?v=") || len(u) != len(Prefix+name+"?v=")+10 {
			t.Errorf("URL(%q) = %q, want it with a digest", name, u)
		}
	}
	if got := URL("none.css"); got != "/web/none.css" {
		t.Errorf("URL of an unknown file = %q", got)
	}
}

func TestContentType(t *testing.T) {
	for name, want := range map[string]string{Style: "text/css; charset=utf-8", Script: "text/javascript; charset=utf-8", Icons: "image/svg+xml", Font: "font/woff2", FontLicence: "text/plain; charset=utf-8"} {
		if got := ContentType(name); got != want {
			t.Errorf("ContentType(%q) = %q, want %q", name, got, want)
		}
	}
}

// The typeface shows what is written: its contextual alternates would make 2×3 of 2x3. Every "font" shorthand turns them on
// again, so that the rule that turns them off is for every element, and important.
func TestLettersAreShownAsWritten(t *testing.T) {
	css, err := fs.ReadFile(FS(), Style)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^  \*, \*::before, \*::after \{ font-variant-ligatures: no-contextual !important; \}`).Match(css) {
		t.Error("contextual alternates are on")
	}
	if strings.Contains(string(css), `"calt"`) || strings.Count(string(css), "font-variant-ligatures") != 1 {
		t.Error("another rule sets them")
	}
}

// A total that stays at the lower edge of a box that scrolls looks like its end: the rows under it are not missed.
func TestATotalStandsUnderItsRows(t *testing.T) {
	css, err := fs.ReadFile(FS(), Style)
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`tfoot[^}]*position: sticky`).Match(css) {
		t.Error("a total is pinned")
	}
}
