package auth

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/audit"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// cheap keeps tests of everything but the hash itself quick.
var cheap = params{memory: 64, passes: 1, lanes: 1, keySize: 32}

func recorder(ctx context.Context, tx *db.Tx, r Record) error {
	return audit.Write(ctx, tx, audit.Entry{At: r.At, Actor: r.Actor, Verb: r.Verb, Object: r.Object, ObjectID: r.ObjectID, Change: r.Change, Reason: r.Reason})
}

type world struct {
	*Service
	clk *clock.Fake
	ctx context.Context
	t   *testing.T
}

// each gives a service on each engine in which anna has a password.
func each(t *testing.T, fn func(w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world{clk: clock.NewFake(start), ctx: context.Background(), t: t}
		w.Service = New(d, w.clk, recorder)
		w.hash = newHasher(cheap)
		t.Cleanup(func() { _ = w.Flush(w.ctx) })
		if err := w.SetPassword(w.ctx, SystemActor(), "anna", "correct horse battery"); err != nil {
			t.Fatal(err)
		}
		fn(w)
	})
}

func (w world) signIn(person, password, ip string) (string, error) {
	return w.SignIn(w.ctx, Credentials{PersonID: person, Account: person + "@example.org", Password: password, IP: ip})
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w world) want(err error, k errs.Kind) {
	w.t.Helper()
	if !errs.Is(err, k) {
		w.t.Fatalf("got %v, want %v", err, k)
	}
}

// dump is every text the auth and audit tables hold.
func (w world) dump() string {
	var b strings.Builder
	for _, q := range []string{"SELECT digest FROM auth_session", "SELECT digest || name || scopes FROM auth_token", "SELECT hash FROM auth_password",
		"SELECT subject FROM auth_failure", "SELECT actor || verb || object || object_id || change || reason FROM audit_entry"} {
		rows, err := w.db.Read().Query(w.ctx, q)
		all, err := db.Collect(rows, err, db.One[string])
		w.must(err)
		b.WriteString(strings.Join(all, "\n"))
	}
	return b.String()
}

func (w world) audited(object string) []string {
	l, err := audit.Of(w.ctx, w.db.Read(), "person", object, page.Cursor{}, 200)
	w.must(err)
	var out []string
	for _, e := range l.Items {
		out = append(out, e.Verb)
	}
	return out
}

func TestSignInAndOut(t *testing.T) {
	each(t, func(w world) {
		a, err := w.signIn("anna", "correct horse battery", "192.0.2.1")
		w.must(err)
		b, err := w.signIn("anna", "correct horse battery", "192.0.2.1")
		w.must(err)
		if a == b || len(a) < 43 {
			t.Fatal("each sign-in has a secret of its own, of 256 bits")
		}
		if p, err := w.Session(w.ctx, a); err != nil || p != "anna" {
			w.t.Fatal(p, err)
		}
		w.must(w.SignOut(w.ctx, a))
		w.must(w.SignOut(w.ctx, a))
		_, err = w.Session(w.ctx, a)
		w.want(err, errs.Unauthenticated)
		_, err = w.Session(w.ctx, b)
		w.must(err)
		for _, s := range []string{"", " ", "%", "_", id.Digest(b), b + " ", strings.Repeat("x", 1000)} {
			_, err = w.Session(w.ctx, s)
			w.want(err, errs.Unauthenticated)
		}
		w.want(w.EndAll(w.ctx, Actor{Kind: Person, PersonID: "eve"}, "anna"), errs.NotFound)
		w.must(w.EndAll(w.ctx, Actor{Kind: Person, PersonID: "anna"}, "anna"))
		_, err = w.Session(w.ctx, b)
		w.want(err, errs.Unauthenticated)
		want := []string{"password.set", "session.end_all", "session.open", "session.open", "session.end", "session.end_all"}
		if got := w.audited("anna"); !slices.Equal(got, want) {
			w.t.Fatalf("audit: %v, want %v", got, want)
		}
	})
}

