package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
	"bothways/internal/mail/prose"
)

type stalwartPart struct {
	Headers []struct {
		Name  json.RawMessage `json:"name"`
		Value json.RawMessage `json:"value"`
	} `json:"headers"`
	Body json.RawMessage `json:"body"`
}

type stalwartMail struct {
	TextBody    []int          `json:"text_body"`
	Attachments []int          `json:"attachments"`
	Parts       []stalwartPart `json:"parts"`
}

func (m stalwartMail) header(name string) json.RawMessage {
	for _, h := range m.Parts[0].Headers {
		if string(h.Name) == `"`+name+`"` {
			return h.Value
		}
	}
	return nil
}

// body is the kind of a part, its text or its bytes.
func (p stalwartPart) body() (kind, text string, data []byte) {
	var one map[string]json.RawMessage
	if json.Unmarshal(p.Body, &one) != nil {
		return "", "", nil
	}
	for k, v := range one {
		switch k {
		case "Text", "Html":
			_ = json.Unmarshal(v, &text)
			if k == "Html" {
				text = prose.HTML(text, maxText)
			}
			return k, text, nil
		case "Binary", "InlineBinary":
			var n []int
			_ = json.Unmarshal(v, &n)
			for _, b := range n {
				data = append(data, byte(b))
			}
			return k, "", data
		default:
			return k, "", nil
		}
	}
	return "", "", nil
}

// stalwartWrong are expectations we hold to be wrong, by what they concern.
var stalwartWrong = map[string]string{
	"legacy/010": "raw 8-bit letters that the other parser gives up on (U+FFFD)", "legacy/022": "the same", "legacy/027": "the same",
	"legacy/033": "the same", "legacy/052": "the same",
	"legacy/048": "the pictures are uuencoded; we decode them", "legacy/049": "the same, in the text",
	"rfc/000": "prose in the place of base64; and text/enriched is shown without its tags", "rfc/003": "text/enriched is shown without its tags",
}

// TestCorpusStalwart compares what two parsers say: sender, recipients, subject, id, date, words of the text, files.
func TestCorpusStalwart(t *testing.T) {
	dir := material(t, "mime-stalwart")
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	words, of, attached, facts := 0, 0, 0, 0
	for _, f := range files {
		var want stalwartMail
		if err := json.Unmarshal(readFile(t, f), &want); err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(dir, strings.TrimSuffix(f, ".json"))
		m := Parse(readFile(t, strings.TrimSuffix(f, ".json")+".eml"), Limits{})
		if stalwartWrong[filepath.ToSlash(name)] != "" {
			continue
		}
		facts += compareText(t, name, want.header("subject"), m.Subject) + compareText(t, name, want.header("message_id"), m.MessageID)
		facts += compareAddresses(t, name, want.header("from"), m.Authors) + compareAddresses(t, name, want.header("to"), m.To)
		facts += compareDate(t, name, want.header("date"), m)
		text := ""
		for _, i := range want.TextBody {
			_, x, _ := want.Parts[i].body()
			text += x + "\n"
		}
		n, all := common(text, m.Text)
		words, of = words+n, of+all
		if percent(n, all) < 95 {
			t.Errorf("%s: %d of %d words\n%.600s\n---- want\n%.600s", name, n, all, m.Text, text)
		}
		have, texts := map[string]bool{}, m.Text
		for _, a := range m.Attachments {
			have[a.SHA256] = true
			s, _ := mime.Text(a.Data, a.part.Charset())
			texts += "\n" + s
		}
		for _, i := range want.Attachments {
			kind, x, data := want.Parts[i].body()
			ok := true
			switch kind {
			case "Binary", "InlineBinary":
				d := sha256.Sum256(data)
				ok = have[hex.EncodeToString(d[:])]
			case "Text":
				n, all := common(x, texts)
				ok = n == all
			default:
				continue
			}
			if attached++; !ok {
				t.Errorf("%s: attachment %d (%s, %d bytes) is missing", name, i, kind, len(data)+len(x))
			}
		}
	}
	t.Logf("%d mails: %d facts, words %.2f %%, %d files", len(files), facts, percent(words, of), attached)
}

