package auth

import (
	"context"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Bounds of links that let somebody choose a password (OWASP, forgot password).
const (
	linkLife      = 30 * time.Minute
	welcomeLife   = 3 * 24 * time.Hour // of one that somebody did not ask for themselves: it may come at night
	linksAnHour   = 3                  // that a person asks for themselves
	linkKeyPrefix = "password_"
)

// Link lets whoever opens it choose the password of one person.
type Link struct {
	PersonID string
	Address  string // that it was mailed to; it must still be theirs when it is used
	Secret   string // "" but for tell
	Ends     time.Time
}

// LinkAsk is somebody who says that they can't sign in.
type LinkAsk struct {
	PersonID string // whose address was typed; "" when nobody's, or a disabled person's
	Address  string // as typed
	IP       string // of the peer
}

// TellLink mails a link, in the transaction that makes it.
type TellLink func(ctx context.Context, tx *db.Tx, l Link) error

// AskLink makes a link for whoever forgot their password, or has none yet, and has it mailed. Anybody may ask; what it answers
// is the same whether somebody has the address or not. Of the fourth within an hour for one person nothing is mailed.
// Errors: TooMany after ten in ten minutes for one address or from one network (see ThrottledUntil).
func (s *Service) AskLink(ctx context.Context, a LinkAsk, tell TellLink) error {
	subjects := []string{"link:" + id.Digest(text.Address(a.Address))}
	if n := network(a.IP); n != "" {
		subjects = append(subjects, "link-net:"+n)
	}
	if err := s.attempt(ctx, subjects, "Too many links were asked for."); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clk.Now()
		err := s.record(ctx, tx, Record{At: now, Verb: "password.ask", Object: "person", ObjectID: a.PersonID, Change: map[string]any{"network": network(a.IP)}})
		if err != nil || a.PersonID == "" {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, sqlLinksOf, a.PersonID, clock.Micros(now.Add(-time.Hour))).Scan(&n); err != nil || n >= linksAnHour {
			return err
		}
		return s.link(ctx, tx, a.PersonID, a.Address, linkLife, tell)
	})
}

// MailLink makes a link for a person who did not ask: a new one's welcome. Only who may manage every person may. Errors: as Can.
func (s *Service) MailLink(ctx context.Context, by Actor, personID, address string, tell TellLink) error {
	if err := Can(by, PersonManage, Object{Kind: "person", ID: personID}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.link(ctx, tx, personID, address, welcomeLife, tell); err != nil {
			return err
		}
		return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: by.ID(), Verb: "password.mail_link", Object: "person", ObjectID: personID})
	})
}

func (s *Service) link(ctx context.Context, tx *db.Tx, personID, address string, life time.Duration, tell TellLink) error {
	now, secret := s.clk.Now(), id.Secret(linkKeyPrefix)
	l := Link{PersonID: personID, Address: text.Address(address), Secret: secret, Ends: now.Add(life)}
	if _, err := tx.Exec(ctx, sqlLinkInsert, id.Digest(secret), l.PersonID, l.Address, clock.Micros(now), clock.Micros(l.Ends)); err != nil {
		return err
	}
	return tell(ctx, tx, l)
}

// goneLink is one answer for every link that opens nothing.
func goneLink() error {
	return errs.New(errs.NotFound, "auth.link", "This link was used, or a newer password was set, or its time is over. Ask for another.").Reason("link-gone")
}

// LinkOf is what a link opens; it uses nothing up, so that a scanner of mails that opens every link breaks none. Errors: NotFound.
func (s *Service) LinkOf(ctx context.Context, secret string) (Link, error) {
	if !strings.HasPrefix(secret, linkKeyPrefix) || len(secret) > 200 {
		return Link{}, goneLink()
	}
	var l Link
	var ends int64
	err := s.db.Read().QueryRow(ctx, sqlLink, id.Digest(secret)).Scan(&l.PersonID, &l.Address, &ends)
	if l.Ends = clock.FromMicros(ends); errs.Is(err, errs.NotFound) || err == nil && !s.clk.Now().Before(l.Ends) {
		return Link{}, goneLink()
	}
	return l, err
}

// UseLink sets the password of the link's person, ends their sessions and every link of theirs; of several at once one is
// used. The caller has seen that the link's address is still the person's. Errors: as LinkOf and CheckPassword.
func (s *Service) UseLink(ctx context.Context, secret, password string, own ...string) error {
	l, err := s.LinkOf(ctx, secret)
	if err != nil {
		return err
	}
	hash, err := s.newHash(ctx, password, own)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, sqlLinkUse, id.Digest(secret), clock.Micros(s.clk.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return goneLink()
		}
		if _, err := tx.Exec(ctx, sqlFailureClear, "person:"+l.PersonID); err != nil {
			return err
		}
		return s.setPassword(ctx, tx, Actor{Kind: Person, PersonID: l.PersonID}, l.PersonID, hash)
	})
}
