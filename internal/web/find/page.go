package find

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/found"
	"bothways/internal/web/ui/staff"
)

// Result is what was found, as both pages show it.
type Result struct {
	Reader ui.Reader
	Query  string
	Looked bool   // there was something to look for
	Count  string // "12 tickets"
	Many   bool   // more than a thousand
	Cut    bool   // the query was longer than what is looked for
	Slow   bool   // it took too long
	Rows   []found.Ticket
	Pages  ui.Pages
}

// StaffPage is the page of who works on tickets.
type StaffPage struct {
	Frame      staff.Frame
	Slips      []string // what could not be read
	Found      Result
	People     []found.Person
	MorePeople bool
}

// CustomerPage is the page of who asks.
type CustomerPage struct {
	Frame ui.PortalFrame
	Found Result
}
