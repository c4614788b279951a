package cli

import (
	"context"
	"flag"
	"strings"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

func organisationCommands() []*command {
	return []*command{
		{
			name: "organisation add", params: "NAME [--provider]", about: "add a customer's organisation", needs: database, least: 1, most: 1,
			examples: []string{"bothways organisation add 'Norvik Industries'"},
			setup: func(fs *flag.FlagSet) runner {
				provider := fs.Bool("provider", false, "it provides IT")
				return func(c *call) error {
					kind := people.Customer
					if *provider {
						kind = people.Provider
					}
					o, err := c.app.People.CreateOrganisation(c.ctx, c.by, people.OrganisationInput{Name: c.args[0], Kind: kind})
					if err != nil {
						return err
					}
					c.say("%s (%s)", o.Name, o.Kind)
					return nil
				}
			},
		},
		{
			name: "organisation list", params: "[--json]", about: "list organisations", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				asJSON := jsonFlag(fs)
				return func(c *call) error {
					all, err := organisations(c.ctx, c.app, "")
					if err != nil {
						return err
					}
					var rows [][]string
					for _, o := range all {
						rows = append(rows, []string{o.Name, o.Kind, o.ID})
					}
					return c.table(*asJSON, []string{"name", "kind", "id"}, rows)
				}
			},
		},
	}
}

// organisations lists those of a kind, or all.
func organisations(ctx context.Context, a *app.App, kind string) ([]people.Organisation, error) {
	all, err := everything(func(cursor string) (page.List[people.Organisation], error) {
		return a.People.Organisations(ctx, auth.SystemActor(), cursor, page.MaxLimit)
	})
	var out []people.Organisation
	for _, o := range all {
		if kind == "" || o.Kind == kind {
			out = append(out, o)
		}
	}
	return out, err
}

// organisation finds the one named, or the only customer's when none is named.
func (c *call) organisation(name string) (people.Organisation, error) {
	if name != "" {
		return c.app.People.FindOrganisation(c.ctx, name)
	}
	all, err := organisations(c.ctx, c.app, people.Customer)
	switch {
	case err != nil:
		return people.Organisation{}, err
	case len(all) == 0:
		return people.Organisation{}, errs.New(errs.Invalid, "cli", "There is no customer's organisation yet. Add one with: bothways organisation add NAME")
	case len(all) > 1:
		return people.Organisation{}, errs.New(errs.Invalid, "cli", "There are %d customers' organisations. Name one with --organisation; see them with: bothways organisation list", len(all))
	}
	return all[0], nil
}

func siteCommands() []*command {
	return []*command{
		{
			name: "site add", params: "NAME --zone Z [--organisation O] [--region R] [--calendar NAME]", about: "add a site of an organisation", needs: database, least: 1, most: 1,
			zone: "`ZONE` the site is in, for example Europe/London",
			more: `A site without a calendar gets the office hours of its zone, Monday to Friday from 9 to 17: the hours in which its people's promises
run. The organisation may be left out when there is only one customer.`,
			examples: []string{
				"bothways site add Leeds --organisation 'Norvik Industries' --zone Europe/London --region north",
				"bothways site add Porto --zone Europe/Lisbon --calendar 'Early shift'",
			},
			setup: func(fs *flag.FlagSet) runner {
				in := siteFlags(fs)
				return func(c *call) error { return c.addSite(in) }
			},
		},
		{
			name: "site list", params: "[--organisation O] [--json]", about: "list sites", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				org := fs.String("organisation", "", "`NAME` of the organisation")
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listSites(*org, *asJSON) }
			},
		},
		{
			name: "site set", params: "NAME [--organisation O] [--name N] [--zone Z] [--region R] [--calendar NAME]", about: "change a site", needs: database, least: 1, most: 1,
			zone:     "`ZONE` the site is in",
			more:     `A zone or a calendar that was wrong is a correction of fact: the tickets it concerns are read anew, and those whose times moved are printed.`,
			examples: []string{"bothways site set Leeds --region north --calendar 'Early shift'"},
			setup: func(fs *flag.FlagSet) runner {
				in := siteFlags(fs)
				name := fs.String("name", "", "new `NAME`")
				return func(c *call) error { return c.setSite(in, *name) }
			},
		},
	}
}

