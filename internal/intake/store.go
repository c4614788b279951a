package intake

import (
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlRunInsert = `INSERT INTO intake_run (id, made_by, made_at, file_name, org_id, sha256, body, state, row_count, done_row, done_at, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'shown', $8, 0, 0, '')`
	sqlRuns     = `SELECT r.id, r.made_by, r.made_at, r.file_name, r.org_id, r.state, r.row_count, r.done_row, r.done_at, r.answer FROM intake_run r`
	sqlRunBody  = `SELECT body FROM intake_run WHERE id = $1`
	sqlRunState = `UPDATE intake_run SET state = $1, done_at = $2, answer = $3 WHERE id = $4 AND state = $5`
	// the run's place moves with the row it settles, and only on: two nodes can't settle one twice
	sqlRunStep   = `UPDATE intake_run SET done_row = $1 WHERE id = $2 AND state = 'running' AND done_row < $1`
	sqlRowInsert = `INSERT INTO intake_row (run_id, row_no, outcome, person_id, reason) VALUES ($1, $2, $3, $4, $5)`
	sqlRowCounts = `SELECT outcome, COUNT(*) FROM intake_row WHERE run_id = $1 GROUP BY outcome`
	sqlRows      = `SELECT row_no, outcome, person_id, reason FROM intake_row WHERE run_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3`
	// served by intake_row_outcome
	sqlRowsOf = `SELECT row_no, outcome, person_id, reason FROM intake_row WHERE run_id = $1 AND outcome = $2 AND row_no > $3 ORDER BY row_no LIMIT $4`
)

func scanRun(s db.Scanner) (Run, error) {
	var r Run
	var made, done int64
	err := s.Scan(&r.ID, &r.MadeBy, &made, &r.FileName, &r.OrgID, &r.State, &r.RowCount, &r.DoneRow, &done, &r.Answer)
	r.MadeAt, r.DoneAt = clock.FromMicros(made), clock.FromMicros(done)
	return r, err
}

func scanDone(s db.Scanner) (Done, error) {
	var d Done
	err := s.Scan(&d.N, &d.Outcome, &d.PersonID, &d.Reason)
	return d, err
}
