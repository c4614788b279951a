package desk

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// kindAddress is the kind of the mail that asks whether an address is somebody's.
const kindAddress = "address"

// ClaimAddress begins to add an address to the actor's own: a link that proves it is mailed there. What it answers does not tell
// whether the address is in use. Errors: as people.ClaimAddress; Conflict where nobody is mailed.
func (s *Service) ClaimAddress(ctx context.Context, by auth.Actor, address string) (people.Claim, error) {
	if !s.box.Mails() {
		return people.Claim{}, errs.New(errs.Conflict, "desk.ClaimAddress", "This desk sends no mail, so an address can't be confirmed here. Ask the service desk to add it.")
	}
	return s.people.ClaimAddress(ctx, by, address, func(ctx context.Context, tx *db.Tx, c people.Claim) error {
		p, err := people.PersonByID(ctx, tx, by.PersonID)
		if err != nil {
			return err
		}
		zone, err := time.LoadLocation(p.Zone)
		if err != nil {
			zone = time.UTC
		}
		rowID := id.New()
		subject, body := letter.Address(s.conf.Name, s.conf.BaseURL+"/profile/addresses/"+c.Secret, c.Ends.In(zone))
		_, err = s.box.Send(ctx, tx, box.Outbound{
			ID: rowID, Kind: kindAddress, PersonID: p.ID, Recipient: c.Address, Because: "this address was added to your account",
			MessageID: mail.MessageID(s.conf.ReplyKey, rowID, s.domain()), Subject: subject, Body: body, Automatic: true,
		})
		return err
	})
}
