package account

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Kinds of mails, for the log of mails.
const (
	kindAddress  = "address"
	kindPassword = "password"
)

// Config is what the mails say of the desk.
type Config = letter.From

// Service mails links and takes what comes of them. It is safe for concurrent use.
type Service struct {
	DB     *db.DB
	People *people.Service
	Auth   *auth.Service
	Box    *box.Box
	Config
}

// Mails says whether this desk can mail anything: without, no link helps.
func (s *Service) Mails() bool { return s.Box.Mails() }

func (s *Service) noMail(op string) error {
	if s.Mails() {
		return nil
	}
	return errs.New(errs.Conflict, op, "This desk sends no mail, so there is no link to send. Whoever runs it can set things up without one.").Reason("no-mail")
}

// ClaimAddress begins to add an address to the actor's own: a link that proves it is mailed there. What it answers does not tell
// whether the address is in use. Errors: as people.ClaimAddress; Conflict where nobody is mailed.
func (s *Service) ClaimAddress(ctx context.Context, by auth.Actor, address string) (people.Claim, error) {
	if err := s.noMail("account.ClaimAddress"); err != nil {
		return people.Claim{}, err
	}
	return s.People.ClaimAddress(ctx, by, address, func(ctx context.Context, tx *db.Tx, c people.Claim) error {
		p, err := people.PersonByID(ctx, tx, by.PersonID)
		if err != nil {
			return err
		}
		subject, body := letter.Address(s.Name, s.Page("/profile/addresses/"+c.Secret), c.Ends.In(p.Location()))
		return s.send(ctx, tx, box.Outbound{Kind: kindAddress, PersonID: p.ID, Recipient: c.Address, Because: "this address was added to your account", Subject: subject, Body: body})
	})
}

// AskPassword mails a link to choose a password to an address, if somebody who may sign in has it. Anybody may ask; it answers
// the same for every address. Errors: as auth.Service.AskLink; Invalid for what is no address; Conflict where nobody is mailed.
func (s *Service) AskPassword(ctx context.Context, address, ip string) error {
	const op = "account.AskPassword"
	if err := s.noMail(op); err != nil {
		return err
	}
	if address = strings.TrimSpace(address); !strings.Contains(address, "@") || len(address) > 254 {
		return errs.In(op, "email", "Write the whole mail address, like ada@example.org.")
	}
	personID, err := s.People.SignInID(ctx, address)
	if err != nil {
		return err
	}
	return s.Auth.AskLink(ctx, auth.LinkAsk{PersonID: personID, Address: address, IP: ip}, s.mailLink(false))
}

// MailPassword mails such a link to a person's first address: a welcome for who is new, a way back for who lost theirs. Errors: as
// auth.Service.MailLink and people.Service.Manageable; Conflict for somebody who is disabled or has no address, and where nobody is
// mailed.
func (s *Service) MailPassword(ctx context.Context, by auth.Actor, personID string) error {
	const op = "account.MailPassword"
	if err := s.People.Manageable(ctx, s.DB.Read(), by, personID); err != nil {
		return err
	}
	if err := s.noMail(op); err != nil {
		return err
	}
	p, err := people.PersonByID(ctx, s.DB.Read(), personID)
	if err != nil {
		return err
	}
	switch {
	case p.Disabled():
		return errs.New(errs.Conflict, op, "%s is disabled and cannot sign in. Enable them first.", p.Name).Reason("person-disabled")
	case p.Address == "":
		return errs.New(errs.Conflict, op, "%s has no mail address. Add one first.", p.Name).Reason("no-address")
	}
	return s.Auth.MailLink(ctx, by, personID, p.Address, s.mailLink(true))
}

// mailLink is the mail with a link: as a welcome, or for whoever asked.
func (s *Service) mailLink(welcome bool) auth.TellLink {
	return func(ctx context.Context, tx *db.Tx, l auth.Link) error {
		p, err := people.PersonByID(ctx, tx, l.PersonID)
		if err != nil {
			return err
		}
		because := "somebody asked for it with your address"
		if welcome {
			because = "you were given an account"
		}
		subject, body := letter.Password(s.Name, s.Page("/password/"+l.Secret), l.Ends.In(p.Location()), welcome)
		return s.send(ctx, tx, box.Outbound{Kind: kindPassword, PersonID: p.ID, Recipient: l.Address, Because: because, Subject: subject, Body: body})
	}
}

func (s *Service) send(ctx context.Context, tx *db.Tx, m box.Outbound) error {
	m.ID, m.Automatic = id.New(), true
	m.MessageID = mail.MessageID(s.Key, m.ID, s.Domain)
	_, err := s.Box.Send(ctx, tx, m)
	return err
}

// Opened is whose password a link lets one choose. Errors: NotFound, also when the address it was mailed to is not theirs any more
// or they may not sign in.
func (s *Service) Opened(ctx context.Context, secret string) (people.Person, error) {
	l, err := s.Auth.LinkOf(ctx, secret)
	if err != nil {
		return people.Person{}, err
	}
	personID, err := s.People.SignInID(ctx, l.Address)
	if err != nil {
		return people.Person{}, err
	}
	if personID != l.PersonID {
		return people.Person{}, errs.New(errs.NotFound, "account.Opened", "This link was for an address that is not in use any more. Ask for another.").Reason("link-gone")
	}
	return people.PersonByID(ctx, s.DB.Read(), personID)
}

// ChoosePassword sets the password of a link's person and ends their sessions; the link and every other of theirs is used up.
// Errors: as Opened and auth.CheckPassword.
func (s *Service) ChoosePassword(ctx context.Context, secret, password string) error {
	p, err := s.Opened(ctx, secret)
	if err != nil {
		return err
	}
	own := []string{p.Name}
	addresses, err := people.Addresses(ctx, s.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		own = append(own, a.Address)
	}
	return s.Auth.UseLink(ctx, secret, password, own...)
}
