package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"bothways/internal/kit/errs"
)

func addr(name, address string) Address { return Address{Name: name, Address: address} }

func ptr(a Address) *Address { return &a }

func outgoing() Outgoing {
	return Outgoing{
		From: addr("Service Desk", "desk@example.org"), To: []Address{addr("Ann Doe", "ann@site.example")}, Subject: "It is your turn",
		MessageID: "1.abc@example.org", Date: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), LoopID: "desk-1", Text: "Hello\n",
	}
}

func TestComposeCanBeReadBack(t *testing.T) {
	long := strings.Repeat("Wörter und ", 40)
	for name, change := range map[string]func(*Outgoing){
		"plain": func(*Outgoing) {},
		"names": func(o *Outgoing) {
			o.To = []Address{addr("Müller, Jörg (IT)", "j@site.example"), addr(`A "B" \C`, "b@site.example"), addr("", "c@site.example")}
		},
		"long name": func(o *Outgoing) { o.From.Name = long },
		"chinese": func(o *Outgoing) {
			o.Subject = strings.Repeat("打印机不工作", 30)
			o.Text = strings.Repeat("打印机不工作", 300)
		},
		"long subject":     func(o *Outgoing) { o.Subject = long },
		"one long word":    func(o *Outgoing) { o.Subject = strings.Repeat("x", 2000) },
		"encoded looking":  func(o *Outgoing) { o.Subject = "=?utf-8?Q?x?= is not a word"; o.To[0].Name = "=?utf-8?Q?x?= y" },
		"empty":            func(o *Outgoing) { o.Subject, o.Text = "", "" },
		"html":             func(o *Outgoing) { o.HTML = "<p>Größe</p>\r\n" },
		"ids":              func(o *Outgoing) { o.InReplyTo = "2@x"; o.References = []string{"1@x", "2@x"} },
		"automatic":        func(o *Outgoing) { o.Automatic = AutoReplied },
		"reply to":         func(o *Outgoing) { o.ReplyTo = ptr(addr("Desk", "desk+tabc@example.org")) },
		"dots and From":    func(o *Outgoing) { o.Text = ".\n..\nFrom here\n--=_bw_\n=3D \n\ttab \n" },
		"long lines":       func(o *Outgoing) { o.Text = strings.Repeat("a", 5000) + "\n" + strings.Repeat("ü ", 3000) },
		"other line ends":  func(o *Outgoing) { o.Text = "a\r\nb\rc" },
		"no loop mark":     func(o *Outgoing) { o.LoopID = "" },
		"utf-8 in address": func(o *Outgoing) { o.To[0].Address = "jörg@münchen.example" },
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			o := outgoing()
			change(&o)
			raw, err := Compose(o)
			if err != nil {
				t.Fatal(err)
			}
			readBack(t, o, raw)
			readByStd(t, o, raw)
		})
	}
}

