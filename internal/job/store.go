package job

import (
	"context"
	"fmt"
	"runtime/debug"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlAdd = `INSERT INTO job_row (id, kind, item, run_at, lease, fence, attempts, state, error) VALUES ($1, $2, $3, $4, 0, 0, 0, 'ready', '')
ON CONFLICT (kind, item) DO UPDATE SET run_at = excluded.run_at, lease = 0, fence = job_row.fence + 1, attempts = 0, state = 'ready', error = ''`
	sqlRemove = `DELETE FROM job_row WHERE kind = $1 AND item = $2`
	// served by job_row_due
	sqlDue         = `SELECT id, kind, item, run_at, fence, attempts FROM job_row WHERE state = 'ready' AND run_at <= $1 AND lease <= $1 ORDER BY run_at, id LIMIT $2`
	sqlLease       = `UPDATE job_row SET lease = $1, fence = fence + 1, attempts = attempts + 1 WHERE id = $2 AND fence = $3`
	sqlHold        = `UPDATE job_row SET lease = $1 WHERE id = $2 AND fence = $3`
	sqlDone        = `DELETE FROM job_row WHERE id = $1 AND fence = $2`
	sqlFail        = `UPDATE job_row SET run_at = $1, lease = 0, state = $2, error = $3 WHERE id = $4 AND fence = $5`
	sqlWatchExpect = `INSERT INTO job_watch (name, good_at, due_at, bad_at, answer) VALUES ($1, 0, $2, 0, '') ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at`
	sqlWatchGood   = `INSERT INTO job_watch (name, good_at, due_at, bad_at, answer) VALUES ($1, $2, $3, 0, '') ON CONFLICT (name) DO UPDATE SET good_at = excluded.good_at, due_at = excluded.due_at`
	sqlWatchBad    = `UPDATE job_watch SET bad_at = $1, answer = $2 WHERE name = $3`
	sqlWatchEnd    = `DELETE FROM job_watch WHERE name = $1`
	sqlWatches     = `SELECT name, good_at, due_at, bad_at, answer FROM job_watch ORDER BY name`
	sqlDead        = `SELECT id, kind, item, attempts, error FROM job_row WHERE state = 'dead' AND id > $1 ORDER BY id LIMIT $2`
	sqlRevive      = `UPDATE job_row SET state = 'ready', run_at = $1, attempts = 0, lease = 0, fence = fence + 1 WHERE id = $2 AND state = 'dead'`
	sqlOneJob      = `SELECT id, kind, item FROM job_row WHERE id = $1`
	sqlNext        = `SELECT COALESCE(MIN(run_at), 0) FROM job_row WHERE state = 'ready'`
	sqlHealth      = `SELECT COUNT(CASE WHEN state = 'ready' AND run_at <= $1 THEN 1 END), COUNT(CASE WHEN state = 'dead' THEN 1 END),
COALESCE(MIN(CASE WHEN state = 'ready' AND run_at <= $1 THEN run_at END), 0) FROM job_row WHERE state = 'dead' OR run_at <= $1`
)

func scanJob(s db.Scanner) (Job, error) {
	var j Job
	var at int64
	err := s.Scan(&j.ID, &j.Kind, &j.Item, &at, &j.fence, &j.Attempts)
	j.RunAt = clock.FromMicros(at)
	return j, err
}

// protect turns a panic of a handler into an error: the job is tried again and the program lives.
func protect(ctx context.Context, h Handler, j Job, finish Finish) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v\n%s", j.Kind, p, debug.Stack())
		}
	}()
	return h(ctx, j, finish)
}
