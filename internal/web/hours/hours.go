package hours

import (
	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

// base is the address below which administration is.
const base = "/desk/admin"

// Deps are the services the pages stand on.
type Deps struct {
	People    *people.Service
	Calendars *calendar.Service
	Book      *agreement.Book
	Desk      *desk.Service
	DB        *db.DB
	Clock     clock.Clock
}

// Pages are the pages about time.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes lists their addresses.
func (p *Pages) Routes() []area.Route {
	get := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "GET", Path: base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	post := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "POST", Path: base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	return []area.Route{
		get("/calendars", auth.CalendarRead, p.calendars),
		post("/calendars", auth.CalendarManage, p.create),
		get("/calendars/{id}", auth.CalendarRead, p.calendar),
		post("/calendars/{id}", auth.CalendarManage, p.change),
		post("/calendars/{id}/holidays", auth.CalendarManage, p.addHoliday),
		post("/calendars/{id}/holidays/remove", auth.CalendarManage, p.removeHoliday),
		post("/calendars/{id}/days", auth.CalendarManage, p.setDay),
		post("/calendars/{id}/days/remove", auth.CalendarManage, p.removeDay),
		post("/calendars/{id}/feed", auth.CalendarManage, p.showFeed),
		post("/calendars/{id}/feed/take", auth.CalendarManage, p.takeFeed),
		get("/agreements", auth.AgreementRead, p.agreements),
		get("/absences", auth.PersonRead, p.absences),
		post("/absences", auth.AbsenceManage, p.addAbsence),
		post("/absences/{id}", auth.AbsenceManage, p.changeAbsence),
		post("/absences/{id}/end", auth.AbsenceManage, p.endAbsence),
	}
}

var told = map[string]string{
	"created": "Saved.", "saved": "Saved. Open tickets are read again with the new hours.", "holiday": "The holiday is saved. Open tickets are read again.",
	"removed": "Removed. Open tickets are read again.", "day": "The day is saved. Open tickets are read again.", "feed": "The days are saved. Open tickets are read again.",
	"away": "Saved. What is assigned to them goes to who stands in.", "back": "Ended.", "absence": "Saved.",
}

type page struct {
	Frame staff.Frame
	Head  sheet.Head
	Told  []string
}

func (p *Pages) start(c *area.Call, back *area.Returned, current string, h sheet.Head, forms ...ui.Form) (page, error) {
	f, err := c.Face.Workspace(h.Title, base+current)
	if s, ok := told[c.Query("done")]; ok {
		f.Toast = &ui.Toast{Text: s}
	}
	f.Doc.Failed = len(ui.Failed(forms...)) > 0
	h.Crumb = append([]ui.Link{{Label: "Administration", Href: base}}, append(h.Crumb, ui.Link{Label: h.Title})...)
	return page{Frame: f, Head: h, Told: back.Told()}, err
}

// personOf finds somebody by the address of a form. Errors: Invalid, naming the field; none for an empty one.
func (p *Pages) personOf(c *area.Call, f *serve.Form, field string) (string, error) {
	address := text.Address(f.Value(field))
	if address == "" {
		return "", nil
	}
	x, err := people.PersonByAddress(c.Ctx(), p.DB.Read(), address)
	if errs.Is(err, errs.NotFound) || err == nil && auth.Can(c.By, auth.PersonRead, x.Object()) != nil && x.OrgID != c.By.OrgID {
		return "", errs.In("web.person", field, "There is nobody of this address. Write the mail address of somebody who is here.")
	}
	return x.ID, err
}
