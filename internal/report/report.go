package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
	"bothways/internal/report/score"
)

// Service reads scorecards. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	clk      clock.Clock
	book     *agreement.Book
	outcomes *outcome.Book
	asked    *asked.Service
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, book *agreement.Book, outcomes *outcome.Book, a *asked.Service) *Service {
	return &Service{db: d, clk: clk, book: book, outcomes: outcomes, asked: a}
}

// Query is which scorecard somebody wants.
type Query struct {
	AgreementID string
	SiteID      string // "" is every site under it
	From, To    string // see Read
}

// Place is whose scorecard it is: an agreement, and one site under it or all of them.
type Place struct {
	Paper agreement.Paper // the version in force now, or the first to come
	Site  people.Site     // the zero Site: every site
	Whose string          // the customer's side by name
	Zone  *time.Location  // of IT's service calendar
}

// Object is the place as the authoriser sees it.
func (p Place) Object() auth.Object {
	if p.Site.ID != "" {
		o := p.Site.Object()
		o.Kind, o.ID = "scorecard", ""
		return o
	}
	return auth.Object{Kind: "scorecard", OrgID: p.Paper.OrgID}
}

// Card is a scorecard.
type Card struct {
	Place
	Period
	At time.Time // the instant it was read at
	score.Card
	Sites   []SiteShare // those that the reader may read, by name; only of cards of every site, and for IT's own
	Others  *Spread     // of the other sites; nil when there are fewer than five
	Readers asked.Share // of the people, who has read what is asked of them
	Effect  *Effect     // of signing; nil when there is too little to say
}

// SiteShare is how one site and IT kept their promises to each other.
type SiteShare struct {
	Site               people.Site
	Provider, Customer Kept
}

// Kept is how many promises were kept of those kept or broken.
type Kept struct{ Kept, Counted int64 }

func (k *Kept) add(state agreement.State) {
	switch state {
	case agreement.StateMet:
		k.Kept, k.Counted = k.Kept+1, k.Counted+1
	case agreement.StateBreached:
		k.Counted++
	}
}

// Permille is the share kept; see score.Permille.
func (k Kept) Permille() (int64, bool) { return score.Permille(k.Kept, k.Counted) }

// Small says that there were too few to compare.
func (k Kept) Small() bool { return k.Counted < score.Enough }

// Place finds an agreement, and a site under it. Errors: NotFound, the same for what the reader may not know of.
func (s *Service) Place(ctx context.Context, by auth.Actor, agreementID, siteID string) (Place, error) {
	p, err := s.place(ctx, agreementID, siteID)
	if err != nil {
		return Place{}, err
	}
	return p, auth.Can(by, auth.ScorecardRead, p.Object())
}

func (s *Service) place(ctx context.Context, agreementID, siteID string) (Place, error) {
	if !id.Valid(agreementID) || siteID != "" && !id.Valid(siteID) {
		return Place{}, nothing()
	}
	all, err := s.book.List(ctx)
	if err != nil {
		return Place{}, err
	}
	p := Place{Paper: s.current(all, agreementID)}
	if p.Paper.ID == "" {
		return p, nothing()
	}
	return p, s.fill(ctx, &p, cmp.Or(siteID, p.Paper.SiteID))
}

// current is the version of an agreement that is in force, or the first to come; the zero Paper when there is no such agreement.
func (s *Service) current(all []agreement.Paper, agreementID string) (p agreement.Paper) {
	now := s.clk.Now()
	for _, v := range all { // oldest version first
		if v.AgreementID == agreementID && (p.ID == "" || !v.From().After(now)) {
			p = v
		}
	}
	return p
}

// fill adds the site, the name of the customer's side and the zone.
func (s *Service) fill(ctx context.Context, p *Place, siteID string) error {
	q := s.db.Read()
	var err error
	switch {
	case siteID != "":
		if p.Site, err = people.SiteByID(ctx, q, siteID); err != nil {
			return err
		}
		if p.Paper.OrgID != "" && p.Paper.OrgID != p.Site.OrgID || p.Paper.SiteID != "" && p.Paper.SiteID != p.Site.ID {
			return nothing()
		}
		p.Whose = p.Site.Name
	case p.Paper.OrgID != "":
		o, err := people.OrganisationByID(ctx, q, p.Paper.OrgID)
		if err != nil {
			return err
		}
		p.Whose = o.Name
	default:
		p.Whose = "Customers"
	}
	c, err := s.book.Compiled(ctx, q, p.Paper.ServiceCalendar)
	if err == nil {
		p.Zone = c.Zone()
	}
	return err
}

