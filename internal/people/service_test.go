package people_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var (
	start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	sys   = auth.SystemActor()
)

// world is a small company: the provider IT, and two customers of the same shape.
type world struct {
	*people.Service
	t    *testing.T
	ctx  context.Context
	d    *db.DB
	clk  *clock.Fake
	base people.Base
	a, b people.Organisation // "Acme", "Twin"
	a1   people.Site         // of Acme, region North
	b1   people.Site         // of Twin, region South
	root people.Person       // administrator everywhere
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, ctx: context.Background(), d: d, clk: clock.NewFake(start)}
		w.Service = people.New(d, w.clk)
		var err error
		w.base, err = w.EnsureBase(w.ctx, "IT")
		w.must(err)
		w.a, err = w.CreateOrganisation(w.ctx, sys, people.OrganisationInput{Name: "Acme"})
		w.must(err)
		w.b, err = w.CreateOrganisation(w.ctx, sys, people.OrganisationInput{Name: "Twin"})
		w.must(err)
		w.a1, err = w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.a.ID, Name: "Harbour", Zone: "Europe/Berlin", Region: "North"})
		w.must(err)
		w.b1, err = w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.b.ID, Name: "Harbour", Zone: "America/New_York", Region: "South"})
		w.must(err)
		w.root = w.person("Root", "root@it.example", w.base.Provider.ID, "")
		w.grant(w.root, auth.Administrator, auth.Everywhere, "")
		fn(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) want(err error, k errs.Kind) {
	w.t.Helper()
	if !errs.Is(err, k) {
		w.t.Fatalf("got %v, want %v", err, k)
	}
}

func (w *world) person(name, address, org, site string) people.Person {
	w.t.Helper()
	p, err := w.CreatePerson(w.ctx, sys, people.PersonInput{Name: name, Address: address, Verified: true, OrgID: org, SiteID: site})
	w.must(err)
	return p
}

func (w *world) grant(p people.Person, r auth.Role, s auth.Scope, id string) people.Grant {
	w.t.Helper()
	g, err := w.Grant(w.ctx, sys, people.GrantInput{PersonID: p.ID, Role: r, Scope: s, ScopeID: id})
	w.must(err)
	return g
}

func (w *world) actor(p people.Person) auth.Actor {
	w.t.Helper()
	a, err := w.ActorOf(w.ctx, p.ID)
	w.must(err)
	return a
}

func (w *world) sender(address, name string) (p people.Person, created bool) {
	w.t.Helper()
	w.must(w.d.Write(w.ctx, func(tx *db.Tx) (err error) {
		p, created, err = w.ResolveSender(w.ctx, tx, address, name)
		return err
	}))
	return p, created
}

func (w *world) verbs(object, id string) []string {
	l, err := audit.Of(w.ctx, w.d.Read(), object, id, page.Cursor{}, 200)
	w.must(err)
	var out []string
	for _, e := range l.Items {
		out = append(out, e.Verb)
	}
	return out
}

func names(ps []people.Person) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Name)
	}
	return strings.Join(out, ",")
}

