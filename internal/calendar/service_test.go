package calendar_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

var sys = auth.SystemActor()

type store struct {
	*calendar.Service
	t   *testing.T
	ctx context.Context
	d   *db.DB
	clk *clock.Fake
}

func eachStore(t *testing.T, fn func(s *store)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
		fn(&store{calendar.New(d, clk), t, context.Background(), d, clk})
	})
}

func (s *store) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) want(err error, k errs.Kind) {
	s.t.Helper()
	if !errs.Is(err, k) {
		s.t.Fatalf("got %v, want %v", err, k)
	}
}

// open is how many working seconds 24 December 2026 has.
func open(c *calendar.Calendar) int64 {
	day := time.Date(2026, 12, 24, 0, 0, 0, 0, c.Zone())
	return c.Between(day.Unix(), day.AddDate(0, 0, 1).Unix())
}

func (s *store) open(svc *calendar.Service, id string) int64 {
	s.t.Helper()
	c, err := svc.Compiled(s.ctx, id)
	s.must(err)
	return open(c)
}

func TestStoredDefaults(t *testing.T) {
	eachStore(t, func(s *store) {
		var wg sync.WaitGroup
		var all [4]calendar.Defaults
		for i := range all {
			wg.Go(func() {
				var err error
				if all[i], err = calendar.New(s.d, s.clk).EnsureDefaults(s.ctx, "Europe/Berlin"); err != nil {
					s.t.Error(err)
				}
			})
		}
		wg.Wait()
		again, err := s.EnsureDefaults(s.ctx, "UTC")
		s.must(err)
		for _, d := range all {
			if d.Service.ID != again.Service.ID || d.Office.ID != again.Office.ID || d.Always.ID != again.Always.ID || again.Always.Spec.TZ != "Europe/Berlin" {
				s.t.Fatalf("%+v and %+v", d, again)
			}
		}
		for id, hours := range map[string]int64{again.Service.ID: 10, again.Office.ID: 8, again.Always.ID: 24} {
			if got := s.open(s.Service, id); got != hours*3600 {
				s.t.Errorf("%d s, want %d h", got, hours)
			}
		}
		l, err := s.List(s.ctx, auth.Actor{PersonID: "anybody", Kind: auth.Person}, "", 2)
		if err != nil || len(l.Items) != 2 || l.Items[0].Name != "Always" {
			s.t.Fatal(l, err)
		}
		if l, err = s.List(s.ctx, sys, l.Next, 2); err != nil || len(l.Items) != 1 || l.Items[0].Name != "Service hours" || l.Next != "" {
			s.t.Fatal(l, err)
		}
		_, err = calendar.New(s.d, s.clk).List(s.ctx, auth.Actor{}, "", 0)
		s.want(err, errs.Unauthenticated)
		_, err = s.EnsureDefaults(s.ctx, "Mars/Base")
		s.must(err) // nothing to make: the zone is not asked
	})
}

