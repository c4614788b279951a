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
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// days are the keys of a week with their names, Monday first.
var days = [][2]string{{"mon", "Monday"}, {"tue", "Tuesday"}, {"wed", "Wednesday"}, {"thu", "Thursday"}, {"fri", "Friday"}, {"sat", "Saturday"}, {"sun", "Sunday"}}

type listPage struct {
	page
	Table sheet.Table
	Form  ui.Form
}

func (p *Pages) calendars(c *area.Call) error { return p.showCalendars(c, nil) }

func (p *Pages) showCalendars(c *area.Call, back *area.Returned) error {
	l, err := p.Calendars.List(c.Ctx(), c.By, c.Query("cursor"), 100)
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{Caption: "Calendars, by name", Cols: []sheet.Col{{Label: "Calendar"}, {Label: "Zone"}, {Label: "Every week"}, {Label: "Holidays", Right: true}}, Pages: c.Pages("Calendars", l.Next), Nothing: "No calendar yet."}}
	for _, d := range l.Items {
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(d.Name, base+"/calendars/"+d.ID), sheet.Text(d.Spec.TZ), sheet.Text(weekWords(d.Spec.Week)), sheet.Text(ui.Count(len(d.Spec.Holidays) + len(d.Spec.YearlyHolidays)))})
	}
	if auth.Can(c.By, auth.CalendarManage, auth.Object{Kind: "calendar"}) == nil {
		v.Form = back.Form("calendar", base+"/calendars", map[string]string{"tz": c.Reader.Zone.String(), "hours": "09:00-17:00"})
	}
	if v.page, err = p.start(c, back, "/calendars", sheet.Head{Title: "Calendars", Lead: "Promises run in the working hours of whoever owes them."}, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), listView(v))
	return nil
}

// weekWords says a week in short: days of the same hours together.
func weekWords(week map[string][][2]string) string {
	var out []string
	for i := 0; i < len(days); {
		hours, j := frames(week[days[i][0]]), i
		for j+1 < len(days) && frames(week[days[j+1][0]]) == hours {
			j++
		}
		if hours != "" {
			name := days[i][1][:3]
			if j > i {
				name += " to " + days[j][1][:3]
			}
			out = append(out, name+" "+hours)
		}
		i = j + 1
	}
	return strings.Join(out, "; ")
}

// frames writes a day's hours as its field has them: 09:00-12:00, 13:00-17:00.
func frames(all [][2]string) string {
	parts := make([]string, len(all))
	for i, f := range all {
		parts[i] = f[0] + "-" + f[1]
	}
	return strings.Join(parts, ", ")
}

// readFrames reads a day's hours. What is wrong with an hour itself is said by calendar.Compile. Errors: Invalid, naming the field.
func readFrames(field, s string) ([][2]string, error) {
	var out [][2]string
	for part := range strings.SplitSeq(strings.NewReplacer("–", "-", ";", ",").Replace(s), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, ok := strings.Cut(part, "-")
		if !ok {
			return nil, errs.In("web.calendar", field, "Write hours as 09:00-12:00, 13:00-17:00. Leave it empty when nobody works.")
		}
		out = append(out, [2]string{strings.TrimSpace(from), strings.TrimSpace(to)})
	}
	return out, nil
}

func (p *Pages) create(c *area.Call) error {
	return c.Take("calendar", area.Fields("name", "tz", "week=hours", "week.mon=hours", "week.mon[0]=hours"), func(f *serve.Form) (string, error) {
		hours, err := readFrames("week", f.Value("hours"))
		if err != nil {
			return "", err
		}
		spec := calendar.Spec{TZ: f.Value("tz"), Week: map[string][][2]string{"mon": hours}}
		if _, err := calendar.Compile(spec); err != nil { // one day says it once
			return "", err
		}
		for _, d := range days[1:5] {
			spec.Week[d[0]] = hours
		}
		d, err := p.Calendars.Create(c.Ctx(), c.By, f.Value("name"), spec)
		return base + "/calendars/" + d.ID + "?done=created", err
	}, func(b *area.Returned) error { return p.showCalendars(c, b) })
}

