package people_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// TestAttack17_UnassignedShareNothing: strangers who write in are of one organisation on paper alone.
func TestAttack17_UnassignedShareNothing(t *testing.T) {
	each(t, func(w *world) {
		p, _ := w.sender("one@else.example", "One")
		q, _ := w.sender("two@else.example", "Two")
		a := w.actor(p)
		if !a.Stranger {
			w.t.Fatal("not marked as a stranger")
		}
		_, err := w.Person(w.ctx, a, q.ID)
		w.want(err, errs.NotFound)
		l, err := w.Persons(w.ctx, a, people.PersonFilter{}, "", 0)
		if err != nil || names(l.Items) != "One" {
			w.t.Fatal(names(l.Items), err)
		}
		if o, err := w.Organisations(w.ctx, a, "", 0); err != nil || len(o.Items) != 0 {
			w.t.Fatal(o, err)
		}
		_, err = w.Grant(w.ctx, sys, people.GrantInput{PersonID: p.ID, Role: auth.Agent, Scope: auth.Everywhere})
		w.want(err, errs.Conflict)
		w.want(w.AddMember(w.ctx, sys, w.base.Desk.ID, p.ID), errs.Conflict)
		if err := auth.Can(a, auth.SiteRead, auth.Object{Kind: "organisation", OrgID: p.OrgID}); !errs.Is(err, errs.NotFound) {
			w.t.Fatal(err)
		}
		if err := auth.Can(a, auth.TicketCreate, auth.Object{OrgID: p.OrgID, Parties: []string{p.ID, q.ID}}); !errs.Is(err, errs.NotFound) {
			w.t.Fatal(err)
		}
		// Placed, they are colleagues of others.
		_, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, SiteID: &w.a1.ID})
		w.must(err)
		if a = w.actor(p); a.Stranger || a.OrgID != w.a.ID {
			w.t.Fatalf("%+v", a)
		}
	})
}

func TestActorOf(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("Ida", "ida@it.example", w.base.Provider.ID, "")
		g := w.grant(p, auth.Agent, auth.Site, w.a1.ID)
		_, err := w.Grant(w.ctx, sys, people.GrantInput{PersonID: p.ID, Role: auth.Auditor, Scope: auth.Region, ScopeID: "NORTH", From: start.Add(time.Hour), Until: start.Add(2 * time.Hour)})
		w.must(err)
		w.must(w.AddMember(w.ctx, sys, w.base.Desk.ID, p.ID))
		w.must(w.AddMember(w.ctx, sys, w.base.Desk.ID, p.ID))
		a := w.actor(p)
		if a.Kind != auth.Person || a.Name != "Ida" || !slices.Equal(a.Teams, []string{w.base.Desk.ID}) || !slices.Equal(a.Grants, []auth.Grant{{Role: auth.Agent, Scope: auth.Site, ScopeID: w.a1.ID}}) {
			w.t.Fatalf("%+v", a)
		}
		a.Grants[0].Role = auth.Administrator // a caller's copy is its own
		if b := w.actor(p); !b.Holds(auth.Agent) || b.Holds(auth.Administrator) {
			w.t.Fatalf("%+v", b)
		}
		w.clk.Advance(time.Hour)
		if a := w.actor(p); !a.Holds(auth.Auditor) || a.Grants[1].ScopeID != "North" && a.Grants[0].ScopeID != "North" {
			w.t.Fatalf("%+v", a)
		}
		w.clk.Advance(time.Hour)
		if a := w.actor(p); a.Holds(auth.Auditor) {
			w.t.Fatalf("%+v", a)
		}
		w.must(w.Revoke(w.ctx, sys, g.ID, "has left the team"))
		w.must(w.RemoveMember(w.ctx, sys, w.base.Desk.ID, p.ID))
		if a := w.actor(p); len(a.Grants)+len(a.Teams) > 0 {
			w.t.Fatalf("a change holds at once on its own node: %+v", a)
		}
		w.want(w.Revoke(w.ctx, sys, g.ID, ""), errs.Conflict)
		_, err = w.ActorOf(w.ctx, "nobody")
		w.want(err, errs.Unauthenticated)
	})
}

