package app

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/job"
)

// outcomes derives what became of promises again, in steps: each asks for the next.
func (a *App) outcomes(ctx context.Context, j job.Job, finish job.Finish) error {
	_, last, err := a.Desk.Outcomes.Rederive(ctx, j.Item, true)
	if err != nil {
		return err
	}
	return finish(func(tx *db.Tx) error {
		if last == "" {
			return nil
		}
		return a.Jobs.Add(ctx, tx, outcome.Job, last, a.Clock.Now())
	})
}
