package people

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// PersonInput is what CreatePerson needs.
type PersonInput struct {
	Name      string
	Address   string // optional: somebody known by telephone alone
	Verified  bool   // who creates them vouches for the address
	OrgID     string // may be left out when a site is given
	SiteID    string // optional
	Zone      string // optional, IANA; else the site's
	NotMailed bool   // no mails: the portal shows
}

// CreatePerson makes a person with their first address. Errors: as auth.Can; Invalid; Conflict for an address in use.
func (s *Service) CreatePerson(ctx context.Context, by auth.Actor, in PersonInput) (Person, error) {
	var p Person
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		p, err = s.CreatePersonIn(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return p, nil
}

// CreatePersonIn is CreatePerson in the caller's transaction.
func (s *Service) CreatePersonIn(ctx context.Context, tx *db.Tx, by auth.Actor, in PersonInput) (Person, error) {
	const op = "people.CreatePerson"
	if err := auth.Somewhere(by, auth.PersonManage); err != nil {
		return Person{}, err // before anything is said of places
	}
	c := checker{op: op}
	p := Person{Name: c.name("name", in.Name), OrgID: in.OrgID, SiteID: in.SiteID, OwnZone: c.zone("zone", in.Zone, true), Mailed: !in.NotMailed}
	if in.Address != "" {
		p.Address = c.address("address", in.Address)
	}
	place, err := s.place(ctx, tx, op, in.OrgID, in.SiteID)
	if err != nil {
		return Person{}, err
	}
	p.OrgID, p.SiteID, p.Region = place.OrgID, place.ID, place.Region
	if err := auth.Can(by, auth.PersonManage, p.Object()); err != nil {
		return Person{}, err
	}
	if err := c.err(); err != nil {
		return Person{}, err
	}
	return s.insertPerson(ctx, tx, by, p, in.Verified)
}

// place checks an organisation and a site; the site alone says which organisation. Only OrgID, ID and Region of the answer are
// set when there is no site.
func (s *Service) place(ctx context.Context, q db.Querier, op, orgID, siteID string) (Site, error) {
	if siteID == "" {
		if orgID == "" {
			return Site{}, errs.In(op, "organisation", "Say which organisation the person belongs to, or which site.")
		}
		_, err := OrganisationByID(ctx, q, orgID)
		if errs.Is(err, errs.NotFound) {
			return Site{}, errs.In(op, "organisation", "There is no such organisation.")
		}
		return Site{OrgID: orgID}, err
	}
	site, err := SiteByID(ctx, q, siteID)
	if errs.Is(err, errs.NotFound) {
		return Site{}, errs.In(op, "site", "There is no such site.")
	}
	if err == nil && orgID != "" && orgID != site.OrgID {
		return Site{}, errs.In(op, "site", "This site is of another organisation. Choose one of the person's own.")
	}
	return site, err
}

func (s *Service) insertPerson(ctx context.Context, tx *db.Tx, by auth.Actor, p Person, verified bool) (Person, error) {
	p.ID = id.New()
	_, err := tx.Exec(ctx, sqlPersonInsert, p.ID, p.OrgID, p.SiteID, p.Name, text.Fold(p.Name), p.OwnZone, p.Mailed, clock.Micros(s.clk.Now()))
	if err != nil {
		return Person{}, err
	}
	if err := s.audit(ctx, tx, by, "person.create", p.ID, map[string]any{"organisation": p.OrgID, "site": p.SiteID}); err != nil {
		return Person{}, err
	}
	if p.Address != "" {
		if err := s.insertAddress(ctx, tx, by, p.ID, Address{Address: p.Address, Verified: verified}); err != nil {
			return Person{}, err
		}
	} else if err := index(ctx, tx, p.ID); err != nil {
		return Person{}, err
	}
	return PersonByID(ctx, tx, p.ID)
}

// PersonChange is what UpdatePerson changes; nil leaves as it is.
type PersonChange struct {
	ID      string
	Version int64 // as read; 0 takes whatever it is
	Name    *string
	OrgID   *string // a site of another organisation moves the person there too
	SiteID  *string // "" for none
	Zone    *string // "" for the site's
	Mailed  *bool
}

// UpdatePerson changes a person, or places one of Unassigned. It needs the right where the person is and where they go. A new
// place or zone is told to OnChange. Errors: as auth.Can; Invalid; Stale when somebody changed the person meanwhile.
func (s *Service) UpdatePerson(ctx context.Context, by auth.Actor, in PersonChange) (Person, error) {
	var p Person
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		p, err = s.UpdatePersonIn(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return p, nil
}

// UpdatePersonIn is UpdatePerson in the caller's transaction.
func (s *Service) UpdatePersonIn(ctx context.Context, tx *db.Tx, by auth.Actor, in PersonChange) (Person, error) {
	const op = "people.UpdatePerson"
	old, err := s.manageable(ctx, tx, by, in.ID)
	if err != nil {
		return Person{}, err
	}
	if in.Version != 0 && in.Version != old.Version {
		return Person{}, stale(op)
	}
	p, err := s.applied(ctx, tx, op, old, in)
	if err != nil {
		return Person{}, err
	}
	if err := auth.Can(by, auth.PersonManage, p.Object()); err != nil {
		return Person{}, err
	}
	n, err := tx.Exec(ctx, sqlPersonUpdate, p.OrgID, p.SiteID, p.Name, text.Fold(p.Name), p.OwnZone, p.Mailed, p.ID, old.Version)
	if err != nil {
		return Person{}, err
	}
	if n == 0 {
		return Person{}, stale(op)
	}
	if err := s.audit(ctx, tx, by, "person.update", p.ID, map[string]any{
		"organisation": [2]string{old.OrgID, p.OrgID}, "site": [2]string{old.SiteID, p.SiteID},
		"zone": [2]string{old.OwnZone, p.OwnZone}, "mailed": [2]bool{old.Mailed, p.Mailed}, "renamed": old.Name != p.Name,
	}); err != nil {
		return Person{}, err
	}
	if p, err = PersonByID(ctx, tx, p.ID); err != nil {
		return Person{}, err
	}
	if err := index(ctx, tx, p.ID); err != nil {
		return Person{}, err
	}
	s.forgetAfter(tx, p.ID)
	if p.OrgID == old.OrgID && p.SiteID == old.SiteID && p.OwnZone == old.OwnZone {
		return p, nil
	}
	return p, s.changed(ctx, tx, "person", p.ID)
}

func stale(op string) error {
	return errs.New(errs.Stale, op, "Somebody changed this since you read it. Read it again and repeat your change.")
}

// applied is the person as the change wants them, checked.
func (s *Service) applied(ctx context.Context, q db.Querier, op string, old Person, in PersonChange) (Person, error) {
	p := old
	set(&p.Name, in.Name)
	set(&p.OwnZone, in.Zone)
	set(&p.Mailed, in.Mailed)
	c := checker{op: op}
	p.Name, p.OwnZone = c.name("name", p.Name), c.zone("zone", p.OwnZone, true)
	if err := c.err(); err != nil {
		return Person{}, err
	}
	if in.OrgID == nil && in.SiteID == nil {
		return p, nil
	}
	org, site := "", ""
	set(&org, in.OrgID)
	set(&site, in.SiteID)
	if org == "" && site == "" {
		org = old.OrgID
	}
	place, err := s.place(ctx, q, op, org, site)
	p.OrgID, p.SiteID, p.Region = place.OrgID, place.ID, place.Region
	return p, err
}

// DisablePerson ends what a person may do: their sessions and tokens at once, and every act from then on. Errors: as auth.Can;
// Conflict for the last administrator.
func (s *Service) DisablePerson(ctx context.Context, by auth.Actor, personID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.manageable(ctx, tx, by, personID)
		if err != nil || p.Disabled() {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPersonDisable, clock.Micros(s.clk.Now()), p.ID); err != nil {
			return err
		}
		if err := auth.EndEverything(ctx, tx, p.ID); err != nil {
			return err
		}
		grants, err := GrantsOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, g := range grants {
			if g.administersAll() && g.InForce(s.clk.Now()) {
				if err := s.keepAdministrator(ctx, tx); err != nil {
					return err
				}
			}
		}
		s.forgetAfter(tx, p.ID)
		return s.audit(ctx, tx, by, "person.disable", p.ID, nil)
	})
}

