package hours

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/calendar/feed"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type feedPage struct {
	page
	Form    ui.Form
	Days    sheet.Table
	Effect  []string
	Changes int
	Back    string
}

// mostLookedAt is how many open tickets are reckoned anew to say what a change moves.
const mostLookedAt = 1000

// showFeed reads a file of holidays and shows what it would change. Nothing is changed yet.
func (p *Pages) showFeed(c *area.Call) error {
	d, err := p.read(c)
	if err != nil {
		return err
	}
	if err := auth.Can(c.By, auth.CalendarManage, auth.Object{Kind: "calendar", ID: d.ID}); err != nil {
		return err
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	got, err := p.readFeed(f)
	if err != nil {
		back, ok := area.CameBack("feed", f, err, area.Fields("files", "until"))
		if !ok {
			return err
		}
		return p.showCalendar(c, back)
	}
	spec, added, renamed := merged(d.Spec, got.Days)
	v := feedPage{Changes: added + renamed, Back: base + "/calendars/" + d.ID}
	v.Days = sheet.Table{Caption: "Days of the file", Cols: []sheet.Col{{Label: "Day"}, {Label: "Name"}, {Label: "What changes"}}, Nothing: "The file has no whole day in these years."}
	for _, day := range got.Days {
		v.Days.Rows = append(v.Days.Rows, sheet.Row{sheet.Text(dateWords(day.Date)), sheet.Text(day.Name), sheet.Chips(dayChip(d.Spec, day))})
	}
	v.Effect = append(v.Effect, fmt.Sprintf("%s and %s.", days2(added, "is added", "are added"), days2(renamed, "gets a name", "get a name")))
	if v.Changes > 0 {
		moves, err := p.moves(c, d, spec)
		if err != nil {
			return err
		}
		v.Effect = append(v.Effect, moves)
	}
	if got.Timed > 0 {
		v.Effect = append(v.Effect, "Entries with hours are no whole days and are left out: "+ui.Count(got.Timed)+".")
	}
	if got.Refused > 0 {
		v.Effect = append(v.Effect, "Entries whose dates can’t be read are left out: "+ui.Count(got.Refused)+".")
	}
	v.Form = ui.Form{ID: "take", Action: base + "/calendars/" + d.ID + "/feed/take", Hidden: []ui.Hidden{area.At(d.Version), {Name: "days", Value: written(got.Days)}}}
	h := sheet.Head{Title: "What the file changes", Lead: "Nothing is changed yet.", Crumb: []ui.Link{{Label: "Calendars", Href: base + "/calendars"}, {Label: d.Name, Href: v.Back}}}
	if v.page, err = p.start(c, nil, "/calendars", h); err != nil {
		return err
	}
	c.Face.Render(200, feedView(v))
	return nil
}

func days2(n int, one, many string) string {
	if n == 1 {
		return "1 day " + one
	}
	return ui.Count(n) + " days " + many
}

func (p *Pages) readFeed(f *serve.Form) (feed.Feed, error) {
	if f.TooBig != nil {
		return feed.Feed{}, f.TooBig
	}
	if len(f.Files) == 0 || len(f.Files[0].Body) == 0 {
		return feed.Feed{}, errs.In("web.feed", "files", "Choose a file of holidays: it ends in .ics.")
	}
	this := p.Clock.Now().Year()
	until, err := strconv.Atoi(f.Value("until"))
	if err != nil || until < this || until > this+10 {
		return feed.Feed{}, errs.In("web.feed", "until", "Write a year from %d to %d.", this, this+10)
	}
	return feed.Read(f.Files[0].Body, this, until)
}

func dayChip(s calendar.Spec, d feed.Day) ui.Chip {
	switch {
	case !holidayIn(s, d.Date):
		return ui.Chip{Kind: ui.ChipIT, Icon: ui.IconPlus, Text: "New"}
	case renames(s, d):
		return ui.Chip{Kind: ui.ChipPlain, Text: "Gets this name"}
	}
	return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconCheck, Text: "There already"}
}

func holidayIn(s calendar.Spec, date string) bool {
	return slices.Contains(s.Holidays, date) || slices.Contains(s.YearlyHolidays, date[5:])
}

func renames(s calendar.Spec, d feed.Day) bool {
	return d.Name != "" && s.HolidayNames[d.Date] != d.Name && s.HolidayNames[d.Date[5:]] != d.Name
}

// merged is a calendar with the days of a file; nothing of it is taken away.
func merged(s calendar.Spec, all []feed.Day) (out calendar.Spec, added, renamed int) {
	out = s
	out.Holidays, out.HolidayNames = slices.Clone(s.Holidays), maps.Clone(s.HolidayNames)
	if out.HolidayNames == nil {
		out.HolidayNames = map[string]string{}
	}
	for _, d := range all {
		is := holidayIn(s, d.Date)
		switch {
		case !is:
			out.Holidays, added = append(out.Holidays, d.Date), added+1
		case renames(s, d):
			renamed++
		default:
			continue
		}
		if d.Name != "" {
			out.HolidayNames[d.Date] = d.Name
		}
	}
	slices.Sort(out.Holidays)
	return out, added, renamed
}

// moves says in words which open tickets another calendar would move.
func (p *Pages) moves(c *area.Call, d calendar.Definition, spec calendar.Spec) (string, error) {
	cal, err := calendar.Compile(spec)
	if err != nil {
		return "", err
	}
	moved, more, err := p.Desk.WouldMove(calendar.Supposing(c.Ctx(), d.ID, cal), mostLookedAt)
	if err != nil {
		return "", err
	}
	words := "No open ticket moves."
	switch n := len(moved); {
	case n == 1:
		words = "1 open ticket moves."
	case n > 1:
		words = ui.Count(n) + " open tickets move."
	}
	if more {
		words += " " + ui.Count(mostLookedAt) + " were looked at, there are more."
	}
	return words, nil
}

// written carries the days of a file through the form that takes them in.
func written(all []feed.Day) string {
	lines := make([]string, len(all))
	for i, d := range all {
		lines[i] = d.Date + " " + d.Name
	}
	return strings.Join(lines, "\n")
}

// takeFeed takes the days in that were shown.
func (p *Pages) takeFeed(c *area.Call) error {
	return p.onCalendar(c, "take", "feed", nil, func(d calendar.Definition, f *serve.Form) error {
		var all []feed.Day
		for line := range strings.SplitSeq(strings.ReplaceAll(f.Values["days"], "\r", ""), "\n") {
			date, name, _ := strings.Cut(line, " ")
			if _, err := time.Parse(time.DateOnly, date); err != nil {
				return errs.New(errs.Conflict, "web.feed", "The days of the file can’t be read any more. Choose the file again.")
			}
			all = append(all, feed.Day{Date: date, Name: strings.TrimSpace(name)})
		}
		spec, added, renamed := merged(d.Spec, all)
		_, err := p.Calendars.Update(c.Ctx(), c.By, calendar.Change{ID: d.ID, Version: area.Version(f), Spec: &spec, What: fmt.Sprintf("file of holidays: %d added, %d named", added, renamed)})
		return err
	})
}
