package whatif_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"bothways/internal/db"
	"bothways/internal/replay"
	"bothways/internal/report/whatif"
)

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