type siteInput struct{ organisation, region, calendar *string }

func siteFlags(fs *flag.FlagSet) siteInput {
	return siteInput{
		fs.String("organisation", "", "`NAME` of the organisation it belongs to"),
		fs.String("region", "", "`NAME` of the region it is in"),
		fs.String("calendar", "", "`NAME` of the calendar of its working hours"),
	}
}

func (c *call) addSite(in siteInput) error {
	if c.zone == "" {
		return errs.New(errs.Invalid, "cli.site", "Name the site's time zone, for example: --zone Europe/London")
	}
	org, err := c.organisation(*in.organisation)
	if err != nil {
		return err
	}
	cal, err := c.siteCalendar(*in.calendar, c.zone)
	if err != nil {
		return err
	}
	s, err := c.app.People.CreateSite(c.ctx, c.by, people.SiteInput{OrgID: org.ID, Name: c.args[0], Zone: c.zone, Region: *in.region, CalendarID: cal.ID})
	if err != nil {
		return err
	}
	c.say("%s of %s, %s, calendar %q", s.Name, org.Name, s.Zone, cal.Name)
	return nil
}

const officePrefix = "Office hours "

// siteCalendar is the calendar named, or the office hours of a zone, which are made when they are missing.
func (c *call) siteCalendar(name, zone string) (calendar.Definition, error) {
	if name != "" {
		return c.app.Calendars.Find(c.ctx, name)
	}
	def, err := c.app.Calendars.Find(c.ctx, officePrefix+zone)
	if !errs.Is(err, errs.NotFound) {
		return def, err
	}
	return c.app.Calendars.Create(c.ctx, c.by, officePrefix+zone, officeHours(zone))
}

func officeHours(zone string) calendar.Spec {
	s := calendar.Spec{TZ: zone, Week: map[string][][2]string{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		s.Week[day] = [][2]string{{"09:00", "17:00"}}
	}
	return s
}

func (c *call) listSites(org string, asJSON bool) error {
	orgID := ""
	if org != "" {
		o, err := c.app.People.FindOrganisation(c.ctx, org)
		if err != nil {
			return err
		}
		orgID = o.ID
	}
	all, err := everything(func(cursor string) (page.List[people.Site], error) {
		return c.app.People.Sites(c.ctx, c.by, orgID, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, s := range all {
		name := ""
		if s.CalendarID != "" {
			def, err := calendar.ByID(c.ctx, c.app.DB.Read(), s.CalendarID)
			if err != nil {
				return err
			}
			name = def.Name
		}
		rows = append(rows, []string{s.Name, s.OrgName, s.Zone, s.Region, name, s.ID})
	}
	return c.table(asJSON, []string{"name", "organisation", "zone", "region", "calendar", "id"}, rows)
}

func (c *call) setSite(in siteInput, name string) error {
	orgID := ""
	if *in.organisation != "" {
		o, err := c.app.People.FindOrganisation(c.ctx, *in.organisation)
		if err != nil {
			return err
		}
		orgID = o.ID
	}
	s, err := c.app.People.FindSite(c.ctx, orgID, c.args[0])
	if err != nil {
		return err
	}
	ch := people.SiteChange{ID: s.ID}
	if name != "" {
		ch.Name = &name
	}
	if c.given["region"] {
		ch.Region = in.region
	}
	if c.zone != "" {
		ch.Zone = &c.zone
	}
	if *in.calendar != "" || c.zone != "" && c.officeHoursOf(s) {
		cal, err := c.siteCalendar(*in.calendar, c.zone)
		if err != nil {
			return err
		}
		ch.CalendarID = &cal.ID
	}
	if s, err = c.app.People.UpdateSite(c.ctx, c.by, ch); err != nil {
		return err
	}
	c.say("%s of %s, %s", s.Name, s.OrgName, s.Zone)
	if ch.Zone != nil || ch.CalendarID != nil {
		return c.corrected()
	}
	return nil
}

// officeHoursOf says whether a site has the calendar its zone gave it.
func (c *call) officeHoursOf(s people.Site) bool {
	def, err := calendar.ByID(c.ctx, c.app.DB.Read(), s.CalendarID)
	return err == nil && strings.HasPrefix(def.Name, officePrefix)
}
