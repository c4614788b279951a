package mime

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func walk(raw string) (*Tree, *Budget) {
	b := NewBudget(Limits{})
	return Walk([]byte(raw), b), b
}

func TestWalkKeepsTheTree(t *testing.T) {
	tree, b := walk("Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; boundary=aa\n\n--aa\n\nplain\n--aa\n" +
		"Content-Type: text/html\n\nhtml\n--aa--\nepilogue\n--a\nContent-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: x\n--d--\n--a\nContent-Type: image/png\n--a--\nrest")
	want := "multipart/mixed 8\n  multipart/alternative 0\n    text/plain 5\n    text/html 4\n  multipart/digest 0\n    message/rfc822 10\n  image/png 0\n"
	if got := tree.String(); got != want || len(b.Problems()) != 0 {
		t.Errorf("got\n%swant\n%s%q", got, want, b.Problems())
	}
}

func TestBoundariesThatLookAlike(t *testing.T) {
	tree, _ := walk("Content-Type: multipart/mixed; boundary=a\n\n--a\n\n--ab\n--a-\n-- a\n --a\nx--a\n--a--b\n--a--\n")
	if len(tree.Root.Parts) != 1 || string(tree.Root.Parts[0].Body) != "--ab\n--a-\n-- a\n --a\nx--a\n--a--b" {
		t.Errorf("%s%q", tree, tree.Root.Parts[0].Body)
	}
	tree, _ = walk("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a--\n--a\n\ny\n--a--\n")
	if got := strings.Count(tree.String(), "text/plain"); got != 2 {
		t.Errorf("the same boundary twice:\n%s", tree)
	}
}

func TestReadHeader(t *testing.T) {
	for raw, want := range map[string]string{
		"A: b\nC: d\n\nbody":                               "a=b c=d|body",
		"A: b\r\n c\r\n\td\r\n\r\nbody":                    "a=b c\td|body",
		"A : b\n\nbody":                                    "a=b|body",
		"A:\n b\n\nbody":                                   "a=b|body",
		"A: b\n \nSubject: d\n\nbody":                      "a=b subject=d|body",
		"A: b\n \nbody: is here\n":                         "a=b|body: is here\n",
		"---- Original ----\nFrom: x\ngarbage\nTo: y\n\nb": "from=x garbage to=y|b",
		"From: x\nno field here\nbody\n\nmore":             "from=x|no field here\nbody\n\nmore",
		"A: b":                                             "a=b|",
		"A: b\n":                                           "a=b|",
		"\nbody":                                           "|body",
		"":                                                 "|",
		": x\n\nb":                                         "|: x\n\nb",
		"A: \x00b\n\nx":                                    "a=b|x",
	} {
		h, at := ReadHeader([]byte(raw), NewBudget(Limits{}))
		var out []string
		for _, f := range h.Fields {
			out = append(out, f.Name+"="+f.Raw())
		}
		if got := strings.Join(out, " ") + "|" + raw[at:]; got != want {
			t.Errorf("%q:\n got %q\nwant %q", raw, got, want)
		}
	}
}

func TestParseParams(t *testing.T) {
	for in, want := range map[string]string{
		`text/plain`:                             `text/plain`,
		`TEXT/Plain; Charset="UTF-8"`:            `text/plain charset=UTF-8`,
		`text/plain;charset=utf-8;x=y`:           `text/plain charset=utf-8 x=y`,
		`text / plain; a=b`:                      `text/plain a=b`,
		`text/plain charset=utf-8`:               `text/plain charset=utf-8`,
		`text/plain; charset=us-ascii (comment)`: `text/plain charset=us-ascii`,
		`a/b; name="x \"y\" \\z"`:                `a/b name=x "y" \z`,
		`a/b; name="C:\dir\f.txt"`:               `a/b name=C:\dir\f.txt`,
		`a/b; name="never ends; x=y`:             `a/b name=never ends x=y`,
		`a/b; name=with blanks.txt; x=y`:         `a/b name=with blanks.txt x=y`,
		`a/b; x=1; x=2`:                          `a/b x=1`,
		`a/b; =1; ; x`:                           `a/b`,
		`a/b; n*=utf-8''%C3%A4; n=fallback`:      `a/b n=ä`,
		`a/b; n*0=a; n*1=b; n*10=k; n*2=c`:       `a/b n=abck`,
		`a/b; n*=%41`:                            `a/b n=A`,
		``:                                       ``,
	} {
		head, params := ParseParams(in, 20)
		got := head
		for _, k := range []string{"charset", "name", "n", "a", "x"} {
			if v, ok := params[k]; ok {
				got += " " + k + "=" + v
			}
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestDecodersAreGoodReaders reads every encoding in pieces of one byte as well.
func TestDecodersAreGoodReaders(t *testing.T) {
	text := strings.Repeat("line of text with = and more\r\n", 3000)
	for _, p := range []*Part{
		{Type: "text/plain", Body: []byte(text)},
		{Type: "a/b", Encoding: "binary", Body: []byte(text)},
		{Type: "a/b", Encoding: "base64", Body: []byte(strings.Repeat("QUJDREVGRw==\r\n", 3000))},
		{Type: "a/b", Encoding: "quoted-printable", Body: []byte(strings.Repeat("=41=\r\n=42 =4", 20000))},
		{Type: "a/b", Encoding: "x-uuencode", Body: []byte("begin 644 x\n" + strings.Repeat("#0V%T\n", 3000) + "`\nend\n")},
	} {
		all, err := io.ReadAll(p.Open())
		if err != nil {
			t.Fatal(err)
		}
		slow, err := io.ReadAll(iotest.OneByteReader(p.Open()))
		c := p.Decode(NewBudget(Limits{}))
		if err != nil || !bytes.Equal(all, slow) || !bytes.Equal(all, c.Data) || c.Size != int64(len(all)) || len(all) == 0 {
			t.Errorf("%s: %v, %d, %d and %d bytes", p.Encoding, err, len(all), len(slow), len(c.Data))
		}
		head, cut := p.Prefix(100, NewBudget(Limits{}))
		if !cut || !bytes.Equal(head, all[:100]) && p.Encoding != "" {
			t.Errorf("%s: %v %q", p.Encoding, cut, head)
		}
	}
}

func TestLineEndsOfTexts(t *testing.T) {
	for name, c := range map[string]struct {
		p    Part
		want string
	}{
		"text":         {Part{Type: "text/csv", Body: []byte("a\r\nb\r\r\nc\r")}, "a\nb\r\nc\r"},
		"a mail":       {Part{Type: "message/rfc822", Encoding: "7bit", Body: []byte("a\r\nb")}, "a\nb"},
		"8-bit text":   {Part{Type: "text/csv", Encoding: "8bit", Body: []byte("\xe4\r\nb")}, "\xe4\r\nb"},
		"said binary":  {Part{Type: "text/csv", Encoding: "binary", Body: []byte("a\r\nb")}, "a\r\nb"},
		"base64":       {Part{Type: "text/csv", Encoding: "base64", Body: []byte("DQo=")}, "\r\n"},
		"qp text":      {Part{Type: "text/csv", Encoding: "quoted-printable", Body: []byte("a\r\nb")}, "a\nb"},
		"qp of binary": {Part{Type: "a/b", Encoding: "quoted-printable", Body: []byte("a=0D=0A=FF")}, "a\r\n\xff"},
	} {
		if got := c.p.Decode(NewBudget(Limits{})); string(got.Data) != c.want {
			t.Errorf("%s: %q, want %q", name, got.Data, c.want)
		}
	}
}
