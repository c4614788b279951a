package place

import (
	"strings"

	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// services lists the services.
func (p *Pages) services(c *area.Call) error {
	l, err := p.Catalog.List(c.Ctx(), c.By, c.Query("who") == "all", c.Query("cursor"), 100)
	if err != nil {
		return err
	}
	h := sheet.Head{Title: "Services", Lead: "What is agreed, supported, changed and announced. Each has an owner."}
	if may(c, auth.ServiceManage, auth.Object{Kind: "service"}) {
		h.Actions = []sheet.Action{{Label: "New service", Href: base + "/services/new", Icon: ui.IconPlus, Main: true}}
	}
	v := listPage{Table: sheet.Table{Caption: "Services, by name", Cols: []sheet.Col{{Label: "Service"}, {Label: "Owner"}, {Label: "Customers"}, {Label: "Depends on"}, {Label: "State"}}, Pages: c.Pages("Services", l.Next),
		Nothing: "No service yet.", NothingText: "Make the first: what customers would miss when it is away."}}
	v.Filter = &sheet.Filter{Action: base + "/services", Fields: []sheet.FilterField{{Name: "who", Label: "Which", Value: c.Query("who"), Options: []ui.Option{{Label: "Those offered"}, {Value: "all", Label: "Ended ones too"}}}}}
	names, err := p.catalogNames(c, l.Items)
	if err != nil {
		return err
	}
	for _, s := range l.Items {
		row := sheet.Row{sheet.Link(s.Name, base+"/services/"+s.ID), sheet.Text(names[s.OwnerID]), sheet.Text(joined(names, s.Orgs)), sheet.Text(joined(names, s.Needs)), {}}
		if s.Ended() {
			row[4] = sheet.Chips(ui.Chip{Kind: ui.ChipPlain, Text: "Ended"})
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if v.page, err = p.start(c, nil, "/services", h); err != nil {
		return err
	}
	c.Face.Render(200, listView(v))
	return nil
}

func joined(names map[string]string, ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, names[id])
	}
	return strings.Join(out, ", ")
}

// catalogNames are the names of owners, customers and services, by id.
func (p *Pages) catalogNames(c *area.Call, all []catalog.Service) (map[string]string, error) {
	out := map[string]string{}
	var owners []string
	for _, s := range all {
		owners = append(owners, s.OwnerID)
		out[s.ID] = s.Name
	}
	who, err := people.PersonsByID(c.Ctx(), p.DB.Read(), owners...)
	if err != nil {
		return nil, err
	}
	for i := range who {
		out[who[i].ID] = who[i].Name
	}
	orgs, err := p.organisationsOf(c)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		out[o.ID] = o.Name
	}
	for _, s := range all {
		for _, need := range s.Needs {
			if out[need] == "" {
				n, err := p.Catalog.Get(c.Ctx(), c.By, need)
				if err != nil {
					return nil, err
				}
				out[need] = n.Name
			}
		}
	}
	return out, nil
}

type servicePage struct {
	page
	Service     catalog.Service
	Form        ui.Form
	Orgs, Needs []ui.Option
	Chosen      map[string]bool
	Facts       []ui.Fact
	Above       []ui.Link // what depends on it
}

func (p *Pages) newService(c *area.Call) error { return p.showService(c, catalog.Service{}, nil) }

func (p *Pages) service(c *area.Call) error {
	s, err := p.readService(c)
	if err != nil {
		return err
	}
	return p.showService(c, s, nil)
}

func (p *Pages) readService(c *area.Call) (catalog.Service, error) {
	id, err := c.PathID("id")
	if err != nil {
		return catalog.Service{}, err
	}
	return p.Catalog.Get(c.Ctx(), c.By, id)
}

