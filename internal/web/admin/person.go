package admin

import (
	"net/url"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

const peopleOnPage = 50

// list lists people.
func (p *Pages) list(c *area.Call) error {
	f, err := p.frame(c, "People", "/people")
	if err != nil {
		return err
	}
	q := people.PersonFilter{Q: text.Cut(text.Line(c.Query("q")), 300), OrgID: c.QueryID("org"), SiteID: c.QueryID("site"), TeamID: c.QueryID("team"), Disabled: c.Query("who") == "all"}
	if role, err := auth.ParseRole(c.Query("role")); err == nil {
		q.Role = role
	}
	l, err := p.People.Persons(c.Ctx(), c.By, q, c.Query("cursor"), peopleOnPage)
	if err != nil {
		return err
	}
	v := listPage{Frame: f, Head: sheet.Head{Title: "People", Crumb: crumb("People")}}
	if auth.Somewhere(c.By, auth.PersonManage) == nil {
		v.Head.Actions = []sheet.Action{{Label: "Take in a list", Href: Base + "/imports", Icon: ui.IconUsers}, {Label: "New person", Href: Base + "/people/new", Icon: ui.IconPlus, Main: true}}
	}
	if v.Filter, err = p.peopleFilter(c, q); err != nil {
		return err
	}
	away, err := p.People.AwayNow(c.Ctx(), p.DB.Read())
	if err != nil {
		return err
	}
	v.Table = sheet.Table{
		Caption: "People, by name", Cols: []sheet.Col{{Label: "Name"}, {Label: "Address"}, {Label: "Place"}, {Label: "Zone"}, {Label: "State"}},
		Pages: c.Pages("People", l.Next), Nothing: "Nobody is found.", NothingText: "Write the beginning of a name or a whole mail address, or show all.",
	}
	for _, x := range l.Items {
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(x.Name, Base+"/people/"+x.ID), sheet.Text(x.Address), place(x), sheet.Text(x.Zone), sheet.Chips(states(x, away)...)})
	}
	c.Face.Render(200, listView(v))
	return nil
}

func place(x people.Person) sheet.Cell {
	if x.SiteName == "" {
		return sheet.Text(x.OrgName)
	}
	return sheet.Text(x.SiteName + ", " + x.OrgName)
}

