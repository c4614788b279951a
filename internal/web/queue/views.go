package queue

import (
	"net/http"
	"strconv"

	"bothways/internal/desk/view"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// ViewPage is the form of a view: a new one, or one that is changed.
type ViewPage struct {
	Frame     staff.Frame
	Crumb     []ui.Link
	Title     string
	Form      ui.Form
	Audiences []ui.Option
	Teams     []ui.Option
	// Delete is where the view is deleted; "" for a new one.
	Delete string
	// Shared says who loses it.
	Shared bool
}

// ViewsPage lists the views that somebody sees.
type ViewsPage struct {
	Frame  staff.Frame
	Crumb  []ui.Link
	Own    []ViewRow
	Shared []ViewRow
}

// ViewRow is one view of the list.
type ViewRow struct {
	Name, Href, Query, Audience, By string
	Edit, Up, Down                  string // "" where it can't be done
}

var crumbViews = []ui.Link{{Label: "Queue", Href: "/desk"}, {Label: "Views", Href: "/desk/views"}}

// listViews is the page on which views are put in order.
func (p *Pages) listViews(c *area.Call) error {
	frame, err := c.Face.Workspace("Views", "/desk/views")
	if err != nil {
		return err
	}
	all, err := p.Views.List(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	places, err := p.Names.Places(c.Ctx())
	if err != nil {
		return err
	}
	page := ViewsPage{Frame: frame, Crumb: crumbViews}
	owners := make([]string, len(all))
	for i, v := range all {
		owners[i] = v.OwnerID
	}
	names, err := p.Names.People(c.Ctx(), owners...)
	if err != nil {
		return err
	}
	for _, v := range all {
		row := ViewRow{Name: v.Name, Href: Address(v.Query), Query: v.Query, By: names[v.OwnerID]}
		switch v.Audience {
		case view.Staff:
			row.Audience = "Everybody in IT"
		case view.Team:
			row.Audience = places.Team(v.TeamID)
		default:
			row.Audience = "Only you"
		}
		if view.Changes(c.By, v) {
			row.Edit = "/desk/views/" + v.ID
		}
		if v.OwnerID != c.By.PersonID {
			page.Shared = append(page.Shared, row)
			continue
		}
		row.Up, row.Down = row.Edit+"/up", row.Edit+"/down"
		page.Own = append(page.Own, row)
	}
	if n := len(page.Own); n > 0 {
		page.Own[0].Up, page.Own[n-1].Down = "", ""
	}
	c.Face.Render(http.StatusOK, Views(page))
	return nil
}

// newView is the form that keeps a filter.
func (p *Pages) newView(c *area.Call) error {
	return p.viewForm(c, nil, view.View{Query: c.Query("q"), Audience: view.Own})
}

func (p *Pages) editView(c *area.Call) error {
	v, err := p.changeable(c)
	if err != nil {
		return err
	}
	return p.viewForm(c, nil, v)
}

// changeable is the view of the address, for who may change it. Errors: NotFound, Denied.
func (p *Pages) changeable(c *area.Call) (view.View, error) {
	v, err := p.Views.Get(c.Ctx(), c.By, c.R.PathValue("id"))
	if err == nil && !view.Changes(c.By, v) {
		err = errs.New(errs.Denied, "queue.view", "“%s” is somebody else’s view. Keep its filter as a view of your own.", v.Name)
	}
	return v, err
}

func (p *Pages) viewForm(c *area.Call, back *area.Returned, v view.View) error {
	title, action := "Save this view", "/desk/views"
	if v.ID != "" {
		title, action = "Change “"+v.Name+"”", "/desk/views/"+v.ID
	}
	frame, err := c.Face.Workspace(title, Address(v.Query))
	if err != nil {
		return err
	}
	places, err := p.Names.Places(c.Ctx())
	if err != nil {
		return err
	}
	fresh := map[string]string{"name": v.Name, "query": v.Query, "audience": string(v.Audience), "team": v.TeamID, "version": strconv.FormatInt(v.Version, 10)}
	page := ViewPage{Frame: frame, Title: title, Crumb: append(crumbViews[:2:2], ui.Link{Label: title}), Shared: v.Audience != view.Own,
		Form:      back.Form("view", action, fresh),
		Audiences: []ui.Option{{Value: string(view.Own), Label: "Only me"}, {Value: string(view.Staff), Label: "Everybody in IT"}}}
	page.Form.Hidden = []ui.Hidden{{Name: "version", Value: page.Form.Values["version"]}}
	for _, t := range places.Teams {
		for _, mine := range c.By.Teams {
			if t.ID == mine {
				page.Teams = append(page.Teams, ui.Option{Value: t.ID, Label: t.Name})
			}
		}
	}
	if v.TeamID != "" && len(page.Teams) == 0 {
		page.Teams = append(page.Teams, ui.Option{Value: v.TeamID, Label: places.Team(v.TeamID)})
	}
	if len(page.Teams) > 0 {
		page.Audiences = append(page.Audiences[:1:1], ui.Option{Value: string(view.Team), Label: "A team"}, page.Audiences[1])
	}
	if v.ID != "" {
		page.Delete = action + "/delete"
	}
	c.Face.Render(back.Status(), Edit(page))
	return nil
}

var viewFields = area.Fields("name", "query", "audience", "team")

func (p *Pages) createView(c *area.Call) error {
	return p.save(c, view.View{Audience: view.Own}, func(in view.Input, _ int64) (view.View, error) { return p.Views.Create(c.Ctx(), c.By, in) })
}

func (p *Pages) updateView(c *area.Call) error {
	v, err := p.changeable(c)
	if err != nil {
		return err
	}
	return p.save(c, v, func(in view.Input, version int64) (view.View, error) {
		return p.Views.Update(c.Ctx(), c.By, v.ID, version, in)
	})
}

func (p *Pages) save(c *area.Call, was view.View, do func(view.Input, int64) (view.View, error)) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Value("version"), 10, 64) // what is no version is any
	v, err := do(view.Input{Name: f.Value("name"), Query: f.Value("query"), Audience: view.Audience(f.Value("audience")), TeamID: f.Value("team")}, version)
	if err == nil {
		p.nav.drop()
		return c.Redirect(Address(v.Query))
	}
	back, ok := area.CameBack("view", f, err, viewFields)
	if !ok {
		return err
	}
	return p.viewForm(c, back, was)
}

func (p *Pages) deleteView(c *area.Call) error {
	if err := p.Views.Delete(c.Ctx(), c.By, c.R.PathValue("id"), 0); err != nil {
		return err
	}
	p.nav.drop()
	return c.Redirect("/desk/views")
}

func (p *Pages) moveView(down bool) func(*area.Call) error {
	return func(c *area.Call) error {
		if err := p.Views.Move(c.Ctx(), c.By, c.R.PathValue("id"), down); err != nil {
			return err
		}
		p.nav.drop()
		return c.Redirect("/desk/views")
	}
}
