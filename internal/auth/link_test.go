package auth

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

// asked gives the secret of the link that was mailed, "" when none was.
func (w world) asked(person string) string {
	w.t.Helper()
	var got Link
	err := w.AskLink(w.ctx, LinkAsk{PersonID: person, Address: person + "@example.org"}, func(_ context.Context, _ *db.Tx, l Link) error {
		got = l
		return nil
	})
	w.must(err)
	return got.Secret
}

const better = "a much better password"

// TestAttack49_LinksCannotBeGuessedOrUsedTwice: a link is 256 random bits of which the digest is kept, compared whole, used once, for
// thirty minutes, and dead with the next password.
func TestAttack49_LinksCannotBeGuessedOrUsedTwice(t *testing.T) {
	each(t, func(w world) {
		secret := w.asked("anna")
		if len(strings.TrimPrefix(secret, linkKeyPrefix)) < 43 {
			t.Fatalf("a link of %d characters", len(secret))
		}
		var kept string
		w.must(w.db.Read().QueryRow(w.ctx, "SELECT digest || address FROM auth_link").Scan(&kept))
		if strings.Contains(kept, secret) {
			t.Error("the secret is kept")
		}
		for _, guess := range []string{"", "%", "_", linkKeyPrefix, linkKeyPrefix + "%", strings.Repeat("_", len(secret)), secret[:len(secret)-1], secret + "x", strings.ToUpper(secret), kept, secret + "\x00"} {
			if _, err := w.LinkOf(w.ctx, guess); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q opens: %v", guess, err)
			}
			w.want(w.UseLink(w.ctx, guess, better), errs.NotFound)
		}
		old, err := w.signIn("anna", "correct horse battery", "192.0.2.1")
		w.must(err)
		for range 3 { // a scanner opens it
			if l, err := w.LinkOf(w.ctx, secret); err != nil || l.PersonID != "anna" {
				t.Fatal(l, err)
			}
		}
		w.want(w.UseLink(w.ctx, secret, "short"), errs.Invalid)
		other := w.asked("anna")
		w.must(w.UseLink(w.ctx, secret, better))
		w.want(w.UseLink(w.ctx, secret, "yet another password"), errs.NotFound)
		w.want(w.UseLink(w.ctx, other, "yet another password"), errs.NotFound)
		_, err = w.Session(w.ctx, old)
		w.want(err, errs.Unauthenticated)
		_, err = w.signIn("anna", "correct horse battery", "192.0.2.1")
		w.want(err, errs.Unauthenticated)
		_, err = w.signIn("anna", better, "192.0.2.1")
		w.must(err)
		w.clk.Advance(time.Hour)
		late := w.asked("anna")
		w.clk.Advance(linkLife)
		w.want(w.UseLink(w.ctx, late, "yet another password"), errs.NotFound)
		w.clk.Advance(time.Hour)
		gone := w.asked("anna")
		w.must(w.SetPassword(w.ctx, SystemActor(), "anna", "correct horse battery"))
		w.want(w.UseLink(w.ctx, gone, better), errs.NotFound)
	})
}

// TestAttack49_NoTwoLinksAreAlike: ten thousand of them share no piece beyond their beginning.
func TestAttack49_NoTwoLinksAreAlike(t *testing.T) {
	each(t, func(w world) {
		seen := map[string]bool{}
		none := func(_ context.Context, _ *db.Tx, l Link) error {
			key := strings.TrimPrefix(l.Secret, linkKeyPrefix)
			for _, half := range []string{key[:20], key[20:40]} {
				if seen[half] {
					t.Errorf("%s came twice", half)
				}
				seen[half] = true
			}
			return nil
		}
		w.must(w.db.Write(w.ctx, func(tx *db.Tx) error {
			for range 10_000 {
				if err := w.link(w.ctx, tx, "anna", "anna@example.org", linkLife, none); err != nil {
					return err
				}
			}
			return nil
		}))
		if len(seen) != 20_000 {
			t.Errorf("%d different halves", len(seen))
		}
	})
}

// TestAttack49_OneOfManyAtOnce: of twenty who use a link at once one sets the password.
func TestAttack49_OneOfManyAtOnce(t *testing.T) {
	each(t, func(w world) {
		secret := w.asked("anna")
		var won atomic.Int64
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				switch err := w.UseLink(w.ctx, secret, better+strings.Repeat("!", i)); {
				case err == nil:
					won.Add(1)
				case !errs.Is(err, errs.NotFound):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of them set a password", won.Load())
		}
	})
}

// TestAskingForLinks: three an hour are mailed to a person, and nobody asks without end; whoever is nobody is answered alike.
func TestAskingForLinks(t *testing.T) {
	each(t, func(w world) {
		mailed := 0
		for i := range 10 {
			if w.asked("anna") != "" {
				mailed++
			}
			if i == 0 {
				if w.asked("") != "" {
					t.Error("nobody is mailed a link")
				}
			}
		}
		if mailed != linksAnHour {
			t.Errorf("%d links were mailed", mailed)
		}
		err := w.AskLink(w.ctx, LinkAsk{PersonID: "anna", Address: " ANNA@example.org"}, nil)
		w.want(err, errs.TooMany)
		if _, ok := ThrottledUntil(err); !ok {
			t.Errorf("it does not say until when: %v", err)
		}
		for range 10 {
			w.must(w.AskLink(w.ctx, LinkAsk{Address: "nobody@example.org"}, nil))
		}
		w.want(w.AskLink(w.ctx, LinkAsk{Address: "nobody@example.org"}, nil), errs.TooMany)
		w.clk.Advance(2 * time.Hour)
		w.must(w.Sweep(w.ctx))
		if w.asked("anna") == "" {
			t.Error("not an hour later either")
		}
		w.want(w.MailLink(w.ctx, Actor{Kind: Person, PersonID: "bert"}, "anna", "anna@example.org", nil), errs.NotFound)
	})
}
