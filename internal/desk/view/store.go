package view

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/text"
)

const (
	// served by desk_view_name (whose it is) and desk_view_audience
	sqlViews    = `SELECT v.id, v.owner_id, v.name, v.query, v.audience, v.team_id, v.position, v.changed_at, v.version FROM desk_view v`
	sqlInsert   = `INSERT INTO desk_view (id, owner_id, name, name_key, query, audience, team_id, position, made_at, changed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`
	sqlUpdate   = `UPDATE desk_view SET name = $1, name_key = $2, query = $3, audience = $4, team_id = $5, changed_at = $6, version = $7 WHERE id = $8`
	sqlPosition = `UPDATE desk_view SET position = $1 WHERE id = $2`
	sqlDelete   = `DELETE FROM desk_view WHERE id = $1`
	sqlCountOwn = `SELECT COUNT(*), COALESCE(MAX(position), 0) FROM desk_view WHERE owner_id = $1`
)

const byPlace = " ORDER BY v.position, v.name_key, v.id"

func scanView(s db.Scanner) (View, error) {
	var v View
	var changed int64
	err := s.Scan(&v.ID, &v.OwnerID, &v.Name, &v.Query, &v.Audience, &v.TeamID, &v.Position, &changed, &v.Version)
	v.ChangedAt = clock.FromMicros(changed)
	return v, err
}

// seen reads the views of an actor's lists.
func seen(ctx context.Context, q db.Querier, by auth.Actor) ([]View, error) {
	w := db.NewWhere().Or(
		func(w *db.Where) { w.And("v.owner_id = ?", by.PersonID) },
		func(w *db.Where) { w.And("v.audience = ?", string(Staff)) },
		func(w *db.Where) { w.And("v.audience = ?", string(Team)).In("v.team_id", by.Teams...) },
	)
	rows, err := q.Query(ctx, sqlViews+w.SQL()+byPlace, w.Args()...)
	return db.Collect(rows, err, scanView)
}

func ofOwner(ctx context.Context, q db.Querier, ownerID string) ([]View, error) {
	w := db.NewWhere().And("v.owner_id = ?", ownerID)
	rows, err := q.Query(ctx, sqlViews+w.SQL()+byPlace, w.Args()...)
	return db.Collect(rows, err, scanView)
}

func byID(ctx context.Context, q db.Querier, viewID string) (View, error) {
	w := db.NewWhere().And("v.id = ?", viewID)
	return scanView(q.QueryRow(ctx, sqlViews+w.SQL(), w.Args()...))
}

func insert(ctx context.Context, tx *db.Tx, v View) error {
	at := clock.Micros(v.ChangedAt)
	_, err := tx.Exec(ctx, sqlInsert, v.ID, v.OwnerID, v.Name, text.Fold(v.Name), v.Query, string(v.Audience), v.TeamID, v.Position, at, at)
	return err
}

func update(ctx context.Context, tx *db.Tx, v View) error {
	_, err := tx.Exec(ctx, sqlUpdate, v.Name, text.Fold(v.Name), v.Query, string(v.Audience), v.TeamID, clock.Micros(v.ChangedAt), v.Version, v.ID)
	return err
}

func setPosition(ctx context.Context, tx *db.Tx, viewID string, position int64) error {
	_, err := tx.Exec(ctx, sqlPosition, position, viewID)
	return err
}

func remove(ctx context.Context, tx *db.Tx, viewID string) error {
	_, err := tx.Exec(ctx, sqlDelete, viewID)
	return err
}

func countOwn(ctx context.Context, tx *db.Tx, ownerID string) (own int, last int64, err error) {
	err = tx.QueryRow(ctx, sqlCountOwn, ownerID).Scan(&own, &last)
	return own, last, err
}
