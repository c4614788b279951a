package place

import (
	"math"
	"strconv"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

func siteTabs(current string) []ui.Link {
	return []ui.Link{{Label: "Sites", Href: base + "/sites", Current: current == "sites"}, {Label: "Organisations", Href: base + "/organisations", Current: current == "organisations"}}
}

type listPage struct {
	page
	Filter *sheet.Filter
	Table  sheet.Table
	Form   ui.Form
	Kinds  []ui.Option
}

// sites lists the sites.
func (p *Pages) sites(c *area.Call) error {
	org := c.QueryID("org")
	l, err := p.People.Sites(c.Ctx(), c.By, org, c.Query("cursor"), 100)
	if err != nil {
		return err
	}
	h := sheet.Head{Title: "Sites", Lead: "A site has its own zone and hours; its people’s promises run in them.", Tabs: siteTabs("sites")}
	if auth.Somewhere(c.By, auth.SiteManage) == nil {
		h.Actions = []sheet.Action{{Label: "New site", Href: base + "/sites/new", Icon: ui.IconPlus, Main: true}}
	}
	v := listPage{Table: sheet.Table{
		Caption: "Sites, by name", Cols: []sheet.Col{{Label: "Site"}, {Label: "Organisation"}, {Label: "Region"}, {Label: "Zone"}, {Label: "People", Right: true}, {Label: "IT posts", Right: true}, {Label: "Calendar"}},
		Pages: c.Pages("Sites", l.Next), Nothing: "No site yet.",
	}}
	if v.page, err = p.start(c, nil, "/sites", h); err != nil {
		return err
	}
	calendars, err := p.calendarsOf(c)
	if err != nil {
		return err
	}
	for _, s := range l.Items {
		v.Table.Rows = append(v.Table.Rows, sheet.Row{
			sheet.Link(s.Name, base+"/sites/"+s.ID), sheet.Text(s.OrgName), sheet.Text(s.Region), sheet.Text(s.Zone), sheet.Text(figure(s.Headcount)), sheet.Text(posts(s.Tenths)), sheet.Text(label(calendars, s.CalendarID)),
		})
	}
	c.Face.Render(200, listView(v))
	return nil
}

func figure(n int64) string {
	if n == 0 {
		return ""
	}
	return ui.Count(int(n))
}

// posts is tenths of full-time posts as people write them.
func posts(tenths int64) string {
	if tenths == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(tenths)/10, 'f', -1, 64)
}

// tenths reads full-time posts: "1.5" or "1,5". Errors: Invalid.
func tenths(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	for i, r := range s {
		if r == ',' {
			s = s[:i] + "." + s[i+1:]
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v < 0 || v > 1000 || math.Abs(v*10-math.Round(v*10)) > 1e-6 {
		return 0, errs.In("web.site", "fte", "Write full-time posts with one decimal at the most, such as 1.5.")
	}
	return int64(math.Round(v * 10)), nil
}

type sitePage struct {
	page
	Form      ui.Form // without an action: shown as facts
	Site      people.Site
	New       bool
	Orgs      []ui.Option
	Calendars []ui.Option
	Rooms     sheet.Table
	Room      ui.Form
}

func (p *Pages) newSite(c *area.Call) error { return p.showNewSite(c, nil) }

func (p *Pages) showNewSite(c *area.Call, back *area.Returned) error {
	if err := auth.Somewhere(c.By, auth.SiteManage); err != nil {
		return err
	}
	v := sitePage{New: true, Form: back.Form("site", base+"/sites", map[string]string{"organisation": c.QueryID("org")})}
	orgs, err := p.organisationsOf(c)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		if may(c, auth.SiteManage, auth.Object{Kind: "organisation", ID: o.ID, OrgID: o.ID}) {
			v.Orgs = append(v.Orgs, ui.Option{Value: o.ID, Label: o.Name})
		}
	}
	if v.Calendars, err = p.calendarsOf(c); err != nil {
		return err
	}
	if v.page, err = p.start(c, back, "/sites", sheet.Head{Title: "New site", Crumb: []ui.Link{{Label: "Sites", Href: base + "/sites"}}}, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), siteView(v))
	return nil
}

