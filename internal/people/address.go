package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// insertAddress adds an address, or says whose it is to who may know.
func (s *Service) insertAddress(ctx context.Context, tx *db.Tx, by auth.Actor, personID string, a Address) error {
	s.forgetAfter(tx, personID)
	n, err := tx.Exec(ctx, sqlAddressInsert, a.Address, personID, a.Verified, a.Rank)
	if err != nil {
		return err
	}
	if n > 0 {
		if err := index(ctx, tx, personID); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "person.add_address", personID, map[string]any{"verified": a.Verified, "rank": a.Rank})
	}
	owner, err := PersonByAddress(ctx, tx, a.Address)
	if err != nil {
		return err
	}
	const op = "people.address"
	if auth.Can(by, auth.PersonRead, owner.Object()) != nil {
		return errs.New(errs.Conflict, op, "This address is in use already. Give another.").Reason("address-taken")
	}
	return errs.New(errs.Conflict, op, "The address %s is %s's already. Change that person, or give another address.", a.Address, owner.Name).Reason("address-taken")
}

// AddAddress adds an address to a person; it is the last choice for mails to them. The person themselves may not: an unproven
// address of somebody else would give them that person's mails. Errors: as auth.Can; Invalid; Conflict for one in use.
func (s *Service) AddAddress(ctx context.Context, by auth.Actor, personID, address string, verified bool) (Address, error) {
	c := checker{op: "people.AddAddress"}
	a := Address{Address: c.address("address", address), Verified: verified}
	wrong := c.err()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.manageable(ctx, tx, by, personID)
		if err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		have, err := Addresses(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		a.Rank = 0
		if n := len(have); n > 0 {
			a.Rank = have[n-1].Rank + 1
		}
		return s.insertAddress(ctx, tx, by, p.ID, a)
	})
	return a, err
}

// VerifyAddress marks an address as proven to be its person's. Errors: as auth.Can; NotFound for one nobody has.
func (s *Service) VerifyAddress(ctx context.Context, by auth.Actor, address string) error {
	return s.withAddress(ctx, by, address, func(tx *db.Tx, p Person, key string) error {
		if _, err := tx.Exec(ctx, sqlAddressVerify, true, key); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "person.verify_address", p.ID, nil)
	})
}

// RemoveAddress takes an address from its person. Errors: as auth.Can; NotFound; Conflict for their last one.
func (s *Service) RemoveAddress(ctx context.Context, by auth.Actor, address string) error {
	return s.withAddress(ctx, by, address, func(tx *db.Tx, p Person, key string) error {
		have, err := Addresses(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if len(have) == 1 {
			return errs.New(errs.Conflict, "people.RemoveAddress", "This is the person's only address. Add another first, or disable the person.")
		}
		if _, err := tx.Exec(ctx, sqlAddressDelete, key); err != nil {
			return err
		}
		s.forgetAfter(tx, p.ID)
		if err := index(ctx, tx, p.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "person.remove_address", p.ID, nil)
	})
}

func (s *Service) withAddress(ctx context.Context, by auth.Actor, address string, fn func(tx *db.Tx, p Person, key string) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		key := text.Address(address)
		var owner string
		if err := tx.QueryRow(ctx, sqlAddressOwner, key).Scan(&owner); err != nil {
			return err
		}
		p, err := s.manageable(ctx, tx, by, owner)
		if err != nil {
			return err
		}
		return fn(tx, p, key)
	})
}
