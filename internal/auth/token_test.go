package auth

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/migrate/dbtest"
)

func TestTokens(t *testing.T) {
	each(t, func(w world) {
		anna := Actor{Kind: Person, PersonID: "anna"}
		secret, made, err := w.CreateToken(w.ctx, anna, "anna", " nightly\nscript ", []string{"read", "ticket.*"}, start.Add(48*time.Hour))
		w.must(err)
		if !strings.HasPrefix(secret, TokenPrefix) || made.Name != "nightly script" {
			w.t.Fatal(secret, made)
		}
		got, err := w.Token(w.ctx, secret)
		if err != nil || got.PersonID != "anna" || !slices.Equal(got.Scopes, []string{"read", "ticket.*"}) || !got.EndsAt.Equal(start.Add(48*time.Hour)) || !got.UsedAt.IsZero() {
			w.t.Fatal(got, err)
		}
		w.clk.Advance(30 * time.Second)
		_, err = w.Token(w.ctx, secret)
		w.must(err)
		w.must(w.Flush(w.ctx))
		first, err := w.Tokens(w.ctx, anna, "anna")
		if err != nil || len(first) != 1 || first[0].UsedAt.IsZero() {
			w.t.Fatal(first, err)
		}
		w.clk.Advance(2 * time.Minute)
		_, err = w.Token(w.ctx, secret)
		w.must(err)
		w.must(w.Flush(w.ctx))
		if l, err := w.Tokens(w.ctx, anna, "anna"); err != nil || !l[0].UsedAt.Equal(w.clk.Now()) {
			w.t.Fatal("the last use is known to a minute", l, err)
		}
		for _, s := range []string{"", " ", "bw_", "%", secret[:len(secret)-1], secret + " ", strings.ToUpper(secret), id.Digest(secret), "bw_" + id.Digest(secret)} {
			_, err := w.Token(w.ctx, s)
			w.want(err, errs.Unauthenticated)
		}
		w.clk.Set(start.Add(48 * time.Hour))
		_, err = w.Token(w.ctx, secret)
		w.want(err, errs.Unauthenticated)

		// Another node of the same database knows of a revocation at once.
		other := New(w.db, w.clk, recorder)
		secret, made, err = w.CreateToken(w.ctx, SystemActor(), "anna", "all", nil, time.Time{})
		w.must(err)
		if got, err := other.Token(w.ctx, secret); err != nil || got.Scopes != nil {
			w.t.Fatal(got, err)
		}
		w.want(w.RevokeToken(w.ctx, Actor{Kind: Person, PersonID: "eve"}, made.ID), errs.NotFound)
		w.must(w.RevokeToken(w.ctx, anna, made.ID))
		_, err = other.Token(w.ctx, secret)
		w.want(err, errs.Unauthenticated)
		w.want(w.RevokeToken(w.ctx, anna, made.ID), errs.NotFound)
		w.must(other.Flush(w.ctx))
		if got := w.audited("anna"); !slices.Equal(got[2:], []string{"token.create", "token.create", "token.revoke"}) {
			w.t.Fatal(got)
		}
	})
}

// TestAttack27_NoTokenIsWiderThanItsMaker: not than the token used to make it, not than the person, not another person's.
func TestAttack27_NoTokenIsWiderThanItsMaker(t *testing.T) {
	each(t, func(w world) {
		create := func(by Actor, person string, scopes ...string) error {
			_, _, err := w.CreateToken(w.ctx, by, person, "x", scopes, time.Time{})
			return err
		}
		anna := Actor{Kind: Person, PersonID: "anna", Scopes: []string{"token.manage", "read"}}
		w.must(create(anna, "anna", "ticket.read"))
		w.want(create(anna, "anna"), errs.Denied)
		w.want(create(anna, "anna", "write"), errs.Denied)
		anna.Scopes = []string{"write"}
		w.want(create(anna, "anna", "read"), errs.Denied)
		w.want(create(Actor{Kind: Mail, PersonID: "anna"}, "anna"), errs.NotFound)
		site := Actor{Kind: Person, PersonID: "b", Grants: []Grant{{Administrator, Site, "siteA"}}}
		w.want(create(site, "anna"), errs.NotFound)
		agent := Actor{Kind: Person, PersonID: "b", Grants: []Grant{{Agent, Everywhere, ""}}}
		w.want(create(agent, "anna"), errs.Denied)
		w.must(create(Actor{Kind: Person, PersonID: "b", Grants: []Grant{{Administrator, Everywhere, ""}}}, "anna"))
		_, err := w.Tokens(w.ctx, agent, "anna")
		w.want(err, errs.Denied)
		_, _, err = w.CreateToken(w.ctx, SystemActor(), "anna", "", nil, time.Time{})
		w.want(err, errs.Invalid)
		_, _, err = w.CreateToken(w.ctx, SystemActor(), "anna", "x", []string{"*"}, time.Time{})
		w.want(err, errs.Invalid)
		_, _, err = w.CreateToken(w.ctx, SystemActor(), "anna", "x", nil, start)
		w.want(err, errs.Invalid)
	})
}

// TestAttack54_EmptySecretsAreNobodys: the tables refuse them too.
func TestAttack54_EmptySecretsAreNobodys(t *testing.T) {
	each(t, func(w world) {
		for _, q := range []string{
			"INSERT INTO auth_token (id, digest, person_id, name, scopes, made_at, used_at, ends_at) VALUES ('x', '', 'anna', '', '*', 0, 0, 0)",
			"INSERT INTO auth_session (digest, person_id, made_at, seen_at, ends_at) VALUES (' ', 'anna', 0, 0, 0)",
			"INSERT INTO auth_password (person_id, hash, changed_at) VALUES ('bob', '', 0)",
		} {
			w.want(w.db.Write(w.ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(w.ctx, q)
				return err
			}), errs.Invalid)
		}
	})
}

func BenchmarkToken(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		b.Run(string(e), func(b *testing.B) {
			s := New(dbtest.Open(b, e), clock.NewFake(start), recorder)
			secret, _, err := s.CreateToken(context.Background(), SystemActor(), "anna", "x", nil, time.Time{})
			if err != nil {
				b.Fatal(err)
			}
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := s.Token(context.Background(), secret); err != nil {
						b.Error(err)
					}
				}
			})
			_ = s.Flush(context.Background())
		})
	}
}
