package mail

import "time"

// InspectResult is one line of `bothways mail inspect`; others script against it (architecture.md §6).
type InspectResult struct {
	File        string              `json:"file"`
	From        Address             `json:"from"`
	To          []Address           `json:"to"`
	Subject     string              `json:"subject"`
	Date        string              `json:"date"` // RFC 3339 in UTC, "" when the mail has none
	MessageID   string              `json:"message_id"`
	Class       Class               `json:"class"`
	Bounce      *Bounce             `json:"bounce,omitempty"`
	Text        string              `json:"text"`
	ReplyText   string              `json:"reply_text"`
	Attachments []InspectAttachment `json:"attachments"`
	Problems    []string            `json:"problems"`
}

// InspectAttachment is one attachment of an InspectResult.
type InspectAttachment struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Inspect reads one mail the way the desk would and says what it found; it never fails.
func Inspect(file string, raw []byte) InspectResult {
	m := Parse(raw, Limits{})
	v := m.Classify(Self{})
	r := InspectResult{
		File: file, From: m.From, To: append([]Address{}, m.To...), Subject: m.Subject, MessageID: m.MessageID, Class: v.Class,
		Bounce: v.Bounce, Text: m.Text, ReplyText: m.ReplyText, Attachments: []InspectAttachment{}, Problems: append([]string{}, m.Problems...),
	}
	if !m.Date.IsZero() {
		r.Date = m.Date.UTC().Format(time.RFC3339)
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, InspectAttachment{a.Name, a.Type, a.Size, a.SHA256})
	}
	return r
}