var siteFields = area.Fields("name", "zone", "region", "calendar", "headcount", "fte", "organisation")

// siteInput reads the fields of a site.
func siteInput(f *serve.Form) (headcount, posts int64, err error) {
	n, ok := number(f.Value("headcount"))
	if !ok {
		return 0, 0, errs.In("web.site", "headcount", "Write a number, such as 120.")
	}
	posts, err = tenths(f.Value("fte"))
	return n, posts, err
}

func (p *Pages) createSite(c *area.Call) error {
	return c.Take("site", siteFields, func(f *serve.Form) (string, error) {
		n, t, err := siteInput(f)
		if err != nil {
			return "", err
		}
		s, err := p.People.CreateSite(c.Ctx(), c.By, people.SiteInput{
			OrgID: f.Value("organisation"), Name: f.Value("name"), Zone: f.Value("zone"), Region: f.Value("region"), CalendarID: f.Value("calendar"), Headcount: n, Tenths: t,
		})
		return base + "/sites/" + s.ID + "?done=created", err
	}, func(b *area.Returned) error { return p.showNewSite(c, b) })
}

func (p *Pages) site(c *area.Call) error { return p.showSite(c, nil) }

// readSite reads the site of the address for its reader.
func (p *Pages) readSite(c *area.Call) (people.Site, error) {
	id, err := c.PathID("id")
	if err != nil {
		return people.Site{}, err
	}
	s, err := people.SiteByID(c.Ctx(), p.DB.Read(), id)
	if err != nil {
		return s, err
	}
	return s, auth.Can(c.By, auth.SiteRead, s.Object())
}

func (p *Pages) showSite(c *area.Call, back *area.Returned) error {
	s, err := p.readSite(c)
	if err != nil {
		return err
	}
	v := sitePage{Site: s}
	if v.Calendars, err = p.calendarsOf(c); err != nil {
		return err
	}
	manages := may(c, auth.SiteManage, s.Object())
	if manages {
		v.Form = back.Form("site", base+"/sites/"+s.ID, map[string]string{
			"name": s.Name, "zone": s.Zone, "region": s.Region, "calendar": s.CalendarID, "headcount": plain(s.Headcount), "fte": posts(s.Tenths),
		}, area.At(s.Version))
		v.Room = back.Form("room", base+"/sites/"+s.ID+"/rooms", nil)
	}
	rooms, err := p.People.Rooms(c.Ctx(), c.By, s.ID)
	if err != nil {
		return err
	}
	v.Rooms = sheet.Table{Caption: "Rooms", Cols: []sheet.Col{{Label: "Room"}, {Label: "Seats", Right: true}, {Label: "State"}, {}}, Nothing: "No room yet."}
	for _, r := range rooms {
		row := sheet.Row{sheet.Text(r.Name), sheet.Text(figure(r.Seats)), {}, {}}
		act, closed := "Close", "yes"
		if !r.ClosedAt.IsZero() {
			row[2], act, closed = sheet.Chips(ui.Chip{Kind: ui.ChipPlain, Text: "Closed"}), "Open again", ""
		}
		if manages {
			row[3] = sheet.Does(sheet.Act(act, base+"/sites/"+s.ID+"/rooms", ui.Hidden{Name: "room", Value: r.ID}, ui.Hidden{Name: "name", Value: r.Name},
				ui.Hidden{Name: "seats", Value: plain(r.Seats)}, ui.Hidden{Name: "closed", Value: closed}, area.At(r.Version)))
		}
		v.Rooms.Rows = append(v.Rooms.Rows, row)
	}
	h := sheet.Head{Title: s.Name, Lead: s.OrgName, Crumb: []ui.Link{{Label: "Sites", Href: base + "/sites"}}, Actions: []sheet.Action{{Label: "Its people", Href: base + "/people?site=" + s.ID, Icon: ui.IconUsers}}}
	if v.page, err = p.start(c, back, "/sites", h, v.Form, v.Room); err != nil {
		return err
	}
	c.Face.Render(back.Status(), siteView(v))
	return nil
}

