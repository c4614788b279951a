package people

import (
	"context"
	"strings"
	"sync"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Service holds the commands and reads of the package. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	clk      clock.Clock
	onChange []func(ctx context.Context, tx *db.Tx, c Changed) error
	actors   struct {
		sync.Mutex
		gen  uint64 // counts changes: what was read before one is not kept
		byID map[string]cachedActor
	}
}

// New makes the service.
func New(d *db.DB, clk clock.Clock) *Service { return &Service{db: d, clk: clk} }

// Changed says that a fact clocks read has changed: a site's zone, region or calendar, or a person's place or zone.
type Changed struct {
	Kind string // "site" or "person"
	ID   string
}

// OnChange has fn called in the transaction of every such change; its error undoes the change. Not to be called while
// commands run.
func (s *Service) OnChange(fn func(ctx context.Context, tx *db.Tx, c Changed) error) {
	s.onChange = append(s.onChange, fn)
}

func (s *Service) changed(ctx context.Context, tx *db.Tx, kind, id string) error {
	for _, fn := range s.onChange {
		if err := fn(ctx, tx, Changed{kind, id}); err != nil {
			return err
		}
	}
	return nil
}

// audit writes the row of an act.
func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb, objectID string, change map[string]any) error {
	object, _, _ := strings.Cut(verb, ".")
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: object, ObjectID: objectID, Change: change})
}

// Base is what every installation has.
type Base struct {
	Provider   Organisation
	Unassigned Organisation
	Desk       Team
}

// EnsureBase makes, when they do not exist, the providing organisation (named provider, or "IT"), the organisation of unknown
// senders, the service desk's team and that of service level management. It may be called at every start, by several nodes at once.
func (s *Service) EnsureBase(ctx context.Context, provider string) (Base, error) {
	c := checker{op: "people.EnsureBase"}
	if provider == "" {
		provider = "IT"
	}
	provider = c.name("provider", provider)
	if err := c.err(); err != nil {
		return Base{}, err
	}
	var b Base
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if b.Provider, err = s.ensureOrganisation(ctx, tx, Provider, provider); err != nil {
			return err
		}
		if b.Unassigned, err = s.ensureOrganisation(ctx, tx, Unassigned, "Unassigned"); err != nil {
			return err
		}
		b.Desk, err = Desk(ctx, tx)
		if errs.Is(err, errs.NotFound) {
			b.Desk, err = s.insertTeam(ctx, tx, auth.SystemActor(), Team{Name: "Service desk", Kind: DeskTeam})
		}
		if err != nil {
			return err
		}
		return s.ensureLevels(ctx, tx)
	})
	if err != nil {
		return Base{}, err
	}
	return b, nil
}

func (s *Service) ensureOrganisation(ctx context.Context, tx *db.Tx, kind, name string) (Organisation, error) {
	o, err := organisationOfKind(ctx, tx, kind)
	if errs.Is(err, errs.NotFound) {
		return s.insertOrganisation(ctx, tx, auth.SystemActor(), Organisation{Name: name, Kind: kind})
	}
	return o, err
}

func organisationOfKind(ctx context.Context, q db.Querier, kind string) (Organisation, error) {
	return one(ctx, q, sqlOrganisations, db.NewWhere().And("o.kind = ?", kind), " ORDER BY o.id LIMIT 1", scanOrganisation)
}

// OrganisationInput is what CreateOrganisation needs.
type OrganisationInput struct {
	Name string
	Kind string // Customer when empty
}

// CreateOrganisation makes a customer's or a provider's organisation. Errors: as auth.Can; Invalid; Conflict for a name in use.
func (s *Service) CreateOrganisation(ctx context.Context, by auth.Actor, in OrganisationInput) (Organisation, error) {
	if err := auth.Can(by, auth.SiteManage, auth.Object{Kind: "organisation"}); err != nil {
		return Organisation{}, err
	}
	c := checker{op: "people.CreateOrganisation"}
	if in.Kind == "" {
		in.Kind = Customer
	}
	o := Organisation{Name: c.name("name", in.Name), Kind: c.oneOf("kind", in.Kind, Customer, Provider)}
	if err := c.err(); err != nil {
		return Organisation{}, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		o, err = s.insertOrganisation(ctx, tx, by, o)
		return err
	})
	return o, err
}