func (p *Pages) showService(c *area.Call, s catalog.Service, back *area.Returned) error {
	manages := may(c, auth.ServiceManage, auth.Object{Kind: "service", ID: s.ID})
	if s.ID == "" && !manages {
		return auth.Can(c.By, auth.ServiceManage, auth.Object{Kind: "service"})
	}
	names, err := p.catalogNames(c, []catalog.Service{s})
	if err != nil {
		return err
	}
	owner := ""
	if s.OwnerID != "" {
		x, err := people.PersonByID(c.Ctx(), p.DB.Read(), s.OwnerID)
		if err != nil {
			return err
		}
		owner = x.Address
	}
	v := servicePage{Service: s, Chosen: map[string]bool{}, Facts: []ui.Fact{
		{Name: "Owner", Value: names[s.OwnerID]}, {Name: "Customers", Value: joined(names, s.Orgs)}, {Name: "Depends on", Value: joined(names, s.Needs)}, {Name: "About", Value: s.About},
	}}
	h := sheet.Head{Title: s.Name, Crumb: []ui.Link{{Label: "Services", Href: base + "/services"}}}
	action := base + "/services/" + s.ID
	if s.ID == "" {
		h.Title, action = "New service", base+"/services"
	}
	if manages {
		v.Form = back.Form("service", action, map[string]string{"name": s.Name, "about": s.About, "owner": owner, "ended": map[bool]string{true: "yes"}[s.Ended()]}, area.At(s.Version))
		if err := p.serviceChoices(c, &v, s); err != nil {
			return err
		}
	}
	if s.ID != "" {
		g, err := p.Catalog.Graph(c.Ctx(), c.By)
		if err != nil {
			return err
		}
		for _, id := range g.Above(s.ID) {
			o, err := p.Catalog.Get(c.Ctx(), c.By, id)
			if err != nil {
				return err
			}
			v.Above = append(v.Above, ui.Link{Label: o.Name, Href: base + "/services/" + id})
		}
	}
	if v.page, err = p.start(c, back, "/services", h, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), serviceView(v))
	return nil
}

// serviceChoices fills what the form offers.
func (p *Pages) serviceChoices(c *area.Call, v *servicePage, s catalog.Service) error {
	orgs, err := p.organisationsOf(c)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		v.Orgs = append(v.Orgs, ui.Option{Value: o.ID, Label: o.Name})
	}
	for cursor := ""; ; {
		l, err := p.Catalog.List(c.Ctx(), c.By, false, cursor, 200)
		if err != nil {
			return err
		}
		for _, o := range l.Items {
			if o.ID != s.ID {
				v.Needs = append(v.Needs, ui.Option{Value: o.ID, Label: o.Name})
			}
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	for _, id := range append(append([]string{}, s.Orgs...), s.Needs...) {
		v.Chosen[id] = !v.Form.Failed()
	}
	for name, value := range v.Form.Values {
		if _, id, ok := strings.Cut(name, "."); ok && value != "" {
			v.Chosen[id] = true
		}
	}
	return nil
}

// chosen are the boxes of a name that were ticked.
func chosen(f *serve.Form, name string) []string {
	var out []string
	for k, v := range f.Values {
		if id, ok := strings.CutPrefix(k, name+"."); ok && v != "" {
			out = append(out, id)
		}
	}
	return out
}

func (p *Pages) takeService(c *area.Call, s catalog.Service, done string) error {
	return c.Take("service", area.Fields("name", "about", "owner", "customers", "needs"), func(f *serve.Form) (string, error) {
		owner, err := p.personOf(c, f, "owner")
		if err != nil {
			return "", err
		}
		made, err := p.Catalog.Put(c.Ctx(), c.By, catalog.Input{
			ID: s.ID, Version: area.Version(f), Name: f.Value("name"), About: f.Values["about"], OwnerID: owner, Orgs: chosen(f, "customers"), Needs: chosen(f, "needs"), Ended: f.Value("ended") != "",
		})
		return base + "/services/" + made.ID + "?done=" + done, err
	}, func(b *area.Returned) error { return p.showService(c, s, b) })
}

func (p *Pages) createService(c *area.Call) error {
	return p.takeService(c, catalog.Service{}, "created")
}

func (p *Pages) changeService(c *area.Call) error {
	s, err := p.readService(c)
	if err != nil {
		return err
	}
	return p.takeService(c, s, "saved")
}