// TestAttack46_NoSecretAtRest: neither a session's nor a token's secret nor a password stands in the database.
func TestAttack46_NoSecretAtRest(t *testing.T) {
	each(t, func(w world) {
		session, err := w.signIn("anna", "correct horse battery", "192.0.2.1")
		w.must(err)
		_, err = w.signIn("anna", "a wrong pass phrase", "192.0.2.1")
		w.want(err, errs.Unauthenticated)
		_, err = w.signIn("", "typed into the wrong field", "192.0.2.1")
		w.want(err, errs.Unauthenticated)
		_, err = w.SignIn(w.ctx, Credentials{Account: "my secret typed as the address", Password: "x", IP: "192.0.2.1"})
		w.want(err, errs.Unauthenticated)
		token, _, err := w.CreateToken(w.ctx, SystemActor(), "anna", "script", nil, time.Time{})
		w.must(err)
		dump := w.dump()
		for _, secret := range []string{session, token, strings.TrimPrefix(token, TokenPrefix), "correct horse", "wrong pass", "wrong field", "typed as the address"} {
			if strings.Contains(dump, secret) {
				w.t.Errorf("%q stands in the database", secret)
			}
		}
		if !strings.Contains(dump, id.Digest(session)) || !strings.Contains(dump, "session.refuse") {
			w.t.Error("the dump does not hold what it should: the test proves nothing")
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(w world) {
		s, err := w.signIn("anna", "correct horse battery", "")
		w.must(err)
		// Used every eleven hours it lives, for seven days and no longer.
		for range 15 {
			w.clk.Advance(11 * time.Hour)
			_, err = w.Session(w.ctx, s)
			w.must(err)
			w.must(w.Flush(w.ctx))
		}
		w.clk.Advance(3 * time.Hour)
		_, err = w.Session(w.ctx, s)
		w.want(err, errs.Unauthenticated)

		s, err = w.signIn("anna", "correct horse battery", "")
		w.must(err)
		w.clk.Advance(12*time.Hour - time.Second)
		_, err = w.Peek(w.ctx, s)
		w.must(err)
		w.must(w.Flush(w.ctx))
		w.clk.Advance(2 * time.Second)
		_, err = w.Session(w.ctx, s)
		w.want(err, errs.Unauthenticated) // TestAttack48: what a page calls by itself does not keep it alive
		w.must(w.Sweep(w.ctx))
		if strings.Contains(w.dump(), id.Digest(s)) {
			w.t.Fatal("swept sessions are gone")
		}
	})
}

// TestAttack47_SessionsDieWithThePassword: changing it ends every other session, in the same transaction.
func TestAttack47_SessionsDieWithThePassword(t *testing.T) {
	each(t, func(w world) {
		old, err := w.signIn("anna", "correct horse battery", "")
		w.must(err)
		c := Credentials{PersonID: "anna", Account: "anna@example.org", Password: "not the old one"}
		_, err = w.ChangePassword(w.ctx, c, "another good phrase", "anna@example.org")
		w.want(err, errs.Unauthenticated)
		c.Password = "correct horse battery"
		_, err = w.ChangePassword(w.ctx, c, "anna@example.org", "anna@example.org")
		w.want(err, errs.Invalid)
		_, err = w.Session(w.ctx, old)
		w.must(err)
		fresh, err := w.ChangePassword(w.ctx, c, "another good phrase", "anna@example.org")
		w.must(err)
		_, err = w.Session(w.ctx, old)
		w.want(err, errs.Unauthenticated)
		_, err = w.Session(w.ctx, fresh)
		w.must(err)
		_, err = w.signIn("anna", "correct horse battery", "")
		w.want(err, errs.Unauthenticated)
		_, err = w.signIn("anna", "another good phrase", "")
		w.must(err)
		w.must(w.SetPassword(w.ctx, SystemActor(), "anna", "set by the administrator"))
		_, err = w.Session(w.ctx, fresh)
		w.want(err, errs.Unauthenticated)
		for _, a := range []Actor{{}, {Kind: Person, PersonID: "anna"}, {Kind: Person, PersonID: "b", Grants: []Grant{{Administrator, Site, "siteA"}}}} {
			if err := w.SetPassword(w.ctx, a, "anna", "taken over by somebody"); err == nil {
				w.t.Fatalf("%+v set a password", a)
			}
		}
	})
}

func TestKeyIsOneOnEveryNode(t *testing.T) {
	each(t, func(w world) {
		var wg sync.WaitGroup
		keys := make([][]byte, 8)
		for i := range keys {
			wg.Go(func() {
				k, err := New(w.db, w.clk, recorder).Key(w.ctx, "reply", 32)
				if err != nil {
					w.t.Error(err)
				}
				keys[i] = k
			})
		}
		wg.Wait()
		for _, k := range keys {
			if len(k) != 32 || !bytes.Equal(k, keys[0]) {
				w.t.Fatalf("%x and %x", k, keys[0])
			}
		}
		other, err := w.Key(w.ctx, "checkpoint", 32)
		if err != nil || bytes.Equal(other, keys[0]) {
			w.t.Fatal("another name, another key", err)
		}
		other[0] ^= 1
		if again, err := w.Key(w.ctx, "checkpoint", 32); err != nil || bytes.Equal(again, other) {
			w.t.Fatal("the caller's copy is its own", err)
		}
		_, err = w.Key(w.ctx, "reply", 16)
		w.want(err, errs.Internal)
	})
}

func TestNoAuditNoAct(t *testing.T) {
	each(t, func(w world) {
		s := New(w.db, w.clk, nil)
		s.hash = w.hash
		if err := s.SetPassword(w.ctx, SystemActor(), "bob", "correct horse battery"); err == nil {
			w.t.Fatal("a password was set without a row in the audit log")
		}
		if _, _, err := s.CreateToken(w.ctx, SystemActor(), "bob", "x", nil, time.Time{}); err == nil {
			w.t.Fatal("a token was made without a row in the audit log")
		}
		if got := w.audited("bob"); len(got) != 0 {
			w.t.Fatal(got)
		}
		if strings.Contains(w.dump(), "bob") {
			w.t.Fatal("something was kept")
		}
		if l, err := s.Tokens(w.ctx, SystemActor(), "bob"); err != nil || len(l) != 0 {
			w.t.Fatal(l, err)
		}
	})
}
