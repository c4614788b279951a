package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/intake"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var (
	ctx = context.Background()
	sys = auth.SystemActor()
)

type world struct {
	*intake.Service
	t         *testing.T
	db        *db.DB
	clk       *clock.Fake
	peo       *people.Service
	jobs      *job.Queue
	org, next people.Organisation
	leeds     people.Site
	admin     auth.Actor
	local     auth.Actor // administers Leeds alone
}

func each(t *testing.T, fn func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, db: d, clk: clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
		w.peo = people.New(d, w.clk)
		w.jobs = job.New(d, w.clk, slog.New(slog.NewTextHandler(io.Discard, nil)))
		w.Service = intake.New(d, w.clk, w.peo, w.jobs)
		w.jobs.Handle(intake.JobRun, func(ctx context.Context, j job.Job, f job.Finish) error { return w.Work(ctx, j.Item, f) })
		base, err := w.peo.EnsureBase(ctx, "IT")
		w.must(err)
		w.org, err = w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik Industries"})
		w.must(err)
		w.next, err = w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Next Door"})
		w.must(err)
		w.leeds, err = w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: w.org.ID, Name: "Leeds", Zone: "Europe/London"})
		w.must(err)
		_, err = w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: w.next.ID, Name: "Lund", Zone: "Europe/Stockholm"})
		w.must(err)
		w.admin = w.staff("Ada", "ada@it.example", base.Provider.ID, auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere})
		w.local = w.staff("Leo", "leo@it.example", base.Provider.ID, auth.Grant{Role: auth.Administrator, Scope: auth.Site, ScopeID: w.leeds.ID})
		fn(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) staff(name, address, org string, g auth.Grant) auth.Actor {
	p, err := w.peo.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: address, OrgID: org})
	w.must(err)
	_, err = w.peo.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: g.Role, Scope: g.Scope, ScopeID: g.ScopeID})
	w.must(err)
	a, err := w.peo.ActorOf(ctx, p.ID)
	w.must(err)
	return a
}

func (w *world) upload(by auth.Actor, body string) intake.Run {
	w.t.Helper()
	r, err := w.Upload(ctx, by, `C:\lists\people.csv`, "", []byte(body))
	w.must(err)
	return r
}

// outcomes is "row outcome" of every row that was settled.
func (w *world) outcomes(by auth.Actor, r intake.Run) string {
	w.t.Helper()
	l, err := w.Settled(ctx, by, r.ID, "", page.Cursor{}, 200)
	w.must(err)
	var out []string
	for _, d := range l.Items {
		out = append(out, fmt.Sprintf("%d %s", d.N, d.Outcome))
	}
	return strings.Join(out, ", ")
}

func planned(p intake.Preview) string {
	var out []string
	for _, r := range p.Rows {
		out = append(out, fmt.Sprintf("%d %s", r.N, r.Outcome))
	}
	return strings.Join(out, ", ")
}

const list = "name,email,site\nHelen Marsh,Helen@norvik.example,Leeds\nOwen Clarke,owen@norvik.example,Leeds\n,nobody@norvik.example,Leeds\nLost,lost@norvik.example,Paris\nTwice,helen@norvik.example,Leeds\n"

func TestAListIsShownThenTakenInAndTwiceIsOnce(t *testing.T) {
	each(t, func(w *world) {
		r := w.upload(w.admin, list)
		p, err := w.Preview(ctx, w.admin, r.ID)
		w.must(err)
		const want = "2 created, 3 created, 4 failed, 5 failed, 6 failed"
		if got := planned(p); got != want {
			t.Fatalf("planned %s, want %s", got, want)
		}
		if _, err := people.PersonByAddress(ctx, w.db.Read(), "helen@norvik.example"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("showing a list made somebody: %v", err)
		}
		w.must(w.Start(ctx, w.admin, r.ID))
		w.must(w.jobs.RunDue(ctx))
		if got := w.outcomes(w.admin, r); got != want {
			t.Fatalf("settled %s, want %s", got, want)
		}
		r, err = w.Get(ctx, w.admin, r.ID)
		w.must(err)
		if r.State != intake.Complete || r.FileName != "people.csv" {
			t.Fatalf("%+v", r)
		}
		if err := w.Start(ctx, w.admin, r.ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a list that is done starts again: %v", err)
		}
		helen, err := people.PersonByAddress(ctx, w.db.Read(), "helen@norvik.example")
		w.must(err)
		if helen.SiteID != w.leeds.ID || helen.Name != "Helen Marsh" || helen.Zone != "Europe/London" {
			t.Fatalf("%+v", helen)
		}
		again := w.upload(w.admin, strings.Replace(list, "Owen Clarke", "Owen J. Clarke", 1))
		w.must(w.Start(ctx, w.admin, again.ID))
		w.must(w.jobs.RunDue(ctx))
		if got := w.outcomes(w.admin, again); got != "2 unchanged, 3 changed, 4 failed, 5 failed, 6 failed" {
			t.Fatalf("the second time %s", got)
		}
	})
}

