// Package found holds the parts of pages that search: the form, and what was found with what was looked for apart.
package found

import "bothways/internal/web/ui"

// Stretch is a stretch of a text; Hit says that it is what was looked for.
type Stretch struct {
	Text string
	Hit  bool
}

// Ticket is one ticket that was found, as its row shows it.
type Ticket struct {
	Href    string
	Number  string
	Subject []Stretch
	About   string // who asks, and where
	Chip    ui.Chip
	// From says what Passage is from: "Amara Okafor, message"; "" when only the subject has what was looked for.
	From    string
	At      ui.Instant
	Passage []Stretch
	Inner   bool // Passage is of an internal note; never set for customers
}

// Person is a person who was found.
type Person struct {
	Href    string
	Name    []Stretch
	Address []Stretch
	About   string // organisation and site
}
