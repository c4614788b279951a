package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func enc(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const from = "From: Ann <ann@example.org>\n"

// TestTexts is about what a reader sees, whatever charset, encoding and structure a mail has (P44).
func TestTexts(t *testing.T) {
	ja, ru, zh, ko := "お世話になっております。プリンタが動きません。", "Здравствуйте, принтер не работает.", "打印机不工作，请帮忙看一下好吗。谢谢你们", "프린터가 작동하지 않습니다. 도와주세요."
	mailOf := func(ct, body string) string { return from + "Content-Type: " + ct + "\n\n" + body }
	for name, c := range map[string]struct{ raw, want string }{
		"plain":                         {from + "\nhello\n", "hello"},
		"no header at all":              {"hello, the printer\nis broken\n", "hello, the printer\nis broken"},
		"header without body":           {from, ""},
		"CR LF":                         {strings.ReplaceAll(from+"\na\nb\n", "\n", "\r\n"), "a\nb"},
		"CR only":                       {strings.ReplaceAll(from+"\na\nb\n", "\n", "\r"), "a\nb"},
		"mixed line ends":               {"From: a@example.org\r\nSubject: x\n\r\na\r\nb\nc\rd\n", "a\nb\nc\nd"},
		"NUL in the text":               {from + "\na\x00b\n", "ab"},
		"body without empty line":       {from + "hello there\nworld\n", "hello there\nworld"},
		"utf-8 unlabelled":              {from + "\nGrüße\n", "Grüße"},
		"latin 1 unlabelled":            {from + "\nGr\xfc\xdfe\n", "Grüße"},
		"windows-1252 as iso-8859-1":    {mailOf("text/plain; charset=iso-8859-1", "\x93Gr\xfc\xdfe\x94 \x80"), "“Grüße” €"},
		"utf-8 as iso-8859-1":           {mailOf("text/plain; charset=iso-8859-1", "Grüße"), "Grüße"},
		"latin 1 as utf-8":              {mailOf("text/plain; charset=utf-8", "Gr\xfc\xdfe"), "Grüße"},
		"latin 1 as us-ascii":           {mailOf("text/plain; charset=us-ascii", "Gr\xfc\xdfe"), "Grüße"},
		"unknown charset":               {mailOf("text/plain; charset=x-no-such", "Grüße"), "Grüße"},
		"some wrong bytes in utf-8":     {mailOf("text/plain; charset=utf-8", "Grüße aus Köln \xfc"), "Grüße aus Köln ü"},
		"iso-8859-15":                   {mailOf("text/plain; charset=iso-8859-15", "10 \xa4"), "10 €"},
		"windows-1250":                  {mailOf("text/plain; charset=windows-1250", enc(t, charmap.Windows1250, "příliš žluťoučký")), "příliš žluťoučký"},
		"cp-1251":                       {mailOf("text/plain; charset=cp-1251", enc(t, charmap.Windows1251, ru)), ru},
		"koi8-r":                        {mailOf("text/plain; charset=koi8-r", enc(t, charmap.KOI8R, ru)), ru},
		"koi8-r unlabelled":             {from + "\n" + enc(t, charmap.KOI8R, ru), ru},
		"windows-1251 unlabelled":       {from + "\n" + enc(t, charmap.Windows1251, ru), ru},
		"iso-2022-jp":                   {mailOf("text/plain; charset=ISO-2022-JP", enc(t, japanese.ISO2022JP, ja)), ja},
		"iso-2022-jp unlabelled":        {from + "\n" + enc(t, japanese.ISO2022JP, ja), ja},
		"shift_jis":                     {mailOf("text/plain; charset=Shift_JIS", enc(t, japanese.ShiftJIS, ja)), ja},
		"shift_jis unlabelled":          {from + "\n" + enc(t, japanese.ShiftJIS, ja), ja},
		"euc-jp unlabelled":             {from + "\n" + enc(t, japanese.EUCJP, ja), ja},
		"gb2312":                        {mailOf("text/plain; charset=gb2312", enc(t, simplifiedchinese.GB18030, zh)), zh},
		"gb18030 unlabelled":            {from + "\n" + enc(t, simplifiedchinese.GB18030, zh), zh},
		"ks_c_5601-1987":                {mailOf("text/plain; charset=ks_c_5601-1987", enc(t, korean.EUCKR, ko)), ko},
		"euc-kr unlabelled":             {from + "\n" + enc(t, korean.EUCKR, ko), ko},
		"utf-7":                         {mailOf("text/plain; charset=utf-7", "Gr+APwA3w-e 1 +- 1"), "Grüße 1 + 1"},
		"utf-16":                        {mailOf("text/plain; charset=utf-16\nContent-Transfer-Encoding: base64", "AEgAaQ=="), "Hi"},
		"quoted-printable":              {mailOf("text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable", "Gr=C3=BC=c3=9fe=20=\nx  \ny"), "Grüße x\ny"},
		"broken quoted-printable":       {mailOf("text/plain\nContent-Transfer-Encoding: quoted-printable", "50 =% off = ok=XY=3"), "50 =% off = ok=XY=3"},
		"broken base64":                 {mailOf("text/plain\nContent-Transfer-Encoding: base64", "aGV@@sbG\n8\n=\n-- \nfooter of a list"), "hello"},
		"two base64 texts in one":       {mailOf("text/plain\nContent-Transfer-Encoding: base64", "aGVsbG8=\nIHdvcmxk\n"), "hello world"},
		"unknown transfer encoding":     {mailOf("text/plain\nContent-Transfer-Encoding: x-y", "hello"), "hello"},
		"flowed":                        {mailOf("text/plain; format=flowed", "one \ntwo\n> quo \n> ted\n stuffed\n"), "one two\n> quo ted\nstuffed"},
		"flowed delsp":                  {mailOf("text/plain; format=flowed; delsp=yes", "日本 \n語\n"), "日本語"},
		"html only":                     {mailOf("text/html", "<html><head><title>T</title><style>x{}</style></head><body><p>Hello&nbsp;<b>you</b></p><ul><li>one<li>two</ul><script>x()</script>"), "Hello you\n\n- one\n- two"},
		"html charset in the page only": {mailOf("text/html", "<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">"+enc(t, charmap.Windows1251, "Привет")), "Привет"},
		"html, quotation":               {mailOf("text/html", "yes<blockquote>do you?<blockquote>old</blockquote></blockquote>"), "yes\n\n> do you?\n> \n>> old"},
		"html in capitals, cut":         {mailOf("TEXT/HTML", "<P>one<BR>two<P>thr"), "one\ntwo\n\nthr"},
		"alternative": {mailOf("multipart/alternative; boundary=b",
			"--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<b>html</b>\n--b--\n"), "plain"},
		"alternative, empty plain": {mailOf("multipart/alternative; boundary=b",
			"--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<b>html</b>\n--b--\n"), "html"},
		"text around a picture": {mailOf("multipart/mixed; boundary=b",
			"--b\n\nbefore\n--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: text/plain\n\nafter\n--b--\n"), "before\n\nafter"},
		"no end":                      {mailOf("multipart/mixed; boundary=b", "--b\n\none\n--b\n\ntwo"), "one\n\ntwo"},
		"inner multipart without end": {mailOf("multipart/mixed; boundary=b", "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nin\n--b\n\nout\n--b--\n"), "in\n\nout"},
		"boundary not named":          {mailOf("multipart/mixed", "--b\nContent-Type: text/plain\n\none\n--b--\n"), "one"},
		"boundary wrong":              {mailOf("multipart/mixed; boundary=z", "--b\nContent-Type: text/plain\n\none\n--b--\n"), "one"},
		"boundary never comes":        {mailOf("multipart/mixed; boundary=z", "just text\n"), "just text"},
		"boundary with blanks":        {mailOf("multipart/mixed; boundary=\"a b\"", "--a b  \n\none\n--a b--\n"), "one"},
		"signed": {mailOf("multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"",
			"--b\nContent-Type: text/plain\n\nsigned\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--b--\n"), "signed"},
		"related, root named": {mailOf("multipart/related; start=\"<r>\"; boundary=b",
			"--b\nContent-Type: image/png\nContent-Id: <i>\n\nx\n--b\nContent-Type: text/html\nContent-Id: <r>\n\n<p>root\n--b--\n"), "root"},
		"mbox line":            {"From x Mon Jan  1 00:00:00 2020\n" + from + "\nhello\n", "hello"},
		"empty lines in front": {"\n\n" + from + "\nhello\n", "hello"},
		"enriched":             {mailOf("text/enriched", "<bold>hello</bold>"), "hello"},
		"uuencode in the text": {from + "\nsee this\n\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n", "see this\n\nbye"},
	} {
		m := Parse([]byte(c.raw), Limits{})
		if m.Text != c.want {
			t.Errorf("%s:\n got %q\nwant %q\n%v", name, m.Text, c.want, m.Problems)
		}
	}
}

// TestHeaders is about names and subjects, whatever was done to them.
func TestHeaders(t *testing.T) {
	for name, c := range map[string]struct{ field, want string }{
		"plain":                  {"hello", "hello"},
		"folded":                 {"hello\n  world", "hello  world"},
		"q":                      {"=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus?= Rom", "Grüße aus Rom"},
		"b":                      {"=?UTF-8?b?R3LDvMOfZQ==?=", "Grüße"},
		"two words, letter cut":  {"=?utf-8?Q?Gr=C3?=\n =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"},
		"two charsets":           {"=?iso-8859-1?Q?=E4?= =?koi8-r?Q?=D4=C5=D3=D4?=", "äтест"},
		"blanks in a word":       {"=?us-ascii?Q?A / B?=", "A / B"},
		"no end":                 {"=?utf-8?B?R3LDvMOfZQ==", "Grüße"},
		"no padding":             {"=?utf-8?B?R3LDvMOfZQ?=", "Grüße"},
		"empty word":             {"a =?utf-8?Q??= b", "a  b"},
		"unknown charset":        {"=?x-none?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"},
		"language":               {"=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"},
		"encoded twice":          {"=?utf-8?Q?=3D=3Futf-8=3FQ=3FGr=C3=BC=C3=9Fe=3F=3D?=", "Grüße"},
		"not a word":             {"a =? b =?x? c =?utf-8?X?d?=", "a =? b =?x? c =?utf-8?X?d?="},
		"raw utf-8":              {"Grüße", "Grüße"},
		"raw latin 1":            {"Gr\xfc\xdfe", "Grüße"},
		"raw koi8-r":             {"\xf0\xd2\xc9\xd7\xc5\xd4 \xcd\xc9\xd2", "Привет мир"},
		"raw gb2312":             {"\xd7\xaa\xb7\xa2\xa3\xba\xd5\xfb\xcc\xe5", "转发：整体"},
		"iso-2022-jp":            {"=?ISO-2022-JP?B?GyRCMGxNdyFXJHIlIiVDJVckNyReJDkbKEI=?=", "一覧」をアップします"},
		"utf-7":                  {"=?unicode-1-1-utf-7?Q?+ANw-bermittlung?=", "Übermittlung"},
		"controls and lines":     {"a\tb\x01c\u2028d\u0085e", "a bc d e"},
		"NUL":                    {"a\x00b", "ab"},
		"inside an encoded word": {"=?utf-8?Q?a=0D=0ABcc:_x@y.org?=", "a  Bcc: x@y.org"},
	} {
		m := Parse([]byte(from+"Subject: "+c.field+"\n\nbody\n"), Limits{})
		if m.Subject != c.want {
			t.Errorf("%s: got %q, want %q", name, m.Subject, c.want)
		}
		if m.Text != "body" {
			t.Errorf("%s: text %q", name, m.Text)
		}
	}
}

func TestFactsOfTheHeader(t *testing.T) {
	m := Parse([]byte("Received: from x by y; Tue, 3 Feb 2026 10:00:00 +0100\r\n"+
		"From: Ann <ann@example.org>, Bob <bob@example.org>\r\nSender: Bob <bob@example.org>\r\nTo: desk@example.org, Team: a@example.org, b@example.org;\r\n"+
		"Cc: c@example.org\r\nCc: d@example.org\r\nReply-To: r@example.org\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <2@x> (your mail)\r\n"+
		"References: <3@x>\r\n\t<2@x> <3@x>\r\nAuto-Submitted: Auto-Replied (vacation)\r\nReturn-Path: <>\r\nX-Thing: =?utf-8?Q?=C3=A4?=\r\n\r\nx"), Limits{})
	if m.From.Address != "ann@example.org" || len(m.Authors) != 2 || m.Sender.Address != "bob@example.org" {
		t.Errorf("from %v, authors %v, sender %v", m.From, m.Authors, m.Sender)
	}
	if len(m.To) != 3 || len(m.Cc) != 2 || len(m.ReplyTo) != 1 {
		t.Errorf("to %v, cc %v, reply to %v", m.To, m.Cc, m.ReplyTo)
	}
	if m.MessageID != "1@x" || strings.Join(m.InReplyTo, " ") != "2@x" || strings.Join(m.References, " ") != "3@x 2@x" {
		t.Errorf("%q %q %q", m.MessageID, m.InReplyTo, m.References)
	}
	if !m.Date.Equal(time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("the date of the newest Received is taken when there is none: %v", m.Date)
	}
	if m.AutoSubmitted != "auto-replied" || !m.NullSender || m.Header("x-thing") != "ä" {
		t.Errorf("%q %v %q", m.AutoSubmitted, m.NullSender, m.Header("x-thing"))
	}
}

func TestSenderWhenFromIsMissingOrBroken(t *testing.T) {
	for header, want := range map[string]string{
		"Reply-To: r@example.org\nReturn-Path: <p@example.org>": "r@example.org",
		"Return-Path: <p@example.org>":                          "p@example.org",
		"From:\nSender: s@example.org":                          "s@example.org",
		"From: Nobody, Ann <a@example.org>":                     "a@example.org",
		"From: <>\nSubject: x":                                  "",
		"Subject: x":                                            "",
	} {
		m := Parse([]byte(header+"\n\nx"), Limits{})
		if m.From.Address != want {
			t.Errorf("%q: %q, want %q", header, m.From.Address, want)
		}
		if !strings.Contains(strings.Join(m.Problems, " "), "sender") && !strings.Contains(header, "Ann") {
			t.Errorf("%q: the problem is not named: %q", header, m.Problems)
		}
	}
}

// TestAttachments is about names, types and what counts as a file (P44, attacks.md rows 7 and 8).
func TestAttachments(t *testing.T) {
	part := func(header string) string {
		return from + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n" + header + "\n\nQUJD\n--b--\n"
	}
	b64 := "\nContent-Transfer-Encoding: base64"
	for header, want := range map[string]string{
		"Content-Type: application/pdf; name=a.pdf" + b64:                                                               "a.pdf",
		"Content-Type: application/pdf; name=\"a\"\nContent-Disposition: attachment; filename=\"b c.pdf\"" + b64:        "b c.pdf",
		"Content-Type: application/pdf\nContent-Disposition: attachment; filename=b c.pdf" + b64:                        "b c.pdf",
		"Content-Type: application/pdf name=\"no semicolon.pdf\"" + b64:                                                 "no semicolon.pdf",
		"Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.txt" + b64:                                   "Grüße.txt",
		"Content-Disposition: attachment; filename*0*=iso-8859-1'de'Gr%FC; filename*1*=%DFe; filename*2=\".txt\"" + b64: "Grüße.txt",
		"Content-Disposition: attachment; filename*1=\"b.txt\"; filename*0=\"a\"" + b64:                                 "ab.txt",
		"Content-Disposition: attachment; filename=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.txt?=\"" + b64:                           "Grüße.txt",
		"Content-Disposition: attachment; filename=\"Gr\xfc\xdfe.txt\"" + b64:                                           "Grüße.txt",
		"Content-Disposition: attachment; filename=\"../../etc/passwd\"" + b64:                                          "passwd",
		"Content-Disposition: attachment; filename=\"..\\\\..\\\\x.exe\"" + b64:                                         "x.exe",
		"Content-Disposition: attachment; filename=\"a\u202egpj.exe\"" + b64:                                            "agpj.exe",
		"Content-Disposition: attachment; filename=\"\u200b.htaccess\"" + b64:                                           ".htaccess",
		"Content-Disposition: attachment; filename=\"...\"" + b64:                                                       "part-1.txt",
		"Content-Disposition: attachment; filename=\"\"\nContent-Type: image/png" + b64:                                 "part-1.png",
		"Content-Type: application/ms-tnef; name=\"winmail.dat\"" + b64:                                                 "winmail.dat",
		"Content-Type: text/calendar; method=REQUEST" + b64:                                                             "part-1.ics",
		"Content-Type: message/rfc822\n\nSubject: the =?utf-8?Q?=C3=A4?= one":                                           "the ä one.eml",
		"Content-Type: image/png\nContent-Description: a picture" + b64:                                                 "a picture.png",
		"Content-Disposition: attachment; filename=\"" + strings.Repeat("x", 4000) + ".txt\"" + b64:                     strings.Repeat("x", 196) + ".txt",
		"Content-Type: application/octet-stream; name=\"a:b?.txt\"" + b64:                                               "a_b_.txt",
	} {
		m := Parse([]byte(part(header)), Limits{})
		if len(m.Attachments) != 1 || m.Attachments[0].Name != want || m.Text != "text" {
			t.Errorf("%q:\n got %q\nwant %q, text %q", header, names(m), want, m.Text)
		}
	}
}

func names(m *Message) string {
	var out []string
	for _, a := range m.Attachments {
		out = append(out, a.Name)
	}
	return strings.Join(out, "|")
}

func TestAttachmentFacts(t *testing.T) {
	png := "\x89PNG\r\n\x1a\n1234"
	raw := from + "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=\"cid:i@x\">\n--b\n" +
		"Content-Type: application/octet-stream; name=x.bin\nContent-ID: <i@x>\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(png)) + "\n--b--\n"
	m := Parse([]byte(raw), Limits{})
	if len(m.Attachments) != 1 {
		t.Fatal(names(m))
	}
	a := m.Attachments[0]
	if a.Type != "application/octet-stream" || a.Sniffed != "image/png" || !a.Inline || a.ContentID != "i@x" || a.Size != int64(len(png)) || !bytes.Equal(a.Data, []byte(png)) {
		t.Errorf("%+v", a)
	}
	svg := Parse([]byte(from+"Content-Type: image/png; name=x.png\nContent-Disposition: attachment\n\n<svg onload=x()>"), Limits{})
	if len(svg.Attachments) != 1 || svg.Attachments[0].Sniffed != "text/xml" || svg.Text != "" {
		t.Errorf("a script called a picture: %+v", svg.Attachments)
	}
}

func TestAWholeMailCanBeAFile(t *testing.T) {
	m := Parse([]byte(from+"Content-Type: application/pdf; name=test.pdf\nContent-Transfer-Encoding: base64\n\nQUJD\n"), Limits{})
	if names(m) != "test.pdf" || m.Text != "" || string(m.Attachments[0].Data) != "ABC" {
		t.Errorf("%q %q", names(m), m.Text)
	}
	m = Parse([]byte(from+"Content-Type: message/rfc822\n\nSubject: inner\n\nhello\n"), Limits{})
	if names(m) != "inner.eml" {
		t.Errorf("%q", names(m))
	}
}

// FuzzParse: no mail panics, and what comes out can be stored and shown.
func FuzzParse(f *testing.F) {
	f.Add([]byte(from + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x\n--b\nContent-Transfer-Encoding: base64\nContent-Type: a/b\n\nQUJD\n--b--\n"))
	f.Add([]byte("Subject: =?utf-8?Q?=C3=A4?=\n\n> q\nOn 1.1.2020 a@b wrote:\n-- \nsig"))
	f.Add([]byte("From: MAILER-DAEMON\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\nFinal-Recipient: rfc822;a@b.c\n"))
	f.Add([]byte("Content-Type: text/plain; charset=utf-7; format=flowed; delsp=yes\n\n+AGE- \nbegin 644 a\n#0V%T\nend\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, Limits{})
		if m == nil {
			t.Fatal("nil")
		}
		checkShowable(t, m)
		m.Authenticate("mx.example.org")
		v := m.Classify(Self{Addresses: []string{"desk@example.org"}})
		if v.Class == "" || len(v.Reasons) == 0 || (v.Class == ClassBounce) != (v.Bounce != nil) {
			t.Fatalf("verdict %+v", v)
		}
	})
}

func checkShowable(t *testing.T, m *Message) {
	t.Helper()
	line := append([]string{m.Subject, m.From.Name, m.From.Address, m.MessageID}, m.References...)
	for _, a := range append(append([]Address{}, m.To...), m.Cc...) {
		line = append(line, a.Name, a.Address)
	}
	for _, a := range m.Attachments {
		line = append(line, a.Name)
		if a.Name == "" || strings.ContainsAny(a.Name, `/\`) || a.SHA256 == "" {
			t.Fatalf("attachment %q %q", a.Name, a.SHA256)
		}
	}
	for _, s := range line {
		if strings.ContainsAny(s, "\r\n\x00\u2028\u2029") || strings.ToValidUTF8(s, "") != s {
			t.Fatalf("%q is no line of text", s)
		}
	}
	for _, s := range []string{m.Text, m.ReplyText, m.HTML} {
		if strings.ContainsAny(s, "\r\x00") || strings.ToValidUTF8(s, "") != s {
			t.Fatalf("%q is no text", s)
		}
	}
}