type calendarPage struct {
	page
	Year               sheet.Year
	Before, After      string // addresses of the years beside it
	YearName           string
	Week, Holiday, Day ui.Form
	Feed               ui.Form
	Holidays, Dated    sheet.Table
	Zone               string
	WeekWords          string
}

func (p *Pages) calendar(c *area.Call) error { return p.showCalendar(c, nil) }

func (p *Pages) read(c *area.Call) (calendar.Definition, error) {
	id, err := c.PathID("id")
	if err != nil {
		return calendar.Definition{}, err
	}
	return p.Calendars.Get(c.Ctx(), c.By, id)
}

func (p *Pages) showCalendar(c *area.Call, back *area.Returned) error {
	d, err := p.read(c)
	if err != nil {
		return err
	}
	cal, err := calendar.Compile(d.Spec)
	if err != nil {
		return err
	}
	now := p.Clock.Now()
	year := now.In(cal.Zone()).Year()
	if n, err := strconv.Atoi(c.Query("year")); err == nil && n > 1900 && n < 2399 {
		year = n
	}
	here := base + "/calendars/" + d.ID
	v := calendarPage{Zone: d.Spec.TZ, WeekWords: weekWords(d.Spec.Week), YearName: strconv.Itoa(year), Year: yearOf(d.Spec, cal, year, now), Before: here + "?year=" + strconv.Itoa(year-1), After: here + "?year=" + strconv.Itoa(year+1)}
	manages := auth.Can(c.By, auth.CalendarManage, auth.Object{Kind: "calendar", ID: d.ID}) == nil
	if manages {
		fresh := map[string]string{"name": d.Name, "tz": d.Spec.TZ}
		for _, x := range days {
			fresh[x[0]] = frames(d.Spec.Week[x[0]])
		}
		v.Week = back.Form("week", here, fresh, area.At(d.Version))
		v.Holiday = back.Form("holiday", here+"/holidays", nil)
		v.Day = back.Form("day", here+"/days", nil, area.At(d.Version))
		v.Feed = back.Form("feed", here+"/feed", map[string]string{"until": strconv.Itoa(now.Year() + 1)})
	}
	p.dayTables(&v, d, here, manages)
	h := sheet.Head{Title: d.Name, Lead: d.Spec.TZ + ". " + v.WeekWords, Crumb: []ui.Link{{Label: "Calendars", Href: base + "/calendars"}}}
	if v.page, err = p.start(c, back, "/calendars", h, v.Week, v.Holiday, v.Day, v.Feed); err != nil {
		return err
	}
	c.Face.Render(back.Status(), calendarView(v))
	return nil
}

// dayTables lists holidays and days with hours of their own.
func (p *Pages) dayTables(v *calendarPage, d calendar.Definition, here string, manages bool) {
	v.Holidays = sheet.Table{Caption: "Holidays", Cols: []sheet.Col{{Label: "Day"}, {Label: "Name"}, {}}, Nothing: "No holiday yet."}
	add := func(date, words, name string) {
		row := sheet.Row{sheet.Text(words), sheet.Text(name), {}}
		if manages {
			row[2] = sheet.Does(sheet.Act("Remove", here+"/holidays/remove", ui.Hidden{Name: "date", Value: date}))
		}
		v.Holidays.Rows = append(v.Holidays.Rows, row)
	}
	for _, date := range d.Spec.YearlyHolidays {
		t, _ := time.Parse("01-02", date)
		add(date, t.Format("2 January")+", every year", d.Spec.HolidayNames[date])
	}
	for _, date := range slices.Sorted(slices.Values(d.Spec.Holidays)) {
		name := d.Spec.HolidayNames[date]
		if name == "" {
			name = d.Spec.HolidayNames[date[5:]]
		}
		add(date, dateWords(date), name)
	}
	v.Dated = sheet.Table{Caption: "Days with other hours", Cols: []sheet.Col{{Label: "Day"}, {Label: "Hours"}, {}}, Nothing: "No day has other hours."}
	for _, date := range slices.Sorted(maps.Keys(d.Spec.Shifts)) {
		hours := frames(d.Spec.Shifts[date])
		if hours == "" {
			hours = "Closed"
		}
		row := sheet.Row{sheet.Text(dateWords(date)), sheet.Text(hours), {}}
		if manages {
			row[2] = sheet.Does(sheet.Act("Remove", here+"/days/remove", ui.Hidden{Name: "date", Value: date}, area.At(d.Version)))
		}
		v.Dated.Rows = append(v.Dated.Rows, row)
	}
}

