package whatif

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	columns   = `id, agreement_id, org_id, site_id, proposal_id, made_by, made_at, from_at, to_at, service_calendar_id, customer_calendar_id, terms, state, total, done, ended_at, result`
	sqlInsert = `INSERT INTO report_whatif (` + columns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, '')`
	sqlByID   = `SELECT ` + columns + ` FROM report_whatif WHERE id = $1`
	// served by report_whatif_agreement
	sqlList = `SELECT ` + columns + ` FROM report_whatif WHERE agreement_id = $1 AND (proposal_id = $2 OR $2 = '') ORDER BY made_at DESC, id DESC LIMIT 50`
	sqlStep = `UPDATE report_whatif SET done = $1 WHERE id = $2 AND state = 'running'`
	sqlEnd  = `UPDATE report_whatif SET state = $1, ended_at = $2, result = $3, done = CASE WHEN $1 = 'complete' THEN total ELSE done END WHERE id = $4 AND state = 'running'`
)

func insert(ctx context.Context, tx *db.Tx, r Run) error {
	terms, err := json.Marshal(r.Terms)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsert, r.ID, r.AgreementID, r.OrgID, r.SiteID, r.ProposalID, r.MadeBy, clock.Micros(r.MadeAt), clock.Micros(r.Period.From), clock.Micros(r.Period.To), r.Service, r.Customer,
		string(terms), string(r.State), r.Total)
	return err
}

func scan(s db.Scanner) (Run, error) {
	var r Run
	var made, from, to, ended int64
	var terms, result string
	if err := s.Scan(&r.ID, &r.AgreementID, &r.OrgID, &r.SiteID, &r.ProposalID, &r.MadeBy, &made, &from, &to, &r.Service, &r.Customer, &terms, &r.State, &r.Total, &r.Done, &ended, &result); err != nil {
		return r, err
	}
	r.MadeAt, r.Period.From, r.Period.To, r.EndedAt = clock.FromMicros(made), clock.FromMicros(from), clock.FromMicros(to), clock.FromMicros(ended)
	if err := json.Unmarshal([]byte(terms), &r.Terms); err != nil {
		return r, fmt.Errorf("whatif: terms of %s: %w", r.ID, err)
	}
	if result == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(result), &r.Result); err != nil {
		return r, fmt.Errorf("whatif: result of %s: %w", r.ID, err)
	}
	return r, nil
}

func byID(ctx context.Context, q db.Querier, runID string) (Run, error) {
	return scan(q.QueryRow(ctx, sqlByID, runID))
}

func listOf(ctx context.Context, q db.Querier, agreementID, proposalID string) ([]Run, error) {
	rows, err := q.Query(ctx, sqlList, agreementID, proposalID)
	return db.Collect(rows, err, scan)
}

// step notes how far a run is; false for one that has ended.
func step(ctx context.Context, tx *db.Tx, runID string, done int64) (bool, error) {
	n, err := tx.Exec(ctx, sqlStep, done, runID)
	return n == 1, err
}

// end ends a run; false for one that has ended.
func end(ctx context.Context, tx *db.Tx, runID string, to State, at time.Time, result string) (bool, error) {
	n, err := tx.Exec(ctx, sqlEnd, string(to), clock.Micros(at), result, runID)
	return n == 1, err
}
