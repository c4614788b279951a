package mail

import (
	"strings"
	"testing"
)

// BenchmarkParse reads and classes a reply of 50 kB with HTML and a picture.
func BenchmarkParse(b *testing.B) {
	text := strings.Repeat("The printer in room 3 does not print. Please have a look at it.\n", 40)
	raw := []byte("From: Ann <ann@example.org>\nTo: desk@example.org\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" +
		"Content-Type: text/plain; charset=utf-8\n\n" + text + "\nOn Mon, Feb 1, 2016 at 4:58 AM Desk <desk@example.org> wrote:\n> " + strings.ReplaceAll(text, "\n", "\n> ") + "\n--b\n" +
		"Content-Type: text/html; charset=utf-8\n\n<html><body><p>" + strings.ReplaceAll(text, "\n", "</p>\n<p>") + "</body></html>\n--b--\n--a\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\n" +
		strings.Repeat(strings.Repeat("QUJD", 19)+"\n", 500) + "--a--\n")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw, Limits{}).Classify(Self{})
	}
}
