package portal

import (
	"time"

	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
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
	// More is how many more things wait than are told here.
	More int
	// Minutes is about how long answering all of it takes; 0 says nothing.
	Minutes int
	// Search is where the search box leads; "" shows none.
	Search string
	// Tiles are the kinds of things somebody may need.
	Tiles []door.Tile
	// Levels is the second door; nil shows none.
	Levels *SecondDoor
	// Ask is the form "What do you need?": subject and body. It posts to where
	// a request is created.
	Ask ui.Form
	// Upload adds a field for files to it.
	Upload bool
	// Door is the desk's promise for it: "Answer within 1 hour". May be "".
	Door     string
	Requests []RequestRow
	// Others are requests of other people that the reader may see by their role, under Title.
	Others RequestGroup
	// All is the link to every request: "All 14".
	All ui.Link
}

// SecondDoor is the door of service levels and price in one card.
type SecondDoor struct {
	Href   string
	Facts  []ui.Fact
	Title  string // of the shares: "Promises kept in 90 days"
	Shares []door.Share
	// Manager is who answers there: "Ingrid Solberg, service level manager."
	Manager string
}

// RequestGroup is requests under one heading.
type RequestGroup struct {
	ID, Title string
	All       ui.Link
	Requests  []RequestRow
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
	Frame  ui.PortalFrame
	Crumb  []ui.Link
	Title  string
	Lead   string
	Groups []RequestGroup
	Pages  ui.Pages
}

func (p HomePage) greeting() string {
	if p.First == "" {
		return p.Frame.Reader.Greeting()
	}
	return p.Frame.Reader.Greeting() + ", " + p.First
}

func (p HomePage) waitingCount() string {
	out := "1 thing"
	if n := len(p.Waiting) + p.More; n != 1 {
		out = ui.Count(n) + " things"
	}
	switch p.Minutes {
	case 0:
	case 1:
		out += ", about 1 minute"
	default:
		out += ", about " + ui.Count(p.Minutes) + " minutes"
	}
	return out
}