// TestAttack28_RightsEndEverywhere: another node's kept actor is at most two seconds old.
func TestAttack28_RightsEndEverywhere(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("Ida", "ida@it.example", w.base.Provider.ID, "")
		g := w.grant(p, auth.Agent, auth.Everywhere, "")
		other := people.New(w.d, w.clk)
		if a, err := other.ActorOf(w.ctx, p.ID); err != nil || !a.Holds(auth.Agent) {
			w.t.Fatal(a, err)
		}
		w.must(w.Revoke(w.ctx, sys, g.ID, ""))
		w.clk.Advance(2 * time.Second)
		if a, err := other.ActorOf(w.ctx, p.ID); err != nil || a.Holds(auth.Agent) {
			w.t.Fatal(a, err)
		}
		w.must(w.DisablePerson(w.ctx, sys, p.ID))
		w.clk.Advance(2 * time.Second)
		_, err := other.ActorOf(w.ctx, p.ID)
		w.want(err, errs.Unauthenticated)
	})
}

// TestAttack47_DisabledIsOutAtOnce: sessions, tokens, acts.
func TestAttack47_DisabledIsOutAtOnce(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("Ida", "ida@it.example", w.base.Provider.ID, "")
		creds := auth.New(w.d, w.clk, func(ctx context.Context, tx *db.Tx, r auth.Record) error { return nil })
		w.must(creds.SetPassword(w.ctx, sys, p.ID, "correct horse battery"))
		session, err := creds.SignIn(w.ctx, auth.Credentials{PersonID: p.ID, Password: "correct horse battery"})
		w.must(err)
		token, _, err := creds.CreateToken(w.ctx, sys, p.ID, "x", nil, time.Time{})
		w.must(err)
		w.actor(p)
		if id, err := w.SignInID(w.ctx, "IDA@it.example"); err != nil || id != p.ID {
			w.t.Fatal(id, err)
		}
		w.must(w.DisablePerson(w.ctx, sys, p.ID))
		_, err = creds.Session(w.ctx, session)
		w.want(err, errs.Unauthenticated)
		_, err = creds.Token(w.ctx, token)
		w.want(err, errs.Unauthenticated)
		_, err = w.ActorOf(w.ctx, p.ID)
		w.want(err, errs.Unauthenticated)
		if id, err := w.SignInID(w.ctx, "ida@it.example"); err != nil || id != "" {
			w.t.Fatal(id, err)
		}
		_, err = w.Grant(w.ctx, sys, people.GrantInput{PersonID: p.ID, Role: auth.Agent, Scope: auth.Everywhere})
		w.want(err, errs.Conflict)
		w.want(w.AddMember(w.ctx, sys, w.base.Desk.ID, p.ID), errs.Conflict)
		w.must(w.EnablePerson(w.ctx, sys, p.ID))
		_, err = creds.Token(w.ctx, token)
		w.want(err, errs.Unauthenticated)
		w.actor(p)
		w.must(creds.Flush(w.ctx))
	})
}

// What readers read of themselves is kept, and changes at once on its own node: by whatever command, also of their site's name.
func TestReaderIsFresh(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("Ida", "ida@acme.example", w.a.ID, w.a1.ID)
		_, before, err := w.Reader(w.ctx, p.ID)
		w.must(err)
		same := func(what string) {
			w.t.Helper()
			for range 2 {
				a, me, err := w.Reader(w.ctx, p.ID)
				w.must(err)
				now, err := people.PersonByID(w.ctx, w.d.Read(), p.ID)
				w.must(err)
				if me != now || me == before || a.PersonID != p.ID {
					w.t.Errorf("after %s: %+v, is %+v", what, me, now)
				}
			}
			_, before, _ = w.Reader(w.ctx, p.ID)
		}
		name := "Ida Ek"
		_, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, Name: &name})
		w.must(err)
		same("a new name")
		site := "Harbour 2"
		_, err = w.UpdateSite(w.ctx, sys, people.SiteChange{ID: w.a1.ID, Name: &site})
		w.must(err)
		same("a new name of the site")
		_, err = w.RenameOrganisation(w.ctx, sys, w.a.ID, 0, "Acme 2")
		w.must(err)
		same("a new name of the organisation")
		_, err = w.AddAddress(w.ctx, sys, p.ID, "ek@acme.example", false)
		w.must(err)
		w.must(w.RemoveAddress(w.ctx, sys, "ida@acme.example"))
		same("another address")
		w.must(w.DisablePerson(w.ctx, sys, p.ID))
		_, _, err = w.Reader(w.ctx, p.ID)
		w.want(err, errs.Unauthenticated)
	})
}
