package place

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

var teamKinds = []ui.Option{
	{Value: people.DeskTeam, Label: "Service desk"}, {Value: people.LocalITTeam, Label: "Local IT"}, {Value: people.RegionalTeam, Label: "Regional"},
	{Value: people.EnterpriseTeam, Label: "Enterprise"}, {Value: people.SupplierTeam, Label: "Supplier"},
}

func (p *Pages) teams(c *area.Call) error { return p.showTeams(c, nil) }

func (p *Pages) showTeams(c *area.Call, back *area.Returned) error {
	l, err := p.People.Teams(c.Ctx(), c.By, c.Query("cursor"), 100)
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{Caption: "Teams, by name", Cols: []sheet.Col{{Label: "Team"}, {Label: "What it is"}, {Label: "On duty now"}, {Label: "Look at"}}, Pages: c.Pages("Teams", l.Next), Nothing: "No team yet."}}
	now := p.Clock.Now()
	for _, t := range l.Items {
		r, err := people.RosterOf(c.Ctx(), p.DB.Read(), t.ID)
		if err != nil {
			return err
		}
		names, err := p.names(c, r.At(now))
		if err != nil {
			return err
		}
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(t.Name, base+"/teams/"+t.ID), sheet.Text(label(teamKinds, t.Kind)), sheet.Text(dutyWords(c.Reader, r.At(now), names)), sheet.Link("Tickets", "/desk?team="+t.ID)})
	}
	if may(c, auth.TeamManage, auth.Object{Kind: "team"}) {
		v.Form, v.Kinds = back.Form("team", base+"/teams", nil), teamKinds
	}
	if v.page, err = p.start(c, back, "/teams", sheet.Head{Title: "Teams", Lead: "Being in a team says who gets work. What somebody may do is a role."}, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), listView(v))
	return nil
}

// names are the names of those on duty, by id.
func (p *Pages) names(c *area.Call, duties []people.Duty) (map[string]string, error) {
	var ids []string
	for _, d := range duties {
		if d.PersonID != "" && !slices.Contains(ids, d.PersonID) {
			ids = append(ids, d.PersonID)
		}
	}
	all, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	out := map[string]string{}
	for i := range all {
		out[all[i].ID] = all[i].Name
	}
	return out, err
}

func dutyWords(r ui.Reader, duties []people.Duty, names map[string]string) string {
	var out []string
	for _, d := range duties {
		out = append(out, names[d.PersonID]+" until "+r.Hour(d.Until))
	}
	return strings.Join(out, ", ")
}

func (p *Pages) createTeam(c *area.Call) error {
	return c.Take("team", area.Fields("name", "kind"), func(f *serve.Form) (string, error) {
		t, err := p.People.CreateTeam(c.Ctx(), c.By, people.TeamInput{Name: f.Value("name"), Kind: f.Value("kind")})
		return base + "/teams/" + t.ID + "?done=created", err
	}, func(b *area.Returned) error { return p.showTeams(c, b) })
}

type teamPage struct {
	page
	Team         people.Team
	Name, Member ui.Form
	Members      sheet.Table
	Roster       people.Roster
	Week, Dates  sheet.Table
	Next         sheet.Table
	Shift, Zone  ui.Form
	Who          []ui.Option
	Days         []ui.Option
	Chosen       map[string]bool
}

func (p *Pages) team(c *area.Call) error { return p.showTeam(c, nil) }

