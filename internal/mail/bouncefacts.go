package mail

import (
	"bytes"
	"regexp"
	"strings"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
)

var (
	// enhanced is an RFC 3463 status that is no part of an address of a machine.
	enhanced  = regexp.MustCompile(`(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)`)
	anyStatus = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)
	replyCode = regexp.MustCompile(`(?:^|[^\d.\-/:])([45]\d\d)(?:[- ]|$)`)

	// recipientLines name the address a report is about; the address is the last group.
	recipientLines = []*regexp.Regexp{
		regexp.MustCompile(`(?im)^[> ]*(?:final|original)-recipient:\s*(?:[\w-]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+)`),
		regexp.MustCompile(`(?im)^[> ]*rcpt to:\s*<?([^\s<>]+@[^\s<>]+)`),
		regexp.MustCompile(`(?im)(?:deliver(?:ed|y|ing)?|sent|recipients?|address(?:es)?|mailbox|user|to)[^\n@]{0,60}[:\s]<?([^\s<>"'(),;:]+@[^\s<>"'(),;:]+[\w])`),
		regexp.MustCompile(`(?im)^[> \t]*<([^\s<>]+@[^\s<>]+)>:?`),
		regexp.MustCompile(`(?im)^[> \t]*([^\s<>"'(),;:]+@[^\s<>"'(),;:]+[\w])(?:\s|:|$)`),
		regexp.MustCompile(`\\?"emailAddress\\?"\s*:\s*\\?"([^"\\\s]+@[^"\\\s]+)`),
		regexp.MustCompile(`<?([^\s<>"'(),;:]+@[^\s<>"'(),;:]+[\w])>?`),
	}
	copiedID = regexp.MustCompile(`(?im)^[> \t]*message-id:\s*(<[^<>\s]{3,250}>)|\\?"name\\?":\\?"message-id\\?",\\?"value\\?":\\?"(<[^"\\]{3,250}>)`)
)

// meanings give a status to the words of a report that states none.
var meanings = []struct {
	words  *regexp.Regexp
	status string
}{
	{regexp.MustCompile(`(?i)user (is )?unknown|unknown (user|recipient)|no such (user|recipient|mailbox|address)|does ?n[o']t exist|not found|invalid (user|recipient|mailbox)|nicht bekannt|unbekannt|不存在|見つかりません|宛先不明|не существует`), "5.1.1"},
	{regexp.MustCompile(`(?i)host (unknown|not found)|unknown (host|domain)|no such domain`), "5.1.2"},
	{regexp.MustCompile(`(?i)mailbox.{0,20}full|over quota|quota exceeded|exceeded .{0,20}quota|一杯のため`), "5.2.2"},
	{regexp.MustCompile(`(?i)too (big|large)|size (limit|exceed)`), "5.3.4"},
	{regexp.MustCompile(`(?i)retry time|timed? ?out|expired|delayed|still being retried|warning message only|will be retried`), "4.4.7"},
	{regexp.MustCompile(`(?i)rejected|denied|blocked|spam|not a member|refused|policy`), "5.7.1"},
}

// bounce gathers the facts of a report.
func (m *Message) bounce() *Bounce {
	b := &Bounce{}
	if a := m.status(); a != nil {
		b.fromStatus(a.Data)
	}
	for _, h := range m.inner {
		b.fromOriginal(h)
	}
	b.fromText(m)
	if b.OriginalMessageID == "" {
		for _, id := range append(append([]string{}, m.InReplyTo...), m.References...) {
			b.OriginalMessageID = id
		}
	}
	return b
}

