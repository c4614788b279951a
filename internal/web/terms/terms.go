package terms

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/clock"
	"bothways/internal/people"
)

// Source is where terms come from. It is safe for concurrent use.
type Source struct {
	Desk   *desk.Service
	People *people.Service
	Book   *agreement.Book
	DB     *db.DB
	Clock  clock.Clock
}

// Enough is how many promises a side must have had before a share of them is shown: fewer say nothing.
const Enough = 20

// Period is what records look back on.
const Period = 90 * 24 * time.Hour

// Terms are what holds between IT and one site, or one organisation for who has no site.
type Terms struct {
	Paper    agreement.Paper
	Version  agreement.Version
	Site     people.Site // the zero Site for who has none
	Org      string
	Service  calendar.Spec
	Customer calendar.Spec
	Managers []people.Person // of IT: service level management
	Signs    []people.Person // who speaks for the customer: signatories, else contacts
	Record   outcome.Record  // of the site, the last 90 days
}

// Whose is the customer's side by name.
func (t Terms) Whose() string {
	if t.Site.Name != "" {
		return t.Site.Name
	}
	return t.Org
}

// Of reads the terms that hold for a person now. Errors: as auth.Can.
func (s *Source) Of(ctx context.Context, by auth.Actor, p people.Person) (Terms, error) {
	t := Terms{Org: p.OrgName}
	if err := auth.Can(by, auth.AgreementRead, auth.Object{Kind: "agreement", OrgID: p.OrgID, SiteID: p.SiteID, Region: p.Region}); err != nil && !p.Stranger() {
		return t, err
	}
	q := s.DB.Read()
	var err error
	if t.Paper, err = s.Book.InForce(ctx, q, p.OrgID, p.SiteID, s.Clock.Now()); err != nil {
		return t, err
	}
	siteCalendar := ""
	t.Site = people.Site{OrgID: p.OrgID}
	if p.SiteID != "" {
		if t.Site, err = people.SiteByID(ctx, q, p.SiteID); err != nil {
			return t, err
		}
		siteCalendar = t.Site.CalendarID
	}
	if t.Version, err = s.Book.Version(ctx, q, t.Paper, siteCalendar); err != nil {
		return t, err
	}
	t.Service, t.Customer = t.Version.Service.Spec(), t.Version.Customer.Spec()
	return t, s.parties(ctx, q, by, &t)
}

// ServiceNames names the services that terms are about; an id of nothing names itself.
func (s *Source) ServiceNames(ctx context.Context, g agreement.Terms) func(id string) string {
	ids := slices.Clone(g.Services)
	for _, t := range g.Targets {
		if t.Service != "" && !slices.Contains(ids, t.Service) {
			ids = append(ids, t.Service)
		}
	}
	names, err := catalog.NamesOf(ctx, s.DB.Read(), ids...)
	if err != nil {
		names = nil // the page is more than their names
	}
	return func(id string) string { return cmp.Or(names[id], id) }
}

func (s *Source) parties(ctx context.Context, q db.Querier, by auth.Actor, t *Terms) error {
	var err error
	if t.Managers, err = s.People.Managers(ctx, q, t.Site); err != nil {
		return err
	}
	if t.Signs, err = s.People.Holders(ctx, q, auth.Signatory, t.Site); err != nil {
		return err
	}
	if t.Site.ID == "" {
		return nil
	}
	if len(t.Signs) == 0 {
		if t.Signs, err = s.People.Contacts(ctx, q, t.Site.ID); err != nil {
			return err
		}
	}
	t.Record, err = s.Desk.Outcomes.Site(ctx, by, t.Site, s.Clock.Now().Add(-Period))
	return err
}
