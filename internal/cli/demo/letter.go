package demo

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"mime"
	"mime/quotedprintable"
	"strings"
	"sync"
	"time"
)

// Sender is the mail server whose word on senders the demo believes.
const authServ = "mx.norvik-it.example"

// attachment is a file somebody sends.
type attachment struct {
	name, kind string
	body       []byte
}

// letter is a mail as a customer's program writes it.
type letter struct {
	from, name, to, subject, id, inReplyTo string
	at                                     time.Time
	body                                   string
	header                                 []string // further lines
	proven                                 bool     // our mail server checked the sender
	files                                  []attachment
	returned                               *returned
}

// returned is what a report of a mail that came back is about.
type returned struct{ recipient, id string }

// report writes a report of delivery as mail servers do (RFC 3464).
func (l letter) report() []byte {
	const edge = "=_norvik_report"
	return fmt.Appendf(nil, strings.ReplaceAll(`From: Mail Delivery System <mailer-daemon@norvik.example>
To: <%s>
Subject: %s
Date: %s
Message-ID: <%s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=%[5]q

--%[5]s
Content-Type: text/plain

The mailbox of the recipient is full.

--%[5]s
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.norvik.example

Final-Recipient: rfc822; %[6]s
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--%[5]s
Content-Type: text/rfc822-headers

Message-ID: <%[7]s>

--%[5]s--
`, "\n", "\r\n"), l.to, l.subject, l.at.Format(time.RFC1123Z), l.id, edge, l.returned.recipient, l.returned.id)
}

// raw writes the letter as RFC 5322.
func (l letter) raw() []byte {
	if l.returned != nil {
		return l.report()
	}
	var b bytes.Buffer
	domain := l.from[strings.IndexByte(l.from, '@')+1:]
	if l.proven {
		fmt.Fprintf(&b, "Authentication-Results: %s; dmarc=pass header.from=%s\r\n", authServ, domain)
	}
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n",
		mime.QEncoding.Encode("utf-8", l.name), l.from, l.to, mime.QEncoding.Encode("utf-8", l.subject), l.at.Format(time.RFC1123Z), l.id)
	if l.inReplyTo != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", l.inReplyTo, l.inReplyTo)
	}
	for _, h := range l.header {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	const text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	if len(l.files) == 0 {
		b.WriteString(text)
		quote(&b, l.body)
		return b.Bytes()
	}
	const edge = "=_norvik_part"
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%s\r\n%s", edge, edge, text)
	quote(&b, l.body)
	for _, f := range l.files {
		fmt.Fprintf(&b, "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n", edge, f.kind, f.name)
		for s := base64.StdEncoding.EncodeToString(f.body); s != ""; {
			n := min(76, len(s))
			b.WriteString(s[:n] + "\r\n")
			s = s[n:]
		}
	}
	fmt.Fprintf(&b, "--%s--\r\n", edge)
	return b.Bytes()
}

func quote(b *bytes.Buffer, s string) {
	w := quotedprintable.NewWriter(b)
	_, _ = w.Write([]byte(strings.ReplaceAll(s, "\n", "\r\n")))
	_ = w.Close() // writing to memory does not fail
	b.WriteString("\r\n")
}

// vpnLog is the log that Helen's laptop collected.
func vpnLog(at time.Time) attachment {
	var b strings.Builder
	at = at.Add(-2 * time.Hour)
	for i := range 160 {
		t := at.Add(time.Duration(i*7) * time.Second).UTC().Format("2006-01-02 15:04:05")
		switch i % 80 {
		case 40:
			fmt.Fprintf(&b, "%s  DOCK   connected, firmware 1.0.27\n", t)
		case 41:
			fmt.Fprintf(&b, "%s  NET    adapter \"Ethernet 2\" removed (driver 23.40)\n", t)
		case 42:
			fmt.Fprintf(&b, "%s  VPN    tunnel lost: no route\n", t)
		case 46:
			fmt.Fprintf(&b, "%s  NET    adapter \"Ethernet 2\" arrived\n", t)
		case 49:
			fmt.Fprintf(&b, "%s  VPN    tunnel up\n", t)
		default:
			fmt.Fprintf(&b, "%s  VPN    keep-alive %d ms\n", t, 18+i%9)
		}
	}
	return attachment{"vpn.log", "text/plain", []byte(b.String())}
}

// photo is a picture of a screen.
func photo(name string) attachment { return attachment{name, "image/png", screen()} }

// screen is a picture as a telephone takes one of a screen: a window with a bar on a desk.
var screen = sync.OnceValue(func() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 480, 320))
	fill := func(x0, y0, x1, y1 int, c color.RGBA) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), &image.Uniform{c}, image.Point{}, draw.Src)
	}
	fill(0, 0, 480, 320, color.RGBA{0x2b, 0x3a, 0x4a, 0xff})
	fill(70, 60, 410, 250, color.RGBA{0xf4, 0xf4, 0xf2, 0xff})
	fill(70, 60, 410, 90, color.RGBA{0x1f, 0x5f, 0x8b, 0xff})
	for i, width := range []int{260, 230, 180} {
		fill(100, 120+i*28, 100+width, 132+i*28, color.RGBA{0x9a, 0xa3, 0xab, 0xff})
	}
	fill(300, 210, 380, 232, color.RGBA{0xc2, 0x3b, 0x22, 0xff})
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a picture of ours always encodes
	return b.Bytes()
})

// sheet is a small table.
func sheet(name, body string) attachment { return attachment{name, "text/csv", []byte(body)} }
