package mail

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

type zammadMail struct {
	From        *string `json:"from"`
	FromEmail   *string `json:"from_email"`
	DisplayName *string `json:"from_display_name"`
	Subject     *string `json:"subject"`
	Text        *string `json:"body_text"`
	Attachments []struct {
		Name   string `json:"filename"`
		SHA256 string `json:"sha256"`
		Prefs  struct {
			Original bool `json:"original-format"`
		} `json:"preferences"`
	} `json:"attachments"`
}

// zammadWrong are expectations we hold to be wrong, by what they concern.
var zammadWrong = map[string]string{
	"mail018 subject": "the encoded word is UTF-7: +ANw- is Ü, which the other parser leaves encoded",
	"mail018 text":    "the text is UTF-7 as well",
	"mail026 text":    "the plain version of the text has other words than the HTML; we read the plain one",
	"mail046 name":    "raw GB 2312 bytes, read there as windows-1250; the subject of the same mail is read as GB 2312",
	"mail054 text":    "a text part with words in it is visible, whatever stands in the HTML beside it",
	"mail076 sender":  "the stray bracket at the end of a broken From: is no part of the address",
	"mail076 name":    "nothing in that From: is a display name",
}

func TestCorpusZammad(t *testing.T) {
	dir := material(t, "zammad")
	files, _ := filepath.Glob(filepath.Join(dir, "*.expect.json"))
	words, of, senders, subjects, attached := 0, 0, 0, 0, 0
	for _, f := range files {
		var want zammadMail
		if err := json.Unmarshal(readFile(t, f), &want); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".expect.json")
		m := Parse(readFile(t, strings.TrimSuffix(f, ".expect.json")+".box"), Limits{})
		differs := func(what string, want *string, got string) int {
			if want == nil || strings.Join(strings.Fields(*want), " ") == strings.Join(strings.Fields(got), " ") {
				return 1
			}
			if zammadWrong[name+" "+what] == "" {
				t.Errorf("%s: %s %q, want %q", name, what, got, *want)
			}
			return 0
		}
		if want.FromEmail != nil {
			*want.FromEmail = strings.TrimRight(*want.FromEmail, ".")
		}
		senders += differs("sender", want.FromEmail, m.From.Address)
		differs("name", want.DisplayName, m.From.Name)
		subjects += differs("subject", want.Subject, m.Subject)
		if want.Text != nil && *want.Text == "no visible content" {
			if visible(m.Text) && zammadWrong[name+" text"] == "" {
				t.Errorf("%s: text where none is visible: %q", name, m.Text)
			}
		} else if want.Text != nil {
			n, all := common(*want.Text, m.Text)
			words, of = words+n, of+all
			if percent(n, all) < 95 && zammadWrong[name+" text"] == "" {
				t.Errorf("%s: %d of %d words\n%s\n---- want\n%s", name, n, all, m.Text, *want.Text)
			}
		}
		have := map[string]bool{}
		for _, a := range m.Attachments {
			have[a.SHA256] = true
		}
		for _, a := range want.Attachments {
			switch {
			case a.Prefs.Original: // a copy of the HTML that the other product makes for itself
			case have[a.SHA256]:
				attached++
			default:
				t.Errorf("%s: attachment %s %s is missing", name, a.Name, a.SHA256[:8])
			}
		}
	}
	t.Logf("%d mails: %d senders, %d subjects, words %.2f %%, %d attachments", len(files), senders, subjects, percent(words, of), attached)
	if percent(words, of) < 99 {
		t.Errorf("the texts agree in %.2f %% of their words only", percent(words, of))
	}
}
