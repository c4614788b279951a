package sheet

import (
	"time"

	"github.com/a-h/templ"

	"bothways/internal/web/ui"
)

// Head is a page's heading with what can be done there.
type Head struct {
	Title, Lead string
	Crumb       []ui.Link
	Tabs        []ui.Link // pages beside this one
	Actions     []Action
}

// Action is a link that looks like a button.
type Action struct {
	Label, Href string
	Icon        ui.Icon
	Main        bool
}

func (a Action) kind() ui.BtnKind {
	if a.Main {
		return ui.BtnPrimary
	}
	return ui.BtnPlain
}

// Table is a table: on a phone each row becomes a list of names and values.
type Table struct {
	Caption string // what its rows are, read out and not shown
	Cols    []Col
	Rows    []Row
	Pages   ui.Pages
	// Nothing is said when there are no rows: a heading and what to do.
	Nothing, NothingText string
}

// Col is a column. One without a label holds what can be done with a row.
type Col struct {
	Label string
	Right bool // figures
}

// Row is a row; its first cell names it.
type Row []Cell

// Cell is what a row has in a column.
type Cell struct {
	Text  string
	Href  string // makes the text a link
	Sub   string // a second line, smaller
	At    time.Time
	Code  bool // an id or a name of a machine
	Chips []ui.Chip
	Does  templ.Component // forms and buttons
}

// Text is a cell of words.
func Text(s string) Cell { return Cell{Text: s} }

// Link is a cell that leads somewhere.
func Link(s, href string) Cell { return Cell{Text: s, Href: href} }

// When is a cell with an instant; zero is empty.
func When(t time.Time) Cell { return Cell{At: t} }

// Chips is a cell of chips.
func Chips(c ...ui.Chip) Cell { return Cell{Chips: c} }

// Does is a cell of buttons.
func Does(c templ.Component) Cell { return Cell{Does: c} }

// Filter is the filter above a table: a form that asks by URL, so that every filtered table has an address.
type Filter struct {
	Action string
	Fields []FilterField
	Clear  string // the address without any; "" when none is set
}

// FilterField is one field of a filter; with options it is a choice.
type FilterField struct {
	Name, Label, Value, Type, Hint string
	Options                        []ui.Option
}

// Figure is a number that leads to its rows.
type Figure struct {
	Label, Value, Href string
	Hot, Current       bool
}

// Bar is how far something has come.
type Bar struct {
	Label     string
	Done, All int64
	Text      string // "340 of 1,200 rows"
	Again     string // the page's address while it moves: the script reads it anew, without script a link does
}

// Year is twelve months of days.
type Year struct {
	Label  string
	Months []Month
}

// Month is a month, Monday first.
type Month struct {
	Name  string
	Weeks [][7]Day
}

// Day is a day of a year view; one without a number is of another month.
type Day struct {
	Number int
	Kind   DayKind
	Title  string // read out and shown on hover: "Fri 25 December: closed, Christmas Day"
	Today  bool
	Clock  bool // the clocks change
}

// DayKind is what a day is.
type DayKind string

// The kinds of a day.
const (
	DayOpen   DayKind = "open"
	DayShort  DayKind = "short" // open for less than its weekday, or at other hours
	DayClosed DayKind = "closed"
	DayOff    DayKind = "holiday"
)

// Change is one thing that was changed.
type Change struct {
	Name, Before, After string // "" Before is something new; "" After is something taken away
}

// Point is one line of a list of facts that may be well or not.
type Point struct {
	Name, Text, Sub string
	Chip            ui.Chip
	Does            templ.Component
}