func TestStoredCalendarsChange(t *testing.T) {
	eachStore(t, func(s *store) {
		spec := calendar.Spec{TZ: "Europe/Berlin", Week: map[string][][2]string{"thu": {{"09:00", "12:00"}, {"13:00", "17:00"}}}}
		d, err := s.Create(s.ctx, sys, " Öffice\n", spec)
		s.must(err)
		if d.Name != "Öffice" || d.Version != 1 {
			s.t.Fatal(d)
		}
		_, err = s.Create(s.ctx, sys, "OFFICE", spec)
		s.want(err, errs.Conflict)
		_, err = s.Create(s.ctx, sys, "", spec)
		s.want(err, errs.Invalid)
		_, err = s.Create(s.ctx, sys, "Broken", calendar.Spec{TZ: "Mars/Base", Holidays: []string{"x"}})
		var e *errs.E
		if s.want(err, errs.Invalid); !errors.As(err, &e) || len(e.Fields) != 3 {
			s.t.Fatal(err)
		}
		if f, err := s.Find(s.ctx, "office"); err != nil || f.ID != d.ID {
			s.t.Fatal(f, err)
		}
		if f, err := s.Find(s.ctx, d.ID); err != nil || f.Name != "Öffice" || len(f.Spec.Week["thu"]) != 2 {
			s.t.Fatal(f, err)
		}
		_, err = s.Find(s.ctx, "nothing")
		s.want(err, errs.NotFound)

		var told []calendar.Changed
		s.OnChange(func(_ context.Context, _ *db.Tx, c calendar.Changed) error {
			told = append(told, c)
			if strings.Contains(c.What, "2026-12-31") {
				return errs.New(errs.Conflict, "test", "no")
			}
			return nil
		})
		d, err = s.AddHoliday(s.ctx, sys, d.ID, "2026-12-24", "Christmas Eve")
		if err != nil || d.Version != 2 || !slices.Equal(d.Spec.Holidays, []string{"2026-12-24"}) || d.Spec.HolidayNames["2026-12-24"] != "Christmas Eve" {
			s.t.Fatal(d, err)
		}
		if len(told) != 1 || told[0].ID != d.ID || open(told[0].Before) != 7*3600 || open(told[0].After) != 0 || told[0].What != "holiday 2026-12-24 (Christmas Eve) added" {
			s.t.Fatalf("%+v", told)
		}
		d, err = s.AddHoliday(s.ctx, sys, d.ID, "12-24", "Every Christmas Eve")
		s.must(err)
		d, err = s.RemoveHoliday(s.ctx, sys, d.ID, "2026-12-24")
		if err != nil || len(d.Spec.Holidays) != 0 || s.open(s.Service, d.ID) != 0 {
			s.t.Fatal(d, err)
		}
		d, err = s.RemoveHoliday(s.ctx, sys, d.ID, "12-24")
		if err != nil || len(d.Spec.HolidayNames) != 0 || d.Version != 5 || s.open(s.Service, d.ID) != 7*3600 {
			s.t.Fatal(d, err)
		}
		_, err = s.RemoveHoliday(s.ctx, sys, d.ID, "12-24")
		s.want(err, errs.Conflict)
		for _, bad := range []string{"", "24.12.2026", "2026-02-30", "02-30"} {
			_, err = s.AddHoliday(s.ctx, sys, d.ID, bad, "x")
			s.want(err, errs.Invalid)
		}
		_, err = s.AddHoliday(s.ctx, sys, d.ID, "2026-12-31", "x")
		s.want(err, errs.Conflict)
		if f, err := s.Get(s.ctx, sys, d.ID); err != nil || f.Version != 5 || s.open(s.Service, d.ID) != 7*3600 {
			s.t.Fatal("a refused change changed something", f, err)
		}
		name, wider := "Desk", calendar.Spec{TZ: "Europe/Berlin", Week: map[string][][2]string{"thu": {{"08:00", "18:00"}}}}
		_, err = s.Update(s.ctx, sys, calendar.Change{ID: d.ID, Version: 4, Name: &name})
		s.want(err, errs.Stale)
		d, err = s.Update(s.ctx, sys, calendar.Change{ID: d.ID, Version: 5, Name: &name, Spec: &wider})
		if err != nil || d.Name != "Desk" || s.open(s.Service, d.ID) != 10*3600 {
			s.t.Fatal(d, err)
		}
		_, err = s.Update(s.ctx, sys, calendar.Change{ID: "nothing", Name: &name})
		s.want(err, errs.NotFound)
		_, err = s.Compiled(s.ctx, "nothing")
		s.want(err, errs.NotFound)
		l, err := audit.Of(s.ctx, s.d.Read(), "calendar", d.ID, page.Cursor{}, 200)
		if err != nil || len(l.Items) != 6 {
			s.t.Fatal(len(l.Items), err)
		}
	})
}

