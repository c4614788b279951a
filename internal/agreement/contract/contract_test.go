package contract_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	sys   = auth.SystemActor()
)

type silent struct{}

func (silent) TellApproval(context.Context, *db.Tx, approval.Notice, approval.Ask, []string) error {
	return nil
}

// world is a provider with a service level manager and a customer with one site, whose signatory is Graham.
type world struct {
	*testing.T
	d         *db.DB
	clk       *clock.Fake
	people    *people.Service
	approvals *approval.Service
	book      *agreement.Book
	s         *contract.Service
	cals      calendar.Defaults

	org                                  people.Organisation
	site                                 people.Site
	ingrid, graham, deputy, both, nobody people.Person
}

func each(t *testing.T, fn func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{T: t, d: d, clk: clock.NewFake(start)}
		w.people = people.New(d, w.clk)
		cals := calendar.New(d, w.clk)
		w.book = agreement.NewBook(d, w.clk, cals)
		jobs := job.New(d, w.clk, nil)
		w.approvals = approval.New(d, w.clk, jobs, w.people, silent{})
		w.s = contract.New(contract.Deps{DB: d, Clock: w.clk, Book: w.book, People: w.people, Approvals: w.approvals, Jobs: jobs})
		base, err := w.people.EnsureBase(ctx, "IT")
		w.must(err)
		w.cals, err = cals.EnsureDefaults(ctx, "Europe/London")
		w.must(err)
		w.must(w.book.EnsureDefault(ctx, w.cals.Service.ID, w.cals.Office.ID))
		w.org, err = w.people.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Norvik"})
		w.must(err)
		w.site, err = w.people.CreateSite(ctx, sys, people.SiteInput{OrgID: w.org.ID, Name: "Leeds", Zone: "Europe/London", Region: "North"})
		w.must(err)
		person := func(name, org, site string) people.Person {
			p, err := w.people.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: strings.ToLower(name) + "@x.example", Verified: true, OrgID: org, SiteID: site})
			w.must(err)
			return p
		}
		w.ingrid, w.both = person("Ingrid", base.Provider.ID, ""), person("Both", w.org.ID, w.site.ID)
		w.graham, w.deputy, w.nobody = person("Graham", w.org.ID, w.site.ID), person("Deputy", w.org.ID, w.site.ID), person("Nobody", w.org.ID, w.site.ID)
		w.grant(w.ingrid, auth.ServiceLevelManager, auth.Everywhere, "")
		w.grant(w.graham, auth.Signatory, auth.Site, w.site.ID)
		fn(w)
	})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) wants(err error, kind errs.Kind, reason string) {
	w.Helper()
	var e *errs.E
	if !errs.Is(err, kind) || reason != "" && (!errors.As(err, &e) || e.Type != reason) {
		w.Fatalf("got %v, want %v %s", err, kind, reason)
	}
}

func (w *world) grant(p people.Person, r auth.Role, s auth.Scope, id string) people.Grant {
	g, err := w.people.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: r, Scope: s, ScopeID: id})
	w.must(err)
	return g
}

func (w *world) as(p people.Person) auth.Actor {
	a, err := w.people.ActorOf(ctx, p.ID)
	w.must(err)
	return a
}

func (w *world) input() contract.Input {
	return contract.Input{
		Name: "Standard 2026", OrgID: w.org.ID, SiteID: w.site.ID, Service: w.cals.Service.ID, Customer: w.cals.Office.ID, Terms: agreement.DefaultTerms(),
		From: w.clk.Now().AddDate(0, 0, 7), Why: "The first agreement of the site.",
	}
}

func (w *world) propose(p people.Person, in contract.Input) contract.Proposal {
	w.Helper()
	out, err := w.s.Propose(ctx, w.as(p), in)
	w.must(err)
	return out
}

func (w *world) sign(who people.Person, p contract.Proposal, consent bool) error {
	digest, err := p.Digest()
	w.must(err)
	b := approval.Ballot{Consent: consent, Digest: digest}
	if !consent {
		b.Reason = "The hours are too short."
	}
	_, err = w.approvals.Vote(ctx, w.as(who), p.AskID, b)
	return err
}

