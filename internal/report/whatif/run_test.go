package whatif_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
)

// TestARun: who speaks for a side asks and reads, both see the same; others learn nothing; it is done by a job and can be stopped.
func TestARun(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, e)
			base, err := w.People.EnsureBase(ctx, "")
			w.must(err)
			ingrid := w.person("Ingrid", base.Provider.ID, "", people.GrantInput{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
			graham := w.person("Graham", w.org.ID, w.site.ID, people.GrantInput{Role: auth.Signatory, Scope: auth.Site, ScopeID: w.site.ID})
			x, err := w.Desk.Open(ctx, w.helen, desk.OpenInput{Subject: "Dock", Description: "It drops."})
			w.must(err)
			w.advance(3 * time.Hour) // four hours are usual, a third of that is proposed
			_, err = w.Desk.Resolve(ctx, w.agent, desk.Act{Number: x.Number, Body: "Mended."})
			w.must(err)
			standard, err := w.Book.InForce(ctx, w.DB.Read(), "", "", monday)
			w.must(err)
			p, err := w.Contracts.Propose(ctx, ingrid, contract.Input{Name: "Leeds", OrgID: w.org.ID, SiteID: w.site.ID, Service: standard.ServiceCalendar, Customer: standard.CustomerCalendar, Terms: proposal(), From: w.clk.Now().AddDate(0, 0, 7)})
			w.must(err)
			in := whatif.Input{ProposalID: p.ID, From: "2026-01-12"}
			for _, by := range []auth.Actor{w.helen, w.agent} {
				if _, err := w.WhatIf.Start(ctx, by, in); errs.KindOf(err) != errs.Denied && errs.KindOf(err) != errs.NotFound {
					t.Errorf("%s asks: %v", by.Name, err)
				}
			}
			run, err := w.WhatIf.Start(ctx, graham, in)
			w.must(err)
			if run.State != whatif.Running || run.Total != 1 {
				t.Fatalf("%+v", run)
			}
			w.must(w.Jobs.RunDue(ctx))
			for _, by := range []auth.Actor{graham, ingrid} {
				got, err := w.WhatIf.Get(ctx, by, run.ID)
				w.must(err)
				if got.State != whatif.Complete || got.Percent() != 100 || got.Result.Was.Provider.Of(agreement.MetricFirstResponse).Kept != 1 || got.Result.Would.Provider.Of(agreement.MetricFirstResponse).Broken != 1 {
					t.Errorf("%+v", got)
				}
			}
			if _, err := w.WhatIf.Get(ctx, w.helen, run.ID); errs.KindOf(err) != errs.Denied && errs.KindOf(err) != errs.NotFound {
				t.Errorf("Helen reads: %v", err)
			}
			w.endings(ingrid, graham, p, in, run)
		})
	}
}

func (w *world) endings(ingrid, graham auth.Actor, p contract.Proposal, in whatif.Input, run whatif.Run) {
	w.Helper()
	second, err := w.WhatIf.Start(ctx, ingrid, in)
	w.must(err)
	stopped, err := w.WhatIf.Stop(ctx, graham, second.ID)
	w.must(err)
	w.must(w.Jobs.RunDue(ctx))
	if got, err := w.WhatIf.Get(ctx, ingrid, second.ID); err != nil || got.State != whatif.Stopped || stopped.State != whatif.Stopped || got.Result.Tickets != 0 {
		w.Errorf("%+v %v", got, err)
	}
	for _, id := range []string{second.ID, run.ID} {
		if _, err := w.WhatIf.Stop(ctx, ingrid, id); !errs.Is(err, errs.Conflict) {
			w.Errorf("stopped again: %v", err)
		}
	}
	all, err := w.WhatIf.List(ctx, graham, p.AgreementID, p.ID)
	w.must(err)
	if len(all) != 2 || all[0].ID != second.ID {
		w.Errorf("%+v", all)
	}
	terms := proposal()
	terms.Targets[0].Seconds = 0
	for field, in := range map[string]whatif.Input{
		"from":               {ProposalID: p.ID, From: "yesterday"},
		"to":                 {ProposalID: p.ID, From: "2026-01-12", To: "2026-01-01"},
		"targets[0].seconds": {AgreementID: p.AgreementID, Terms: terms},
		"service_calendar":   {AgreementID: p.AgreementID, Terms: proposal(), Service: "none"},
	} {
		_, err := w.WhatIf.Start(ctx, ingrid, in)
		var e *errs.E
		if !errors.As(err, &e) || e.Kind != errs.Invalid || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == field }) {
			w.Errorf("%s: %v", field, err)
		}
	}
	posted, err := w.WhatIf.Start(ctx, ingrid, whatif.Input{AgreementID: p.AgreementID, Terms: proposal(), From: "2026-01-12"})
	w.must(err)
	w.must(w.Jobs.RunDue(ctx))
	got, err := w.WhatIf.Get(ctx, graham, posted.ID)
	w.must(err)
	if fmt.Sprint(show(got.Result.Would)) == fmt.Sprint(show(got.Result.Was)) || got.ProposalID != "" {
		w.Errorf("%+v", got)
	}
}
