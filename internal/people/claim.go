package people

import (
	"context"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Bounds of adding addresses: nobody floods a mailbox that is not theirs, or learns by the way who else is here.
const (
	claimLife      = 24 * time.Hour
	claimsADay     = 5 // of a person
	claimsToADay   = 2 // to an address, by anybody
	mostAddresses  = 10
	claimKeyPrefix = "address_"
)

// Claim is an address somebody says is theirs, with the secret of the link that proves it.
type Claim struct {
	Address string
	Secret  string // "" when nothing is to be mailed: see ClaimAddress
	Ends    time.Time
}

// ClaimAddress begins to add an address to the actor's own: tell mails the link with the secret to it, in the same transaction.
// Of an address that is in use nothing is said and nothing mailed, so that nobody finds out who is here; it is answered like any
// other. Errors: as auth.Can; Invalid; Conflict for one of their own; TooMany.
func (s *Service) ClaimAddress(ctx context.Context, by auth.Actor, address string, tell func(ctx context.Context, tx *db.Tx, c Claim) error) (Claim, error) {
	const op = "people.ClaimAddress"
	k := checker{op: op}
	c := Claim{Address: k.address("address", address)}
	if err := k.err(); err != nil {
		return c, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		have, err := Addresses(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, a := range have {
			if a.Address == c.Address && a.Verified {
				return errs.New(errs.Conflict, op, "%s is yours already.", c.Address).Reason("address-yours")
			}
		}
		if len(have) >= mostAddresses {
			return errs.New(errs.Conflict, op, "You have %d addresses. Remove one first.", len(have))
		}
		now := s.clk.Now()
		if err := s.mayClaim(ctx, tx, p.ID, c.Address, now); err != nil {
			return err
		}
		secret := id.Secret(claimKeyPrefix)
		c.Ends = now.Add(claimLife)
		if _, err := tx.Exec(ctx, sqlClaimInsert, id.Digest(secret), p.ID, c.Address, clock.Micros(now), clock.Micros(c.Ends)); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, by, "person.claim_address", p.ID, nil); err != nil {
			return err
		}
		var owner string
		if err := tx.QueryRow(ctx, sqlAddressOwner, c.Address).Scan(&owner); err == nil && owner != p.ID {
			return nil
		} else if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		return tell(ctx, tx, Claim{Address: c.Address, Secret: secret, Ends: c.Ends})
	})
	return c, err
}

func (s *Service) mayClaim(ctx context.Context, q db.Querier, personID, address string, now time.Time) error {
	var mine, to int
	since := clock.Micros(now.Add(-claimLife))
	if err := q.QueryRow(ctx, sqlClaimsOf, personID, since).Scan(&mine); err != nil {
		return err
	}
	if err := q.QueryRow(ctx, sqlClaimsTo, address, since).Scan(&to); err != nil {
		return err
	}
	if mine >= claimsADay || to >= claimsToADay {
		return errs.New(errs.TooMany, "people.ClaimAddress", "We wrote often enough today. Look for the mail of before, or try again tomorrow.")
	}
	return nil
}

// ClaimOf is what a link is about, for its own person alone. Errors: NotFound for a link that was used, has run out, or is somebody
// else's.
func (s *Service) ClaimOf(ctx context.Context, by auth.Actor, secret string) (Claim, error) {
	return s.claim(ctx, s.db.Read(), by, secret)
}

func (s *Service) claim(ctx context.Context, q db.Querier, by auth.Actor, secret string) (Claim, error) {
	gone := errs.New(errs.NotFound, "people.claim", "This link was used, or it is older than a day, or it is for another account. Add the address again to get a new one.")
	if !strings.HasPrefix(secret, claimKeyPrefix) || len(secret) > 200 || by.PersonID == "" {
		return Claim{}, gone
	}
	var c Claim
	var person string
	var ends int64
	err := q.QueryRow(ctx, sqlClaim, id.Digest(secret)).Scan(&person, &c.Address, &ends)
	if c.Ends = clock.FromMicros(ends); errs.Is(err, errs.NotFound) || err == nil && (person != by.PersonID || !s.clk.Now().Before(c.Ends)) {
		return Claim{}, gone
	}
	return c, err
}

