package whatif_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/event"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
)

var (
	ctx    = context.Background()
	sys    = auth.SystemActor()
	monday = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
)

// world is an installation on a fake clock, with a customer of one site.
type world struct {
	*testing.T
	*app.App
	clk   *clock.Fake
	org   people.Organisation
	site  people.Site
	helen auth.Actor
	agent auth.Actor
}

// newEmpty is an installation with nobody in it.
func newEmpty(t *testing.T, e db.Engine) *world {
	clk := clock.NewFake(monday)
	a, err := app.New(ctx, config.Config{Data: t.TempDir(), Database: dbtest.URL(t, e), Zone: "Europe/London", DeskName: "Desk", MailFrom: "desk@it.example", BaseURL: "http://desk.example", MaxUpload: 1 << 20},
		app.Options{Clock: clk, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Transport: box.InApp{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop() })
	return &world{T: t, App: a, clk: clk}
}

func newWorld(t *testing.T, e db.Engine) *world {
	w := newEmpty(t, e)
	a := w.App
	var err error
	w.org, err = a.People.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik Industries"})
	w.must(err)
	w.site, err = a.People.CreateSite(ctx, sys, people.SiteInput{OrgID: w.org.ID, Name: "Leeds", Zone: "Europe/London"})
	w.must(err)
	base, err := a.People.EnsureBase(ctx, "")
	w.must(err)
	w.helen = w.person("Helen", w.org.ID, w.site.ID)
	w.agent = w.person("Amara", base.Provider.ID, "", people.GrantInput{Role: auth.Agent, Scope: auth.Everywhere})
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) person(name, orgID, siteID string, grants ...people.GrantInput) auth.Actor {
	w.Helper()
	p, err := w.People.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: strings.ToLower(name) + "@x.example", OrgID: orgID, SiteID: siteID, Verified: true})
	w.must(err)
	for _, g := range grants {
		g.PersonID = p.ID
		_, err := w.People.Grant(ctx, sys, g)
		w.must(err)
	}
	a, err := w.People.ActorOf(ctx, p.ID)
	w.must(err)
	a.Channel = "portal"
	return a
}

// advance moves the clock and does what falls due on the way, at its own instant.
func (w *world) advance(d time.Duration) {
	w.Helper()
	end := w.clk.Now().Add(d)
	for {
		w.must(w.Jobs.RunDue(ctx))
		next, err := w.Jobs.Next(ctx)
		w.must(err)
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(w.clk.Now()) {
			w.clk.Set(next)
		}
	}
	w.clk.Set(end)
	w.must(w.Jobs.RunDue(ctx))
}

// deed is something that somebody did on a ticket; it says whether it was done.
type deed func(w *world, n int64) bool

func done(err error) bool { return err == nil }

// says is the customer writing. Where the ticket has ended they take the way back that its mail offers.
func says(w *world, n int64) bool {
	const words = "It is the blue one in the hall."
	_, err := w.Desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: words})
	if err != nil {
		_, err = w.Desk.Reopen(ctx, w.helen, desk.Act{Number: n, Body: words})
	}
	return done(err)
}

var deeds = []deed{
	says, says,
	func(w *world, n int64) bool {
		_, err := w.Desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look into it."})
		return done(err)
	},
	func(w *world, n int64) bool {
		_, err := w.Desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which one is it?", Question: &desk.QuestionInput{Need: "which one"}})
		return done(err)
	},
	func(w *world, n int64) bool {
		_, err := w.Desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Please send it.", Question: &desk.QuestionInput{Need: "the number", Metric: "supply_facts"}})
		return done(err)
	},
	func(w *world, n int64) bool {
		_, err := w.Desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "It is mended."})
		return done(err)
	},
	func(w *world, n int64) bool {
		_, err := w.Desk.Confirm(ctx, w.helen, desk.Act{Number: n})
		return done(err)
	},
}

// ranks sets a priority.
func ranks(w *world, n int64) bool {
	level := []string{"low", "medium", "high"}[w.clk.Now().Hour()%3]
	_, err := w.Desk.Change(ctx, w.agent, desk.Act{Number: n}, desk.Change{Urgency: &level})
	return done(err)
}

// proposal is a version that is stricter here and milder there, with a ladder of its own.
func proposal() agreement.Terms {
	t := agreement.DefaultTerms()
	for i := range t.Targets {
		switch t.Targets[i].Metric {
		case agreement.MetricFirstResponse, agreement.MetricConfirm:
			t.Targets[i].Seconds /= 3
		case agreement.MetricAnswer:
			t.Targets[i].Seconds *= 2
		}
	}
	for i := range t.Ladder {
		if t.Ladder[i].PlusDays > 0 {
			t.Ladder[i].PlusDays = 2
		}
	}
	t.SupplierStopsPromise = true
	t.GraceDays = 5
	return t
}

// ledger is what a reading says, without the names of events.
func ledger(r agreement.Result) string {
	var b strings.Builder
	for _, t := range r.Turns {
		fmt.Fprintf(&b, "%s %d to %d\n", t.Side, t.Since, t.Until)
	}
	var lines []string
	for _, o := range r.Obligations {
		lines = append(lines, fmt.Sprintf("%s from %d: %s, %d of %d, due %d, ended %d, %s", o.Metric, o.Started, o.State, o.Used, o.Target, o.Due, o.Ended, o.Reason))
	}
	slices.Sort(lines)
	return b.String() + strings.Join(lines, "\n")
}

