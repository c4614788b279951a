package admin

import (
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// personRoles reads what a person holds, and offers what the reader may give them.
func (p *Pages) personRoles(c *area.Call, v *personPage, x people.Person, here string, back *area.Returned) error {
	held, err := p.People.HoldingsOf(c.Ctx(), c.By, x.ID)
	if err != nil {
		return err
	}
	grants := auth.Somewhere(c.By, auth.GrantManage) == nil
	now := p.Clock.Now()
	v.Roles = sheet.Table{Caption: "Roles", Cols: []sheet.Col{{Label: "Role"}, {Label: "Where"}, {Label: "When"}, {}}, Nothing: "No role: a customer like everybody."}
	for _, h := range held {
		row := sheet.Row{sheet.Text(reading.Capital(h.Role.Name())), sheet.Text(scopeWords(h)), sheet.Text(period(c.Reader, h, now)), {}}
		if grants && (h.Until.IsZero() || h.Until.After(now)) {
			switch err := p.People.Revocable(c.Ctx(), c.By, h.Grant); {
			case err == nil:
				row[3] = sheet.Does(sheet.Act("End", here+"/grants/revoke", ui.Hidden{Name: "grant", Value: h.ID}))
			case !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound):
				return err
			}
		}
		v.Roles.Rows = append(v.Roles.Rows, row)
	}
	if !grants || x.Stranger() || x.Disabled() {
		return nil
	}
	v.Grant = back.Form("grant", here+"/grants", nil)
	v.RoleOptions, v.ScopeOptions, err = p.grantOptions(c)
	return err
}

func scopeWords(h people.Holding) string {
	switch h.Scope {
	case auth.Everywhere:
		return "Everywhere"
	case auth.Region:
		return "Region " + h.ScopeName
	case auth.Team:
		return "What " + h.ScopeName + " does"
	}
	return h.ScopeName
}

func period(r ui.Reader, h people.Holding, now time.Time) string {
	switch {
	case !h.Until.IsZero() && !h.Until.After(now):
		return "Ended " + r.WhenIn(h.Until)
	case h.From.After(now) && h.Until.IsZero():
		return "From " + r.WhenIn(h.From)
	case h.From.After(now):
		return r.When(h.From) + " to " + r.WhenIn(h.Until)
	case h.Until.IsZero():
		return "Since " + r.WhenIn(h.From)
	}
	return "Until " + r.WhenIn(h.Until)
}