// fromStatus reads the fields of RFC 3464: the first recipient that failed, else the first one.
func (b *Bounce) fromStatus(data []byte) {
	budget := mime.NewBudget(Limits{Headers: 100})
	data = data[:min(len(data), 256<<10)]
	failed := false
	for n := 0; len(data) > 0 && n < 200 && !failed; n++ {
		h, body := mime.ReadHeader(data, budget)
		data = bytes.TrimLeft(data[body:], "\r\n \t")
		if body == 0 {
			break
		}
		if id := h.Get("x-original-message-id"); id != "" && b.OriginalMessageID == "" {
			b.OriginalMessageID = field.FirstID(id)
		}
		final, original := recipientOf(h.Get("final-recipient")), recipientOf(h.Get("original-recipient"))
		if final == "" && original == "" {
			continue
		}
		if original == "" {
			original = final
		}
		status, _, _ := strings.Cut(strings.TrimSpace(h.Get("status")), " ")
		if !anyStatus.MatchString(status) {
			status = ""
		}
		if s := statusOf(h.Get("diagnostic-code")); s != "" && (status == "" || strings.HasSuffix(status, ".0.0")) {
			status = s
		}
		action := lower(h.Get("action"))
		if status == "" {
			status = map[string]string{"delayed": "4.0.0", "delivered": "2.0.0", "relayed": "2.0.0", "expanded": "2.0.0"}[action]
		}
		failed = strings.HasPrefix(action, "fail") || action == "" && strings.HasPrefix(status, "5")
		if b.Recipient == "" || failed {
			b.Recipient, b.Status = original, status
			if failed && status == "" {
				b.Status = "5.0.0"
			}
		}
	}
}

// recipientOf reads "rfc822; someone@example.org".
func recipientOf(v string) string {
	if _, addr, ok := strings.Cut(v, ";"); ok {
		v = addr
	}
	if list := field.Addresses(v, "", 1); len(list) > 0 && strings.Contains(list[0].Address, "@") {
		return list[0].Address
	}
	return ""
}

func statusOf(s string) string {
	if m := enhanced.FindStringSubmatch(first(s, maxReport)); m != nil {
		return m[1]
	}
	return ""
}

func (b *Bounce) fromOriginal(h mime.Header) {
	if b.OriginalMessageID == "" {
		b.OriginalMessageID = field.FirstID(h.Get("message-id"))
	}
	if b.Recipient == "" {
		if to := field.Addresses(h.Get("to"), "", 2); len(to) == 1 {
			b.Recipient = to[0].Address
		}
	}
}

// fromText reads what a report only tells in words.
func (b *Bounce) fromText(m *Message) {
	text := first(m.Text, maxReport)
	said := text // the part above the copy of the mail reported on
	if at := copied.FindStringIndex(text); at != nil && at[0] > 0 {
		said = text[:at[0]]
	}
	for _, v := range m.header.All("x-failed-recipients") {
		if list := field.Addresses(v, "", 1); len(list) > 0 && list[0].Address != "" {
			b.Recipient = list[0].Address
		}
	}
	for _, strict := range []bool{true, false} {
		if b.Recipient == "" {
			b.Recipient = recipientIn(first(said, maxSearch), m, strict)
		}
		if b.Recipient == "" && len(said) < len(text) {
			b.Recipient = recipientIn(first(text[len(said):], maxSearch), m, strict)
		}
	}
	if b.OriginalMessageID == "" {
		if id := copiedID.FindStringSubmatch(text); id != nil {
			b.OriginalMessageID = field.FirstID(id[1] + id[2])
		}
	}
	if b.Status != "" {
		return
	}
	switch m.jsonReport() {
	case "Delivery":
		b.Status = "2.0.0"
		return
	case "DeliveryDelay":
		b.Status = "4.0.0"
		return
	}
	if b.Status = statusOf(said); b.Status != "" {
		return
	}
	for _, w := range meanings {
		if w.words.MatchString(said) || w.words.MatchString(m.Subject) {
			b.Status = w.status
			return
		}
	}
	b.Status = "5.0.0"
	if c := replyCode.FindStringSubmatch(said); c != nil {
		b.Status = c[1][:1] + ".0.0"
	}
}

// maxSearch is how much of a report is searched for an address.
const maxSearch = 8 << 10

// recipientIn finds the address a text is about. Strictly that is not an address of a mail server nor one the report was
// sent to.
func recipientIn(text string, m *Message, strict bool) string {
	not := map[string]bool{strings.ToLower(m.From.Address): true}
	if strict {
		for _, a := range append(append([]Address{}, m.To...), m.Cc...) {
			not[strings.ToLower(a.Address)] = true
		}
	}
	for _, re := range recipientLines {
		for _, found := range re.FindAllStringSubmatch(text, 20) {
			a := field.Tidy(found[len(found)-1])
			local, _, _ := strings.Cut(a, "@")
			if field.MailShaped(a) && !not[strings.ToLower(a)] && (!strict || !daemonLocal.MatchString(local)) && field.ValidDomain(a[strings.IndexByte(a, '@')+1:]) {
				return a
			}
		}
	}
	return ""
}