func TestEncodingsAndSeparators(t *testing.T) {
	each(t, func(w *world) {
		for name, body := range map[string]string{
			"utf-8 with mark, semicolons": "\uFEFFVorname;Nachname;E-Mail;Standort\nJörg;Häusler;joerg@norvik.example;Leeds\n",
			"windows-1252, tabs, crlf":    "Name\tE-Mail-Adresse\tStandort\r\nJ\xf6rg H\xe4usler\tjoerg@norvik.example\tLeeds\r\n",
			"utf-16":                      utf16("Name,Email,Site\r\nJörg Häusler,joerg@norvik.example,Leeds\r\n"),
			"quotes and line breaks":      "Name,\"Email\",Site,Remark\n\"Jörg Häusler\",joerg@norvik.example,Leeds,\"two\nlines, and \"\"quotes\"\"\"\n",
		} {
			r := w.upload(w.admin, body)
			p, err := w.Preview(ctx, w.admin, r.ID)
			w.must(err)
			if len(p.Rows) != 1 || p.Rows[0].Outcome != intake.Created || p.Rows[0].Name != "Jörg Häusler" {
				t.Errorf("%s: %+v", name, p.Rows)
			}
		}
		for name, body := range map[string]string{
			"no address": "name,site\nHelen,Leeds\n", "no rows": "name,email\n", "empty": "", "workbook": "PK\x03\x04...", "binary": "name,email\nA\x00,b@c.de\n",
			"two of one": "name,email,mail\nA,a@b.de,a@b.de\n",
		} {
			if _, err := w.Upload(ctx, w.admin, "x.csv", "", []byte(body)); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Upload(ctx, w.admin, "x.csv", "", bytes.Repeat([]byte("x"), intake.MaxBytes+1)); !errs.Is(err, errs.TooLarge) {
			t.Errorf("too large: %v", err)
		}
	})
}

func utf16(s string) string {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return string(out)
}

// A row that breaks its quotes is named, and those after it count.
func TestABrokenRowDoesNotTakeOthersAlong(t *testing.T) {
	each(t, func(w *world) {
		r := w.upload(w.admin, "name,email,site\nA,a@norvik.example,Leeds\nB\"b,b@norvik.example,Leeds\nC,c@norvik.example,Leeds\n")
		p, err := w.Preview(ctx, w.admin, r.ID)
		w.must(err)
		if got := planned(p); got != "2 created, 3 failed, 4 created" {
			t.Fatal(got)
		}
	})
}

// Attack 13: what is wrong with a row is told without a word of the row.
func TestAttack13_ErrorsDoNotSayWhatTheListSays(t *testing.T) {
	each(t, func(w *world) {
		const poison = "<img src=x onerror=alert(1)>"
		r := w.upload(w.admin, "name,email,site,zone,mailed\n"+poison+","+poison+","+poison+","+poison+","+poison+"\n"+poison+",a@b.example,"+poison+",,\n")
		p, err := w.Preview(ctx, w.admin, r.ID)
		w.must(err)
		w.must(w.Start(ctx, w.admin, r.ID))
		w.must(w.jobs.RunDue(ctx))
		var b bytes.Buffer
		w.must(w.Report(ctx, w.admin, r.ID, &b))
		for _, row := range p.Rows {
			b.WriteString(row.Reason())
		}
		if strings.Contains(b.String(), "onerror") || !strings.Contains(b.String(), "2,failed") {
			t.Fatalf("%s", b.String())
		}
	})
}

// Attack 27: a list reaches no further than who takes it in, neither by place nor by person.
func TestAttack27_AListReachesNoFurtherThanItsReader(t *testing.T) {
	each(t, func(w *world) {
		r := w.upload(w.local, "name,email,site\nHelen,helen@norvik.example,Leeds\nFar,far@next.example,Lund\nAda the Second,ada@it.example,Leeds\n")
		w.must(w.Start(ctx, w.local, r.ID))
		w.must(w.jobs.RunDue(ctx))
		if got := w.outcomes(w.local, r); got != "2 created, 3 failed, 4 failed" {
			t.Fatal(got)
		}
		ada, err := people.PersonByAddress(ctx, w.db.Read(), "ada@it.example")
		w.must(err)
		if ada.Name != "Ada" {
			t.Fatalf("the administrator is called %q", ada.Name)
		}
		if _, err := w.Get(ctx, w.local, w.upload(w.admin, list).ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("another's list: %v", err)
		}
		helen, err := people.PersonByAddress(ctx, w.db.Read(), "helen@norvik.example")
		w.must(err)
		customer, err := w.peo.ActorOf(ctx, helen.ID)
		w.must(err)
		if _, err := w.Upload(ctx, customer, "x.csv", "", []byte(list)); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("a customer uploads: %v", err)
		}
	})
}

