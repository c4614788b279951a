package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/config"
	"bothways/internal/report/whatif"
)

// measurePast replays a log of so many cases, and holds a version over all of them.
func measurePast(b *bench) error {
	log := filepath.Join(b.dir, "log.csv")
	rows, err := writeLog(log, b.tickets, b.seed)
	if err != nil {
		return err
	}
	at, err := b.database("past")
	if err != nil {
		return err
	}
	data := filepath.Join(b.dir, "past")
	began := time.Now()
	if _, err := b.command("replay", log, "--format", "uci-incident", "--data", data, "--database", at, "--problems", filepath.Join(b.dir, "problems.csv")); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	b.table.add(fmt.Sprintf("replay of %d rows, %d cases", rows, b.tickets), fmt.Sprintf("%.0f cases/s", float64(b.tickets)/took), fmt.Sprintf("%.0f rows/s, %.0f s, durable at the end", float64(rows)/took, took))
	ctx := context.Background()
	a, err := app.New(ctx, config.Config{Data: data, Database: at, MailFrom: deskAddress, BaseURL: "http://localhost", Zone: "UTC", MaxUpload: 1 << 20}, app.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = a.Stop() }()
	return b.holdOverPast(ctx, a)
}

// holdOverPast evaluates a version over every ticket, some times.
func (b *bench) holdOverPast(ctx context.Context, a *app.App) error {
	org, err := a.People.FindOrganisation(ctx, "UCI incident log")
	if err != nil {
		return err
	}
	held, err := a.Book.InForce(ctx, a.DB.Read(), "", "", a.Clock.Now())
	if err != nil {
		return err
	}
	terms := agreement.DefaultTerms()
	for i := range terms.Targets {
		terms.Targets[i].Seconds /= 2
	}
	run := whatif.Run{OrgID: org.ID, Service: held.ServiceCalendar, Customer: held.CustomerCalendar, Terms: terms}
	run.Period.From, run.Period.To = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), a.Clock.Now()
	var rates []float64
	cpu := processor()
	for range b.rounds {
		began := time.Now()
		r, err := a.WhatIf.Evaluate(ctx, run, func(int64) error { return nil })
		if err != nil {
			return err
		}
		if int(r.Tickets) != b.tickets {
			return fmt.Errorf("of %d tickets %d were read", b.tickets, r.Tickets)
		}
		rates = append(rates, float64(r.Tickets)/time.Since(began).Seconds())
	}
	slices.Sort(rates)
	median, each := rates[len(rates)/2], (processor()-cpu)/time.Duration(b.rounds*b.tickets)
	b.table.judge(fmt.Sprintf("what-if over %d tickets", b.tickets), fmt.Sprintf("%.0f tickets/s", median), fmt.Sprintf("cpu %v a ticket, slowest %.0f, quickest %.0f", each, rates[0], rates[len(rates)-1]), "≥ 5,000/s", median >= 5000)
	return nil
}

// processor is the processor time this process has taken so far.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// writeLog writes a log shaped as that of an incident management: cases of three to ten rows over a year.
func writeLog(path string, cases int, seed uint64) (rows int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	w := bufio.NewWriterSize(f, 1<<16)
	chance := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a made-up log
	if _, err := w.WriteString("number,incident_state,sys_mod_count,caller_id,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,priority,assignment_group,assigned_to,vendor\n"); err != nil {
		return 0, err
	}
	begin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range cases {
		opened := begin.Add(time.Duration(i) * 300 * 24 * time.Hour / time.Duration(cases)).Truncate(time.Minute)
		at := opened
		states := []string{"New", "Active"}
		for range chance.IntN(4) {
			states = append(states, []string{"Active", "Awaiting User Info", "Active", "Awaiting Vendor", "Awaiting Problem"}[chance.IntN(5)])
		}
		for k, s := range append(states, "Resolved", "Closed") {
			at = at.Add(time.Duration(chance.IntN(2000)+1) * time.Minute)
			_, err := fmt.Fprintf(w, "INC%07d,%s,%d,Caller %d,%s,Updated by %d,%s,Phone,Location %d,Category %d,Subcategory %d,Symptom %d,%s,Group %d,Resolver %d,\n",
				i, s, k, chance.IntN(4000), minute(opened), chance.IntN(300), minute(at), i%200, i%50, i%200, i%400, priorities[i%len(priorities)], i%70, i%220)
			if err != nil {
				return rows, err
			}
			rows++
		}
	}
	return rows, w.Flush()
}

var priorities = []string{"1 - Critical", "2 - High", "3 - Moderate", "3 - Moderate", "4 - Low"}

func minute(t time.Time) string { return t.Format("2006-01-02T15:04") }
