package asked

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

const (
	// served by the primary key
	sqlReadAt = `SELECT read_at FROM agreement_read WHERE version_id = $1 AND person_id = $2`
	sqlRead   = `INSERT INTO agreement_read (version_id, person_id, site_id, read_at) VALUES ($1, $2, $3, $4) ON CONFLICT (version_id, person_id) DO NOTHING`
	// served by agreement_read_site
	sqlReaders       = `SELECT COUNT(*) FROM agreement_read WHERE version_id = $1`
	sqlReadersOfSite = `SELECT COUNT(*) FROM agreement_read WHERE version_id = $1 AND site_id = $2`
)

func readAt(ctx context.Context, q db.Querier, versionID, personID string) (time.Time, error) {
	var at int64
	err := q.QueryRow(ctx, sqlReadAt, versionID, personID).Scan(&at)
	if errs.Is(err, errs.NotFound) {
		return time.Time{}, nil
	}
	return clock.FromMicros(at), err
}

func noteRead(ctx context.Context, tx *db.Tx, versionID string, by auth.Actor, at time.Time) (added bool, err error) {
	n, err := tx.Exec(ctx, sqlRead, versionID, by.PersonID, by.SiteID, clock.Micros(at))
	return n == 1, err
}

func countRead(ctx context.Context, q db.Querier, versionID, siteID string) (n int64, err error) {
	if siteID == "" {
		return n, q.QueryRow(ctx, sqlReaders, versionID).Scan(&n)
	}
	return n, q.QueryRow(ctx, sqlReadersOfSite, versionID, siteID).Scan(&n)
}