func TestAttack27_OnlyAdministratorsOfEverythingChangeCalendars(t *testing.T) {
	eachStore(t, func(s *store) {
		d, err := s.EnsureDefaults(s.ctx, "UTC")
		s.must(err)
		for _, g := range []auth.Grant{{Role: auth.Agent, Scope: auth.Everywhere}, {Role: auth.Administrator, Scope: auth.Site, ScopeID: "s"}, {Role: auth.Signatory, Scope: auth.Everywhere}} {
			a := auth.Actor{PersonID: "p", OrgID: "o", Kind: auth.Person, Grants: []auth.Grant{g}}
			_, err := s.AddHoliday(s.ctx, a, d.Office.ID, "2026-12-24", "x")
			s.want(err, errs.Denied)
			_, err = s.Create(s.ctx, a, "Mine", d.Office.Spec)
			s.want(err, errs.Denied)
		}
		a := auth.Actor{PersonID: "p", Kind: auth.Person, Grants: []auth.Grant{{Role: auth.Administrator, Scope: auth.Everywhere}}}
		_, err = s.AddHoliday(s.ctx, a, d.Office.ID, "2026-12-24", "x")
		s.must(err)
	})
}

func TestCompiledNoticesOtherNodes(t *testing.T) {
	eachStore(t, func(s *store) {
		all, err := s.EnsureDefaults(s.ctx, "Europe/Berlin")
		s.must(err)
		id := all.Office.ID
		other := calendar.New(s.d, s.clk)
		if s.open(other, id) != 8*3600 || s.open(s.Service, id) != 8*3600 {
			s.t.Fatal("eight hours")
		}
		first, err := other.Compiled(s.ctx, id)
		s.must(err)
		s.clk.Advance(3 * time.Second)
		if again, err := other.Compiled(s.ctx, id); err != nil || again != first {
			s.t.Fatal("an unchanged calendar stays compiled", err)
		}
		_, err = s.AddHoliday(s.ctx, sys, id, "2026-12-24", "Christmas Eve")
		s.must(err)
		if s.open(s.Service, id) != 0 {
			s.t.Fatal("on its own node a change holds at once")
		}
		s.clk.Advance(2 * time.Second)
		if s.open(other, id) != 0 {
			s.t.Fatal("on another node a change holds after two seconds")
		}
		// In a transaction its own changes are seen, and forgotten with it.
		fail := errors.New("undone")
		s.clk.Advance(2 * time.Second)
		err = s.d.Write(s.ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(s.ctx, `UPDATE calendar_calendar SET version = 9, spec = '{"tz":"UTC","week":{}}' WHERE id = $1`, id); err != nil {
				return err
			}
			c, err := s.CompiledIn(s.ctx, tx, id)
			if err != nil || c.Zone().String() != "UTC" {
				s.t.Error(c, err)
			}
			return fail
		})
		if err == nil {
			s.t.Fatal("not undone")
		}
		if c, err := s.Compiled(s.ctx, id); err != nil || c.Zone().String() != "Europe/Berlin" {
			s.t.Fatal("what never came to be was kept", err)
		}
	})
}

func TestCompiledIsSafeWhileItChanges(t *testing.T) {
	eachStore(t, func(s *store) {
		all, err := s.EnsureDefaults(s.ctx, "UTC")
		s.must(err)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 200 {
					if c, err := s.Compiled(s.ctx, all.Office.ID); err != nil || open(c)%(8*3600) != 0 {
						s.t.Error(err)
					}
				}
			})
		}
		for i := range 10 {
			s.clk.Advance(time.Second)
			if i%2 == 0 {
				_, err = s.AddHoliday(s.ctx, sys, all.Office.ID, "2026-12-24", "")
			} else {
				_, err = s.RemoveHoliday(s.ctx, sys, all.Office.ID, "2026-12-24")
			}
			s.must(err)
		}
		wg.Wait()
		if s.open(s.Service, all.Office.ID) != 8*3600 {
			s.t.Fatal("the last change holds")
		}
	})
}

func BenchmarkCompiled(b *testing.B) {
	s := calendar.New(dbtest.Open(b, db.SQLite), clock.NewFake(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)))
	all, err := s.EnsureDefaults(context.Background(), "UTC")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Compiled(context.Background(), all.Office.ID); err != nil {
			b.Fatal(err)
		}
	}
}
