package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"bothways/internal/mail/mime"
)

// nested makes a mail of n multiparts in each other.
func nested(n int, close bool) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@example.org\nSubject: nested\n")
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\n\ninnermost\n")
	if close {
		for i := n - 1; i >= 0; i-- {
			fmt.Fprintf(&b, "--b%d--\n", i)
		}
	}
	return b.Bytes()
}

// wide makes a mail of n parts beside each other.
func wide(n int) []byte {
	var b bytes.Buffer
	b.WriteString("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n")
	for i := range n {
		fmt.Fprintf(&b, "--x\nContent-Type: text/plain\n\npart %d\n", i)
	}
	b.WriteString("--x--\n")
	return b.Bytes()
}

// bombs are mails made to be expensive, each with what must be said about it ("" for nothing in particular).
func bombs() map[string]struct {
	raw     []byte
	problem string
} {
	type bomb = struct {
		raw     []byte
		problem string
	}
	head := "From: a@example.org\nSubject: x\n"
	m := map[string]bomb{}
	for _, n := range []int{100, 1000, 5000, 30000} {
		m[fmt.Sprintf("nested %d", n)] = bomb{nested(n, true), "nested deeper than 32"}
		m[fmt.Sprintf("nested %d without ends", n)] = bomb{nested(n, false), "nested deeper than 32"}
	}
	m["342 kB nested"] = bomb{append(nested(5000, true), bytes.Repeat([]byte("-"), 60<<10)...), "nested deeper than 32"}
	m["100k parts"] = bomb{wide(100_000), "more than 1000 parts"}
	m["same boundary in itself"] = bomb{[]byte(head + strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 20000)), "nested deeper than 32"}
	m["100k headers"] = bomb{[]byte("From: a@example.org\n" + strings.Repeat("X-A: b\n", 100_000) + "Subject: x\n\nbody\n"), "header is larger"}
	m["one header of 10 MB"] = bomb{[]byte("From: a@example.org\nX-A: " + strings.Repeat("y", 10<<20) + "\nSubject: x\n\nbody\n"), ""}
	m["folded header of 5 MB"] = bomb{[]byte("From: a@example.org\nX-A: b\n" + strings.Repeat(" more\n", 900_000) + "\nbody\n"), ""}
	m["50k To"] = bomb{[]byte("From: a@example.org\nTo: " + strings.Repeat("someone@example.org,\n ", 50_000) + "end@example.org\n\nbody\n"), "more than 1000 addresses"}
	m["100k To fields"] = bomb{[]byte(head + strings.Repeat("To: b@example.org\n", 100_000) + "\nbody\n"), "header is larger"}
	m["headers in every part"] = bomb{[]byte(head + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n"+strings.Repeat("Content-A: b\n", 2000)+"\nz\n", 300)), ""}
	m["broken base64"] = bomb{[]byte(head + "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("@@=A==\x00é\n", 500_000)), ""}
	m["20 MB base64"] = bomb{[]byte(head + "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat(strings.Repeat("QUJD", 19)+"\n", 270_000)), ""}
	m["60 MB base64"] = bomb{[]byte(head + "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat(strings.Repeat("QUJD", 19)+"\n", 810_000)), "too large to be kept"}
	m["soft line ends"] = bomb{[]byte(head + "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=\n", 2_000_000)), ""}
	m["one line of quoted-printable"] = bomb{[]byte(head + "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=", 5_000_000)), ""}
	m["encoded words without end"] = bomb{[]byte("From: a@example.org\nSubject: " + strings.Repeat("=?utf-8?Q?a ", 20_000) + "\n\nbody\n"), ""}
	m["encoded words"] = bomb{[]byte("From: a@example.org\nSubject: " + strings.Repeat("=?utf-8?Q?a?= ", 17_000) + "\n\nbody\n"), ""}
	m["brackets and quotes"] = bomb{[]byte("From: " + strings.Repeat(`"(<`, 80_000) + "\n\nbody\n"), ""}
	m["parameters"] = bomb{[]byte(head + "Content-Type: text/plain" + strings.Repeat("; a*1*=b", 30_000) + "\n\nbody\n"), ""}
	deep := head
	for i := range 31 {
		deep += fmt.Sprintf("Content-Type: multipart/alternative; boundary=\"b%d\"\n\n--b%d\n", i, i)
	}
	m["nested alternatives"] = bomb{[]byte(deep + "Content-Type: text/plain\n\n" + strings.Repeat("text\n", 700_000) + "--b30\nContent-Type: text/html\n\n" + strings.Repeat("text<p>", 300_000)), ""}
	many := head + "Content-Type: multipart/mixed; boundary=x\n\n"
	m["900 mails with 1000 headers"] = bomb{[]byte(many + strings.Repeat("--x\nContent-Type: message/rfc822\n\n"+strings.Repeat("A:\n", 1000)+"\n", 900)), ""}
	m["900 delivery reports"] = bomb{[]byte(many + strings.Repeat("--x\nContent-Type: message/delivery-status\n\n"+strings.Repeat("A:\n", 1000)+"\n", 900)), ""}
	m["dashes"] = bomb{[]byte(head + "Content-Type: multipart/mixed; boundary=\"--------\"\n\n" + strings.Repeat("---------\n", 1_000_000)), ""}
	m["tags"] = bomb{[]byte(head + "Content-Type: text/html\n\n" + strings.Repeat("<div><blockquote>", 600_000) + "x"), ""}
	m["unfinished tags"] = bomb{[]byte(head + "Content-Type: text/html\n\n" + strings.Repeat("<a <!-- <", 500_000)), ""}
	m["entities"] = bomb{[]byte(head + "Content-Type: text/html\n\n" + strings.Repeat("&amp", 2_000_000)), ""}
	m["quotes"] = bomb{[]byte(head + "\n" + strings.Repeat(">", 1_000_000) + strings.Repeat("\n>", 1_000_000)), ""}
	m["announcements"] = bomb{[]byte(head + "\n" + strings.Repeat("On Monday 2026 a@b <c wrote:\n\n", 40_000)), ""}
	m["signatures"] = bomb{[]byte(head + "\n" + strings.Repeat("--\n\n", 19_000)), ""}
	m["copied headers"] = bomb{[]byte(head + "\n" + strings.Repeat("From: a\nDate: b\n", 9_000)), ""}
	m["uuencode"] = bomb{[]byte(head + "\n" + strings.Repeat("begin 644 a\n#0V%T\n", 200_000)), ""}
	m["lonely begins"] = bomb{[]byte(head + "\n" + strings.Repeat("begin 644 \n", 400_000)), ""}
	m["utf-7"] = bomb{[]byte(head + "Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+AAAA", 400_000)), ""}
	m["iso-2022-jp"] = bomb{[]byte(head + "Content-Type: text/plain; charset=iso-2022-jp\n\n" + strings.Repeat("\x1b$B\x1b(B", 400_000)), ""}
	m["failure words"] = bomb{[]byte("From: MAILER-DAEMON@example.org\nSubject: Undelivered\n\n" + strings.Repeat("the following recipient could not 550 ", 100_000)), ""}
	m["delivery status"] = bomb{[]byte("From: MAILER-DAEMON@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a\n\n", 100_000)), ""}
	m["NULs"] = bomb{append([]byte(head+"\n"), make([]byte, 1<<20)...), "NUL bytes"}
	m["nothing but NULs"] = bomb{make([]byte, 1<<20), "NUL bytes"}
	m["zero bytes"] = bomb{nil, "empty"}
	m["line ends"] = bomb{bytes.Repeat([]byte("\r\n"), 1<<20), ""}
	m["returns"] = bomb{bytes.Repeat([]byte("a\r"), 1<<20), ""}
	return m
}

// TestAttack81_BombsStayWithinTheCaps counts what a bomb makes us allocate and keep. There is no time limit in the test: the
// walk is shown to be linear below, and Parse stops by itself.
func TestAttack81_BombsStayWithinTheCaps(t *testing.T) {
	for name, bomb := range bombs() {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m := Parse(bomb.raw, Limits{})
			v := m.Classify(Self{})
			runtime.ReadMemStats(&after)
			lim := mime.Default()
			if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
				t.Errorf("allocated %d MB", got>>20)
			}
			if v.Class == "" {
				t.Error("no class")
			}
			if m.tree.Count > lim.Parts {
				t.Errorf("%d parts", m.tree.Count)
			}
			for _, p := range m.tree.Walked() {
				if p.Depth > lim.Depth || len(p.Header.Fields) > lim.Headers {
					t.Errorf("depth %d, %d fields", p.Depth, len(p.Header.Fields))
				}
			}
			if len(m.To) > 1000 || len(m.Text) > maxText+4 || len(m.Attachments) > lim.Parts+100 {
				t.Errorf("%d recipients, %d bytes of text, %d attachments", len(m.To), len(m.Text), len(m.Attachments))
			}
			if bomb.problem != "" && !strings.Contains(strings.Join(m.Problems, "\n"), bomb.problem) {
				t.Errorf("problems %q, want %q", m.Problems, bomb.problem)
			}
		})
	}
}

