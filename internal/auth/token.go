package auth

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// TokenPrefix begins every API token, so that scanners of source and logs can find one that got there.
const TokenPrefix = "bw_"

// TokenInfo is what is known of an API token; its secret is not.
type TokenInfo struct {
	ID       string
	PersonID string
	Name     string
	Scopes   []string // nil: whatever the person may do
	MadeAt   time.Time
	UsedAt   time.Time // zero: never; exact to a minute
	EndsAt   time.Time // zero: when it is revoked
}

// CreateToken makes an API token for a person and gives its secret, this once. No scope makes one without limits; ends zero, one
// without end. The person themselves may, never wider than the token they use, and who may manage every person's: whoever
// makes a token can act as the person. Errors: as Can; Invalid for a name, a scope or an end that has passed.
func (s *Service) CreateToken(ctx context.Context, by Actor, personID, name string, scopes []string, ends time.Time) (string, TokenInfo, error) {
	const op = "auth.CreateToken"
	fail := func(err error) (string, TokenInfo, error) { return "", TokenInfo{}, err }
	if err := Can(by, TokenManage, Object{Kind: "person", ID: personID}); err != nil {
		return fail(err)
	}
	name = text.Line(name)
	if name == "" || utf8.RuneCountInString(name) > 200 {
		return fail(errs.In(op, "name", "Say in 1 to 200 characters what the token is for, so that you know it again."))
	}
	now := s.clk.Now()
	if !ends.IsZero() && !ends.After(now) {
		return fail(errs.In(op, "ends_at", "This time has passed. Give one in the future, or none."))
	}
	scopes, err := ParseScopes(scopes)
	if err != nil {
		return fail(err)
	}
	if !within(scopes, by.Scopes) {
		return fail(errs.New(errs.Denied, op, "The token you use has the scopes %s; it can't make a wider one. Name narrower scopes, or sign in and make it there.", quoteScopes(by.Scopes)).Reason("token-scope"))
	}
	t := TokenInfo{ID: id.New(), PersonID: personID, Name: name, Scopes: scopes, MadeAt: now, EndsAt: ends}
	secret := id.Secret(TokenPrefix)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlTokenInsert, t.ID, id.Digest(secret), t.PersonID, t.Name, storeScopes(t.Scopes), clock.Micros(now), clock.Micros(ends)); err != nil {
			return err
		}
		return s.record(ctx, tx, Record{At: now, Actor: by.ID(), Verb: "token.create", Object: "person", ObjectID: personID, Change: map[string]any{"token": t.ID, "scopes": storeScopes(t.Scopes)}})
	})
	if err != nil {
		return fail(err)
	}
	return secret, t, nil
}

// Token checks a token: one indexed read. Nothing is kept in memory, so that a revocation holds at once on every node. Whether its
// person is disabled is for people.ActorOf. Errors: Unauthenticated.
func (s *Service) Token(ctx context.Context, secret string) (TokenInfo, error) {
	invalid := errs.New(errs.Unauthenticated, "auth.Token", "This token is not valid, or not any more. Make a new one.").Reason("token-invalid")
	if !strings.HasPrefix(secret, TokenPrefix) || len(secret) > 200 {
		return TokenInfo{}, invalid
	}
	t, err := scanToken(s.db.Read().QueryRow(ctx, sqlToken, id.Digest(secret)))
	if errs.Is(err, errs.NotFound) {
		return TokenInfo{}, invalid
	}
	if err != nil {
		return TokenInfo{}, err
	}
	now := s.clk.Now()
	if !t.EndsAt.IsZero() && !now.Before(t.EndsAt) {
		return TokenInfo{}, invalid
	}
	s.used(true, t.ID, clock.Micros(t.UsedAt), clock.Micros(now))
	return t, nil
}

// Tokens lists a person's tokens, oldest first. Errors: as Can.
func (s *Service) Tokens(ctx context.Context, by Actor, personID string) ([]TokenInfo, error) {
	if err := Can(by, TokenManage, Object{Kind: "person", ID: personID}); err != nil {
		return nil, err
	}
	rows, err := s.db.Read().Query(ctx, sqlTokensOf, personID)
	return db.Collect(rows, err, scanToken)
}

// RevokeToken ends a token at once. Errors: NotFound for one that does not exist or is another person's.
func (s *Service) RevokeToken(ctx context.Context, by Actor, tokenID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := scanToken(tx.QueryRow(ctx, sqlTokenByID, tokenID))
		if err != nil {
			return err
		}
		if err := Can(by, TokenManage, Object{Kind: "person", ID: t.PersonID}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlTokenDelete, tokenID); err != nil {
			return err
		}
		return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: by.ID(), Verb: "token.revoke", Object: "person", ObjectID: t.PersonID, Change: map[string]any{"token": t.ID}})
	})
}
