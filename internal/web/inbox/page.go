package inbox

import (
	"time"

	"bothways/internal/web/ui"
)

// People lists the mailboxes.
type People struct {
	Frame   ui.PortalFrame
	Query   string  // what the addresses begin with
	Waiting []Owner // whose answer is waited for
	All     []Owner
	Pages   ui.Pages
}

// Owner is one mailbox in the list.
type Owner struct {
	Href, Name, Address, Site string
	Mails, Waiting            int
	Newest                    time.Time
}

// Mailbox lists the mails to one person, newest first.
type Mailbox struct {
	Frame   ui.PortalFrame
	Owner   Owner
	Waiting []Row // the newest of each request that waits for them
	Mails   []Row
	Pages   ui.Pages
}

// Row is one mail in the list.
type Row struct {
	Href, From, To, Subject string
	At                      time.Time
	// State is what became of it, where it is not that it was sent.
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
	// Away is the form that answers it as a mail program whose owner is away.
	Away ui.Form
	// Before is the rest of the thread, newest first.
	Before []Said
}

// Said is one mail of a thread.
type Said struct {
	Who, Subject, Text, Href string
	At                       time.Time
	Own                      bool // the receiver's own
}
