package app

import (
	"context"
	"time"

	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/desk/outcome"
	"bothways/internal/event"
	"bothways/internal/fulltext"
	"bothways/internal/intake"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
	"bothways/internal/upkeep"
)

func (a *App) handleJobs() {
	a.Jobs.Handle(box.JobRead, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return a.Desk.TakeMail(ctx, j.Item, finish)
	})
	a.Jobs.Handle(box.JobSend, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return a.Box.Deliver(ctx, j.Item, func(tx *db.Tx) error { return a.Jobs.Hold(ctx, tx, j) }, finish, a.Desk)
	})
	a.Jobs.Handle(desk.JobTimer, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return a.Desk.Timer(ctx, j.Item, finish)
	})
	a.Jobs.Handle(desk.JobHeld, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return a.Desk.SendHeld(ctx, j.Item, finish)
	})
	a.Jobs.Handle(jobRederive, func(ctx context.Context, _ job.Job, finish job.Finish) error {
		if _, err := a.Desk.Rederive(ctx, true); err != nil {
			return err
		}
		return finish(func(tx *db.Tx) error { return a.Jobs.Add(ctx, tx, outcome.Job, "", a.Clock.Now()) })
	})
	a.Jobs.Handle(outcome.Job, a.outcomes)
	// a corrected calendar, or a site in another zone, moves the promises of tickets that are open
	again := func(ctx context.Context, tx *db.Tx) error { return a.Jobs.Add(ctx, tx, jobRederive, "", a.Clock.Now()) }
	a.Calendars.OnChange(func(ctx context.Context, tx *db.Tx, _ calendar.Changed) error { return again(ctx, tx) })
	a.People.OnChange(func(ctx context.Context, tx *db.Tx, c people.Changed) error {
		if c.Kind != "site" {
			return nil
		}
		return again(ctx, tx)
	})
	a.Jobs.Handle(contract.JobForce, func(ctx context.Context, j job.Job, finish job.Finish) error {
		paper, err := a.Book.Paper(ctx, a.DB.Read(), j.Item)
		if err == nil {
			err = a.Desk.ComeIntoForce(ctx, paper)
		}
		if err != nil {
			return err
		}
		return finish(func(*db.Tx) error { return nil })
	})
	a.Jobs.Handle(approval.JobExpire, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return finish(func(tx *db.Tx) error { return a.Approvals.Expire(ctx, tx, j.Item) })
	})
	a.Jobs.Handle(dispute.JobTerm, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return finish(func(tx *db.Tx) error { return a.Disputes.Further(ctx, tx, j.Item) })
	})
	a.Jobs.Handle(whatif.JobRun, a.WhatIf.Work)
	a.Jobs.Handle(intake.JobRun, func(ctx context.Context, j job.Job, finish job.Finish) error {
		return a.Intake.Work(ctx, j.Item, finish)
	})
	a.Jobs.Handle(jobIndex, func(ctx context.Context, _ job.Job, finish job.Finish) error {
		if _, err := a.Search.Rebuild(ctx, func(int) {}); err != nil {
			return err
		}
		return finish(func(*db.Tx) error { return nil })
	})
	a.Jobs.Handle(jobHourly, a.hourly)
	a.Jobs.Handle(jobCheckpoint, a.checkpoint)
	a.Jobs.Handle(jobProbe, a.probe)
}

// Jobs of the installation itself; each asks for its next run when it ends.
const (
	jobRederive   = "app.rederive"
	jobIndex      = "app.index" // of words; asked for by the migration of a database from before there was one
	jobHourly     = "app.hourly"
	jobCheckpoint = "app.checkpoint"
)

// hourly clears away what has had its time.
func (a *App) hourly(ctx context.Context, _ job.Job, finish job.Finish) error {
	if err := a.Auth.Sweep(ctx); err != nil {
		return err
	}
	if err := a.People.Sweep(ctx); err != nil {
		return err
	}
	if _, err := a.api.Prune(ctx); err != nil {
		return err
	}
	if err := fulltext.Tidy(ctx, a.DB, false); err != nil {
		return err
	}
	if err := a.Desk.Writing.Sweep(ctx); err != nil {
		return err
	}
	if err := a.Report.Fold(ctx); err != nil {
		return err
	}
	return finish(func(tx *db.Tx) error {
		now := a.Clock.Now()
		if err := job.Good(ctx, tx, upkeep.Hourly, now, now.Add(2*time.Hour)); err != nil {
			return err
		}
		return a.Jobs.Add(ctx, tx, jobHourly, "", now.Add(time.Hour))
	})
}

// checkpoint signs the heads of the ledgers: every minute, less often where reading them all takes long.
func (a *App) checkpoint(ctx context.Context, _ job.Job, finish job.Finish) error {
	key, err := a.Auth.Key(ctx, "checkpoint", 32)
	if err != nil {
		return err
	}
	took := clock.Stopwatch()
	c, err := event.Sign(ctx, a.DB.Read(), a.Clock.Now(), key)
	if err != nil {
		return err
	}
	wait := max(time.Minute, 60*took())
	return finish(func(tx *db.Tx) error {
		if err := event.Keep(ctx, tx, c); err != nil {
			return err
		}
		now := a.Clock.Now()
		if err := job.Good(ctx, tx, upkeep.Checkpoint, now, now.Add(3*wait+5*time.Minute)); err != nil {
			return err
		}
		return a.Jobs.Add(ctx, tx, jobCheckpoint, "", now.Add(wait))
	})
}