func TestEnsureBaseIsIdempotentOnTwoNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var wg sync.WaitGroup
		var bases [6]people.Base
		for i := range bases {
			wg.Go(func() {
				var err error
				if bases[i], err = people.New(d, clock.NewFake(start)).EnsureBase(ctx, "Central IT"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		again, err := people.New(d, clock.NewFake(start)).EnsureBase(ctx, "Another name")
		if err != nil || again.Provider.Name != "Central IT" || again.Unassigned.Kind != people.Unassigned || again.Desk.Kind != people.DeskTeam {
			t.Fatal(again, err)
		}
		for _, b := range bases {
			if b != again {
				t.Fatalf("%+v and %+v", b, again)
			}
		}
	})
}

func TestPersonsAddressesAndZones(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("  Anna\r\nBcc: x ", " Anna@Acme.Example ", "", w.a1.ID)
		if p.Name != "Anna Bcc: x" || p.Address != "anna@acme.example" || p.OrgID != w.a.ID || p.OrgName != "Acme" || p.SiteName != "Harbour" || p.Region != "North" || p.Zone != "Europe/Berlin" || !p.Mailed || p.Version != 1 {
			w.t.Fatalf("%+v", p)
		}
		second, err := w.AddAddress(w.ctx, sys, p.ID, "a.muster@acme.example", false)
		w.must(err)
		if second.Rank != 1 || second.Verified {
			w.t.Fatal(second)
		}
		w.must(w.VerifyAddress(w.ctx, sys, "A.Muster@acme.example"))
		w.must(w.RemoveAddress(w.ctx, sys, "anna@acme.example"))
		have, err := people.Addresses(w.ctx, w.d.Read(), p.ID)
		if err != nil || len(have) != 1 || !have[0].Verified || have[0].Address != "a.muster@acme.example" {
			w.t.Fatal(have, err)
		}
		w.want(w.RemoveAddress(w.ctx, sys, "a.muster@acme.example"), errs.Conflict)
		w.want(w.VerifyAddress(w.ctx, sys, "nobody@acme.example"), errs.NotFound)
		zone, none, mailed := "Asia/Tokyo", "", false
		p, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, Version: 1, Zone: &zone, Mailed: &mailed})
		if err != nil || p.Zone != "Asia/Tokyo" || p.Mailed || p.Version != 2 || p.SiteID != w.a1.ID {
			w.t.Fatal(p, err)
		}
		_, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, Version: 1, Zone: &none})
		w.want(err, errs.Stale)
		p, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, SiteID: &none, Zone: &none})
		if err != nil || p.SiteID != "" || p.OrgID != w.a.ID || p.Zone != "UTC" {
			w.t.Fatal(p, err)
		}
		p, err = w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: p.ID, SiteID: &w.b1.ID})
		if err != nil || p.OrgID != w.b.ID || p.Zone != "America/New_York" {
			w.t.Fatal(p, err)
		}
		if got := w.verbs("person", p.ID); !slices.Equal(got, []string{"person.create", "person.add_address", "person.add_address", "person.verify_address", "person.remove_address", "person.update", "person.update", "person.update"}) {
			w.t.Fatal(got)
		}
	})
}

func TestValidationNamesTheFields(t *testing.T) {
	each(t, func(w *world) {
		fields := func(err error) string {
			var e *errs.E
			if !errors.As(err, &e) || e.Kind != errs.Invalid {
				return fmt.Sprint(err)
			}
			var out []string
			for _, f := range e.Fields {
				out = append(out, f.Path)
			}
			return strings.Join(out, ",")
		}
		check := func(want string, err error) {
			w.t.Helper()
			if got := fields(err); got != want {
				w.t.Errorf("got %q, want %q (%v)", got, want, err)
			}
		}
		create := func(in people.PersonInput) error {
			_, err := w.CreatePerson(w.ctx, sys, in)
			return err
		}
		check("name,zone,address", create(people.PersonInput{Name: " \n", Zone: "Mars/Base", Address: "x", OrgID: w.a.ID}))
		check("name", create(people.PersonInput{Name: strings.Repeat("ä", 201), OrgID: w.a.ID}))
		w.must(create(people.PersonInput{Name: strings.Repeat("ä", 200), OrgID: w.a.ID}))
		check("organisation", create(people.PersonInput{Name: "x"}))
		check("organisation", create(people.PersonInput{Name: "x", OrgID: "nope"}))
		check("site", create(people.PersonInput{Name: "x", SiteID: "nope"}))
		check("site", create(people.PersonInput{Name: "x", OrgID: w.b.ID, SiteID: w.a1.ID}))
		for _, bad := range []string{"a@b@c.example", "a b@c.example", "Anna <a@c.example>", "a@c.example\r\nBcc: v@x.example", "\"a\"@c.example", "<a@c.example>", "a@c.example,b@c.example",
			"@c.example", "a@", "a@[127.0.0.1]", strings.Repeat("a", 255) + "@c.example", "a\u2028@c.example", "a\x00@c.example", "(x)a@c.example", "a@c..example"} {
			check("address", create(people.PersonInput{Name: "x", OrgID: w.a.ID, Address: bad}))
		}
		_, err := w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.a.ID, Zone: "Local", CalendarID: "x"})
		check("name,zone,calendar", err)
		_, err = w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: "nope", Name: "x", Zone: "UTC"})
		check("organisation", err)
		_, err = w.CreateTeam(w.ctx, sys, people.TeamInput{Kind: "gang"})
		check("name,kind", err)
		_, err = w.CreateOrganisation(w.ctx, sys, people.OrganisationInput{Name: "x", Kind: people.Unassigned})
		check("kind", err)
		_, err = w.CreateOrganisation(w.ctx, sys, people.OrganisationInput{Name: "ACME"})
		w.want(err, errs.Conflict)
		_, err = w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.a.ID, Name: "hárbour", Zone: "UTC"})
		w.want(err, errs.Conflict)
		_, err = w.CreateTeam(w.ctx, sys, people.TeamInput{Name: "SERVICE DESK", Kind: people.DeskTeam})
		w.want(err, errs.Conflict)
		_, err = w.CreateSite(w.ctx, sys, people.SiteInput{OrgID: w.base.Unassigned.ID, Name: "x", Zone: "UTC"})
		w.want(err, errs.Conflict)
	})
}

