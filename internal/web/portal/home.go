package portal

import (
	"time"

	"bothways/internal/web/ui"
)

// HomePage is the customer's first page: what waits on them, then "What do you
// need?", then their requests by whose turn it is.
type HomePage struct {
	Frame ui.PortalFrame
	// First is the customer's first name for the greeting; "" greets without.
	First string
	// About is the line below: site, local IT, hours. May be "".
	About   string
	Waiting []WaitingItem
	// Ask is the form "What do you need?": subject and body. It posts to where
	// a request is created.
	Ask ui.Form
	// Upload adds a field for files to it.
	Upload bool
	// Door is the desk's promise for it: "Answer within 1 hour". May be "".
	Door     string
	Requests []RequestRow
	// All is the link to every request: "All 14".
	All ui.Link
}

// WaitingItem is one thing that waits on the customer, with its answers.
type WaitingItem struct {
	Href, Title string
	// Need is who needs what: "Amara needs a yes or no".
	Need string
	Due  time.Time
	// Missed is set when the due time has passed.
	Missed bool
	// Then is what happens without an answer: "We pause this tomorrow at 10:00
	// if we hear nothing. Nothing is lost; one word reopens it."
	Then    string
	Answers []ui.OneTap
	// Answer is a short form for an answer in words: field body. Without an
	// address it is not shown.
	Answer ui.Form
}

// RequestRow is one request in the customer's list.
type RequestRow struct {
	Href, Number, Subject string
	// With is who has it: "Amara Okafor", "Desk".
	With string
	Due  ui.Due
}

// ListPage is every request of the customer, a page at a time.
type ListPage struct {
	Frame    ui.PortalFrame
	Crumb    []ui.Link
	Title    string
	Requests []RequestRow
	Pages    ui.Pages
}

func (p HomePage) greeting() string {
	if p.First == "" {
		return p.Frame.Reader.Greeting()
	}
	return p.Frame.Reader.Greeting() + ", " + p.First
}

func (p HomePage) waitingCount() string {
	if len(p.Waiting) == 1 {
		return "1 thing"
	}
	return ui.Count(len(p.Waiting)) + " things"
}