func states(x people.Person, away people.Away) []ui.Chip {
	var out []ui.Chip
	if x.Disabled() {
		out = append(out, ui.Chip{Kind: ui.ChipLate, Text: "Disabled"})
	}
	if x.Stranger() {
		out = append(out, ui.Chip{Kind: ui.ChipPlain, Text: "Not placed yet"})
	}
	if _, ok := away[x.ID]; ok {
		out = append(out, ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Away"})
	}
	if !x.Mailed {
		out = append(out, ui.Chip{Kind: ui.ChipPlain, Text: "Not mailed"})
	}
	return out
}

func (p *Pages) peopleFilter(c *area.Call, q people.PersonFilter) (sheet.Filter, error) {
	sites, err := p.siteOptions(c, "Every site")
	if err != nil {
		return sheet.Filter{}, err
	}
	teams := []ui.Option{{Label: "Every team"}}
	all, err := p.People.Teams(c.Ctx(), c.By, "", 200)
	if err != nil {
		return sheet.Filter{}, err
	}
	for _, t := range all.Items {
		teams = append(teams, ui.Option{Value: t.ID, Label: t.Name})
	}
	roles := []ui.Option{{Label: "Every role"}}
	for _, r := range auth.Roles() {
		roles = append(roles, ui.Option{Value: string(r), Label: reading.Capital(r.Name())})
	}
	f := sheet.Filter{Action: Base + "/people", Fields: []sheet.FilterField{
		{Name: "q", Label: "Name or address", Value: q.Q},
		{Name: "site", Label: "Site", Value: q.SiteID, Options: sites},
		{Name: "team", Label: "Team", Value: q.TeamID, Options: teams},
		{Name: "role", Label: "Role", Value: string(q.Role), Options: roles},
		{Name: "who", Label: "Who", Value: c.Query("who"), Options: []ui.Option{{Label: "Enabled"}, {Value: "all", Label: "Disabled too"}}},
	}}
	if q != (people.PersonFilter{}) {
		f.Clear = Base + "/people"
	}
	return f, nil
}

// siteOptions are the sites a reader may read, with their organisation.
func (p *Pages) siteOptions(c *area.Call, none string) ([]ui.Option, error) {
	out := []ui.Option{{Label: none}}
	for cursor := ""; ; {
		l, err := p.People.Sites(c.Ctx(), c.By, "", cursor, 200)
		if err != nil {
			return nil, err
		}
		for _, s := range l.Items {
			out = append(out, ui.Option{Value: s.ID, Label: s.Name + ", " + s.OrgName})
		}
		if cursor = l.Next; cursor == "" {
			return out, nil
		}
	}
}

// orgOptions are the organisations a reader may read, that of unknown senders left out.
func (p *Pages) orgOptions(c *area.Call, none string) ([]ui.Option, error) {
	out := []ui.Option{{Label: none}}
	for cursor := ""; ; {
		l, err := p.People.Organisations(c.Ctx(), c.By, cursor, 200)
		if err != nil {
			return nil, err
		}
		for _, o := range l.Items {
			if o.Kind != people.Unassigned {
				out = append(out, ui.Option{Value: o.ID, Label: o.Name})
			}
		}
		if cursor = l.Next; cursor == "" {
			return out, nil
		}
	}
}

// newPerson is the form for somebody new.
func (p *Pages) newPerson(c *area.Call) error { return p.showNew(c, nil) }

func (p *Pages) showNew(c *area.Call, back *area.Returned) error {
	if err := auth.Somewhere(c.By, auth.PersonManage); err != nil {
		return err
	}
	v := newPage{Form: back.Form("new", Base+"/people", map[string]string{"site": c.QueryID("site"), "mailed": "yes"})}
	var err error
	if v.Frame, err = p.frame(c, "New person", "/people", v.Form); err != nil {
		return err
	}
	v.Head = sheet.Head{Title: "New person", Crumb: crumb("New person", ui.Link{Label: "People", Href: Base + "/people"}), Lead: "Their mail address is how they are known. They can sign in once they have a password."}
	if v.Orgs, err = p.orgOptions(c, "As the site says"); err != nil {
		return err
	}
	if v.Sites, err = p.siteOptions(c, "None"); err != nil {
		return err
	}
	c.Face.Render(back.Status(), newView(v))
	return nil
}

func (p *Pages) create(c *area.Call) error {
	return c.Take("new", area.Fields("name", "address", "organisation", "site", "zone"), func(f *serve.Form) (string, error) {
		x, err := p.People.CreatePerson(c.Ctx(), c.By, people.PersonInput{
			Name: f.Value("name"), Address: f.Value("address"), Verified: true, OrgID: f.Value("organisation"), SiteID: f.Value("site"), Zone: f.Value("zone"), NotMailed: f.Value("mailed") == "",
		})
		return Base + "/people/" + x.ID + "?done=created", err
	}, func(b *area.Returned) error { return p.showNew(c, b) })
}

// person is one person.
func (p *Pages) person(c *area.Call) error { return p.showPerson(c, nil) }

func (p *Pages) showPerson(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	x, err := p.People.Person(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	v, err := p.personPage(c, x, back)
	if err != nil {
		return err
	}
	c.Face.Render(back.Status(), personView(v))
	return nil
}

func (p *Pages) personPage(c *area.Call, x people.Person, back *area.Returned) (v personPage, err error) {
	q := p.DB.Read()
	here := Base + "/people/" + x.ID
	manages := p.People.Manageable(c.Ctx(), q, c.By, x.ID)
	if k := errs.KindOf(manages); manages != nil && k != errs.Denied && k != errs.NotFound {
		return v, manages
	}
	v = personPage{Person: x, Told: nil}
	if manages == nil {
		v.Edit = back.Form("edit", here, map[string]string{"name": x.Name, "organisation": x.OrgID, "site": x.SiteID, "zone": x.OwnZone, "mailed": yes(x.Mailed)}, area.At(x.Version))
		v.Address = back.Form("add", here+"/addresses", nil)
		if v.Orgs, err = p.orgOptions(c, "As the site says"); err != nil {
			return v, err
		}
		if v.Sites, err = p.siteOptions(c, "None"); err != nil {
			return v, err
		}
		v.State = back.Form("state", here+"/"+otherState(x), nil)
	} else if errs.Is(manages, errs.Denied) {
		v.Why = errs.Sentence(manages)
	}
	if err := p.personFacts(c, &v, x, here, manages == nil, back); err != nil {
		return v, err
	}
	v.Told = back.Told()
	if v.Frame, err = p.frame(c, x.Name, "/people", v.Edit, v.Address, v.Grant, v.State); err != nil {
		return v, err
	}
	v.Head = sheet.Head{Title: x.Name, Lead: x.OrgName, Crumb: crumb(x.Name, ui.Link{Label: "People", Href: Base + "/people"})}
	if x.SiteName != "" {
		v.Head.Lead = x.SiteName + ", " + x.OrgName
	}
	v.Head.Actions = []sheet.Action{{Label: "Their tickets", Href: "/desk?person=" + x.ID, Icon: ui.IconInbox}}
	return v, nil
}

func otherState(x people.Person) string {
	if x.Disabled() {
		return "enable"
	}
	return "disable"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// personFacts reads what belongs to a person: addresses, teams, roles, absences, sessions and tokens.
func (p *Pages) personFacts(c *area.Call, v *personPage, x people.Person, here string, manages bool, back *area.Returned) error {
	q := p.DB.Read()
	addresses, err := people.Addresses(c.Ctx(), q, x.ID)
	if err != nil {
		return err
	}
	v.Addresses = sheet.Table{Caption: "Addresses, the first is written to", Cols: []sheet.Col{{Label: "Address"}, {Label: "State"}, {}}, Nothing: "No address: known by telephone alone."}
	for _, a := range addresses {
		row := sheet.Row{sheet.Text(a.Address), sheet.Chips(ui.Chip{Kind: ui.ChipPlain, Text: "Not proven"}), {}}
		if a.Verified {
			row[1] = sheet.Chips(ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Proven"})
		}
		if manages {
			row[2] = sheet.Does(addressActs(here, a.Address, a.Verified, len(addresses) > 1))
		}
		v.Addresses.Rows = append(v.Addresses.Rows, row)
	}
	teams, err := people.TeamsOf(c.Ctx(), q, x.ID)
	if err != nil {
		return err
	}
	for _, t := range teams {
		v.Teams = append(v.Teams, ui.Link{Label: t.Name, Href: Base + "/teams/" + t.ID})
	}
	if err := p.personRoles(c, v, x, here, back); err != nil {
		return err
	}
	if err := p.personAbsences(c, v, x); err != nil {
		return err
	}
	sessions, err := p.Auth.SessionsOf(c.Ctx(), c.By, x.ID)
	if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
		return nil // whoever sees them could act as the person: that is for who administers everything
	}
	if err != nil {
		return err
	}
	tokens, err := p.Auth.Tokens(c.Ctx(), c.By, x.ID)
	if err != nil {
		return err
	}
	v.Access = accessOf(c.Reader, sessions, tokens)
	v.Tokens = Base + "/tokens?person=" + x.ID
	if len(sessions) > 0 && manages {
		v.SignOut = here + "/sign-out"
	}
	if manages && !x.Disabled() && x.Address != "" && p.Account.Mails() {
		v.Password = here + "/password-link"
	}
	return nil
}

func accessOf(r ui.Reader, sessions []auth.SessionInfo, tokens []auth.TokenInfo) []ui.Fact {
	out := []ui.Fact{{Name: "Sessions", Value: "None"}, {Name: "Tokens", Value: "None"}}
	if n := len(sessions); n > 0 {
		out[0].Value = ui.Count(n) + ", last seen " + r.WhenIn(sessions[0].SeenAt)
	}
	if n := len(tokens); n > 0 {
		used := slices.MaxFunc(tokens, func(a, b auth.TokenInfo) int { return a.UsedAt.Compare(b.UsedAt) }).UsedAt
		out[1].Value = ui.Count(n) + ", never used"
		if !used.IsZero() {
			out[1].Value = ui.Count(n) + ", last used " + r.WhenIn(used)
		}
	}
	return out
}

func (p *Pages) personAbsences(c *area.Call, v *personPage, x people.Person) error {
	all, err := p.People.AbsencesOf(c.Ctx(), c.By, x.ID)
	if err != nil {
		return err
	}
	now := p.Clock.Now()
	var ids []string
	for _, a := range all {
		ids = append(ids, a.SubstituteID)
	}
	subs, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(all) {
		if !a.Until.IsZero() && (!a.Until.After(now) || !a.Until.After(a.From)) || len(v.Absences) == 3 {
			continue
		}
		who := "the team"
		if i := slices.IndexFunc(subs, func(s people.Person) bool { return s.ID == a.SubstituteID }); i >= 0 {
			who = subs[i].Name
		}
		v.Absences = append(v.Absences, ui.Fact{Name: span(c.Reader, a.From, a.Until), Value: "in the meantime: " + who})
	}
	v.AbsenceLink = ui.Link{Label: "All absences", Href: Base + "/absences?person=" + x.ID}
	return nil
}

func span(r ui.Reader, from, until time.Time) string {
	if until.IsZero() {
		return "From " + r.WhenIn(from) + ", return not known"
	}
	return r.When(from) + " to " + r.WhenIn(until)
}

// query makes an address with a query.
func query(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}
