package people_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// TestAttack33_CustomersDoNotListPeople: a customer sees themselves; a site contact their site; nobody a twin organisation.
func TestAttack33_CustomersDoNotListPeople(t *testing.T) {
	each(t, func(w *world) {
		anna, bert := w.person("Anna", "anna@acme.example", "", w.a1.ID), w.person("Bert", "bert@acme.example", "", w.a1.ID)
		carl, dora := w.person("Carl", "carl@acme.example", w.a.ID, ""), w.person("Dora", "dora@twin.example", "", w.b1.ID)
		w.grant(bert, auth.SiteContact, auth.Site, w.a1.ID)
		w.grant(carl, auth.Signatory, auth.Everywhere, "")
		ida := w.person("Ida", "ida@it.example", w.base.Provider.ID, "")
		w.grant(ida, auth.SiteIT, auth.Region, "South")
		all := []people.Person{anna, bert, carl, dora, ida, w.root}
		for _, c := range []struct {
			who         people.Person
			sees, sites string
		}{
			{anna, "Anna", "Acme"}, {bert, "Anna,Bert", "Acme"}, {carl, "Anna,Bert,Carl", "Acme"}, {dora, "Dora", "Twin"}, {ida, "Dora,Ida", "Twin"},
			{w.root, "Anna,Bert,Carl,Dora,Ida,Root", "Acme,Twin"},
		} {
			a := w.actor(c.who)
			l, err := w.Persons(w.ctx, a, people.PersonFilter{}, "", 0)
			if err != nil || names(l.Items) != c.sees {
				w.t.Errorf("%s lists %s, %v", c.who.Name, names(l.Items), err)
			}
			for _, p := range all { // one by one it is the same
				_, err := w.Person(w.ctx, a, p.ID)
				if listed := strings.Contains(c.sees, p.Name); listed != (err == nil) || !listed && !errs.Is(err, errs.NotFound) {
					w.t.Errorf("%s reads %s: %v", c.who.Name, p.Name, err)
				}
				l, err := w.Persons(w.ctx, a, people.PersonFilter{Q: p.Address}, "", 0)
				if err != nil || (len(l.Items) == 1) != strings.Contains(c.sees, p.Name) {
					w.t.Errorf("%s finds %s: %v", c.who.Name, p.Name, err)
				}
			}
			s, err := w.Sites(w.ctx, a, "", "", 0)
			var orgs []string
			for _, v := range s.Items {
				orgs = append(orgs, v.OrgName)
			}
			if got := strings.Join(orgs, ","); err != nil || got != c.sites && c.who.ID != w.root.ID || len(orgs) != strings.Count(c.sites, ",")+1 {
				w.t.Errorf("%s lists sites of %s, %v", c.who.Name, got, err)
			}
			_, err = w.Teams(w.ctx, a, "", 0)
			if staff := c.who.OrgID == w.base.Provider.ID; staff != (err == nil) {
				w.t.Errorf("%s lists teams: %v", c.who.Name, err)
			}
		}
	})
}

