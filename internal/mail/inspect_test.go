package mail

import (
	"encoding/json"
	"testing"
)

// TestInspect holds the line that others script against (architecture.md §6) to the letter.
func TestInspect(t *testing.T) {
	raw := "From: Ann <ann@example.org>\nTo: Desk <desk@example.org>\nSubject: x\nDate: Tue, 3 Feb 2026 10:00:00 +0100\nMessage-ID: <1@x>\n" +
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nyes\n\n> no\n--b\nContent-Type: text/csv; name=a.csv\n\n1,2\n--b--\n"
	for mail, want := range map[string]string{
		raw: `{"file":"f.eml","from":{"name":"Ann","address":"ann@example.org"},"to":[{"name":"Desk","address":"desk@example.org"}],"subject":"x","date":"2026-02-03T09:00:00Z",` +
			`"message_id":"1@x","class":"person","text":"yes\n\n\u003e no","reply_text":"yes","attachments":[{"name":"a.csv","type":"text/csv","size":3,` +
			`"sha256":"17f8af97ad4a7f7639a4c9171d5185cbafb85462877a4746c21bdb0a4f940ca0"}],"problems":[]}`,
		"": `{"file":"f.eml","from":{"name":"","address":""},"to":[],"subject":"","date":"","message_id":"","class":"person","text":"","reply_text":"","attachments":[],` +
			`"problems":["the mail is empty","the mail names no sender"]}`,
		"From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail\nIn-Reply-To: <2@x>\n\n<c@d.example>: 550 5.1.1 unknown user": `{"file":"f.eml","from":{"name":"","address":"MAILER-DAEMON@x.example"},"to":[],"subject":"Undelivered Mail","date":"",` +
			`"message_id":"","class":"bounce","bounce":{"recipient":"c@d.example","status":"5.1.1","original_message_id":"2@x"},"text":"\u003cc@d.example\u003e: 550 5.1.1 unknown user","reply_text":"\u003cc@d.example\u003e: 550 5.1.1 unknown user","attachments":[],"problems":[]}`,
	} {
		got, err := json.Marshal(Inspect("f.eml", []byte(mail)))
		if err != nil || string(got) != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
	}
}
