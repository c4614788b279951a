package inbox

import (
	"time"

	"bothways/internal/web/ui"
)

// ListPage lists the mails sent, newest first.
type ListPage struct {
	Frame ui.PortalFrame
	Mails []Row
	Pages ui.Pages
}

// Row is one mail in the list.
type Row struct {
	Href, From, To, Subject string
	At                      time.Time
	// State is "Sent", or what became of it instead.
	State string
}

// MailPage is one mail as its receiver reads it.
type MailPage struct {
	Frame    ui.PortalFrame
	Crumb    []ui.Link
	From, To string
	Subject  string
	At       time.Time
	Header   []ui.Fact
	Text     string
	Raw      string
	// Reply is the form that answers it as the receiver would: field body.
	Reply ui.Form
}
