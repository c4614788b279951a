package report

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	// served by the primary key
	sqlSegments    = `SELECT agreement_id, month, site_id, org_id, body FROM report_segment WHERE agreement_id = $1 AND month >= $2 AND month <= $3 ORDER BY month, site_id, org_id`
	sqlKeepSegment = `INSERT INTO report_segment (agreement_id, month, site_id, org_id, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agreement_id, month, org_id, site_id) DO UPDATE SET body = excluded.body`
	sqlDropSegments = `DELETE FROM report_segment WHERE agreement_id = $1 AND month = $2`

	columnsPublication   = `id, agreement_id, site_id, from_at, to_at, figures, person_id, made_at`
	sqlInsertPublication = `INSERT INTO report_publication (` + columnsPublication + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	// served by report_publication_card
	sqlPublications = `SELECT ` + columnsPublication + ` FROM report_publication WHERE agreement_id = $1 AND site_id = $2 ORDER BY made_at DESC, id DESC LIMIT 50`
)

// segment is a kept aggregate.
type segment struct {
	agreementID, siteID, orgID string
	month                      int64
	body                       []byte
}

func segments(ctx context.Context, q db.Querier, agreementID string, first, last int64) ([]segment, error) {
	rows, err := q.Query(ctx, sqlSegments, agreementID, first, last)
	return db.Collect(rows, err, func(s db.Scanner) (g segment, err error) {
		return g, s.Scan(&g.agreementID, &g.month, &g.siteID, &g.orgID, &g.body)
	})
}

// replace makes the segments of a month those given.
func replace(ctx context.Context, tx *db.Tx, agreementID string, month int64, all []segment) error {
	if _, err := tx.Exec(ctx, sqlDropSegments, agreementID, month); err != nil {
		return err
	}
	for _, g := range all {
		if _, err := tx.Exec(ctx, sqlKeepSegment, agreementID, month, g.siteID, g.orgID, g.body); err != nil {
			return err
		}
	}
	return nil
}

func insertPublication(ctx context.Context, tx *db.Tx, p Publication, figures string) error {
	_, err := tx.Exec(ctx, sqlInsertPublication, p.ID, p.AgreementID, p.SiteID, clock.Micros(p.From), clock.Micros(p.To), figures, p.PersonID, clock.Micros(p.At))
	return err
}

func publications(ctx context.Context, q db.Querier, agreementID, siteID string) ([]Publication, error) {
	rows, err := q.Query(ctx, sqlPublications, agreementID, siteID)
	return db.Collect(rows, err, scanPublication)
}

func scanPublication(s db.Scanner) (Publication, error) {
	var p Publication
	var from, to, at int64
	var figures string
	if err := s.Scan(&p.ID, &p.AgreementID, &p.SiteID, &from, &to, &figures, &p.PersonID, &at); err != nil {
		return p, err
	}
	p.From, p.To, p.At = clock.FromMicros(from), clock.FromMicros(to), clock.FromMicros(at)
	return p, p.read(figures)
}