// ConfirmAddress adds the address whose link the actor opened, as proven. Errors: as ClaimOf and auth.Can; Conflict for one that is
// somebody else's by now.
func (s *Service) ConfirmAddress(ctx context.Context, by auth.Actor, secret string) (Claim, error) {
	var c Claim
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		if c, err = s.claim(ctx, tx, by, secret); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlClaimEnd, p.ID, c.Address); err != nil {
			return err
		}
		var owner string
		err = tx.QueryRow(ctx, sqlAddressOwner, c.Address).Scan(&owner)
		switch {
		case errs.Is(err, errs.NotFound):
			have, err := Addresses(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			rank := int64(0)
			if n := len(have); n > 0 {
				rank = have[n-1].Rank + 1
			}
			return s.insertAddress(ctx, tx, by, p.ID, Address{Address: c.Address, Verified: true, Rank: rank})
		case err != nil:
			return err
		case owner != p.ID:
			return errs.New(errs.Conflict, "people.ConfirmAddress", "This address belongs to another account by now. Write to the service desk; they sort it.").Reason("address-taken")
		}
		if _, err := tx.Exec(ctx, sqlAddressVerify, true, c.Address); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "person.verify_address", p.ID, nil)
	})
	return c, err
}

// Sweep forgets links that have run out. A job calls it now and then; nothing depends on when.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlClaimSweep, clock.Micros(s.clk.Now().Add(-2*claimLife)))
		return err
	})
}

// MakeFirst has mails go to one of the actor's own addresses from now on. Errors: as auth.Can; NotFound; Conflict for one that is not
// proven.
func (s *Service) MakeFirst(ctx context.Context, by auth.Actor, address string) error {
	return s.ownAddress(ctx, by, address, func(tx *db.Tx, p Person, a Address, all []Address) error {
		if !a.Verified {
			return errs.New(errs.Conflict, "people.MakeFirst", "%s is not confirmed yet. Open the link we mailed to it first.", a.Address)
		}
		if _, err := tx.Exec(ctx, sqlAddressRank, all[0].Rank-1, a.Address); err != nil {
			return err
		}
		s.forgetAfter(tx, p.ID)
		return s.audit(ctx, tx, by, "person.first_address", p.ID, nil)
	})
}

// DropAddress takes one of the actor's own addresses away. Errors: as auth.Can; NotFound; Conflict for the last that is proven.
func (s *Service) DropAddress(ctx context.Context, by auth.Actor, address string) error {
	return s.ownAddress(ctx, by, address, func(tx *db.Tx, p Person, a Address, all []Address) error {
		proven := 0
		for _, x := range all {
			if x.Verified && x.Address != a.Address {
				proven++
			}
		}
		if len(all) == 1 || proven == 0 && a.Verified {
			return errs.New(errs.Conflict, "people.DropAddress", "%s is the only address we can reach you at. Add another first.", a.Address)
		}
		if _, err := tx.Exec(ctx, sqlAddressDelete, a.Address); err != nil {
			return err
		}
		if err := index(ctx, tx, p.ID); err != nil {
			return err
		}
		s.forgetAfter(tx, p.ID)
		return s.audit(ctx, tx, by, "person.remove_address", p.ID, nil)
	})
}

func (s *Service) ownAddress(ctx context.Context, by auth.Actor, address string, fn func(tx *db.Tx, p Person, a Address, all []Address) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		all, err := Addresses(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Address == address {
				return fn(tx, p, a, all)
			}
		}
		return errs.New(errs.NotFound, "people.address", "This is none of your addresses.")
	})
}
