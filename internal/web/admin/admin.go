package admin

import (
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/account"
	"bothways/internal/intake"
	"bothways/internal/kit/clock"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// Base is the address below which administration is.
const Base = "/desk/admin"

// Deps are the services the pages stand on.
type Deps struct {
	People    *people.Service
	Auth      *auth.Service
	Account   *account.Service
	Intake    *intake.Service
	Calendars *calendar.Service
	DB        *db.DB
	Clock     clock.Clock
}

// Pages are the pages about people.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes lists their addresses.
func (p *Pages) Routes() []area.Route {
	get := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "GET", Path: Base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	post := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "POST", Path: Base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	return []area.Route{
		get("", auth.SiteRead, p.index),
		get("/people", auth.PersonRead, p.list),
		get("/people/new", auth.PersonManage, p.newPerson),
		post("/people", auth.PersonManage, p.create),
		get("/people/{id}", auth.PersonRead, p.person),
		post("/people/{id}", auth.PersonManage, p.change),
		post("/people/{id}/addresses", auth.PersonManage, p.addAddress),
		post("/people/{id}/addresses/verify", auth.PersonManage, p.verifyAddress),
		post("/people/{id}/addresses/remove", auth.PersonManage, p.removeAddress),
		post("/people/{id}/disable", auth.PersonManage, p.disable),
		post("/people/{id}/enable", auth.PersonManage, p.enable),
		post("/people/{id}/sign-out", auth.PersonManage, p.signOut),
		post("/people/{id}/password-link", auth.PersonManage, p.mailPassword),
		post("/people/{id}/grants", auth.GrantManage, p.grant),
		post("/people/{id}/grants/revoke", auth.GrantManage, p.revoke),
		get("/imports", auth.PersonManage, p.imports),
		post("/imports", auth.PersonManage, p.upload),
		get("/imports/{id}", auth.PersonManage, p.run),
		post("/imports/{id}/start", auth.PersonManage, p.start),
		post("/imports/{id}/stop", auth.PersonManage, p.stop),
		get("/imports/{id}/report", auth.PersonManage, p.report),
		get("/roles", auth.SiteRead, p.roles),
	}
}

// told are the sentences a page says once, by the key in its address.
var told = map[string]string{
	"created": "Saved.", "saved": "Saved.", "address": "The address is added.", "verified": "The address counts as proven.", "removed": "The address is removed.",
	"disabled": "Disabled. Their sessions and tokens have ended.", "enabled": "Enabled. They can sign in again.", "signed-out": "Their sessions have ended.", "password-link": "A link to choose a password is on its way to them. It works once, for three days.",
	"granted": "The role is given.", "revoked": "The role has ended.", "started": "It runs. This page shows how far it is.", "stopped": "Stopped. It can go on later.",
}

// frame is the workspace around a page of this group; current is the address of its place in the navigation.
func (p *Pages) frame(c *area.Call, title, current string, forms ...ui.Form) (staff.Frame, error) {
	f, err := c.Face.Workspace(title, Base+current)
	if s, ok := told[c.Query("done")]; ok {
		f.Toast = &ui.Toast{Text: s}
	}
	f.Doc.Failed = len(ui.Failed(forms...)) > 0
	return f, err
}

// index leads to what its reader may do.
func (p *Pages) index(c *area.Call) error {
	f, err := p.frame(c, "Administration", "")
	if err != nil {
		return err
	}
	c.Face.Render(200, indexPage(f, Sections(c.By)))
	return nil
}

// Section is a page of administration and what it is for.
type Section struct {
	Label, Href, What string
	Icon              ui.Icon
	verb              auth.Verb // "" is every member of staff
}

var sections = []Section{
	{"People", "/people", "Who there is, their addresses, roles and absences. Take in a list.", ui.IconUsers, auth.PersonManage},
	{"Sites", "/sites", "Organisations, sites with their zone and hours, rooms.", ui.IconHome, auth.SiteManage},
	{"Teams", "/teams", "Who works together, and who is on duty when.", ui.IconUsers, auth.TeamManage},
	{"Services", "/services", "What is agreed and supported: owner, customers, what it depends on.", ui.IconGrid, auth.ServiceManage},
	{"Roles", "/roles", "Who holds which role where, and what each may do.", ui.IconShield, auth.GrantManage},
	{"Absences", "/absences", "Who is away, until when, and who stands in.", ui.IconPause, ""},
	{"Calendars", "/calendars", "Working hours and holidays.", ui.IconCalendar, auth.CalendarManage},
	{"Agreements", "/agreements", "What both sides promise each other.", ui.IconScale, auth.CalendarManage},
	{"Mail", "/mail", "What came in and what goes out.", ui.IconMail, auth.MailRead},
	{"Health", "/health", "What runs by itself, when it was well last.", ui.IconClock, auth.SystemRun},
	{"Audit trail", "/audit", "Who changed what, with before and after.", ui.IconEye, auth.AuditRead},
	{"Tokens", "/tokens", "Keys for programs that act for you.", ui.IconKey, ""},
}

// Sections lists the pages somebody has business on.
func Sections(by auth.Actor) []Section {
	var out []Section
	for _, s := range sections {
		if s.verb == "" || auth.Somewhere(by, s.verb) == nil {
			s.Href = Base + s.Href
			out = append(out, s)
		}
	}
	return out
}

func crumb(title string, up ...ui.Link) []ui.Link {
	out := []ui.Link{{Label: "Administration", Href: Base}}
	return append(append(out, up...), ui.Link{Label: title})
}