// TestAttack81_TheWalkIsLinear counts the lines that are looked at: at most each line once, and a little around what is no
// header, however parts are nested. A walk per level would look at 5,000 times as many.
func TestAttack81_TheWalkIsLinear(t *testing.T) {
	for name, bomb := range bombs() {
		b := mime.NewBudget(Limits{})
		mime.Walk(bomb.raw, b)
		lines := bytes.Count(bomb.raw, []byte("\n")) + 1
		if b.Lines > 3*lines+100 {
			t.Errorf("%s: %d lines looked at in a mail of %d", name, b.Lines, lines)
		}
	}
}

// TestAttack81_TimeIsLimited shows that the time limit stops the work: with a clock on which everything takes an hour, what
// was not read is said to be left out, and a message comes back all the same.
func TestAttack81_TimeIsLimited(t *testing.T) {
	m := Parse(wide(500), Limits{Stopwatch: func() func() time.Duration {
		n := time.Duration(0)
		return func() time.Duration { n += 20 * time.Millisecond; return n }
	}})
	if !strings.Contains(strings.Join(m.Problems, "\n"), "took longer") || m.tree.Count >= 500 {
		t.Fatalf("%d parts, problems %q", m.tree.Count, m.Problems)
	}
	if m.From.Address != "a@example.org" {
		t.Fatalf("the header is lost: %+v", m.From)
	}
}

// TestAttack81_WhatIsTooLargeIsStillThere reads a file that was too large to be kept in memory.
func TestAttack81_WhatIsTooLargeIsStillThere(t *testing.T) {
	raw := []byte("From: a@example.org\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("QUJD\n", 1000))
	m := Parse(raw, Limits{Memory: 100})
	if len(m.Attachments) != 1 {
		t.Fatalf("attachments: %v", m.Attachments)
	}
	a := m.Attachments[0]
	all, err := io.ReadAll(a.Open())
	if err != nil || a.Data != nil || a.Size != 3000 || string(all) != strings.Repeat("ABC", 1000) {
		t.Fatalf("%v, %d bytes kept, size %d, read %d", err, len(a.Data), a.Size, len(all))
	}
	if sum := sha256.Sum256(all); hex.EncodeToString(sum[:]) != a.SHA256 {
		t.Fatalf("digest %s", a.SHA256)
	}
}