func TestResolveSender(t *testing.T) {
	each(t, func(w *world) {
		p, created := w.sender("Stranger@Else.Example", "A \u202Estranger\r\nX: y")
		if !created || p.OrgID != w.base.Unassigned.ID || p.Name != "A stranger X: y" || p.Address != "stranger@else.example" || !p.Stranger() {
			w.t.Fatalf("%+v", p)
		}
		have, err := people.Addresses(w.ctx, w.d.Read(), p.ID)
		if err != nil || len(have) != 1 || have[0].Verified {
			w.t.Fatal(have, err)
		}
		again, created := w.sender("stranger@else.example", "Somebody else")
		if created || again != p {
			w.t.Fatalf("%+v", again)
		}
		if unnamed, _ := w.sender("no.name@else.example", " "); unnamed.Name != "no.name" {
			w.t.Fatal(unnamed.Name)
		}
		w.want(w.d.Write(w.ctx, func(tx *db.Tx) error {
			_, _, err := w.ResolveSender(w.ctx, tx, "not an address", "x")
			return err
		}), errs.Invalid)
		// Twenty mails at once of somebody unknown make one person.
		var wg sync.WaitGroup
		ids := make([]string, 20)
		for i := range ids {
			wg.Go(func() {
				err := w.d.Write(w.ctx, func(tx *db.Tx) error {
					p, _, err := w.ResolveSender(w.ctx, tx, "many@else.example", "Many")
					ids[i] = p.ID
					return err
				})
				if err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] == "" || ids[0] != ids[19] {
			w.t.Fatal(ids)
		}
	})
}

func TestGrantChecks(t *testing.T) {
	each(t, func(w *world) {
		anna := w.person("Anna", "anna@acme.example", "", w.a1.ID)
		give := func(in people.GrantInput) error {
			in.PersonID = anna.ID
			_, err := w.Grant(w.ctx, sys, in)
			return err
		}
		w.want(give(people.GrantInput{Role: "root", Scope: auth.Everywhere}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.Agent, Scope: auth.Everywhere, ScopeID: w.a.ID}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.Agent, Scope: "galaxy"}), errs.Invalid)
		for _, s := range []auth.Scope{auth.Organisation, auth.Region, auth.Site, auth.Team} {
			w.want(give(people.GrantInput{Role: auth.Agent, Scope: s}), errs.Invalid)
			w.want(give(people.GrantInput{Role: auth.Agent, Scope: s, ScopeID: "nope"}), errs.Invalid)
		}
		w.want(give(people.GrantInput{Role: auth.Agent, Scope: auth.Everywhere, Until: start}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.Agent, Scope: auth.Everywhere, From: start.Add(2 * time.Hour), Until: start.Add(time.Hour)}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.Signatory, Scope: auth.Organisation, ScopeID: w.b.ID}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.b1.ID}), errs.Invalid)
		w.want(give(people.GrantInput{Role: auth.SiteContact, Scope: auth.Team, ScopeID: w.base.Desk.ID}), errs.Invalid)
		w.must(give(people.GrantInput{Role: auth.Signatory, Scope: auth.Organisation, ScopeID: w.a.ID}))
		w.want(give(people.GrantInput{Role: auth.Signatory, Scope: auth.Organisation, ScopeID: w.a.ID}), errs.Conflict)
		_, err := w.Grant(w.ctx, sys, people.GrantInput{PersonID: "nobody", Role: auth.Agent, Scope: auth.Everywhere})
		w.want(err, errs.NotFound)
		gs, err := people.GrantsOf(w.ctx, w.d.Read(), anna.ID)
		if err != nil || len(gs) != 1 || gs[0].Role != auth.Signatory || gs[0].MadeBy != "system" || !gs[0].InForce(start) || gs[0].InForce(start.Add(-time.Second)) {
			w.t.Fatal(gs, err)
		}
		if got := w.verbs("person", anna.ID); got[len(got)-1] != "grant.create" {
			w.t.Fatal(got)
		}
	})
}
