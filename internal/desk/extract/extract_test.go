package extract_test

import (
	"strings"
	"testing"

	"bothways/internal/desk/extract"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, body, has, hasNot string }{
		{"a.txt", "Dear desk,\nthe lamp", "the lamp", ""},
		{"a.log", "\ufeffstarted\x1b[31m", "started", ""},
		{"a.csv", "device;serial\nlaptop;PF3K", "laptop;PF3K", ""},
		{"a.html", "<p>Hello <b>you</b></p><script>evil()</script>", "Hello", "evil"},
		{"page", "<!DOCTYPE html><title>t</title><p>inside", "inside", "<p>"},
		{"a.txt", "2 < 3 and <p> stays", "<p> stays", ""},
		{"old.txt", "Gr\xfc\xdfe aus K\xf6ln und noch mehr Text", "Grüße aus Köln", ""},
		{"wide.txt", "\xff\xfeH\x00i\x00\xe9\x00", "Hié", ""},
		{"wide.txt", "\xfe\xff\x00H\x00i", "Hi", ""},
		{"a.txt", "PNG\x00\x01\x02", "", "PNG"},
		{"a.txt", "\x89PNG\r\n\x1a\n\x7f\x80\x81\x82\x83\x84\x85\x86\x87\x88", "", "PNG"},
		{"a.pdf", "%PDF-1.7 text", "", "text"},
		{"a.txt", "", "", "x"},
		{"cut.txt", strings.Repeat("é", 1<<19) + "é", "éé", "\ufffd"},
	} {
		got := extract.Text(c.name, []byte(c.body))
		if !strings.Contains(got, c.has) || c.hasNot != "" && strings.Contains(got, c.hasNot) {
			t.Errorf("%s %.40q: %.80q", c.name, c.body, got)
		}
	}
	if n := len(extract.Text("big.txt", []byte(strings.Repeat("word ", 1<<20)))); n > 256<<10 {
		t.Errorf("%d bytes of text", n)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a.html", []byte("<p>x"))
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		if s := extract.Text(name, body); strings.ToValidUTF8(s, "") != s {
			t.Errorf("%q", s)
		}
	})
}