func (s *Service) insertOrganisation(ctx context.Context, tx *db.Tx, by auth.Actor, o Organisation) (Organisation, error) {
	o.ID, o.MadeAt, o.Version = id.New(), s.clk.Now(), 1
	n, err := tx.Exec(ctx, sqlOrganisationInsert, o.ID, o.Name, text.Fold(o.Name), o.Kind, clock.Micros(o.MadeAt))
	if err != nil {
		return Organisation{}, err
	}
	if n == 0 {
		return Organisation{}, taken("people.CreateOrganisation", "an organisation", o.Name)
	}
	return o, s.audit(ctx, tx, by, "organisation.create", o.ID, map[string]any{"kind": o.Kind})
}

func taken(op, what, name string) error {
	return errs.New(errs.Conflict, op, "There is %s called %q already. Give another name.", what, name).Reason("name-taken")
}

// SiteInput is what CreateSite needs.
type SiteInput struct {
	OrgID      string
	Name       string
	Zone       string // IANA
	Region     string // optional
	CalendarID string // optional
	Headcount  int64
	Tenths     int64 // tenths of a full-time post of its local IT
}

// CreateSite makes a site of an organisation. A region that differs from one in use by case alone is taken to be that one.
// Errors: as auth.Can; Invalid; Conflict for a name the organisation uses already.
func (s *Service) CreateSite(ctx context.Context, by auth.Actor, in SiteInput) (Site, error) {
	const op = "people.CreateSite"
	if err := auth.Can(by, auth.SiteManage, auth.Object{Kind: "organisation", ID: in.OrgID, OrgID: in.OrgID}); err != nil {
		return Site{}, err
	}
	c := checker{op: op}
	v := c.site(Site{OrgID: in.OrgID, Name: in.Name, Zone: in.Zone, Region: in.Region, CalendarID: in.CalendarID, Headcount: in.Headcount, Tenths: in.Tenths, Version: 1})
	if err := c.err(); err != nil {
		return Site{}, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := OrganisationByID(ctx, tx, in.OrgID)
		if errs.Is(err, errs.NotFound) {
			return errs.In(op, "organisation", "There is no such organisation. Create it first.")
		}
		if err != nil {
			return err
		}
		if o.Kind == Unassigned {
			return errs.New(errs.Conflict, op, "Unassigned is for senders nobody knows; it has no sites. Choose another organisation.")
		}
		if v.Region, err = spelling(ctx, tx, v.Region); err != nil {
			return err
		}
		v.ID, v.OrgName, v.MadeAt = id.New(), o.Name, s.clk.Now()
		n, err := tx.Exec(ctx, sqlSiteInsert, v.ID, v.OrgID, v.Name, text.Fold(v.Name), v.Zone, v.Region, v.CalendarID, clock.Micros(v.MadeAt), v.Headcount, v.Tenths)
		if err != nil {
			return err
		}
		if n == 0 {
			return taken(op, "a site", v.Name)
		}
		return s.audit(ctx, tx, by, "site.create", v.ID, map[string]any{"organisation": v.OrgID, "zone": v.Zone, "region": v.Region, "calendar": v.CalendarID})
	})
	if err != nil {
		return Site{}, err
	}
	return v, nil
}

func (c *checker) site(v Site) Site {
	v.Name, v.Zone = c.name("name", v.Name), c.zone("zone", v.Zone, false)
	if v.Region = text.Line(v.Region); v.Region != "" {
		v.Region = c.name("region", v.Region)
	}
	if v.CalendarID != "" && !id.Valid(v.CalendarID) {
		c.bad("calendar", "This is not a calendar's id. Name a calendar that exists.")
	}
	if v.Headcount < 0 || v.Headcount > 1_000_000 {
		c.bad("headcount", "Write the number of people who work here, from 0 to 1,000,000.")
	}
	if v.Tenths < 0 || v.Tenths > 10_000 {
		c.bad("fte", "Write full-time posts, such as 1.5; from 0 to 1,000.")
	}
	return v
}

