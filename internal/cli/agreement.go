package cli

import (
	"flag"
	"fmt"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func agreementCommands() []*command {
	return []*command{
		{
			name: "agreement list", params: "[--json]", about: "list agreements and their versions", needs: database,
			setup: func(fs *flag.FlagSet) runner {
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listAgreements(*asJSON) }
			},
		},
		{
			name: "agreement show", params: "[NAME]", about: "what both sides promised: targets and ladder of the newest version", needs: database, most: 1,
			examples: []string{"bothways agreement show"}, setup: plain((*call).showAgreement),
		},
	}
}

func (c *call) listAgreements(asJSON bool) error {
	all, err := c.app.Book.List(c.ctx)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range all {
		who := "everybody without one of their own"
		if p.OrgID != "" {
			o, err := people.OrganisationByID(c.ctx, c.app.DB.Read(), p.OrgID)
			if err != nil {
				return err
			}
			who = o.Name
		}
		rows = append(rows, []string{p.Name, fmt.Sprint(p.Number), who, stamp(p.From()), p.ID})
	}
	return c.table(asJSON, []string{"name", "version", "for", "from", "id"}, rows)
}

func (c *call) showAgreement() error {
	all, err := c.app.Book.List(c.ctx)
	if err != nil {
		return err
	}
	var found *agreement.Paper
	for i, p := range all {
		named := len(c.args) == 0 && p.OrgID == "" || len(c.args) > 0 && (strings.EqualFold(p.Name, c.args[0]) || p.ID == c.args[0] || p.AgreementID == c.args[0])
		if named && (found == nil || p.Number >= found.Number) {
			found = &all[i]
		}
	}
	if found == nil {
		return errs.New(errs.NotFound, "cli.agreement", "There is no agreement %q. See them with: bothways agreement list", strings.Join(c.args, " "))
	}
	return c.printAgreement(*found)
}

func (c *call) printAgreement(p agreement.Paper) error {
	service, err := calendar.ByID(c.ctx, c.app.DB.Read(), p.ServiceCalendar)
	if err != nil {
		return err
	}
	customer, err := calendar.ByID(c.ctx, c.app.DB.Read(), p.CustomerCalendar)
	if err != nil {
		return err
	}
	c.say("%s, version %d, from %s", p.Name, p.Number, stamp(p.From()))
	c.say("IT works %s (%s). Customers work the hours of their site, else %s (%s).", service.Name, service.Spec.TZ, customer.Name, customer.Spec.TZ)
	c.say("A closed ticket can be reopened for %d days.", p.Terms.GraceDays)
	c.say("")
	var rows [][]string
	for _, t := range p.Terms.Targets {
		priority := string(t.Priority)
		if priority == "" {
			priority = "any"
		}
		if t.Door != "" {
			priority += " at " + spaced(string(t.Door))
		}
		if t.Service != "" {
			priority += " of service " + t.Service
		}
		rows = append(rows, []string{string(t.Side), metricName(t.Metric), priority, (time.Duration(t.Seconds) * time.Second).String(), fmt.Sprintf("%d %%", t.WarnPercent)})
	}
	if err := c.table(false, []string{"who owes", "what", "priority", "working time", "at risk from"}, rows); err != nil {
		return err
	}
	c.say("")
	rows = nil
	for _, s := range p.Terms.Ladder {
		when := fmt.Sprintf("%d %%", s.Percent)
		if s.Percent == 0 && s.PlusSeconds == 0 {
			when = "when at risk"
		}
		if s.PlusSeconds > 0 {
			when += " + " + (time.Duration(s.PlusSeconds) * time.Second).String()
		}
		if s.Price.Minor > 0 {
			when += ", " + s.Price.String()
		}
		if s.PlusDays > 0 {
			when += fmt.Sprintf(", %d working days after the step before", s.PlusDays)
		}
		rows = append(rows, []string{metricName(s.Metric), spaced(s.Action), when})
	}
	return c.table(false, []string{"on", "step", "when used"}, rows)
}

func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }
