package auth

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// A session ends after this time without use, and after this time in any case.
const (
	sessionIdle = 12 * time.Hour
	sessionLife = 7 * 24 * time.Hour
)

// Credentials are what somebody signs in with.
type Credentials struct {
	PersonID string // whose address was typed; "" when nobody's, or a disabled person's
	Account  string // the address as typed: what attempts are counted on when it is nobody's
	Password string
	IP       string // of the peer; attempts are counted on its network
	Browser  string // what it says it is, for the list of one's sessions: "Firefox on Windows"
	Device   string // what NewDevice gave this browser, if anything
}

// SignIn checks a password and opens a session: a new secret each time, of which only the SHA-256 is stored.
//
// Errors: Unauthenticated, with the same words and after the same work whether nobody has the address or the password is wrong;
// TooMany after ten failures in ten minutes of the account or its network (see ThrottledUntil); TooLarge for a password
// beyond 1 kB, before any work.
func (s *Service) SignIn(ctx context.Context, c Credentials) (secret string, err error) {
	subjects, err := s.check(ctx, c)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		secret = id.Secret("")
		return s.open(ctx, tx, c, subjects, secret)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// open begins a session after a password was right.
func (s *Service) open(ctx context.Context, tx *db.Tx, c Credentials, subjects []string, secret string) error {
	now := s.clk.Now()
	if err := succeeded(ctx, tx, subjects); err != nil {
		return err
	}
	if err := insertSession(ctx, tx, id.Digest(secret), c, now); err != nil {
		return err
	}
	return s.record(ctx, tx, Record{At: now, Actor: c.PersonID, Verb: "session.open", Object: "person", ObjectID: c.PersonID, Change: map[string]any{"network": network(c.IP)}})
}

// check verifies a password, throttled. It gives the subjects the attempt was counted on.
func (s *Service) check(ctx context.Context, c Credentials) ([]string, error) {
	if err := tooLong("auth.SignIn", c.Password); err != nil {
		return nil, err
	}
	release, err := s.hash.take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	subjects, err := s.subjects(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.attempt(ctx, subjects, "Too many sign-ins failed."); err != nil {
		return nil, err
	}
	var stored string
	err = s.db.Read().QueryRow(ctx, sqlPassword, c.PersonID).Scan(&stored)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	ok, outdated := s.hash.verify(c.Password, stored)
	if !ok {
		return nil, s.failed(ctx, c)
	}
	if outdated {
		fresh := s.hash.make(c.Password)
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, sqlPasswordUpgrade, fresh, c.PersonID, stored)
			return err
		})
	}
	return subjects, err
}

// failed records a failure (never what was typed: people type their password into the wrong field) and gives its error.
func (s *Service) failed(ctx context.Context, c Credentials) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return s.record(ctx, tx, Record{At: s.clk.Now(), Verb: "session.refuse", Object: "person", ObjectID: c.PersonID, Change: map[string]any{"network": network(c.IP)}})
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Unauthenticated, "auth.SignIn", "The address or the password is wrong.").Reason("wrong-credentials")
}

// Session gives the person of a session and keeps it alive. Errors: Unauthenticated.
func (s *Service) Session(ctx context.Context, secret string) (personID string, err error) {
	return s.session(ctx, secret, true)
}

// Peek is Session for what a page calls by itself: it does not keep the session alive, so that an open tab is no use.
func (s *Service) Peek(ctx context.Context, secret string) (personID string, err error) {
	return s.session(ctx, secret, false)
}

func (s *Service) session(ctx context.Context, secret string, use bool) (string, error) {
	ended := errs.New(errs.Unauthenticated, "auth.Session", "Your session has ended. Sign in again.").Reason("session-ended")
	if secret == "" || len(secret) > 200 {
		return "", ended
	}
	digest := id.Digest(secret)
	var person string
	var seen, ends int64
	err := s.db.Read().QueryRow(ctx, sqlSession, digest).Scan(&person, &seen, &ends)
	if errs.Is(err, errs.NotFound) {
		return "", ended
	}
	if err != nil {
		return "", err
	}
	now := s.clk.Now()
	if at := clock.Micros(now); at >= ends || at-seen >= sessionIdle.Microseconds() {
		return "", ended
	} else if use {
		s.used(false, digest, seen, at)
	}
	return person, nil
}

// SignOut ends a session. One that has ended already is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	person, err := s.session(ctx, secret, false)
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlSessionDelete, id.Digest(secret)); err != nil {
			return err
		}
		return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: person, Verb: "session.end", Object: "person", ObjectID: person})
	})
}

// EndAll ends every session of a person; tokens stay. The person themselves may, and who may manage every person.
func (s *Service) EndAll(ctx context.Context, by Actor, personID string) error {
	o := Object{Kind: "person", ID: personID}
	if by.PersonID != personID || by.Kind != Person {
		if err := Can(by, PersonManage, o); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.endAll(ctx, tx, by, personID)
	})
}

func (s *Service) endAll(ctx context.Context, tx *db.Tx, by Actor, personID string) error {
	n, err := tx.Exec(ctx, sqlSessionEndAll, personID)
	if err != nil {
		return err
	}
	return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: by.ID(), Verb: "session.end_all", Object: "person", ObjectID: personID, Change: map[string]any{"sessions": n}})
}

// SetPassword sets a person's password and ends their sessions. own are their addresses and name, which it must not be. Only who
// may manage every person may: whoever sets a password can become the person. Errors: as Can and CheckPassword.
func (s *Service) SetPassword(ctx context.Context, by Actor, personID, password string, own ...string) error {
	if err := Can(by, PersonManage, Object{Kind: "person", ID: personID}); err != nil {
		return err
	}
	p, err := s.Prepare(ctx, password, own...)
	if err != nil {
		return err
	}
	return s.SetPrepared(ctx, by, personID, p)
}

// Prepared is a password that was hashed and is nobody's yet.
type Prepared struct{ hash string }

// Prepare does the slow part of SetPassword, which needs no database. Errors: as CheckPassword.
func (s *Service) Prepare(ctx context.Context, password string, own ...string) (Prepared, error) {
	hash, err := s.newHash(ctx, password, own)
	return Prepared{hash}, err
}

// SetPrepared is SetPassword with what Prepare gave. Errors: as Can.
func (s *Service) SetPrepared(ctx context.Context, by Actor, personID string, p Prepared) error {
	if err := Can(by, PersonManage, Object{Kind: "person", ID: personID}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return s.setPassword(ctx, tx, by, personID, p.hash)
	})
}

// ChangePassword is SetPassword by the person themselves, who knows the old one: it ends every session and opens a new one.
// Errors: as SignIn and CheckPassword.
func (s *Service) ChangePassword(ctx context.Context, c Credentials, password string, own ...string) (secret string, err error) {
	if err := CheckPassword(password, own...); err != nil {
		return "", err
	}
	subjects, err := s.check(ctx, c)
	if err != nil {
		return "", err
	}
	hash, err := s.newHash(ctx, password, own)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		secret = id.Secret("")
		if err := s.setPassword(ctx, tx, Actor{Kind: Person, PersonID: c.PersonID}, c.PersonID, hash); err != nil {
			return err
		}
		return s.open(ctx, tx, c, subjects, secret)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

func (s *Service) newHash(ctx context.Context, password string, own []string) (string, error) {
	if err := CheckPassword(password, own...); err != nil {
		return "", err
	}
	release, err := s.hash.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return s.hash.make(password), nil
}

func (s *Service) setPassword(ctx context.Context, tx *db.Tx, by Actor, personID, hash string) error {
	now := s.clk.Now()
	if _, err := tx.Exec(ctx, sqlPasswordSet, personID, hash, clock.Micros(now)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlLinkDeleteOf, personID); err != nil {
		return err
	}
	if err := s.record(ctx, tx, Record{At: now, Actor: by.ID(), Verb: "password.set", Object: "person", ObjectID: personID}); err != nil {
		return err
	}
	return s.endAll(ctx, tx, by, personID)
}
