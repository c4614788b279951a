package hours

import (
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type absencePage struct {
	page
	Table sheet.Table
	Form  ui.Form
	Whose bool // the form asks whose: the reader may for others
	Mine  []string
}

func (p *Pages) absences(c *area.Call) error { return p.showAbsences(c, nil) }

func (p *Pages) showAbsences(c *area.Call, back *area.Returned) error {
	all, err := p.People.Absences(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	only := c.QueryID("person")
	if only != "" {
		all = slices.DeleteFunc(all, func(a people.Absence) bool { return a.PersonID != only })
	}
	who, err := p.byID(c, all, only)
	if err != nil {
		return err
	}
	away, err := p.People.AwayNow(c.Ctx(), p.DB.Read())
	if err != nil {
		return err
	}
	v := absencePage{Table: sheet.Table{
		Caption: "Who is away or will be", Cols: []sheet.Col{{Label: "Who"}, {Label: "From"}, {Label: "Back"}, {Label: "Stands in"}, {Label: "State"}, {}},
		Nothing: "Nobody is away.", NothingText: "Who says when they are away, and who stands in, leaves nothing waiting.",
	}}
	now := p.Clock.Now()
	for _, a := range all {
		v.Table.Rows = append(v.Table.Rows, p.absenceRow(c, a, who, away, now, back))
	}
	for _, id := range away.For(c.Me.ID) {
		x, err := people.PersonByID(c.Ctx(), p.DB.Read(), id)
		if err != nil {
			return err
		}
		v.Mine = append(v.Mine, x.Name)
	}
	v.Whose = auth.Somewhere(c.By, auth.AbsenceManage) == nil
	fresh := map[string]string{"person": c.Me.Address}
	if x, ok := who[only]; ok {
		fresh["person"] = x.Address
	}
	v.Form = back.Form("away", base+"/absences", fresh)
	h := sheet.Head{Title: "Absences", Lead: "What is assigned to somebody away is their substitute’s meanwhile; without one it is the team’s."}
	if only != "" {
		h.Actions = []sheet.Action{{Label: "Everybody’s", Href: base + "/absences", Icon: ui.IconUsers}}
	}
	if v.page, err = p.start(c, back, "/absences", h, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), absenceView(v))
	return nil
}

// byID reads everybody whom absences name.
func (p *Pages) byID(c *area.Call, all []people.Absence, more ...string) (map[string]people.Person, error) {
	ids := slices.DeleteFunc(more, func(s string) bool { return s == "" })
	for _, a := range all {
		ids = append(ids, a.PersonID)
		if a.SubstituteID != "" {
			ids = append(ids, a.SubstituteID)
		}
	}
	found, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	out := map[string]people.Person{}
	for i := range found {
		if auth.Can(c.By, auth.PersonRead, found[i].Object()) == nil || found[i].OrgID == c.By.OrgID {
			out[found[i].ID] = found[i]
		}
	}
	return out, err
}

func (p *Pages) absenceRow(c *area.Call, a people.Absence, who map[string]people.Person, away people.Away, now time.Time, back *area.Returned) sheet.Row {
	x := who[a.PersonID]
	row := sheet.Row{sheet.Link(x.Name, base+"/people/"+x.ID), sheet.When(a.From), sheet.When(a.Until), sheet.Text("the team"), {}, {}}
	if a.Until.IsZero() {
		row[2] = sheet.Text("not known")
	}
	if sub, ok := who[a.SubstituteID]; ok {
		row[3] = sheet.Text(sub.Name)
	}
	end := "Take back"
	if a.At(now) {
		row[4] = sheet.Chips(ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Away"})
		end = "Is back"
		switch holder, via := away.Holder(a.PersonID); {
		case holder == "" && a.SubstituteID != "":
			row[3].Sub = "away as well: the team acts"
		case len(via) > 0:
			row[3].Sub = "away as well: somebody further acts"
			if h, ok := who[holder]; ok {
				row[3].Sub = "away as well: " + h.Name + " acts"
			}
		}
	}
	if auth.Can(c.By, auth.AbsenceManage, x.Object()) == nil {
		f := back.Form("absence-"+a.ID, base+"/absences/"+a.ID, map[string]string{"until": stamp(c, a.Until), "substitute": who[a.SubstituteID].Address}, area.At(a.Version))
		row[5] = sheet.Does(absenceActs(f, x.Name, end, base+"/absences/"+a.ID+"/end"))
	}
	return row
}

// stamp is an instant as a field of a form has it, in the reader's zone.
func stamp(c *area.Call, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return c.Reader.In(t).Format("2006-01-02T15:04")
}

func (p *Pages) addAbsence(c *area.Call) error {
	return c.Take("away", area.Fields("person", "substitute", "from", "until"), func(f *serve.Form) (string, error) {
		in := people.AbsenceInput{PersonID: c.Me.ID}
		if f.Value("person") != "" {
			id, err := p.personOf(c, f, "person")
			if err != nil {
				return "", err
			}
			in.PersonID = id
		}
		var err error
		if in.SubstituteID, err = p.personOf(c, f, "substitute"); err != nil {
			return "", err
		}
		if in.From, err = area.Instant(c.Reader.Zone, "from", f.Value("from")); err != nil {
			return "", err
		}
		if in.Until, err = area.Instant(c.Reader.Zone, "until", f.Value("until")); err != nil {
			return "", err
		}
		_, err = p.People.AddAbsence(c.Ctx(), c.By, in)
		if errs.Is(err, errs.Denied) {
			err = errs.In("web.absence", "person", "You can say so for yourself; for others, their site’s IT lead or an administrator can.")
		}
		return base + "/absences?done=away", err
	}, func(b *area.Returned) error { return p.showAbsences(c, b) })
}

func (p *Pages) changeAbsence(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("absence-"+id, area.Fields("until", "substitute"), func(f *serve.Form) (string, error) {
		sub, err := p.personOf(c, f, "substitute")
		if err != nil {
			return "", err
		}
		until, err := area.Instant(c.Reader.Zone, "until", f.Value("until"))
		if err != nil {
			return "", err
		}
		_, err = p.People.ChangeAbsence(c.Ctx(), c.By, people.AbsenceChange{ID: id, Version: area.Version(f), SubstituteID: &sub, Until: &until})
		return base + "/absences?done=absence", err
	}, func(b *area.Returned) error { return p.showAbsences(c, b) })
}

func (p *Pages) endAbsence(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("end", nil, func(*serve.Form) (string, error) {
		return base + "/absences?done=back", p.People.EndAbsence(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showAbsences(c, b) })
}