// spelling gives the region as it is written already, whatever its case and accents.
func spelling(ctx context.Context, q db.Querier, region string) (string, error) {
	rows, err := q.Query(ctx, sqlRegions)
	all, err := db.Collect(rows, err, db.One[string])
	for _, r := range all {
		if text.Fold(r) == text.Fold(region) {
			return r, err
		}
	}
	return region, err
}

// SiteChange is what UpdateSite changes; nil leaves as it is.
type SiteChange struct {
	ID         string
	Version    int64 // as read; 0 takes whatever it is
	Name       *string
	Zone       *string
	Headcount  *int64
	Tenths     *int64
	Region     *string // needs the right over the whole organisation: it moves the site out of and into other people's reach
	CalendarID *string
}

// UpdateSite changes a site. A new zone or calendar is a correction of fact: it is told to OnChange. Errors: as auth.Can; Invalid;
// Conflict for a name the organisation uses already.
func (s *Service) UpdateSite(ctx context.Context, by auth.Actor, in SiteChange) (Site, error) {
	const op = "people.UpdateSite"
	var v Site
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := SiteByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.SiteManage, old.Object()); err != nil {
			return err
		}
		if in.Version != 0 && in.Version != old.Version {
			return stale(op)
		}
		if in.Region != nil && text.Fold(*in.Region) != text.Fold(old.Region) {
			if err := auth.Can(by, auth.SiteManage, auth.Object{Kind: "organisation", OrgID: old.OrgID}); err != nil {
				return err
			}
		}
		v = old
		set(&v.Name, in.Name)
		set(&v.Zone, in.Zone)
		set(&v.Region, in.Region)
		set(&v.CalendarID, in.CalendarID)
		set(&v.Headcount, in.Headcount)
		set(&v.Tenths, in.Tenths)
		c := checker{op: op}
		v = c.site(v)
		if err := c.err(); err != nil {
			return err
		}
		if v.Region, err = spelling(ctx, tx, v.Region); err != nil {
			return err
		}
		if v, err = s.writeSite(ctx, tx, by, old, v); err != nil {
			return err
		}
		if v.Zone == old.Zone && v.Region == old.Region && v.CalendarID == old.CalendarID {
			return nil
		}
		return s.changed(ctx, tx, "site", v.ID)
	})
	if err != nil {
		return Site{}, err
	}
	return v, nil
}

// writeSite writes a site whose fields were checked, with its audit row.
func (s *Service) writeSite(ctx context.Context, tx *db.Tx, by auth.Actor, old, v Site) (Site, error) {
	const op = "people.UpdateSite"
	var n int64
	if err := tx.QueryRow(ctx, sqlSiteTaken, v.OrgID, text.Fold(v.Name), v.ID).Scan(&n); err != nil {
		return v, err
	}
	if n > 0 {
		return v, taken(op, "a site", v.Name)
	}
	changed, err := tx.Exec(ctx, sqlSiteUpdate, v.Name, text.Fold(v.Name), v.Zone, v.Region, v.CalendarID, v.Headcount, v.Tenths, v.ID, old.Version)
	if err != nil {
		return v, err
	}
	if changed == 0 {
		return v, stale(op)
	}
	v.Version = old.Version + 1
	s.forgetAllAfter(tx)
	return v, s.audit(ctx, tx, by, "site.update", v.ID, map[string]any{
		"zone": [2]string{old.Zone, v.Zone}, "region": [2]string{old.Region, v.Region}, "calendar": [2]string{old.CalendarID, v.CalendarID},
		"headcount": [2]int64{old.Headcount, v.Headcount}, "fte_tenths": [2]int64{old.Tenths, v.Tenths}, "renamed": old.Name != v.Name,
	})
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