func plain(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (p *Pages) changeSite(c *area.Call) error {
	s, err := p.readSite(c)
	if err != nil {
		return err
	}
	return c.Take("site", siteFields, func(f *serve.Form) (string, error) {
		n, t, err := siteInput(f)
		if err != nil {
			return "", err
		}
		name, zone, region, calendar := f.Value("name"), f.Value("zone"), f.Value("region"), f.Value("calendar")
		_, err = p.People.UpdateSite(c.Ctx(), c.By, people.SiteChange{ID: s.ID, Version: area.Version(f), Name: &name, Zone: &zone, Region: &region, CalendarID: &calendar, Headcount: &n, Tenths: &t})
		return base + "/sites/" + s.ID + "?done=saved", err
	}, func(b *area.Returned) error { return p.showSite(c, b) })
}

func (p *Pages) putRoom(c *area.Call) error {
	s, err := p.readSite(c)
	if err != nil {
		return err
	}
	return c.Take("room", area.Fields("name", "seats"), func(f *serve.Form) (string, error) {
		seats, ok := number(f.Value("seats"))
		if !ok {
			return "", errs.In("web.room", "seats", "Write a number, such as 24.")
		}
		_, err := p.People.PutRoom(c.Ctx(), c.By, people.RoomInput{ID: f.Value("room"), SiteID: s.ID, Version: area.Version(f), Name: f.Value("name"), Seats: seats, Closed: f.Value("closed") != ""})
		return base + "/sites/" + s.ID + "?done=room", err
	}, func(b *area.Returned) error { return p.showSite(c, b) })
}

func (p *Pages) organisations(c *area.Call) error { return p.showOrganisations(c, nil) }

func (p *Pages) showOrganisations(c *area.Call, back *area.Returned) error {
	l, err := p.People.Organisations(c.Ctx(), c.By, c.Query("cursor"), 100)
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{
		Caption: "Organisations, by name", Cols: []sheet.Col{{Label: "Organisation"}, {Label: "What it is"}, {Label: "Look at"}, {}}, Pages: c.Pages("Organisations", l.Next), Nothing: "No organisation that you can see.",
	}}
	kinds := map[string]string{people.Provider: "IT", people.Customer: "Customer", people.Unassigned: "Senders nobody knows yet"}
	for _, o := range l.Items {
		row := sheet.Row{sheet.Text(o.Name), sheet.Text(kinds[o.Kind]), sheet.Link("People", base+"/people?org="+o.ID), {}}
		if o.Kind != people.Unassigned && may(c, auth.SiteManage, auth.Object{Kind: "organisation", ID: o.ID, OrgID: o.ID}) {
			row[3] = sheet.Does(renameForm(back.Form("rename-"+o.ID, base+"/organisations/"+o.ID, map[string]string{"name": o.Name}, area.At(o.Version)), o.Name))
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if may(c, auth.SiteManage, auth.Object{Kind: "organisation"}) {
		v.Form = back.Form("org", base+"/organisations", nil)
		v.Kinds = []ui.Option{{Value: people.Customer, Label: "Customer"}, {Value: people.Provider, Label: "IT"}}
	}
	if v.page, err = p.start(c, back, "/sites", sheet.Head{Title: "Organisations", Tabs: siteTabs("organisations")}, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), listView(v))
	return nil
}

func (p *Pages) createOrganisation(c *area.Call) error {
	return c.Take("org", area.Fields("name", "kind"), func(f *serve.Form) (string, error) {
		_, err := p.People.CreateOrganisation(c.Ctx(), c.By, people.OrganisationInput{Name: f.Value("name"), Kind: f.Value("kind")})
		return base + "/organisations?done=created", err
	}, func(b *area.Returned) error { return p.showOrganisations(c, b) })
}

func (p *Pages) renameOrganisation(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("rename-"+id, area.Fields("name"), func(f *serve.Form) (string, error) {
		_, err := p.People.RenameOrganisation(c.Ctx(), c.By, id, area.Version(f), f.Value("name"))
		return base + "/organisations?done=saved", err
	}, func(b *area.Returned) error { return p.showOrganisations(c, b) })
}
