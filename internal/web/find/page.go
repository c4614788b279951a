package find

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/found"
	"bothways/internal/web/ui/staff"
)

// result is what was found, as both pages show it.
type result struct {
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

type deskPage struct {
	Frame      staff.Frame
	Slips      []string // what could not be read
	Found      result
	People     []found.Person
	MorePeople bool
}

type portalPage struct {
	Frame ui.PortalFrame
	Found result
}
