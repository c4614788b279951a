package bulk

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

const (
	sqlInsertRun  = `INSERT INTO bulk_run (id, by_id, made_at, until_at, change, undone_at) VALUES ($1, $2, $3, $4, $5, 0)`
	sqlRunByID    = `SELECT id, by_id, made_at, until_at, change, undone_at FROM bulk_run WHERE id = $1`
	sqlSetUndone  = `UPDATE bulk_run SET undone_at = $1 WHERE id = $2 AND undone_at = 0`
	sqlInsertItem = `INSERT INTO bulk_item (run_id, number, place, outcome, say, before, undone, undo_say) VALUES ($1, $2, $3, $4, $5, $6, '', '')`
	sqlUpdateItem = `UPDATE bulk_item SET undone = $1, undo_say = $2 WHERE run_id = $3 AND number = $4`
	sqlItems      = `SELECT number, outcome, say, before, undone, undo_say FROM bulk_item WHERE run_id = $1 ORDER BY place`
	sqlPlace      = `SELECT COUNT(*) FROM bulk_item WHERE run_id = $1`
)

func insertRun(ctx context.Context, tx *db.Tx, r Run, change string) error {
	_, err := tx.Exec(ctx, sqlInsertRun, r.ID, r.ByID, clock.Micros(r.MadeAt), clock.Micros(r.Until), change)
	return err
}

func runByID(ctx context.Context, q db.Querier, runID string) (Run, error) {
	var r Run
	var made, until, undone int64
	var change string
	if err := q.QueryRow(ctx, sqlRunByID, runID).Scan(&r.ID, &r.ByID, &made, &until, &change, &undone); err != nil {
		return r, err
	}
	r.MadeAt, r.Until, r.UndoneAt = clock.FromMicros(made), clock.FromMicros(until), clock.FromMicros(undone)
	if err := json.Unmarshal([]byte(change), &r.Change); err != nil {
		return r, errs.Wrap(errs.Internal, "bulk.runByID", err, "the change can't be read")
	}
	return r, nil
}

// setUndone marks a run as taken back and says whether it was the first to.
func setUndone(ctx context.Context, tx *db.Tx, runID string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, sqlSetUndone, clock.Micros(at), runID)
	return n == 1, err
}

func insertItem(ctx context.Context, tx *db.Tx, runID string, r Result) error {
	before, err := json.Marshal(r.before)
	if err != nil {
		return errs.Wrap(errs.Internal, "bulk.insertItem", err, "what was before can't be kept")
	}
	var place int64
	if err := tx.QueryRow(ctx, sqlPlace, runID).Scan(&place); err != nil {
		return err
	}
	outcome := string(r.Outcome)
	if r.Status != 0 {
		outcome += " " + strconv.Itoa(r.Status)
	}
	_, err = tx.Exec(ctx, sqlInsertItem, runID, r.Number, place, outcome, r.Say, string(before))
	return err
}

func updateItem(ctx context.Context, tx *db.Tx, runID string, r Result) error {
	_, err := tx.Exec(ctx, sqlUpdateItem, string(r.Undone), r.UndoSay, runID, r.Number)
	return err
}

func itemsOf(ctx context.Context, q db.Querier, runID string) ([]Result, error) {
	rows, err := q.Query(ctx, sqlItems, runID)
	return db.Collect(rows, err, func(s db.Scanner) (Result, error) {
		var r Result
		var outcome, before string
		if err := s.Scan(&r.Number, &outcome, &r.Say, &before, &r.Undone, &r.UndoSay); err != nil {
			return r, err
		}
		word, status, _ := strings.Cut(outcome, " ")
		r.Outcome = Outcome(word)
		r.Status, _ = strconv.Atoi(status)
		return r, json.Unmarshal([]byte(before), &r.before)
	})
}
