package auth

import (
	"testing"

	"bothways/internal/kit/errs"
)

// TestSessionsAreTheirOwners: one sees and ends one's own sessions, others at once, and nobody else's.
func TestSessionsAreTheirOwners(t *testing.T) {
	each(t, func(w world) {
		w.must(w.SetPassword(w.ctx, SystemActor(), "bert", "another horse battery"))
		anna := Actor{Kind: Person, PersonID: "anna"}
		first, err := w.SignIn(w.ctx, Credentials{PersonID: "anna", Account: "anna@example.org", Password: "correct horse battery", IP: "192.0.2.1", Browser: "Firefox on Windows"})
		w.must(err)
		second, err := w.signIn("anna", "correct horse battery", "192.0.2.2")
		w.must(err)
		berts, err := w.signIn("bert", "another horse battery", "192.0.2.3")
		w.must(err)
		all, err := w.Sessions(w.ctx, anna, second)
		w.must(err)
		if len(all) != 2 || all[0].This == all[1].This {
			t.Fatalf("anna has %+v", all)
		}
		for _, s := range all {
			if len(s.ID) != shortID || s.This == (s.Browser == "Firefox on Windows") {
				t.Errorf("a session is %+v", s)
			}
		}
		bert := Actor{Kind: Person, PersonID: "bert"}
		if err := w.EndSession(w.ctx, bert, all[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("bert ends anna's session: %v", err)
		}
		w.must(w.EndOthers(w.ctx, anna, second))
		if _, err := w.Session(w.ctx, first); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the other session goes on: %v", err)
		}
		for _, s := range []string{second, berts} {
			_, err := w.Session(w.ctx, s)
			w.must(err)
		}
		all, err = w.Sessions(w.ctx, anna, second)
		w.must(err)
		w.must(w.EndSession(w.ctx, anna, all[0].ID))
		if _, err := w.Session(w.ctx, second); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an ended session goes on: %v", err)
		}
		if _, err := w.Sessions(w.ctx, Actor{Kind: Person, PersonID: "anna", Scopes: []string{"ticket.*"}}, ""); !errs.Is(err, errs.Denied) {
			t.Errorf("a token for tickets reads sessions: %v", err)
		}
	})
}
