package place

import (
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
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
	Catalog   *catalog.Catalog
	DB        *db.DB
	Clock     clock.Clock
}

// Pages are the pages about organisations, sites, teams and services.
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
		get("/organisations", auth.SiteRead, p.organisations),
		post("/organisations", auth.SiteManage, p.createOrganisation),
		post("/organisations/{id}", auth.SiteManage, p.renameOrganisation),
		get("/sites", auth.SiteRead, p.sites),
		get("/sites/new", auth.SiteManage, p.newSite),
		post("/sites", auth.SiteManage, p.createSite),
		get("/sites/{id}", auth.SiteRead, p.site),
		post("/sites/{id}", auth.SiteManage, p.changeSite),
		post("/sites/{id}/rooms", auth.SiteManage, p.putRoom),
		get("/teams", auth.SiteRead, p.teams),
		post("/teams", auth.TeamManage, p.createTeam),
		get("/teams/{id}", auth.SiteRead, p.team),
		post("/teams/{id}", auth.TeamManage, p.renameTeam),
		post("/teams/{id}/members", auth.TeamManage, p.addMember),
		post("/teams/{id}/members/remove", auth.TeamManage, p.removeMember),
		post("/teams/{id}/roster/add", auth.TeamManage, p.addShift),
		post("/teams/{id}/roster/remove", auth.TeamManage, p.removeShift),
		post("/teams/{id}/roster/zone", auth.TeamManage, p.rosterZone),
		get("/services", auth.ServiceRead, p.services),
		get("/services/new", auth.ServiceManage, p.newService),
		post("/services", auth.ServiceManage, p.createService),
		get("/services/{id}", auth.ServiceRead, p.service),
		post("/services/{id}", auth.ServiceManage, p.changeService),
	}
}

// told are the sentences a page says once, by the key in its address.
var told = map[string]string{
	"created": "Saved.", "saved": "Saved.", "room": "The room is saved.", "added": "Added.", "removed": "Removed.", "roster": "The roster is saved.",
}

// page is what every page here has.
type page struct {
	Frame staff.Frame
	Head  sheet.Head
	Told  []string
}

// start begins a page; current is its place in the navigation.
func (p *Pages) start(c *area.Call, back *area.Returned, current string, h sheet.Head, forms ...ui.Form) (page, error) {
	f, err := c.Face.Workspace(h.Title, base+current)
	if s, ok := told[c.Query("done")]; ok {
		f.Toast = &ui.Toast{Text: s}
	}
	f.Doc.Failed = len(ui.Failed(forms...)) > 0
	h.Crumb = append([]ui.Link{{Label: "Administration", Href: base}}, append(h.Crumb, ui.Link{Label: h.Title})...)
	return page{Frame: f, Head: h, Told: back.Told()}, err
}

// may says whether the reader may do something to an object, for what a page offers.
func may(c *area.Call, v auth.Verb, o auth.Object) bool { return auth.Can(c.By, v, o) == nil }

// personOf finds somebody by the address of a form. Errors: Invalid, naming the field; none for an empty one.
func (p *Pages) personOf(c *area.Call, f *serve.Form, field string) (string, error) {
	address := text.Address(f.Value(field))
	if address == "" {
		return "", nil
	}
	x, err := people.PersonByAddress(c.Ctx(), p.DB.Read(), address)
	if errs.Is(err, errs.NotFound) || err == nil && auth.Can(c.By, auth.PersonRead, x.Object()) != nil {
		return "", errs.In("web.person", field, "There is nobody of this address. Write the mail address of somebody who is here.")
	}
	return x.ID, err
}

func number(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// organisationsOf reads every organisation the reader may read.
func (p *Pages) organisationsOf(c *area.Call) (out []people.Organisation, err error) {
	for cursor := ""; ; {
		l, err := p.People.Organisations(c.Ctx(), c.By, cursor, 200)
		if err != nil {
			return nil, err
		}
		for _, o := range l.Items {
			if o.Kind != people.Unassigned {
				out = append(out, o)
			}
		}
		if cursor = l.Next; cursor == "" {
			return out, nil
		}
	}
}

// calendarsOf are the calendars as options.
func (p *Pages) calendarsOf(c *area.Call) ([]ui.Option, error) {
	out := []ui.Option{{Label: "As the agreement says"}}
	for cursor := ""; ; {
		l, err := p.Calendars.List(c.Ctx(), c.By, cursor, 200)
		if err != nil {
			return nil, err
		}
		for _, k := range l.Items {
			out = append(out, ui.Option{Value: k.ID, Label: k.Name + ", " + k.Spec.TZ})
		}
		if cursor = l.Next; cursor == "" {
			return out, nil
		}
	}
}

func label(all []ui.Option, value string) string {
	for _, o := range all {
		if o.Value == value {
			return o.Label
		}
	}
	return ""
}