func compareText(t *testing.T, name string, raw json.RawMessage, got string) int {
	t.Helper()
	var s struct{ Text string }
	if raw == nil || json.Unmarshal(raw, &s) != nil || s.Text == "" {
		return 0
	}
	if strings.Join(strings.Fields(s.Text), " ") != strings.Join(strings.Fields(got), " ") {
		t.Errorf("%s: %q, want %q", name, got, s.Text)
	}
	return 1
}

func compareAddresses(t *testing.T, name string, raw json.RawMessage, got []Address) int {
	t.Helper()
	type addr struct{ Name, Address *string }
	var want struct {
		Address struct {
			List  []addr
			Group []struct{ Addresses []addr }
		}
	}
	if raw == nil || json.Unmarshal(raw, &want) != nil {
		return 0
	}
	list := want.Address.List
	for _, g := range want.Address.Group {
		list = append(list, g.Addresses...)
	}
	str := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	w, g := "", ""
	for _, a := range list {
		w += fmt.Sprintf("%q <%s>, ", str(a.Name), str(a.Address))
	}
	for _, a := range got {
		g += fmt.Sprintf("%q <%s>, ", a.Name, a.Address)
	}
	if w != g {
		t.Errorf("%s: addresses %s want %s", name, g, w)
	}
	return len(list)
}

func compareDate(t *testing.T, name string, raw json.RawMessage, m *Message) int {
	t.Helper()
	var d struct {
		DateTime *struct {
			Year, Month, Day, Hour, Minute, Second int
			Before                                 bool `json:"tz_before_gmt"`
			TZHour                                 int  `json:"tz_hour"`
			TZMinute                               int  `json:"tz_minute"`
		}
	}
	if raw == nil || json.Unmarshal(raw, &d) != nil || d.DateTime == nil {
		return 0
	}
	sign := "+"
	if d.DateTime.Before {
		sign = "-"
	}
	x := d.DateTime
	want := field.Date(fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d%s%02d:%02d", x.Year, x.Month, x.Day, x.Hour, x.Minute, x.Second, sign, x.TZHour, x.TZMinute))
	if !want.Equal(m.Date) {
		t.Errorf("%s: date %v, want %v", name, m.Date, want)
	}
	return 1
}

// TestCorpusRawMailsLoseNothing takes in mails that once broke other programs: whatever a mail has in it is in the text, in
// the HTML or in a file, byte for byte as far as it can be decoded.
func TestCorpusRawMailsLoseNothing(t *testing.T) {
	n := 0
	for _, dir := range []string{"mime-enmime", "rt", filepath.Join("zammad", "no-expectation")} {
		for _, path := range mails(t, material(t, dir)) {
			m := Parse(readFile(t, path), Limits{})
			n++
			files := map[*mime.Part]bool{}
			for i := range m.Attachments {
				files[m.Attachments[i].part] = true
			}
			for _, p := range m.tree.Walked() {
				if p.Multipart() || files[p] {
					continue
				}
				data, _ := io.ReadAll(p.Open())
				text, _ := mime.Text(data, p.Charset())
				if strings.HasSuffix(p.Type, "html") {
					text = prose.HTML(text, maxText)
				}
				if k, all := common(text, m.Text+" "+prose.HTML(m.HTML, maxText)); k < all && len(m.Attachments) == 0 {
					t.Errorf("%s: a part of type %s is lost: %d of %d words", path, p.Type, k, all)
				}
			}
			if m.From.Address == "" && m.header.Has("from") {
				t.Errorf("%s: no sender", path)
			}
			if m.Text == "" && len(m.Attachments) == 0 && len(m.tree.Root.Body) > 0 {
				t.Errorf("%s: nothing is left of it", path)
			}
		}
	}
	t.Logf("%d mails", n)
}