func dateWords(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("Mon 2 January 2006")
}

// yearOf draws a year of a calendar.
func yearOf(s calendar.Spec, cal *calendar.Calendar, year int, now time.Time) sheet.Year {
	out := sheet.Year{Label: "The year " + strconv.Itoa(year)}
	today := now.In(cal.Zone()).Format(time.DateOnly)
	for m := time.January; m <= time.December; m++ {
		month := sheet.Month{Name: m.String()}
		first := time.Date(year, m, 1, 0, 0, 0, 0, cal.Zone())
		at := (int(first.Weekday()) + 6) % 7
		week := [7]sheet.Day{}
		for d := 1; ; d++ {
			day := time.Date(year, m, d, 12, 0, 0, 0, cal.Zone()) // noon is on every date
			if day.Month() != m {
				break
			}
			week[at] = dayOf(s, cal, day)
			week[at].Today = day.Format(time.DateOnly) == today
			if at++; at == 7 {
				month.Weeks, week, at = append(month.Weeks, week), [7]sheet.Day{}, 0
			}
		}
		if at > 0 {
			month.Weeks = append(month.Weeks, week)
		}
		out.Months = append(out.Months, month)
	}
	return out
}

func dayOf(s calendar.Spec, cal *calendar.Calendar, noon time.Time) sheet.Day {
	date := noon.Format(time.DateOnly)
	from, to := midnight(noon), midnight(noon.AddDate(0, 0, 1))
	open := time.Duration(cal.Between(from.Unix(), to.Unix())) * time.Second
	d := sheet.Day{Number: noon.Day(), Kind: sheet.DayOpen}
	_, before := from.Zone()
	_, after := to.Zone()
	d.Clock = before != after
	_, shifted := s.Shifts[date]
	_, broken := s.Breaks[date]
	holiday := slices.Contains(s.Holidays, date) || slices.Contains(s.YearlyHolidays, date[5:])
	what := "open " + ui.Exact(open)
	switch {
	case holiday:
		d.Kind, what = sheet.DayOff, "holiday"
		name := s.HolidayNames[date]
		if name == "" {
			name = s.HolidayNames[date[5:]]
		}
		if name != "" {
			what += ", " + name
		}
		if open > 0 {
			what += ", open " + ui.Exact(open) + " from the night before"
		}
	case open == 0:
		d.Kind, what = sheet.DayClosed, "closed"
	case shifted || broken:
		d.Kind = sheet.DayShort
	}
	d.Title = noon.Format("Mon 2 January") + ": " + what
	if d.Clock {
		d.Title += ", the clocks change"
	}
	return d
}

func midnight(noon time.Time) time.Time {
	return time.Date(noon.Year(), noon.Month(), noon.Day(), 0, 0, 0, 0, noon.Location())
}

// onCalendar does one thing to a calendar and comes back to its page.
func (p *Pages) onCalendar(c *area.Call, form, done string, fields map[string]string, do func(d calendar.Definition, f *serve.Form) error) error {
	d, err := p.read(c)
	if err != nil {
		return err
	}
	return c.Take(form, fields, func(f *serve.Form) (string, error) {
		return base + "/calendars/" + d.ID + "?done=" + done, do(d, f)
	}, func(b *area.Returned) error { return p.showCalendar(c, b) })
}