// TestWhatWouldHaveBeenIsWhatIs: two worlds live the same, one under the usual agreement and one under the proposal from the beginning. What the
// first would have had is what the second has: on every ticket, to the second, and in both columns.
func TestWhatWouldHaveBeenIsWhatIs(t *testing.T) {
	for seed := range int64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			engine := db.SQLite
			if seed == 0 {
				engine = db.PostgreSQL
			}
			usual, other := newWorld(t, engine), newWorld(t, db.SQLite)
			standard, err := other.Book.InForce(ctx, other.DB.Read(), "", "", monday)
			other.must(err)
			other.must(other.Book.Adopt(ctx, agreement.Paper{Name: "Proposed", OrgID: other.org.ID, ServiceCalendar: standard.ServiceCalendar, CustomerCalendar: standard.CustomerCalendar, Terms: proposal()}))
			r := rand.New(rand.NewSource(seed)) //nolint:gosec // a test's own chance
			var all []int64
			for step := range 150 {
				if len(all) < 4 || r.Intn(10) == 0 {
					in := desk.OpenInput{Subject: fmt.Sprint("Matter ", step), Description: "It drops.", Impact: []string{"low", "medium", "high"}[r.Intn(3)]}
					for _, w := range []*world{usual, other} {
						x, err := w.Desk.Open(ctx, w.helen, in)
						w.must(err)
						if w == usual {
							all = append(all, x.Number)
						}
					}
				} else {
					n, k := all[len(all)-1-r.Intn(min(5, len(all)))], r.Intn(len(deeds)+1)
					do := ranks // a decision about what has ended in one world alone would make them two histories
					if k < len(deeds) {
						do = deeds[k]
					} else if x, err := other.Desk.Get(ctx, sys, n); err != nil || !x.Open {
						continue
					}
					if do(usual, n) { // what was refused did not happen; what happened may be refused in the other
						do(other, n)
					}
				}
				pause := time.Duration(r.Int63n(int64(20 * time.Hour)))
				if r.Intn(8) == 0 {
					pause *= 12 // long enough for a ladder to end things
				}
				usual.advance(pause)
				other.advance(pause)
			}
			compare(t, usual, other, all)
		})
	}
}

func compare(t *testing.T, usual, other *world, all []int64) {
	t.Helper()
	standard, err := usual.Book.InForce(ctx, usual.DB.Read(), "", "", monday)
	usual.must(err)
	version, err := usual.Book.Version(ctx, usual.DB.Read(), agreement.Paper{ServiceCalendar: standard.ServiceCalendar, CustomerCalendar: standard.CustomerCalendar, Terms: proposal()}, "")
	usual.must(err)
	changed, ends := 0, 0
	for _, n := range all {
		x, err := usual.Desk.Get(ctx, sys, n)
		usual.must(err)
		stream, err := event.Of(ctx, usual.DB.Read(), x.ID, 0)
		usual.must(err)
		_, had, err := whatif.Had(stream, whatif.Terms{Version: version, Grace: 5 * 24 * 3600}, false, usual.clk.Now().Unix())
		usual.must(err)
		is, err := other.Desk.Ledger(ctx, sys, n)
		other.must(err)
		was, err := usual.Desk.Ledger(ctx, sys, n)
		usual.must(err)
		if ledger(had) != ledger(is.Result) {
			t.Fatalf("%s would have been\n%s\nand is\n%s\nit was\n%s", x.Ref(), ledger(had), ledger(is.Result), ledger(was.Result))
		}
		if ledger(was.Result) != ledger(had) {
			changed++
		}
		if slices.ContainsFunc(stream, func(e event.Event) bool { return e.Kind == "closed" && e.Channel == "timer" }) {
			ends++
		}
	}
	if changed < len(all)/3 || ends == 0 {
		t.Errorf("of %d tickets %d are otherwise and the ladder ended %d: nothing is shown by that", len(all), changed, ends)
	}
	would, was := usual.evaluate(proposal()), other.evaluate(proposal())
	if fmt.Sprint(show(would.Would)) != fmt.Sprint(show(was.Was)) || fmt.Sprint(show(was.Was)) != fmt.Sprint(show(was.Would)) {
		t.Errorf("would have been\n%s\nis\n%s\nand with what it has\n%s", show(would.Would), show(was.Was), show(was.Would))
	}
	if show(would.Was) == show(would.Would) || would.Was.Tickets == 0 {
		t.Errorf("the proposal changes nothing: %s", show(would.Was))
	}
}

func (w *world) evaluate(terms agreement.Terms) whatif.Result {
	w.Helper()
	standard, err := w.Book.InForce(ctx, w.DB.Read(), "", "", monday)
	w.must(err)
	run := whatif.Run{OrgID: w.org.ID, Service: standard.ServiceCalendar, Customer: standard.CustomerCalendar, Terms: terms}
	run.Period.From, run.Period.To = monday.AddDate(0, 0, -1), w.clk.Now().AddDate(0, 0, 1)
	r, err := w.WhatIf.Evaluate(ctx, run, func(int64) error { return nil })
	w.must(err)
	return r
}

func show(f whatif.Figures) string {
	var b strings.Builder
	for _, c := range []whatif.Column{f.Provider, f.Customer} {
		for _, l := range append([]whatif.Line{c.Line}, c.Metrics...) {
			fmt.Fprintf(&b, "%s due %d kept %d broken %d silence %d median %v\n", l.Metric, l.Due, l.Kept, l.Broken, l.Silence, value(l.Median))
		}
	}
	return b.String() + fmt.Sprint(f.Tickets, f.Time)
}

func value(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}
