package mail

import (
	"io"
	"time"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
)

// Limits caps what parsing one mail may cost; the zero value means mime.Default.
type Limits = mime.Limits

// DefaultLimits is what attacks.md row 81 asks for.
func DefaultLimits() Limits { return mime.Default() }

// Address is a mailbox as a header gives it. Address may be empty or no valid address when the sender wrote none.
type Address = field.Address

// ParseAddresses reads the addresses of a header field, whatever was written there.
func ParseAddresses(list string) []Address { return field.Addresses(list, "", maxAddresses) }

// ValidateAddress says whether an address may be written to; the error is errs.Invalid and gives the reason.
func ValidateAddress(address string) error { return field.Validate(address) }

// Message is an inbound mail. Texts are valid UTF-8, names and subjects are one line.
type Message struct {
	From       Address   // the first author; taken from Reply-To or Return-Path when there is none
	Authors    []Address // all addresses of all From fields
	Sender     Address
	ReplyTo    []Address
	To, Cc     []Address
	Subject    string
	Date       time.Time // UTC; zero when nothing says it
	MessageID  string    // without the angle brackets, as all ids here
	InReplyTo  []string
	References []string

	Text        string // what a reader sees, taken from the plain text or else from the HTML
	HTML        string // as it was sent, in UTF-8, not sanitised
	ReplyText   string // what the person wrote, without quoted history and signature
	Attachments []Attachment

	Auth          Auth   // set by Authenticate
	AutoSubmitted string // RFC 3834, lower case, "" when not said
	NullSender    bool   // Return-Path: <>, or set by the caller from the envelope
	LoopIDs       []string

	Problems []string

	header mime.Header
	inner  []mime.Header // of the attached mails
	tree   *mime.Tree
	froms  int // From fields
	raw    []byte
}

// Attachment is a part that is not the text of the mail. Name is safe to show, never to open: contents are stored by
// their digest.
type Attachment struct {
	Name      string
	Type      string // what the sender says, lower case
	Sniffed   string // what the first bytes say, "" when they say nothing
	Size      int64
	SHA256    string
	ContentID string // without the angle brackets
	Inline    bool   // shown within the text
	Data      []byte // nil when it is larger than the limits allow; Open reads it all the same

	part *mime.Part
}

// Open reads the decoded contents, whatever their size.
func (a *Attachment) Open() io.Reader {
	if a.Data != nil || a.part == nil {
		return newReader(a.Data)
	}
	return a.part.Open()
}

// Header gives the first value of any header field, unfolded and decoded, or "".
func (m *Message) Header(name string) string {
	return mime.Words(m.header.Get(lower(name)), "")
}