// TestAttack27_NobodyClimbs: the administrator of one site stays there, whatever they try.
func TestAttack27_NobodyClimbs(t *testing.T) {
	each(t, func(w *world) {
		local := w.person("Local", "local@acme.example", "", w.a1.ID)
		w.grant(local, auth.Administrator, auth.Site, w.a1.ID)
		boss := w.person("Boss", "boss@acme.example", "", w.a1.ID) // at the same site, administrator of the organisation
		w.grant(boss, auth.Administrator, auth.Organisation, w.a.ID)
		anna, dora := w.person("Anna", "anna@acme.example", "", w.a1.ID), w.person("Dora", "dora@twin.example", "", w.b1.ID)
		a := w.actor(local)
		give := func(by auth.Actor, p people.Person, r auth.Role, s auth.Scope, id string) error {
			_, err := w.Grant(w.ctx, by, people.GrantInput{PersonID: p.ID, Role: r, Scope: s, ScopeID: id})
			return err
		}
		// What is theirs works.
		w.must(give(a, anna, auth.SiteIT, auth.Site, w.a1.ID))
		_, err := w.CreatePerson(w.ctx, a, people.PersonInput{Name: "New", Address: "new@acme.example", SiteID: w.a1.ID})
		w.must(err)
		name := "Quay"
		_, err = w.UpdateSite(w.ctx, a, people.SiteChange{ID: w.a1.ID, Name: &name})
		w.must(err)
		// What is not does not.
		south := "South"
		for what, err := range map[string]error{
			"grants herself everywhere":         give(a, local, auth.Administrator, auth.Everywhere, ""),
			"grants herself the organisation":   give(a, local, auth.Administrator, auth.Organisation, w.a.ID),
			"grants herself the region":         give(a, local, auth.Agent, auth.Region, "North"),
			"grants herself the desk":           give(a, local, auth.Agent, auth.Team, w.base.Desk.ID),
			"grants at another site":            give(a, anna, auth.SiteIT, auth.Site, w.b1.ID),
			"grants to somebody she can't see":  give(a, dora, auth.SiteIT, auth.Site, w.a1.ID),
			"takes over a wider administrator":  second(w.AddAddress(w.ctx, a, boss.ID, "mine@acme.example", true)),
			"renames a wider administrator":     second(w.UpdatePerson(w.ctx, a, people.PersonChange{ID: boss.ID, Name: &name})),
			"disables a wider administrator":    w.DisablePerson(w.ctx, a, boss.ID),
			"removes the address of one":        w.RemoveAddress(w.ctx, a, boss.Address),
			"changes a person elsewhere":        second(w.UpdatePerson(w.ctx, a, people.PersonChange{ID: dora.ID, Name: &name})),
			"moves a person elsewhere":          second(w.UpdatePerson(w.ctx, a, people.PersonChange{ID: anna.ID, SiteID: &w.b1.ID})),
			"pulls a person in":                 second(w.UpdatePerson(w.ctx, a, people.PersonChange{ID: dora.ID, SiteID: &w.a1.ID})),
			"creates a person elsewhere":        second(w.CreatePerson(w.ctx, a, people.PersonInput{Name: "x", SiteID: w.b1.ID})),
			"creates a person above":            second(w.CreatePerson(w.ctx, a, people.PersonInput{Name: "x", OrgID: w.a.ID})),
			"creates an organisation":           second(w.CreateOrganisation(w.ctx, a, people.OrganisationInput{Name: "x"})),
			"creates a site":                    second(w.CreateSite(w.ctx, a, people.SiteInput{OrgID: w.a.ID, Name: "x", Zone: "UTC"})),
			"moves her site to another region":  second(w.UpdateSite(w.ctx, a, people.SiteChange{ID: w.a1.ID, Region: &south})),
			"creates a team":                    second(w.CreateTeam(w.ctx, a, people.TeamInput{Name: "x", Kind: people.DeskTeam})),
			"joins the desk":                    w.AddMember(w.ctx, a, w.base.Desk.ID, local.ID),
			"a site contact grants":             give(w.actor(anna), anna, auth.Administrator, auth.Site, w.a1.ID),
			"a person adds an address herself":  second(w.AddAddress(w.ctx, w.actor(anna), anna.ID, "victim@twin.example", true)),
			"a mail of the administrator works": give(auth.Actor{PersonID: w.root.ID, Kind: auth.Mail, Grants: w.actor(w.root).Grants}, anna, auth.Agent, auth.Everywhere, ""),
		} {
			if !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		gs, err := people.GrantsOf(w.ctx, w.d.Read(), boss.ID)
		w.must(err)
		if err := w.Revoke(w.ctx, a, gs[0].ID, ""); err == nil {
			w.t.Error("revoked a wider administrator's role")
		}
		if b := w.actor(local); len(b.Grants) != 1 {
			w.t.Errorf("%+v", b.Grants)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestAttack27_TheLastAdministratorStays: not revoked, not disabled, not by two commands at once.
func TestAttack27_TheLastAdministratorStays(t *testing.T) {
	each(t, func(w *world) {
		rootGrant := func(p people.Person) people.Grant {
			gs, err := people.GrantsOf(w.ctx, w.d.Read(), p.ID)
			w.must(err)
			return gs[len(gs)-1]
		}
		w.want(w.Revoke(w.ctx, sys, rootGrant(w.root).ID, ""), errs.Conflict)
		w.want(w.DisablePerson(w.ctx, sys, w.root.ID), errs.Conflict)
		w.actor(w.root)
		// One whose role ends is not enough.
		brief := w.person("Brief", "brief@it.example", w.base.Provider.ID, "")
		_, err := w.Grant(w.ctx, sys, people.GrantInput{PersonID: brief.ID, Role: auth.Administrator, Scope: auth.Everywhere, Until: start.AddDate(0, 0, 1)})
		w.must(err)
		w.want(w.DisablePerson(w.ctx, sys, w.root.ID), errs.Conflict)
		w.must(w.Revoke(w.ctx, sys, rootGrant(brief).ID, ""))
		for range 5 {
			two := w.person("Two", "", w.base.Provider.ID, "")
			w.grant(two, auth.Administrator, auth.Everywhere, "")
			admins := []people.Person{w.root, two}
			var results [2]error
			var wg sync.WaitGroup
			for i, p := range admins {
				g := rootGrant(p)
				wg.Go(func() {
					if i == 0 {
						results[i] = w.DisablePerson(w.ctx, sys, p.ID)
					} else {
						results[i] = w.Revoke(w.ctx, sys, g.ID, "")
					}
				})
			}
			wg.Wait()
			if (results[0] == nil) == (results[1] == nil) {
				w.t.Fatalf("one of two must stay: %v, %v", results[0], results[1])
			}
			if results[0] == nil { // Two stays: take back for the next round
				w.must(w.EnablePerson(w.ctx, sys, w.root.ID))
				w.must(w.Revoke(w.ctx, sys, rootGrant(two).ID, ""))
			}
		}
	})
}

// TestAttack51_ATakenAddressTellsNothing to who may not read its person.
func TestAttack51_ATakenAddressTellsNothing(t *testing.T) {
	each(t, func(w *world) {
		w.person("Dora Secret", "dora@twin.example", "", w.b1.ID)
		local := w.person("Local", "local@acme.example", "", w.a1.ID)
		w.grant(local, auth.Administrator, auth.Site, w.a1.ID)
		create := func(by auth.Actor) error {
			_, err := w.CreatePerson(w.ctx, by, people.PersonInput{Name: "x", Address: "DORA@twin.example", SiteID: w.a1.ID})
			return err
		}
		err := create(w.actor(local))
		if w.want(err, errs.Conflict); strings.Contains(errs.Sentence(err), "Dora") {
			w.t.Error(err)
		}
		err = create(w.actor(w.root))
		if w.want(err, errs.Conflict); !strings.Contains(errs.Sentence(err), "Dora Secret") {
			w.t.Error(err)
		}
		l, err := w.Persons(w.ctx, sys, people.PersonFilter{Q: "x"}, "", 0)
		if err != nil || len(l.Items) != 0 {
			w.t.Error("nothing is kept of a refused command", l, err)
		}
	})
}

func TestFactsThatClocksReadAreTold(t *testing.T) {
	each(t, func(w *world) {
		var told []string
		refuse := false
		w.OnChange(func(_ context.Context, _ *db.Tx, c people.Changed) error {
			if refuse {
				return errs.New(errs.Conflict, "test", "no")
			}
			told = append(told, c.Kind+" "+c.ID)
			return nil
		})
		anna := w.person("Anna", "anna@acme.example", "", w.a1.ID)
		name, zone, region := "Anna B", "Europe/Paris", "NORTH"
		_, err := w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: anna.ID, Name: &name})
		w.must(err)
		_, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: anna.ID, Zone: &zone})
		w.must(err)
		v, err := w.UpdateSite(w.ctx, sys, people.SiteChange{ID: w.a1.ID, Region: &region})
		if err != nil || v.Region != "North" {
			w.t.Fatal(v, err)
		}
		v, err = w.UpdateSite(w.ctx, sys, people.SiteChange{ID: w.a1.ID, Zone: &zone})
		if err != nil || v.Zone != zone || v.Name != "Harbour" {
			w.t.Fatal(v, err)
		}
		if !slices.Equal(told, []string{"person " + anna.ID, "site " + w.a1.ID}) {
			w.t.Fatal(told)
		}
		refuse = true
		back := "Europe/Berlin"
		_, err = w.UpdateSite(w.ctx, sys, people.SiteChange{ID: w.a1.ID, Zone: &back})
		w.want(err, errs.Conflict)
		if v, err := people.SiteByID(w.ctx, w.d.Read(), w.a1.ID); err != nil || v.Zone != zone {
			w.t.Fatal(v, err)
		}
		_, err = w.UpdateSite(w.ctx, sys, people.SiteChange{ID: "nowhere", Zone: &back})
		w.want(err, errs.NotFound)
	})
}