func (p *Pages) showTeam(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	t, members, err := p.People.Members(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	manages := may(c, auth.TeamManage, auth.Object{Kind: "team", ID: id, TeamID: id})
	v := teamPage{Team: t}
	here := base + "/teams/" + id
	if v.Roster, err = p.People.Roster(c.Ctx(), c.By, id); err != nil {
		return err
	}
	away, err := p.People.AwayNow(c.Ctx(), p.DB.Read())
	if err != nil {
		return err
	}
	v.Members = sheet.Table{Caption: "Members", Cols: []sheet.Col{{Label: "Member"}, {Label: "Address"}, {Label: "State"}, {}}, Nothing: "Nobody yet."}
	for _, m := range members {
		row := sheet.Row{sheet.Link(m.Name, base+"/people/"+m.ID), sheet.Text(m.Address), sheet.Chips(memberChips(m, away)...), {}}
		if manages {
			row[3] = sheet.Does(sheet.Act("Take out", here+"/members/remove", ui.Hidden{Name: "person", Value: m.ID}))
		}
		v.Members.Rows = append(v.Members.Rows, row)
		if !m.Disabled() {
			v.Who = append(v.Who, ui.Option{Value: m.ID, Label: m.Name})
		}
	}
	if manages {
		v.Name = back.Form("name", here, map[string]string{"name": t.Name}, area.At(t.Version))
		v.Member = back.Form("member", here+"/members", nil)
		v.Zone = back.Form("zone", here+"/roster/zone", map[string]string{"zone": v.Roster.Zone}, area.At(v.Roster.Version))
		v.Shift = back.Form("shift", here+"/roster/add", map[string]string{"from": "08:00", "until": "16:00"}, area.At(v.Roster.Version))
		v.Chosen = map[string]bool{}
		for _, d := range people.Weekdays {
			v.Days = append(v.Days, ui.Option{Value: d, Label: dayNames[d]})
			v.Chosen[d] = v.Shift.Values["day."+d] != "" || !v.Shift.Failed() && d != "sat" && d != "sun"
		}
	}
	if err := p.rosterTables(c, &v, members, here, manages); err != nil {
		return err
	}
	h := sheet.Head{Title: t.Name, Lead: label(teamKinds, t.Kind), Crumb: []ui.Link{{Label: "Teams", Href: base + "/teams"}}, Actions: []sheet.Action{{Label: "Its tickets", Href: "/desk?team=" + id, Icon: ui.IconInbox}}}
	if v.page, err = p.start(c, back, "/teams", h, v.Name, v.Member, v.Shift, v.Zone); err != nil {
		return err
	}
	c.Face.Render(back.Status(), teamView(v))
	return nil
}

func memberChips(m people.Person, away people.Away) []ui.Chip {
	var out []ui.Chip
	if m.Disabled() {
		out = append(out, ui.Chip{Kind: ui.ChipLate, Text: "Disabled"})
	}
	if _, ok := away[m.ID]; ok {
		out = append(out, ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Away"})
	}
	return out
}

var dayNames = map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}

// rosterTables fills the plan and who is on duty in the days to come.
func (p *Pages) rosterTables(c *area.Call, v *teamPage, members []people.Person, here string, manages bool) error {
	name := map[string]string{"": "Nobody"}
	for _, m := range members {
		name[m.ID] = m.Name
	}
	shifts := func(t *sheet.Table, key, text string, all []people.Shift) {
		for i, s := range all {
			row := sheet.Row{sheet.Text(text), sheet.Text(s.From + " to " + s.Until), sheet.Text(name[s.PersonID]), {}}
			if manages {
				row[3] = sheet.Does(sheet.Act("Remove", here+"/roster/remove", ui.Hidden{Name: "key", Value: key}, ui.Hidden{Name: "n", Value: strconv.Itoa(i)}, area.At(v.Roster.Version)))
			}
			t.Rows = append(t.Rows, row)
		}
		if len(all) == 0 {
			row := sheet.Row{sheet.Text(text), sheet.Text(""), sheet.Text("Nobody"), {}}
			if manages {
				row[3] = sheet.Does(sheet.Act("Remove", here+"/roster/remove", ui.Hidden{Name: "key", Value: key}, area.At(v.Roster.Version)))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	cols := []sheet.Col{{Label: "Day"}, {Label: "Hours"}, {Label: "Who"}, {}}
	v.Week = sheet.Table{Caption: "Every week", Cols: cols, Nothing: "No shift yet: nobody is on duty by plan."}
	for _, d := range people.Weekdays {
		if all := v.Roster.Plan.Week[d]; len(all) > 0 {
			shifts(&v.Week, d, dayNames[d], all)
		}
	}
	v.Dates = sheet.Table{Caption: "Days with a plan of their own", Cols: cols, Nothing: "No day has a plan of its own."}
	var dates []string
	for d := range v.Roster.Plan.Dates {
		dates = append(dates, d)
	}
	slices.Sort(dates)
	for _, d := range dates {
		day, err := time.Parse(time.DateOnly, d)
		if err != nil {
			continue
		}
		shifts(&v.Dates, d, day.Format("Mon 2 January 2006"), v.Roster.Plan.Dates[d])
	}
	now := p.Clock.Now()
	v.Next = sheet.Table{Caption: "Who is on duty", Cols: []sheet.Col{{Label: "From"}, {Label: "To"}, {Label: "Who"}}, Nothing: "Nobody is on duty in the next seven days."}
	for _, d := range v.Roster.Between(now, now.AddDate(0, 0, 7)) {
		v.Next.Rows = append(v.Next.Rows, sheet.Row{sheet.When(d.From), sheet.When(d.Until), sheet.Text(name[d.PersonID])})
	}
	return nil
}

// onTeam does one thing to a team and comes back to its page.
func (p *Pages) onTeam(c *area.Call, form, done string, fields map[string]string, do func(id string, f *serve.Form) error) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take(form, fields, func(f *serve.Form) (string, error) {
		return base + "/teams/" + id + "?done=" + done, do(id, f)
	}, func(b *area.Returned) error { return p.showTeam(c, b) })
}

func (p *Pages) renameTeam(c *area.Call) error {
	return p.onTeam(c, "name", "saved", area.Fields("name"), func(id string, f *serve.Form) error {
		_, err := p.People.RenameTeam(c.Ctx(), c.By, id, area.Version(f), f.Value("name"))
		return err
	})
}

func (p *Pages) addMember(c *area.Call) error {
	return p.onTeam(c, "member", "added", area.Fields("person"), func(id string, f *serve.Form) error {
		x, err := p.personOf(c, f, "person")
		if err == nil && x == "" {
			err = errs.In("web.member", "person", "Whom? Write their mail address.")
		}
		if err != nil {
			return err
		}
		return p.People.AddMember(c.Ctx(), c.By, id, x)
	})
}

func (p *Pages) removeMember(c *area.Call) error {
	return p.onTeam(c, "member", "removed", nil, func(id string, f *serve.Form) error {
		return p.People.RemoveMember(c.Ctx(), c.By, id, f.Value("person"))
	})
}

// onRoster changes a team's roster as it was read.
func (p *Pages) onRoster(c *area.Call, form string, fields map[string]string, change func(r *people.Roster, f *serve.Form) error) error {
	return p.onTeam(c, form, "roster", fields, func(id string, f *serve.Form) error {
		r, err := p.People.Roster(c.Ctx(), c.By, id)
		if err != nil {
			return err
		}
		if v := f.Value("version"); v != "" {
			r.Version = area.Version(f)
		}
		if err := change(&r, f); err != nil {
			return err
		}
		_, err = p.People.SetRoster(c.Ctx(), c.By, r)
		return err
	})
}

func (p *Pages) rosterZone(c *area.Call) error {
	return p.onRoster(c, "zone", area.Fields("zone"), func(r *people.Roster, f *serve.Form) error {
		r.Zone = f.Value("zone")
		return nil
	})
}

// addShift adds a shift to weekdays, or to one date.
func (p *Pages) addShift(c *area.Call) error {
	return p.onRoster(c, "shift", area.Fields("date", "dates=date", "week=day", "from", "person", "zone=date"), func(r *people.Roster, f *serve.Form) error {
		s := people.Shift{From: f.Value("from"), Until: f.Value("until"), PersonID: f.Value("person")}
		if !people.ValidShift(s) {
			return errs.In("web.shift", "from", "Write both hours on the 24-hour clock, such as 08:00 and 16:00.")
		}
		if date := f.Value("date"); date != "" {
			if _, err := time.Parse(time.DateOnly, date); err != nil {
				return errs.In("web.shift", "date", "This is no date. Write one as 2026-12-24.")
			}
			if r.Plan.Dates == nil {
				r.Plan.Dates = map[string][]people.Shift{}
			}
			if s.PersonID == "" {
				r.Plan.Dates[date] = []people.Shift{} // nobody is on duty that day
				return nil
			}
			r.Plan.Dates[date] = append(r.Plan.Dates[date], s)
			return nil
		}
		if s.PersonID == "" {
			return errs.In("web.shift", "person", "Who is on duty? Choose a member.")
		}
		n := 0
		for _, d := range people.Weekdays {
			if f.Value("day."+d) == "" {
				continue
			}
			if r.Plan.Week == nil {
				r.Plan.Week = map[string][]people.Shift{}
			}
			r.Plan.Week[d], n = append(r.Plan.Week[d], s), n+1
		}
		if n == 0 {
			return errs.In("web.shift", "day", "On which days? Tick one, or give a date.")
		}
		return nil
	})
}

func (p *Pages) removeShift(c *area.Call) error {
	return p.onRoster(c, "shift", nil, func(r *people.Roster, f *serve.Form) error {
		key, gone := f.Value("key"), errs.New(errs.Stale, "web.shift", "This shift is not there any more.")
		n, err := strconv.Atoi(f.Value("n"))
		plan := r.Plan.Week
		if len(key) == len(time.DateOnly) {
			plan = r.Plan.Dates
		}
		all, ok := plan[key]
		switch {
		case !ok:
			return gone
		case len(all) == 0:
			delete(plan, key)
		case err != nil || n < 0 || n >= len(all):
			return gone
		default:
			if plan[key] = slices.Delete(slices.Clone(all), n, n+1); len(plan[key]) == 0 {
				delete(plan, key) // a date goes back to its weekday
			}
		}
		return nil
	})
}
