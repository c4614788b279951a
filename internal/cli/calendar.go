package cli

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/cli/check"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

const specHelp = `A calendar is JSON: {"tz":"Europe/London","week":{"mon":[["09:00","17:00"]],…},"holidays":["2026-12-25"],"yearly_holidays":["01-01"],
"breaks":{"2026-12-24":[["12:00","13:00"]]},"shifts":{"2026-12-31":[["09:00","12:00"]]},"holiday_names":{"12-25":"Christmas Day"}}`

const correctionHelp = `A calendar that was wrong is a correction of fact: open tickets are read anew, and those whose times moved are printed.`

func calendarCommands() []*command {
	return []*command{
		{
			name: "calendar eval", params: "[FILE|-]", about: "calculate with working time, one JSON request a line; needs no database", most: 1,
			more: `A request is {"calendar":{…},"op":"between|add|sub|next_open|is_open","start":…,"end":…|"seconds":…}; the answer is
{"result":…,"explanation":[{"from","to","counted","reason"}]}. ` + specHelp,
			examples: []string{
				`echo '{"calendar":{"tz":"Europe/London","week":{"mon":[["09:00","17:00"]]}},"op":"add","start":"2026-11-23T09:00:00Z","seconds":3600}' | bothways calendar eval`,
				"bothways calendar eval vectors.json",
			},
			setup: plain((*call).evalCalendar),
		},
		{
			name: "calendar list", params: "[--json]", about: "list calendars", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listCalendars(*asJSON) }
			},
		},
		{
			name: "calendar show", params: "NAME", about: "print a calendar as JSON", needs: database, least: 1, most: 1,
			examples: []string{"bothways calendar show 'Service hours'"}, setup: plain((*call).showCalendar),
		},
		{
			name: "calendar add", params: "NAME --file SPEC.json", about: "add a calendar", needs: database, least: 1, most: 1, more: specHelp,
			examples: []string{"bothways calendar add 'Early shift' --file early.json"},
			setup: func(fs *flag.FlagSet) runner {
				file := fs.String("file", "", "`FILE` with the calendar as JSON, - for standard input")
				return func(c *call) error { return c.addCalendar(*file) }
			},
		},
		{
			name: "calendar set", params: "NAME [--file SPEC.json] [--name N]", about: "change a calendar", needs: database, least: 1, most: 1, more: specHelp + "\n" + correctionHelp,
			examples: []string{"bothways calendar set 'Service hours' --file hours.json"},
			setup: func(fs *flag.FlagSet) runner {
				file := fs.String("file", "", "`FILE` with the calendar as JSON, - for standard input")
				name := fs.String("name", "", "new `NAME`")
				return func(c *call) error { return c.changeCalendar(*file, *name) }
			},
		},
		{
			name: "calendar holiday add", params: "--calendar NAME --date YYYY-MM-DD|MM-DD [--name N]", about: "add a holiday, dated or of every year", needs: database, more: correctionHelp,
			examples: []string{"bothways calendar holiday add --calendar 'Service hours' --date 12-25 --name 'Christmas Day'"},
			setup: func(fs *flag.FlagSet) runner {
				at := holidayFlags(fs)
				name := fs.String("name", "", "`NAME` of the holiday")
				return func(c *call) error {
					return c.holiday(at, func(calendarID string) (calendar.Definition, error) {
						return c.app.Calendars.AddHoliday(c.ctx, c.by, calendarID, *at.date, *name)
					})
				}
			},
		},
		{
			name: "calendar holiday remove", params: "--calendar NAME --date YYYY-MM-DD|MM-DD", about: "take a holiday away", needs: database, more: correctionHelp,
			setup: func(fs *flag.FlagSet) runner {
				at := holidayFlags(fs)
				return func(c *call) error {
					return c.holiday(at, func(calendarID string) (calendar.Definition, error) {
						return c.app.Calendars.RemoveHoliday(c.ctx, c.by, calendarID, *at.date)
					})
				}
			},
		},
	}
}