// grantOptions are the roles, and the scopes in which the reader may give them.
func (p *Pages) grantOptions(c *area.Call) (roles, scopes []ui.Option, err error) {
	for _, r := range auth.Roles() {
		side := "IT: "
		if r.OfCustomer() {
			side = "Customer: "
		}
		roles = append(roles, ui.Option{Value: string(r), Label: side + r.Name()})
	}
	add := func(s auth.Scope, id, label string, o auth.Object) {
		if auth.Can(c.By, auth.GrantManage, o) == nil {
			scopes = append(scopes, ui.Option{Value: string(s) + ":" + id, Label: label})
		}
	}
	add(auth.Everywhere, "", "Everywhere", auth.Object{})
	orgs, err := p.orgOptions(c, "")
	if err != nil {
		return nil, nil, err
	}
	for _, o := range orgs[1:] {
		add(auth.Organisation, o.Value, "Organisation: "+o.Label, auth.Object{Kind: "organisation", ID: o.Value, OrgID: o.Value})
	}
	regions := map[string]bool{}
	for cursor := ""; ; {
		l, err := p.People.Sites(c.Ctx(), c.By, "", cursor, 200)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range l.Items {
			if s.Region != "" && !regions[s.Region] {
				regions[s.Region] = true
				add(auth.Region, s.Region, "Region: "+s.Region, auth.Object{Kind: "region", ID: s.Region, Region: s.Region})
			}
			add(auth.Site, s.ID, "Site: "+s.Name+", "+s.OrgName, s.Object())
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	teams, err := p.People.Teams(c.Ctx(), c.By, "", 200)
	for _, t := range teams.Items {
		add(auth.Team, t.ID, "Team: "+t.Name, auth.Object{Kind: "team", ID: t.ID, TeamID: t.ID})
	}
	return roles, scopes, err
}

func (p *Pages) grant(c *area.Call) error {
	return p.act(c, "grant", "granted", area.Fields("role", "scope", "scope_id=scope", "from", "until"), func(id string, f *serve.Form) error {
		scope, scopeID, _ := strings.Cut(f.Value("scope"), ":")
		in := people.GrantInput{PersonID: id, Role: auth.Role(f.Value("role")), Scope: auth.Scope(scope), ScopeID: scopeID, Reason: f.Value("reason")}
		var err error
		if in.From, err = area.Instant(c.Reader.Zone, "from", f.Value("from")); err != nil {
			return err
		}
		if in.Until, err = area.Instant(c.Reader.Zone, "until", f.Value("until")); err != nil {
			return err
		}
		_, err = p.People.Grant(c.Ctx(), c.By, in)
		if errs.Is(err, errs.Denied) {
			return errs.In("web.grant", "scope", "%s", errs.Sentence(err))
		}
		return err
	})
}

func (p *Pages) revoke(c *area.Call) error {
	return p.act(c, "state", "revoked", nil, func(_ string, f *serve.Form) error {
		return p.People.Revoke(c.Ctx(), c.By, f.Value("grant"), f.Value("reason"))
	})
}

// roles shows who holds what, and what each role may do.
func (p *Pages) roles(c *area.Call) error {
	f, err := p.frame(c, "Roles", "/roles")
	if err != nil {
		return err
	}
	v := rolesPage{Frame: f, Head: sheet.Head{
		Title: "Roles", Lead: "A role lets somebody act where its scope reaches, from a day to a day. Give one on the person’s page.", Crumb: crumb("Roles"),
		Tabs: []ui.Link{{Label: "Who holds what", Href: Base + "/roles", Current: c.Query("show") != "verbs"}, {Label: "What each may do", Href: Base + "/roles?show=verbs", Current: c.Query("show") == "verbs"}},
	}}
	if c.Query("show") == "verbs" {
		v.Table = verbTable()
		c.Face.Render(200, rolesView(v))
		return nil
	}
	role, _ := auth.ParseRole(c.Query("role")) // one that is none is every role
	held, err := p.People.Holdings(c.Ctx(), c.By, role)
	if err != nil {
		return err
	}
	options := []ui.Option{{Label: "Every role"}}
	for _, r := range auth.Roles() {
		options = append(options, ui.Option{Value: string(r), Label: reading.Capital(r.Name())})
	}
	v.Filter = &sheet.Filter{Action: Base + "/roles", Fields: []sheet.FilterField{{Name: "role", Label: "Role", Value: string(role), Options: options}}}
	v.Table = sheet.Table{Caption: "Roles and who holds them", Cols: []sheet.Col{{Label: "Person"}, {Label: "Role"}, {Label: "Where"}, {Label: "When"}}, Nothing: "Nobody holds this role."}
	now := p.Clock.Now()
	for _, h := range held {
		v.Table.Rows = append(v.Table.Rows, sheet.Row{{Text: h.Person, Href: Base + "/people/" + h.PersonID, Sub: h.Address}, sheet.Text(reading.Capital(h.Role.Name())), sheet.Text(scopeWords(h)), sheet.Text(period(c.Reader, h, now))})
	}
	c.Face.Render(200, rolesView(v))
	return nil
}

// verbTable says what each role may do, as the policy has it.
func verbTable() sheet.Table {
	t := sheet.Table{Caption: "What each role may do where its scope reaches", Cols: []sheet.Col{{Label: "What"}, {Label: "IT"}, {Label: "Customers"}, {Label: "Without a role"}}}
	for _, v := range auth.Verbs() {
		row := sheet.Row{{Text: v.Sentence, Sub: string(v.Verb)}, {}, {}, sheet.Text(auth.WithoutRole(v.Verb))}
		for _, r := range auth.Roles() {
			if !auth.RoleMay(r, v.Verb) {
				continue
			}
			i := 1
			if r.OfCustomer() {
				i = 2
			}
			if row[i].Text != "" {
				row[i].Text += ", "
			}
			row[i].Text += r.Name()
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
