package portal

import "bothways/internal/web/ui"

// ProfilePage is everything somebody can say about themselves to the desk.
type ProfilePage struct {
	Frame ui.PortalFrame
	About []ui.Fact

	Addresses []AddressRow
	// Add claims an address: field address. Where nobody is mailed it has no action, and AddNote says why.
	Add     ui.Form
	AddNote string

	// Want holds zone, language, quiet_from, quiet_until and copies.
	Want      ui.Form
	Zones     []ui.Option
	Languages []ui.Option

	// Mailed is what is mailed on which occasion, and whether it can be switched off.
	Mailed []ui.Fact
	Mails  []MailRow

	// Password holds old, new and again; no action where it can't be changed here.
	Password ui.Form
	Sessions []SessionRow
	// EndOthers is the form of one button; no action with one session.
	EndOthers ui.Form
}

// AddressRow is one address with what can be done about it.
type AddressRow struct {
	Address  string
	First    bool
	Verified bool
	// Make and Remove are forms of one button; no action, no button.
	Make, Remove ui.Form
}

// MailRow is one mail to the reader, and why they got it.
type MailRow struct {
	Href, Subject, Text string
	At                  ui.Instant
	State               string
}

// SessionRow is one place where somebody is signed in.
type SessionRow struct {
	Browser string
	Text    string
	This    bool
	End     ui.Form
}

func (p ProfilePage) forms() []ui.Form {
	out := []ui.Form{p.Add, p.Want, p.Password}
	for _, a := range p.Addresses {
		out = append(out, a.Make, a.Remove)
	}
	return out
}

// ConfirmPage asks somebody who opened a mailed link for the one press that counts.
type ConfirmPage struct {
	Frame   ui.PortalFrame
	Address string
	Form    ui.Form
	Back    ui.Link
	// Gone says why the link leads nowhere; "" while it leads somewhere.
	Gone string
}