func nothing() error {
	return errs.New(errs.NotFound, "report", "There is nothing here that you can see.")
}

// Card reads a scorecard. Errors: Invalid for a period that is none; otherwise as Place.
func (s *Service) Card(ctx context.Context, by auth.Actor, q Query) (Card, error) {
	place, err := s.Place(ctx, by, q.AgreementID, q.SiteID)
	if err != nil {
		return Card{}, err
	}
	c := Card{Place: place, At: s.clk.Now().Truncate(time.Second)}
	if c.Period, err = Read(q.From, q.To, c.At, place.Zone); err != nil {
		return c, err
	}
	if err := s.count(ctx, by, &c); err != nil {
		return c, err
	}
	if c.Readers, err = s.asked.ShareOf(ctx, s.db.Read(), c.Paper, c.Site.ID); err != nil {
		return c, err
	}
	c.Effect, err = s.effect(ctx, c.Place)
	return c, err
}

// count reads what was decided and what ended in the period, and what is owed now.
func (s *Service) count(ctx context.Context, by auth.Actor, c *Card) error {
	agreements, err := s.beside(ctx, c.Place)
	if err != nil {
		return err
	}
	tally := score.NewTally(c.weeks(c.Zone)...)
	own := &sink{promise: tally.Promise, ticket: tally.Ticket}
	sites := map[string]*SiteShare{}
	src := func(agreementID, orgID, siteID string) *sink {
		mine := agreementID == c.Paper.AgreementID && (c.Site.ID == "" || c.Site.ID == siteID)
		if siteID == "" || !c.compares(orgID) {
			if mine {
				return own
			}
			return nil
		}
		share := sites[siteID]
		if share == nil {
			share = &SiteShare{Site: people.Site{ID: siteID}}
			sites[siteID] = share
		}
		return &sink{
			promise: func(p score.Promise) {
				if p.Side == agreement.SideProvider {
					share.Provider.add(p.State)
				} else {
					share.Customer.add(p.State)
				}
				if mine {
					tally.Promise(p)
				}
			},
			ticket: func(at int64, spans []score.Span) {
				if mine {
					tally.Ticket(at, spans)
				}
			},
		}
	}
	if err := s.gather(ctx, agreements, c.From.Unix(), c.To.Unix(), src); err != nil {
		return err
	}
	if err := s.owing(ctx, agreements, c, src); err != nil {
		return err
	}
	c.Card = tally.Card()
	return s.compare(ctx, by, c, sites)
}

// compares says whether sites of an organisation are set beside the card's: those of its own, and for what holds for everybody all.
func (p Place) compares(orgID string) bool {
	switch {
	case p.Site.ID != "":
		return orgID == p.Site.OrgID
	case p.Paper.OrgID != "":
		return orgID == p.Paper.OrgID
	}
	return true
}

// beside are the agreements under which the sites are that are set beside the card's, its own first.
func (s *Service) beside(ctx context.Context, p Place) ([]string, error) {
	all, err := s.book.List(ctx)
	out := []string{p.Paper.AgreementID}
	for _, v := range all {
		if (v.OrgID == "" || p.compares(v.OrgID)) && !slices.Contains(out, v.AgreementID) {
			out = append(out, v.AgreementID)
		}
	}
	return out, err
}

// owing counts what is owed now: in time, or missed in the period and still owed.
func (s *Service) owing(ctx context.Context, agreements []string, c *Card, src source) error {
	now, from, to := c.At.Unix(), c.From.Unix(), c.To.Unix()
	for _, agreementID := range agreements {
		err := outcome.Owing(ctx, s.db.Read(), agreementID, func(_ string, a *outcome.Account) error {
			sink := src(agreementID, a.OrgID, a.SiteID)
			if sink == nil {
				return nil
			}
			for _, o := range a.Owed {
				p := score.Promise{Side: o.Side, Metric: o.Metric, Priority: o.Priority, State: o.State(now), Target: o.Target, Started: o.Started, Due: o.Due}
				switch {
				case p.State == agreement.StateRunning:
					if o.Started >= to || now < from {
						continue
					}
				case o.Due < from || o.Due >= to:
					continue
				default:
					p.Decided = o.Due
				}
				sink.promise(p)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
