package whatif_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	"bothways/internal/replay"
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

// TestNoLadderRunsOnALog: what was replayed is read with the version and left as it was done: the same figures as a replay under it gives.
func TestNoLadderRunsOnALog(t *testing.T) {
	terms := proposal()
	w := &world{T: t}
	raw, err := json.Marshal(map[string]any{"name": "Log", "agreement": map[string]any{"terms": terms}})
	w.must(err)
	log := filepath.Join(t.TempDir(), "log.csv")
	const head = "number,incident_state,sys_mod_count,caller_id,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,priority,assignment_group,assigned_to,vendor\n"
	row := func(state, at string) string {
		return "INC1," + state + ",0,Ann,2025-03-03T09:00,Bo," + at + ",Phone,Hall,,,,3 - Moderate,Net,,\n"
	}
	w.must(os.WriteFile(log, []byte(head+row("New", "2025-03-03T09:00")+row("Active", "2025-03-03T11:00")+row("Awaiting User Info", "2025-03-03T12:00")+row("Resolved", "2025-06-03T12:00")+row("Closed", "2025-06-09T12:00")+row("Active", "2025-08-09T12:00")), 0o600))
	var all []whatif.Result
	for _, raw := range [][]byte{[]byte(`{"name": "Log"}`), raw} {
		fresh := newEmpty(t, db.SQLite)
		m, err := replay.MapFor(replay.FormatUCI, raw)
		w.must(err)
		_, err = replay.Run(ctx, replay.Deps{DB: fresh.DB, Clock: fresh.Clock, People: fresh.People, Calendars: fresh.Calendars, Book: fresh.Book}, sys, replay.Input{Format: replay.FormatUCI, Files: []string{log}, Map: m, Temp: t.TempDir()})
		w.must(err)
		org, err := fresh.People.FindOrganisation(ctx, "Log")
		w.must(err)
		run := whatif.Run{OrgID: org.ID, Terms: terms}
		held, err := fresh.Book.InForce(ctx, fresh.DB.Read(), "", "", monday)
		w.must(err)
		run.Service, run.Customer = held.ServiceCalendar, held.CustomerCalendar
		run.Period.From, run.Period.To = monday.AddDate(-2, 0, 0), monday
		r, err := fresh.WhatIf.Evaluate(ctx, run, func(int64) error { return nil })
		w.must(err)
		all = append(all, r)
	}
	if show(all[0].Would) != show(all[1].Was) || show(all[1].Was) != show(all[1].Would) || show(all[0].Was) == show(all[0].Would) {
		t.Errorf("would have been\n%s\nis\n%s\nwas\n%s", show(all[0].Would), show(all[1].Was), show(all[0].Was))
	}
}
