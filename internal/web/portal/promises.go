package portal

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

// PromisesPage is what was promised both ways between the reader and IT, counted the same way. Nobody else sees it.
type PromisesPage struct {
	Frame  ui.PortalFrame
	Title  string
	Lead   string
	Spans  []ui.Link // 90 days, a year
	Views  []ui.Link // as who asked, as somebody of IT; one view needs none
	IT     Column
	You    *Column // nil for what somebody owed as IT
	Needle string  // what is said of questions that were returned; "" of none

	// Running are the promises that run now, of both sides, the first to end on top.
	Running []PromiseRow
	// List is what a figure opened; no title, no list.
	ListTitle string
	List      []PromiseRow
	Clear     ui.Link
	Pages     ui.Pages
}

// Column is one side's record.
type Column struct {
	Side    ui.Side
	Title   string
	Sub     string
	Figures []door.Figure
}

// PromiseRow is one promise of one request.
type PromiseRow struct {
	Href, Number, Subject string
	Text                  string
	Side                  ui.Side
	Chip                  ui.Chip
}