// Attack 28: a run asks for the rights of who started it again with every part of it.
func TestAttack28_ARunStopsWithTheRightsOfItsReader(t *testing.T) {
	each(t, func(w *world) {
		r := w.upload(w.local, many(1200))
		w.must(w.Start(ctx, w.local, r.ID))
		j := job.Job{Kind: intake.JobRun, Item: r.ID}
		w.must(w.Work(ctx, j.Item, w.end)) // the first rows
		before, err := w.Get(ctx, w.admin, r.ID)
		w.must(err)
		if before.DoneRow != 501 {
			t.Fatalf("%+v", before)
		}
		grants, err := people.GrantsOf(ctx, w.db.Read(), w.local.PersonID)
		w.must(err)
		w.must(w.peo.Revoke(ctx, sys, grants[0].ID, "moved on"))
		w.must(w.Work(ctx, j.Item, w.end))
		after, err := w.Get(ctx, w.admin, r.ID)
		w.must(err)
		if after.State != intake.Stopped || after.DoneRow != before.DoneRow {
			t.Fatalf("%+v", after)
		}
	})
}

func (w *world) end(fn func(tx *db.Tx) error) error { return w.db.Write(ctx, fn) }

func many(n int) string {
	var b strings.Builder
	b.WriteString("name,email,site\n")
	for i := range n {
		fmt.Fprintf(&b, "Person %d,p%d@norvik.example,Leeds\n", i, i)
	}
	return b.String()
}

// A run that was stopped, or whose process ended, goes on where it was: every row is settled once.
func TestARunGoesOnWhereItWas(t *testing.T) {
	each(t, func(w *world) {
		r := w.upload(w.admin, many(1100))
		w.must(w.Start(ctx, w.admin, r.ID))
		w.must(w.Work(ctx, r.ID, func(func(tx *db.Tx) error) error { return nil })) // the process ends before the job does
		w.must(w.Stop(ctx, w.admin, r.ID))
		w.must(w.jobs.RunDue(ctx))
		if got, _ := w.Get(ctx, w.admin, r.ID); got.State != intake.Stopped || got.DoneRow != 501 {
			t.Fatalf("%+v", got)
		}
		w.must(w.Start(ctx, w.admin, r.ID))
		w.must(w.jobs.RunDue(ctx))
		counts, err := w.Counts(ctx, w.admin, r.ID)
		w.must(err)
		if got, _ := w.Get(ctx, w.admin, r.ID); got.State != intake.Complete || counts[intake.Created] != 1100 || len(counts) != 1 {
			t.Fatalf("%+v %v", got, counts)
		}
		var b bytes.Buffer
		w.must(w.Report(ctx, w.admin, r.ID, &b))
		if n := strings.Count(b.String(), "\n"); n != 1101 {
			t.Fatalf("the report has %d lines", n)
		}
	})
}
