package admin

import (
	"bothways/internal/intake"
	"bothways/internal/people"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

type listPage struct {
	Frame  staff.Frame
	Head   sheet.Head
	Filter sheet.Filter
	Table  sheet.Table
}

type newPage struct {
	Frame       staff.Frame
	Head        sheet.Head
	Form        ui.Form
	Orgs, Sites []ui.Option
}

type personPage struct {
	Frame     staff.Frame
	Head      sheet.Head
	Person    people.Person
	Told      []string
	Why       string // they can't be changed by the reader
	Addresses sheet.Table
	Roles     sheet.Table
	Teams     []ui.Link
	Absences  []ui.Fact
	Access    []ui.Fact // sessions and tokens; empty when the reader may not know
	Tokens    string
	SignOut   string
	Password  string // mails them a link

	AbsenceLink               ui.Link
	Edit, Address, Grant      ui.Form
	State                     ui.Form
	Orgs, Sites               []ui.Option
	RoleOptions, ScopeOptions []ui.Option
}

type rolesPage struct {
	Frame  staff.Frame
	Head   sheet.Head
	Filter *sheet.Filter
	Table  sheet.Table
}

type importsPage struct {
	Frame staff.Frame
	Head  sheet.Head
	Form  ui.Form
	Orgs  []ui.Option
	Table sheet.Table
}

type runPage struct {
	Frame   staff.Frame
	Head    sheet.Head
	Run     intake.Run
	Here    string
	Told    []string
	Figures []sheet.Figure
	Bar     *sheet.Bar
	Table   sheet.Table
	Unused  []string // numbers of columns that are not used
	Start   string   // what the button says; "" when it can't be started
	Stop    bool
	Answer  string
	Report  string
	More    string
}
