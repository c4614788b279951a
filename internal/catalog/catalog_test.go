package catalog_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

var (
	ctx   = context.Background()
	sys   = auth.SystemActor()
	agent = auth.Actor{Kind: auth.Person, PersonID: "a", Grants: []auth.Grant{{Role: auth.Agent, Scope: auth.Everywhere}}}
	cust  = auth.Actor{Kind: auth.Person, PersonID: "c", OrgID: "acme"}
)

// parties is a world with one owner and one customer.
type parties struct{}

func (parties) Owns(_ context.Context, _ db.Querier, p string) (bool, error) {
	return p == "owner", nil
}
func (parties) Buys(_ context.Context, _ db.Querier, o string) (bool, error) { return o == "acme", nil }

func each(t *testing.T, fn func(t *testing.T, d *db.DB, c *catalog.Catalog)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fn(t, d, catalog.New(d, clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), parties{}))
	})
}

func put(t *testing.T, c *catalog.Catalog, name string, needs ...string) catalog.Service {
	t.Helper()
	s, err := c.Put(ctx, sys, catalog.Input{Name: name, OwnerID: "owner", Orgs: []string{"acme", "acme"}, Needs: needs})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServicesAreKept(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *catalog.Catalog) {
		network := put(t, c, "Network")
		mail := put(t, c, "Mail", network.ID)
		got, err := c.Get(ctx, agent, mail.ID)
		if err != nil || got.Name != "Mail" || len(got.Needs) != 1 || len(got.Orgs) != 1 || got.Version != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := c.Put(ctx, sys, catalog.Input{Name: "MAIL", OwnerID: "owner"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a name twice: %v", err)
		}
		if _, err := c.Put(ctx, sys, catalog.Input{ID: mail.ID, Version: 7, Name: "Mail", OwnerID: "owner"}); !errs.Is(err, errs.Stale) {
			t.Errorf("an old version: %v", err)
		}
		if _, err := c.Put(ctx, sys, catalog.Input{OwnerID: "nobody", Orgs: []string{"none"}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("nothing right: %v", err)
		}
		ended, err := c.Put(ctx, sys, catalog.Input{ID: mail.ID, Version: 1, Name: "Mail", OwnerID: "owner", Ended: true})
		if err != nil || !ended.Ended() || len(ended.Needs) != 0 {
			t.Fatalf("%+v %v", ended, err)
		}
		l, err := c.List(ctx, agent, false, "", 1)
		if err != nil || len(l.Items) != 1 || l.Items[0].ID != network.ID || l.Next != "" {
			t.Fatalf("%+v %v", l, err)
		}
		l, err = c.List(ctx, agent, true, "", 1)
		if err != nil || l.Items[0].ID != mail.ID || l.Next == "" {
			t.Fatalf("%+v %v", l, err)
		}
		acts, err := audit.Of(ctx, d.Read(), "service", mail.ID, page.Cursor{}, 10)
		if err != nil || len(acts.Items) != 2 || acts.Items[1].Verb != "service.update" {
			t.Fatalf("%+v %v", acts, err)
		}
	})
}

func TestOnlyStaffReadAndOnlyAdministratorsWrite(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, c *catalog.Catalog) {
		s := put(t, c, "Network")
		if _, err := c.Get(ctx, cust, s.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a customer reads: %v", err)
		}
		if _, err := c.Put(ctx, agent, catalog.Input{Name: "Mine", OwnerID: "owner"}); !errs.Is(err, errs.Denied) {
			t.Errorf("an agent writes: %v", err)
		}
	})
}

func TestNothingDependsOnItself(t *testing.T) {
	each(t, func(t *testing.T, _ *db.DB, c *catalog.Catalog) {
		power := put(t, c, "Power")
		network := put(t, c, "Network", power.ID)
		mail := put(t, c, "Mail", network.ID)
		for _, in := range []catalog.Input{
			{ID: power.ID, Name: "Power", OwnerID: "owner", Needs: []string{mail.ID}},
			{ID: power.ID, Name: "Power", OwnerID: "owner", Needs: []string{power.ID}},
		} {
			if _, err := c.Put(ctx, sys, in); !errs.Is(err, errs.Invalid) {
				t.Errorf("a circle: %v", err)
			}
		}
		g, err := c.Graph(ctx, agent)
		if err != nil || len(g.Above(power.ID)) != 2 || len(g.Way(mail.ID, power.ID)) != 3 {
			t.Fatalf("%v %v", g, err)
		}
		// two that each add the half of a circle at once
		a, b := put(t, c, "A"), put(t, c, "B")
		var wg sync.WaitGroup
		for _, in := range []catalog.Input{{ID: a.ID, Name: "A", OwnerID: "owner", Needs: []string{b.ID}}, {ID: b.ID, Name: "B", OwnerID: "owner", Needs: []string{a.ID}}} {
			wg.Add(1)
			go func() { defer wg.Done(); _, _ = c.Put(ctx, sys, in) }()
		}
		wg.Wait()
		if g, _ = c.Graph(ctx, agent); g.Way(a.ID, b.ID) != nil && g.Way(b.ID, a.ID) != nil {
			t.Fatal("two halves made a circle")
		}
	})
}