func weekFields() map[string]string {
	out := area.Fields("name", "tz")
	for _, d := range days {
		out["week."+d[0]] = d[0]
		for i := range 10 {
			out[fmt.Sprintf("week.%s[%d]", d[0], i)] = d[0]
		}
	}
	return out
}

func (p *Pages) change(c *area.Call) error {
	return p.onCalendar(c, "week", "saved", weekFields(), func(d calendar.Definition, f *serve.Form) error {
		spec := d.Spec
		spec.TZ, spec.Week = f.Value("tz"), map[string][][2]string{}
		for _, x := range days {
			hours, err := readFrames("week."+x[0], f.Value(x[0]))
			if err != nil {
				return err
			}
			if len(hours) > 0 {
				spec.Week[x[0]] = hours
			}
		}
		name := f.Value("name")
		_, err := p.Calendars.Update(c.Ctx(), c.By, calendar.Change{ID: d.ID, Version: area.Version(f), Name: &name, Spec: &spec, What: "weekly hours changed"})
		return err
	})
}

func (p *Pages) addHoliday(c *area.Call) error {
	return p.onCalendar(c, "holiday", "holiday", area.Fields("date", "holiday_names=name"), func(d calendar.Definition, f *serve.Form) error {
		date := f.Value("date")
		if _, err := time.Parse(time.DateOnly, date); err == nil && f.Value("yearly") != "" {
			date = date[5:]
		}
		_, err := p.Calendars.AddHoliday(c.Ctx(), c.By, d.ID, date, f.Value("name"))
		return err
	})
}

func (p *Pages) removeHoliday(c *area.Call) error {
	return p.onCalendar(c, "holiday", "removed", nil, func(d calendar.Definition, f *serve.Form) error {
		_, err := p.Calendars.RemoveHoliday(c.Ctx(), c.By, d.ID, f.Value("date"))
		return err
	})
}

// setDay gives a date hours of its own, or closes it.
func (p *Pages) setDay(c *area.Call) error {
	return p.onCalendar(c, "day", "day", area.Fields("date", "hours"), func(d calendar.Definition, f *serve.Form) error {
		date := f.Value("date")
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return errs.In("web.calendar", "date", "Which day? Write it as 2026-12-24.")
		}
		hours, err := readFrames("hours", f.Value("hours"))
		if err != nil {
			return err
		}
		spec := d.Spec
		spec.Shifts = maps.Clone(spec.Shifts)
		if spec.Shifts == nil {
			spec.Shifts = map[string][][2]string{}
		}
		spec.Shifts[date] = hours
		if _, err := calendar.Compile(spec); errs.Is(err, errs.Invalid) {
			return errs.In("web.calendar", "hours", "Write hours on the 24-hour clock, such as 09:00-12:00. Leave it empty when nobody works.")
		}
		what := "hours of " + date + " are " + frames(hours)
		if len(hours) == 0 {
			what = date + " closed"
		}
		_, err = p.Calendars.Update(c.Ctx(), c.By, calendar.Change{ID: d.ID, Version: area.Version(f), Spec: &spec, What: what})
		return err
	})
}

func (p *Pages) removeDay(c *area.Call) error {
	return p.onCalendar(c, "day", "removed", nil, func(d calendar.Definition, f *serve.Form) error {
		spec, date := d.Spec, f.Value("date")
		if _, ok := spec.Shifts[date]; !ok {
			return errs.New(errs.Conflict, "web.calendar", "This day has no hours of its own any more.")
		}
		spec.Shifts = maps.Clone(spec.Shifts)
		delete(spec.Shifts, date)
		_, err := p.Calendars.Update(c.Ctx(), c.By, calendar.Change{ID: d.ID, Version: area.Version(f), Spec: &spec, What: date + " as its weekday again"})
		return err
	})
}
