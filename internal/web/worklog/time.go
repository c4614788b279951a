package worklog

import (
	"sort"
	"strconv"
	"time"

	"bothways/internal/desk"
	"bothways/internal/effort"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

var kindWords = map[effort.Kind]string{effort.Working: "Work", effort.Travel: "Travel", effort.WalkUp: "Walk-up", effort.Favour: "Favour"}

// kinds are the choices of what time went into.
func kinds() []ui.Option {
	var out []ui.Option
	for _, k := range effort.Kinds() {
		out = append(out, ui.Option{Value: string(k), Label: kindWords[k]})
	}
	return out
}

type weekPage struct {
	page
	Days sheet.Table
	Team sheet.Table
}

// week is somebody's working time in a week, and everybody's sum.
func (p *Pages) week(c *area.Call) error { return p.showWeek(c, nil) }

func (p *Pages) showWeek(c *area.Call, back *area.Returned) error {
	if ref := c.Query("ticket"); ref != "" {
		return p.ofTicket(c, ref)
	}
	personID := c.QueryID("person")
	if personID == "" {
		personID = c.Me.ID
	}
	who, err := people.PersonByID(c.Ctx(), p.DB.Read(), personID)
	if err != nil || who.OrgKind != people.Provider && who.ID != c.Me.ID {
		return errs.New(errs.NotFound, "web.time", "There is nothing here that you can see.")
	}
	day := p.Clock.Now().In(c.Reader.Zone)
	if d, err := time.Parse(time.DateOnly, c.Query("week")); err == nil {
		day = d
	}
	monday := effort.Week(day)
	all, sums, err := p.Effort.WeekOf(c.Ctx(), c.By, who.ID, monday)
	if err != nil {
		return err
	}
	title := "My time"
	if who.ID != c.Me.ID {
		title = "The time of " + who.Name
	}
	head := sheet.Head{Title: title, Lead: "Week from " + monday.Format("Monday 2 January 2006") + ": " + minutes(effort.Minutes(all)) + ". Entries are changed on their own day."}
	at := func(d time.Time) string {
		return TimePath + "?person=" + who.ID + "&week=" + d.Format(time.DateOnly)
	}
	head.Actions = []sheet.Action{{Label: "The week before", Href: at(monday.AddDate(0, 0, -7)), Icon: ui.IconLeft}, {Label: "The week after", Href: at(monday.AddDate(0, 0, 7))}}
	v := weekPage{Days: p.entries(c, all, who.ID == c.Me.ID)}
	v.Days.Caption, v.Days.Nothing = "Entries of the week, by day", "Nothing noted in this week."
	if v.Team, err = p.everybody(c, sums, monday); err != nil {
		return err
	}
	if v.page, err = p.start(c, back, TimePath, head); err != nil {
		return err
	}
	c.Face.Render(back.Status(), weekView(v))
	return nil
}

// entries is a table of working time; own gives the forms that change those of today.
func (p *Pages) entries(c *area.Call, all []effort.Entry, own bool) sheet.Table {
	t := sheet.Table{Cols: []sheet.Col{{Label: "Day"}, {Label: "Ticket"}, {Label: "What it went into"}, {Label: "Time", Right: true}}}
	if own {
		t.Cols = append(t.Cols, sheet.Col{})
	}
	y, m, d := p.Clock.Now().In(c.Reader.Zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for i := len(all) - 1; i >= 0; i-- {
		e := &all[i]
		about := sheet.Text("A ticket out of your reach")
		if e.Number != 0 {
			about = sheet.Link(desk.Ref(e.Number), "/desk/tickets/"+desk.Ref(e.Number))
		}
		row := sheet.Row{sheet.Text(e.Day.Format("Mon 2 Jan")), about, {Text: kindWords[e.Kind], Sub: e.Note}, sheet.Text(minutes(e.Minutes))}
		if own {
			does := sheet.Cell{}
			if e.Day.Equal(today) {
				does = sheet.Does(changeView(change{
					Form:   ui.Form{ID: "t" + strconv.Itoa(i), Action: TimePath + "/" + e.ID, Values: map[string]string{"minutes": strconv.Itoa(e.Minutes), "kind": string(e.Kind), "note": e.Note}},
					Remove: TimePath + "/" + e.ID + "/remove", Kinds: kinds(), Of: " " + minutes(e.Minutes),
				}))
			}
			row = append(row, does)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// change is the forms that change or remove one entry.
type change struct {
	Form   ui.Form
	Remove string
	Kinds  []ui.Option
	Of     string
}

// everybody is a table of who noted how much: the load is shown.
func (p *Pages) everybody(c *area.Call, sums []effort.Sum, monday time.Time) (sheet.Table, error) {
	t := sheet.Table{Caption: "What everybody noted this week", Cols: []sheet.Col{{Label: "Who"}, {Label: "Time", Right: true}}, Nothing: "Nobody noted any."}
	ids := make([]string, len(sums))
	for i := range sums {
		ids[i] = sums[i].PersonID
	}
	all, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return t, err
	}
	names := map[string]string{}
	for i := range all {
		names[all[i].ID] = all[i].Name
	}
	sort.SliceStable(sums, func(i, j int) bool { return sums[i].Minutes > sums[j].Minutes })
	for _, s := range sums {
		if names[s.PersonID] != "" {
			t.Rows = append(t.Rows, sheet.Row{sheet.Link(names[s.PersonID], TimePath+"?person="+s.PersonID+"&week="+monday.Format(time.DateOnly)), sheet.Text(minutes(s.Minutes))})
		}
	}
	return t, nil
}

// ofTicket is the working time on a ticket, with who noted it.
func (p *Pages) ofTicket(c *area.Call, ref string) error {
	n, err := desk.ParseRef(ref)
	if err != nil {
		return err
	}
	all, err := p.Effort.Of(c.Ctx(), c.By, n)
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	found, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i := range found {
		names[found[i].ID] = found[i].Name
	}
	v := weekPage{Days: p.entries(c, all, false)}
	v.Days.Cols[0].Label = "Who and when"
	for i := range v.Days.Rows {
		e := &all[len(all)-1-i]
		v.Days.Rows[i][0] = sheet.Cell{Text: names[e.PersonID], Sub: e.Day.Format("Mon 2 January 2006")}
	}
	v.Days.Caption, v.Days.Nothing = "Working time on "+desk.Ref(n), "No time is noted."
	if v.page, err = p.start(c, nil, TimePath, sheet.Head{Title: "Time on " + desk.Ref(n), Lead: minutes(effort.Minutes(all)) + " in all, with what was merged into it.", Crumb: []ui.Link{{Label: desk.Ref(n), Href: "/desk/tickets/" + desk.Ref(n)}, {Label: "Time"}}}); err != nil {
		return err
	}
	c.Face.Render(200, weekView(v))
	return nil
}

func (p *Pages) changeTime(c *area.Call) error {
	return p.onEntry(c, "changed", func(id string, f *serve.Form) error {
		n, err := number(f.Value("minutes"))
		if err == nil {
			_, err = p.Effort.Change(c.Ctx(), c.By, id, desk.Work{Minutes: n, Kind: f.Value("kind"), Note: f.Value("note")})
		}
		return err
	})
}

func (p *Pages) removeTime(c *area.Call) error {
	return p.onEntry(c, "removed", func(id string, _ *serve.Form) error {
		_, err := p.Effort.Remove(c.Ctx(), c.By, id)
		return err
	})
}

func (p *Pages) onEntry(c *area.Call, done string, do func(id string, f *serve.Form) error) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("time", nil, func(f *serve.Form) (string, error) { return TimePath + "?done=" + done, do(id, f) }, func(b *area.Returned) error { return p.showWeek(c, b) })
}