func (w *world) read(p contract.Proposal) contract.Proposal {
	w.Helper()
	out, err := w.s.Get(ctx, w.as(w.graham), p.ID)
	w.must(err)
	return out
}

func (w *world) inForce(at time.Time) agreement.Paper {
	w.Helper()
	p, err := w.book.InForce(ctx, w.d.Read(), w.org.ID, w.site.ID, at)
	w.must(err)
	return p
}

func TestBothSidesSign(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		if p.Side != agreement.SideProvider || p.State != contract.Proposed || p.Number != 1 {
			w.Fatalf("%+v", p)
		}
		if got := w.inForce(p.From.Add(time.Hour)); got.AgreementID == p.AgreementID {
			w.Fatal("one signature made a version")
		}
		w.must(w.sign(w.graham, p, true))
		got := w.read(p)
		if got.State != contract.Signed || got.VersionID == "" {
			w.Fatalf("%+v", got)
		}
		if v := w.inForce(p.From.Add(-time.Second)); v.AgreementID == p.AgreementID {
			w.Fatal("in force before its day")
		}
		v := w.inForce(p.From)
		if v.ID != got.VersionID || v.Number != 1 || v.SiteID != w.site.ID || !v.From().Equal(p.From) {
			w.Fatalf("%+v", v)
		}
		// it is the site's alone
		if o, err := w.book.InForce(ctx, w.d.Read(), w.org.ID, "", p.From); err != nil || o.ID == v.ID {
			w.Fatalf("%+v %v", o, err)
		}
		// the next one follows it, and never overlaps
		in := w.input()
		in.AgreementID, in.From = p.AgreementID, p.From
		_, err := w.s.Propose(ctx, w.as(w.ingrid), in)
		w.wants(err, errs.Invalid, "")
		in.From = p.From.AddDate(0, 1, 0)
		in.Terms.Targets[0].Seconds *= 2
		next := w.propose(w.graham, in)
		if next.Side != agreement.SideCustomer || next.Number != 2 || next.Name != "Standard 2026" {
			w.Fatalf("%+v", next)
		}
		w.must(w.sign(w.ingrid, next, true))
		if v := w.inForce(next.From); v.Number != 2 {
			w.Fatalf("%+v", v)
		}
		if v := w.inForce(next.From.Add(-time.Second)); v.Number != 1 {
			w.Fatalf("%+v", v)
		}
	})
}

