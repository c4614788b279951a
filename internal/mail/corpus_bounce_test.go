package mail

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// bounceWrong are classes that the file names suggest and we hold to be wrong.
var bounceWrong = map[string]string{
	"lhost-sendmail-14.eml": "a person passes a bounce on (Fwd:, Apple Mail, own words above it) and asks for help: losing that is worse",
}

func TestCorpusBounces(t *testing.T) {
	dir := material(t, "bounces")
	var expected map[string][]struct {
		Status string `json:"status"`
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &expected); err != nil {
		t.Fatal(err)
	}
	counts := map[Class]int{}
	withID, withRecipient, status, statuses := 0, 0, 0, 0
	for _, path := range mails(t, dir) {
		name, _ := filepath.Rel(dir, path)
		v := Parse(readFile(t, path), Limits{}).Classify(Self{})
		counts[v.Class]++
		want, facts := ClassBounce, expected[name]
		switch base := filepath.Base(name); {
		case strings.HasPrefix(name, "not"):
			want = ClassPerson
		case strings.HasPrefix(base, "rfc3834"):
			want = ClassAutoReply
		case strings.HasPrefix(base, "arf"), len(facts) > 0 && facts[0].Reason == "feedback":
			want = ClassComplaint
		}
		if v.Class != want && bounceWrong[name] == "" {
			t.Errorf("%s: %s because %v, want %s", name, v.Class, v.Reasons, want)
		}
		if v.Bounce == nil {
			continue
		}
		if v.Bounce.OriginalMessageID != "" {
			withID++
		}
		if v.Bounce.Recipient != "" {
			withRecipient++
		}
		if len(facts) > 0 && facts[0].Status != "" && !strings.Contains(facts[0].Status, ".0.9") { // .0.9xx are their own
			statuses++
			for _, f := range facts {
				if f.Status[:1] == v.Bounce.Status[:1] {
					status++
					break
				}
			}
		}
	}
	t.Logf("%v; %d name the mail, %d the recipient; %d of %d statuses agree in their class", counts, withID, withRecipient, status, statuses)
	if b := counts[ClassBounce]; percent(withID, b) < 85 || percent(withRecipient, b) < 98 || percent(status, statuses) < 97 {
		t.Errorf("of %d bounces %d name the mail, %d the recipient; %d of %d statuses agree", b, withID, withRecipient, status, statuses)
	}
}
