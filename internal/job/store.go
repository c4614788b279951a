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
	sqlDue    = `SELECT id, kind, item, run_at, fence, attempts FROM job_row WHERE state = 'ready' AND run_at <= $1 AND lease <= $1 ORDER BY run_at, id LIMIT $2`
	sqlLease  = `UPDATE job_row SET lease = $1, fence = fence + 1, attempts = attempts + 1 WHERE id = $2 AND fence = $3`
	sqlHold   = `UPDATE job_row SET lease = $1 WHERE id = $2 AND fence = $3`
	sqlDone   = `DELETE FROM job_row WHERE id = $1 AND fence = $2`
	sqlFail   = `UPDATE job_row SET run_at = $1, lease = 0, state = $2, error = $3 WHERE id = $4 AND fence = $5`
	sqlNext   = `SELECT COALESCE(MIN(run_at), 0) FROM job_row WHERE state = 'ready'`
	sqlHealth = `SELECT COUNT(CASE WHEN state = 'ready' AND run_at <= $1 THEN 1 END), COUNT(CASE WHEN state = 'dead' THEN 1 END),
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