// EnablePerson takes DisablePerson back; sessions and tokens stay ended. Errors: as auth.Can.
func (s *Service) EnablePerson(ctx context.Context, by auth.Actor, personID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.manageable(ctx, tx, by, personID)
		if err != nil || !p.Disabled() {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPersonDisable, int64(0), p.ID); err != nil {
			return err
		}
		s.forgetAfter(tx, p.ID)
		return s.audit(ctx, tx, by, "person.enable", p.ID, nil)
	})
}

// ResolveSender finds who writes from an address, or makes them: an unverified person of Unassigned, called what their mail
// calls them. It runs in the caller's transaction and twice at once makes one person. A disabled person is found as such.
// Errors: Invalid for what is no address.
func (s *Service) ResolveSender(ctx context.Context, tx *db.Tx, address, displayName string) (p Person, created bool, err error) {
	c := checker{op: "people.ResolveSender"}
	key := c.address("address", address)
	if err := c.err(); err != nil {
		return Person{}, false, err
	}
	p, err = PersonByAddress(ctx, tx, key)
	if !errs.Is(err, errs.NotFound) {
		return p, false, err
	}
	o, err := s.ensureOrganisation(ctx, tx, Unassigned, "Unassigned")
	if err != nil {
		return Person{}, false, err
	}
	name := text.Cut(text.Line(displayName), maxName)
	if name == "" {
		name, _, _ = strings.Cut(key, "@")
		name = text.Cut(name, maxName)
	}
	p, err = s.insertPerson(ctx, tx, auth.SystemActor(), Person{Name: name, OrgID: o.ID, Address: key, Mailed: !strings.HasSuffix(key, ".invalid")}, false)
	return p, err == nil, err
}