// TestNobodyElseSigns is the refusals of signing: twice, by the wrong person, by a substitute outside their dates, for both sides, and
// what was changed after one signature.
func TestNobodyElseSigns(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		w.wants(w.sign(w.ingrid, p, true), errs.Conflict, "approval-voted")
		w.wants(w.sign(w.nobody, p, true), errs.NotFound, "")
		// a substitute signs within the dates of the absence, and not a moment later
		a, err := w.people.AddAbsence(ctx, w.as(w.graham), people.AbsenceInput{PersonID: w.graham.ID, SubstituteID: w.deputy.ID, From: start.Add(24 * time.Hour), Until: start.Add(48 * time.Hour)})
		w.must(err)
		w.wants(w.sign(w.deputy, p, true), errs.NotFound, "")
		w.clk.Set(start.Add(48 * time.Hour))
		w.wants(w.sign(w.deputy, p, true), errs.NotFound, "")
		_ = a
		// who speaks for the other side stands in for nobody here
		_, err = w.people.AddAbsence(ctx, sys, people.AbsenceInput{PersonID: w.graham.ID, SubstituteID: w.ingrid.ID, From: w.clk.Now(), Until: start.Add(60 * time.Hour)})
		w.must(err)
		w.wants(w.sign(w.ingrid, p, true), errs.Conflict, "approval-voted")
		w.clk.Set(start.Add(72 * time.Hour))
		// what is signed is what was read
		digest, err := p.Digest()
		w.must(err)
		_, err = w.approvals.Vote(ctx, w.as(w.graham), p.AskID, approval.Ballot{Consent: true, Digest: strings.Repeat("0", len(digest))})
		w.wants(err, errs.Stale, "")
		// a term slipped in behind the product's back ends it: nothing that was signed counts
		w.must(w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE agreement_proposal SET from_at = from_at + 86400000000 WHERE id = $1`, p.ID)
			return err
		}))
		w.wants(w.sign(w.graham, p, true), errs.Conflict, "approval-void")
		if got := w.read(p); got.State != contract.Void || got.VersionID != "" {
			w.Fatalf("%+v", got)
		}
		// a role that ended signs no more
		in := w.input()
		in.AgreementID = p.AgreementID
		q := w.propose(w.ingrid, in)
		gs, err := people.GrantsOf(ctx, w.d.Read(), w.graham.ID)
		w.must(err)
		w.grant(w.deputy, auth.Signatory, auth.Site, w.site.ID)
		w.must(w.people.Revoke(ctx, sys, gs[0].ID, "He moved on."))
		w.wants(w.sign(w.graham, q, true), errs.Conflict, "approval-no-seat")
	})
}

func TestASubstituteSignsInTheirDates(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		_, err := w.people.AddAbsence(ctx, w.as(w.graham), people.AbsenceInput{PersonID: w.graham.ID, SubstituteID: w.deputy.ID, Until: start.Add(48 * time.Hour)})
		w.must(err)
		w.clk.Advance(time.Hour)
		w.must(w.sign(w.deputy, p, true))
		ask, err := w.approvals.Get(ctx, w.as(w.graham), p.AskID)
		w.must(err)
		v := ask.Votes[1]
		if v.Voter != w.deputy.ID || v.Seat != w.graham.ID || !v.Until.Equal(start.Add(48*time.Hour)) || w.read(p).State != contract.Signed {
			w.Fatalf("%+v", v)
		}
	})
}

func TestAttack40_NobodySpeaksForBoth(t *testing.T) {
	each(t, func(w *world) {
		w.grant(w.both, auth.Signatory, auth.Site, w.site.ID)
		w.grant(w.both, auth.ServiceLevelManager, auth.Everywhere, "")
		_, err := w.s.Propose(ctx, w.as(w.both), w.input())
		w.wants(err, errs.Conflict, "separation-of-duties")
		// and where they hold a seat on each side, they sign once
		p := w.propose(w.graham, w.input())
		w.must(w.sign(w.both, p, true))
		w.wants(w.sign(w.both, p, true), errs.Conflict, "")
	})
}

func TestAnAnswerEndsWhatItAnswers(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		in := w.input()
		in.AgreementID = p.AgreementID
		_, err := w.s.Propose(ctx, w.as(w.graham), in)
		w.wants(err, errs.Conflict, "proposal-open")
		in.Answers = p.ID
		_, err = w.s.Propose(ctx, w.as(w.ingrid), in)
		w.wants(err, errs.Conflict, "proposal-own")
		in.Terms.Targets[0].Seconds = 1800
		in.Why = "Half an hour when it is critical."
		answer := w.propose(w.graham, in)
		if got := w.read(p); got.State != contract.Answered {
			w.Fatalf("%+v", got)
		}
		w.wants(w.sign(w.graham, p, true), errs.Conflict, "approval-decided")
		w.must(w.sign(w.ingrid, answer, true))
		if got := w.read(answer); got.State != contract.Signed || got.Answers != p.ID {
			w.Fatalf("%+v", got)
		}
		all, err := w.s.Of(ctx, w.as(w.nobody), p.AgreementID)
		w.must(err)
		if len(all) != 2 || all[0].ID != answer.ID {
			w.Fatalf("%+v", all)
		}
	})
}

func TestDeclinedAndTakenBack(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		_, err := w.s.Withdraw(ctx, w.as(w.graham), p.ID, "No.")
		w.wants(err, errs.Denied, "")
		w.must(w.sign(w.graham, p, false))
		if got := w.read(p); got.State != contract.Refused {
			w.Fatalf("%+v", got)
		}
		in := w.input()
		in.AgreementID = p.AgreementID
		q := w.propose(w.ingrid, in)
		got, err := w.s.Withdraw(ctx, w.as(w.ingrid), q.ID, "The budget is not settled.")
		w.must(err)
		if got.State != contract.Withdrawn {
			w.Fatalf("%+v", got)
		}
		_, err = w.s.Get(ctx, auth.Actor{Kind: auth.Person, PersonID: "x", OrgID: "elsewhere"}, p.ID)
		w.wants(err, errs.NotFound, "")
	})
}

func TestSignedLate(t *testing.T) {
	each(t, func(w *world) {
		p := w.propose(w.ingrid, w.input())
		w.clk.Set(p.From.Add(36 * time.Hour))
		w.must(w.sign(w.graham, p, true))
		// nobody is bound for the time before the second signature
		if v := w.inForce(p.From.Add(36 * time.Hour)); v.AgreementID == p.AgreementID {
			w.Fatal("in force before it was signed")
		}
		if v := w.inForce(p.From.Add(36*time.Hour + time.Second)); v.AgreementID != p.AgreementID {
			w.Fatal("not in force after both signed")
		}
	})
}

func TestBadProposals(t *testing.T) {
	each(t, func(w *world) {
		for name, c := range map[string]struct {
			change func(in *contract.Input)
			field  string
		}{
			"no name":                 {func(in *contract.Input) { in.Name = " " }, "name"},
			"no day":                  {func(in *contract.Input) { in.From = time.Time{} }, "from"},
			"a day that has passed":   {func(in *contract.Input) { in.From = start }, "from"},
			"no calendar of IT":       {func(in *contract.Input) { in.Service = "" }, "service_calendar"},
			"a calendar that is none": {func(in *contract.Input) { in.Customer = "x" }, "customer_calendar"},
			"IT promises nothing":     {func(in *contract.Input) { in.Terms.Targets, in.Terms.Ladder = customers(in.Terms.Targets), nil }, "targets"},
			"a step before it is due": {func(in *contract.Input) { step(in, agreement.ActionPause).Percent = 90 }, "ladder"},
			"a step that is none":     {func(in *contract.Input) { in.Terms.Ladder[0].Action = "shout" }, "ladder[0].action"},
			"a review in the past":    {func(in *contract.Input) { in.Terms.Review = start.Unix() - 1 }, "review"},
			"a term that ends before": {func(in *contract.Input) { in.Terms.Until = in.From.Unix() }, "until"},
			"a target of no length":   {func(in *contract.Input) { in.Terms.Targets[0].Seconds = 0 }, "targets[0].seconds"},
			"a metric that is none":   {func(in *contract.Input) { in.Terms.Targets[0].Metric = "speed" }, "targets[0].metric"},
			"the wrong side":          {func(in *contract.Input) { in.Terms.Targets[0].Side = agreement.SideCustomer }, "targets[0].side"},
			"one target twice":        {func(in *contract.Input) { in.Terms.Targets = append(in.Terms.Targets, in.Terms.Targets[0]) }, "targets["},
			"a price without currency": {func(in *contract.Input) {
				in.Terms.Prices = []agreement.Price{{What: "One person", Minor: 4120, Currency: "pounds"}}
			}, "prices[0].currency"},
			"no such customer": {func(in *contract.Input) { in.SiteID, in.OrgID = "", "00000000-0000-7000-8000-0000000000ff" }, "organisation"},
		} {
			in := w.input()
			in.Terms.Targets, in.Terms.Ladder = slices.Clone(in.Terms.Targets), slices.Clone(in.Terms.Ladder)
			c.change(&in)
			_, err := w.s.Propose(ctx, w.as(w.ingrid), in)
			var e *errs.E
			if !errs.Is(err, errs.Invalid) || !errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return strings.HasPrefix(f.Path, c.field) && f.Msg != "" }) {
				w.Errorf("%s: %v, want %s", name, err, c.field)
			}
		}
		// nobody signs for a customer who has nobody to speak for them
		gs, err := people.GrantsOf(ctx, w.d.Read(), w.graham.ID)
		w.must(err)
		w.must(w.people.Revoke(ctx, sys, gs[0].ID, "He moved on."))
		_, err = w.s.Propose(ctx, w.as(w.ingrid), w.input())
		w.wants(err, errs.Conflict, "nobody-signs")
	})
}

func customers(all []agreement.Target) []agreement.Target {
	return slices.DeleteFunc(slices.Clone(all), func(t agreement.Target) bool { return t.Metric.Side() == agreement.SideProvider })
}

func step(in *contract.Input, action string) *agreement.Step {
	i := slices.IndexFunc(in.Terms.Ladder, func(s agreement.Step) bool { return s.Action == action })
	return &in.Terms.Ladder[i]
}