func (c *call) evalCalendar() error {
	in := c.env.In
	if len(c.args) > 0 && c.args[0] != "-" {
		f, err := os.Open(c.args[0])
		if err != nil {
			return errs.Wrap(errs.NotFound, "cli.calendar", err, "The file %s can't be read. Check the path.", c.args[0])
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	return calendar.EvalStream(in, c.env.Out)
}

func (c *call) listCalendars(asJSON bool) error {
	all, err := everything(func(cursor string) (page.List[calendar.Definition], error) {
		return c.app.Calendars.List(c.ctx, c.by, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, d := range all {
		rows = append(rows, []string{d.Name, d.Spec.TZ, fmt.Sprint(len(d.Spec.Holidays) + len(d.Spec.YearlyHolidays)), fmt.Sprint(d.Version), d.ID})
	}
	return c.table(asJSON, []string{"name", "zone", "holidays", "version", "id"}, rows)
}

func (c *call) showCalendar() error {
	d, err := c.app.Calendars.Find(c.ctx, c.args[0])
	if err != nil {
		return err
	}
	enc := json.NewEncoder(c.env.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d.Spec)
}

// specFrom reads a calendar from a file.
func (c *call) specFrom(path string) (calendar.Spec, error) {
	var s calendar.Spec
	in := c.env.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return s, errs.Wrap(errs.NotFound, "cli.calendar", err, "The file %s can't be read. Check the path.", path)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, 4<<20))
	if err != nil {
		return s, errs.Wrap(errs.Unavailable, "cli.calendar", err, "The file %s can't be read: %v.", path, err)
	}
	err = json.Unmarshal(raw, &s)
	if err != nil && errs.KindOf(err) == errs.Internal {
		err = errs.Wrap(errs.Invalid, "cli.calendar", err, "%s is no calendar as JSON: %v. See how one is written: bothways calendar add --help", path, err)
	}
	return s, err
}

func (c *call) addCalendar(file string) error {
	if file == "" {
		return errs.New(errs.Invalid, "cli.calendar", "Name the file that has the calendar with --file SPEC.json.")
	}
	spec, err := c.specFrom(file)
	if err != nil {
		return err
	}
	d, err := c.app.Calendars.Create(c.ctx, c.by, c.args[0], spec)
	if err == nil {
		c.say("%s (%s)", d.Name, d.Spec.TZ)
	}
	return err
}

func (c *call) changeCalendar(file, name string) error {
	d, err := c.app.Calendars.Find(c.ctx, c.args[0])
	if err != nil {
		return err
	}
	ch := calendar.Change{ID: d.ID}
	if name != "" {
		ch.Name = &name
	}
	if file != "" {
		spec, err := c.specFrom(file)
		if err != nil {
			return err
		}
		ch.Spec = &spec
	}
	if d, err = c.app.Calendars.Update(c.ctx, c.by, ch); err != nil {
		return err
	}
	c.say("%s (%s), version %d", d.Name, d.Spec.TZ, d.Version)
	return c.corrected()
}

type holidayAt struct{ calendar, date *string }

func holidayFlags(fs *flag.FlagSet) holidayAt {
	return holidayAt{fs.String("calendar", "", "`NAME` of the calendar"), fs.String("date", "", "`DATE`: YYYY-MM-DD, or MM-DD for every year")}
}

func (c *call) holiday(at holidayAt, change func(calendarID string) (calendar.Definition, error)) error {
	if *at.calendar == "" || *at.date == "" {
		return errs.New(errs.Invalid, "cli.calendar", "Name the calendar and the day with --calendar and --date. See the calendars with: bothways calendar list")
	}
	d, err := c.app.Calendars.Find(c.ctx, *at.calendar)
	if err != nil {
		return err
	}
	if d, err = change(d.ID); err != nil {
		return err
	}
	c.say("%s (%s), version %d", d.Name, d.Spec.TZ, d.Version)
	return c.corrected()
}

// corrected reads all open tickets anew after a correction of fact, and says which moved.
func (c *call) corrected() error {
	moved, err := c.app.Desk.Rederive(c.ctx, true)
	for _, m := range moved {
		c.say("%s", check.Moved(m))
	}
	if err != nil {
		return err
	}
	return c.app.Desk.Outcomes.RederiveAll(c.ctx)
}

func metricName(m agreement.Metric) string { return spaced(string(m)) }