func readBack(t *testing.T, o Outgoing, raw []byte) {
	t.Helper()
	m := Parse(raw, Limits{})
	if len(m.Problems) > 0 {
		t.Errorf("problems %q", m.Problems)
	}
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if m.From != addr(one(o.From.Name), o.From.Address) || m.Subject != one(o.Subject) || m.MessageID != o.MessageID || !m.Date.Equal(o.Date) {
		t.Errorf("%+v %q %q %v", m.From, m.Subject, m.MessageID, m.Date)
	}
	for i, a := range o.To {
		if m.To[i] != a {
			t.Errorf("to %+v, want %+v", m.To[i], a)
		}
	}
	lf := func(s string) string {
		return strings.Trim(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
	}
	if m.Text != lf(o.Text) || strings.TrimSpace(m.HTML) != strings.TrimSpace(lf(o.HTML)) || len(m.Attachments) != 0 {
		t.Errorf("text %q html %q files %q", m.Text, m.HTML, names(m))
	}
	if strings.Join(m.References, " ") != strings.Join(o.References, " ") || strings.Join(m.InReplyTo, " ") != o.InReplyTo || m.AutoSubmitted != string(o.Automatic) {
		t.Errorf("%q %q %q", m.References, m.InReplyTo, m.AutoSubmitted)
	}
	if o.LoopID != "" && m.Classify(Self{LoopID: o.LoopID}).Class != ClassLoop {
		t.Error("our own mail is not known when it comes back")
	}
}

// readByStd reads the mail with another parser.
func readByStd(t *testing.T, o Outgoing, raw []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != strings.Join(strings.Fields(o.Subject), " ") && !strings.HasPrefix(o.Subject, "=?") {
		t.Errorf("%v %q", err, subject)
	}
	if list, err := m.Header.AddressList("To"); err != nil || len(list) != len(o.To) || list[0].Name != o.To[0].Name || list[0].Address != o.To[0].Address {
		t.Errorf("%v %v", err, list)
	}
	for name, values := range m.Header {
		if len(values) != 1 {
			t.Errorf("%s stands there %d times", name, len(values))
		}
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if strings.ContainsAny(line, "\r\n\x00") || len(line) > 998 {
			t.Errorf("line %q", line)
		}
	}
	typ, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	if typ == "multipart/alternative" {
		p, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body = p
	}
	text, err := io.ReadAll(quotedprintable.NewReader(body))
	want := strings.Trim(strings.ReplaceAll(strings.ReplaceAll(o.Text, "\r\n", "\n"), "\r", "\n"), "\n")
	if got := strings.Trim(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"); err != nil || got != want {
		t.Errorf("%v %q, want %q", err, got, want)
	}
}

// TestAttack80_NothingAddsAHeader puts line ends of every kind into every field: the mail has the fields it should have, one
// of each, and the recipients it should have.
func TestAttack80_NothingAddsAHeader(t *testing.T) {
	want := fieldNames(t, outgoing())
	for _, end := range []string{"\r\n", "\n", "\r", "\x00", "\u2028", "\u2029", "\u0085", "\r\n ", "\r\n\r\n", "\v\f"} {
		evil := "x" + end + "Bcc: evil@evil.example" + end + end + "body"
		for field, change := range map[string]func(*Outgoing){
			"from name":     func(o *Outgoing) { o.From.Name = evil },
			"to name":       func(o *Outgoing) { o.To[0].Name = evil },
			"subject":       func(o *Outgoing) { o.Subject = evil },
			"subject words": func(o *Outgoing) { o.Subject = "=?utf-8?Q?a=0D=0ABcc:_evil@evil.example?=" + evil },
			"references":    func(o *Outgoing) { o.References = []string{"a@b" + end + "Bcc: evil@evil.example", "a@b>" + end} },
			"in reply to":   func(o *Outgoing) { o.InReplyTo = "a@b" + end + "Bcc: evil@evil.example" },
		} {
			o := outgoing()
			change(&o)
			if got := fieldNames(t, o); got != want {
				t.Errorf("%q in %s: fields %s, want %s", end, field, got, want)
			}
		}
		for field, change := range map[string]func(*Outgoing){
			"from":       func(o *Outgoing) { o.From.Address = "desk@example.org" + end + "Bcc:evil@evil.example" },
			"to":         func(o *Outgoing) { o.To[0].Address = "ann" + end + "@site.example" },
			"to domain":  func(o *Outgoing) { o.To[0].Address = "ann@site.example" + end },
			"reply to":   func(o *Outgoing) { o.ReplyTo = ptr(addr("", "a@b.example>"+end)) },
			"message id": func(o *Outgoing) { o.MessageID = "1@x" + end + "Bcc: evil@evil.example" },
			"loop id":    func(o *Outgoing) { o.LoopID = "x" + end + "Bcc: evil@evil.example" },
			"automatic":  func(o *Outgoing) { o.Automatic = Automatic("auto-replied" + end) },
		} {
			o := outgoing()
			change(&o)
			if raw, err := Compose(o); !errs.Is(err, errs.Invalid) {
				t.Errorf("%q in %s was accepted: %v\n%s", end, field, err, raw)
			}
		}
	}
}

func fieldNames(t *testing.T, o Outgoing) string {
	t.Helper()
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw, Limits{})
	var out []string
	for _, f := range m.header.Fields {
		if f.Name != "references" && f.Name != "in-reply-to" {
			out = append(out, f.Name)
		}
	}
	if len(m.To) != 1 || m.Text != "Hello" {
		t.Errorf("to %v, text %q", m.To, m.Text)
	}
	std, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name := range std.Header { // nor does another program find a line end in what it decodes
		if v, err := new(mime.WordDecoder).DecodeHeader(std.Header.Get(name)); err != nil || strings.ContainsAny(v, "\r\n\x00\u2028\u2029\u0085") {
			t.Errorf("%s decodes to %q, %v", name, v, err)
		}
	}
	return strings.Join(out, " ")
}

func TestComposeRefuses(t *testing.T) {
	for field, change := range map[string]func(*Outgoing){
		"to":         func(o *Outgoing) { o.To = nil },
		"to[1]":      func(o *Outgoing) { o.To = append(o.To, addr("x", "no address")) },
		"from":       func(o *Outgoing) { o.From.Address = "" },
		"message_id": func(o *Outgoing) { o.MessageID = "no-at-sign" },
		"date":       func(o *Outgoing) { o.Date = time.Time{} },
		"automatic":  func(o *Outgoing) { o.Automatic = "maybe" },
	} {
		o := outgoing()
		change(&o)
		_, err := Compose(o)
		e, ok := err.(*errs.E)
		if !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != field || e.Fields[0].Msg == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestLongConversationsKeepTheirFirstAndNewestIDs(t *testing.T) {
	o := outgoing()
	for i := range 100 {
		o.References = append(o.References, strings.Repeat("x", i+1)+"@y")
	}
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw, Limits{})
	if len(m.References) != maxReferences || m.References[0] != "x@y" || m.References[maxReferences-1] != o.References[99] {
		t.Fatalf("%d: %v", len(m.References), m.References)
	}
}
