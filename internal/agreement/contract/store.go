package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

const (
	columns = `p.id, p.agreement_id, a.name, a.org_id, a.site_id, p.number, p.side, p.author_id, p.made_at, p.service_calendar_id, p.customer_calendar_id, p.terms, p.from_at, p.why, p.answers_id, p.state, p.ask_id, p.ended_at, p.version_id`
	from    = ` FROM agreement_proposal p JOIN agreement_agreement a ON a.id = p.agreement_id`

	sqlInsert = `INSERT INTO agreement_proposal (id, agreement_id, number, side, author_id, made_at, service_calendar_id, customer_calendar_id, terms, from_at, why, answers_id, state, ask_id, ended_at, version_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 0, '')`
	sqlUpdate = `UPDATE agreement_proposal SET state = $1, ask_id = $2, ended_at = $3, version_id = $4 WHERE id = $5 AND state = 'proposed'`
	sqlByID   = `SELECT ` + columns + from + ` WHERE p.id = $1`
	// served by agreement_proposal_agreement
	sqlOf = `SELECT ` + columns + from + ` WHERE p.agreement_id = $1 ORDER BY p.made_at DESC, p.id DESC`
	// served by agreement_proposal_open
	sqlOpenOf = `SELECT ` + columns + from + ` WHERE p.agreement_id = $1 AND p.state = 'proposed'`

	sqlInsertAgreement = `INSERT INTO agreement_agreement (id, org_id, site_id, name, made_at) VALUES ($1, $2, $3, $4, $5)`
	// served by agreement_agreement_with
	sqlWith      = `SELECT COUNT(*) FROM agreement_agreement a WHERE a.org_id = $1 AND a.site_id = $2`
	sqlAgreement = `SELECT a.name, a.org_id, a.site_id, COALESCE(MAX(v.number), 0), COALESCE(MAX(v.from_at), 0) FROM agreement_agreement a LEFT JOIN agreement_version v ON v.agreement_id = a.id WHERE a.id = $1 GROUP BY a.name, a.org_id, a.site_id`
	sqlSitesWith = `SELECT a.site_id FROM agreement_agreement a WHERE a.site_id <> ''`
	// few ever: what is proposed and what was
	sqlList          = `SELECT ` + columns + from
	sqlVersionBefore = `SELECT v.id FROM agreement_version v WHERE v.agreement_id = $1 AND v.number < $2 ORDER BY v.number DESC LIMIT 1`
	sqlInsertVersion = `INSERT INTO agreement_version (id, agreement_id, number, service_calendar_id, customer_calendar_id, terms, from_at, ask_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

func scan(s db.Scanner) (Proposal, error) {
	var p Proposal
	var terms string
	var made, from, ended int64
	if err := s.Scan(&p.ID, &p.AgreementID, &p.Name, &p.OrgID, &p.SiteID, &p.Number, &p.Side, &p.AuthorID, &made, &p.Service, &p.Customer, &terms, &from, &p.Why, &p.Answers,
		&p.State, &p.AskID, &ended, &p.VersionID); err != nil {
		return p, err
	}
	p.MadeAt, p.From, p.EndedAt = clock.FromMicros(made), clock.FromMicros(from), clock.FromMicros(ended)
	if err := json.Unmarshal([]byte(terms), &p.Terms); err != nil {
		return p, fmt.Errorf("contract: terms of proposal %s: %w", p.ID, err)
	}
	return p, nil
}

func byID(ctx context.Context, q db.Querier, proposalID string) (Proposal, error) {
	return scan(q.QueryRow(ctx, sqlByID, proposalID))
}

func proposalsOf(ctx context.Context, q db.Querier, agreementID string) ([]Proposal, error) {
	rows, err := q.Query(ctx, sqlOf, agreementID)
	return db.Collect(rows, err, scan)
}

// sitesWith are the ids of the sites that have an agreement of their own, or one that is proposed.
func sitesWith(ctx context.Context, q db.Querier) ([]string, error) {
	rows, err := q.Query(ctx, sqlSitesWith)
	return db.Collect(rows, err, db.One[string])
}

func list(ctx context.Context, q db.Querier, w *db.Where, limit int) ([]Proposal, error) {
	rows, err := q.Query(ctx, sqlList+w.SQL()+" ORDER BY p.made_at DESC, p.id DESC LIMIT "+w.Arg(limit), w.Args()...)
	return db.Collect(rows, err, scan)
}

func openOf(ctx context.Context, q db.Querier, agreementID string) (Proposal, bool, error) {
	p, err := scan(q.QueryRow(ctx, sqlOpenOf, agreementID))
	if errs.Is(err, errs.NotFound) {
		return p, false, nil
	}
	return p, err == nil, err
}

func insert(ctx context.Context, tx *db.Tx, p Proposal) error {
	terms, err := json.Marshal(p.Terms)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsert, p.ID, p.AgreementID, p.Number, string(p.Side), p.AuthorID, clock.Micros(p.MadeAt), p.Service, p.Customer, string(terms),
		clock.Micros(p.From), p.Why, p.Answers, string(p.State))
	return err
}

func update(ctx context.Context, tx *db.Tx, p Proposal) error {
	n, err := tx.Exec(ctx, sqlUpdate, string(p.State), p.AskID, clock.Micros(p.EndedAt), p.VersionID, p.ID)
	if err == nil && n != 1 {
		return errs.New(errs.Stale, "contract", "Somebody ended this proposal at the same moment. Read it again.")
	}
	return err
}

// kept is an agreement with its newest version.
type kept struct {
	name, orgID, siteID string
	number              int64
	newest              time.Time // zero while no version is signed
}

func agreementByID(ctx context.Context, q db.Querier, agreementID string) (kept, error) {
	var k kept
	var newest int64
	err := q.QueryRow(ctx, sqlAgreement, agreementID).Scan(&k.name, &k.orgID, &k.siteID, &k.number, &newest)
	k.newest = clock.FromMicros(newest)
	return k, err
}

func agreementWith(ctx context.Context, q db.Querier, orgID, siteID string) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, sqlWith, orgID, siteID).Scan(&n)
	return n > 0, err
}

// versionBefore is the newest version of an agreement before a number, "" for none.
func versionBefore(ctx context.Context, q db.Querier, agreementID string, number int64) (string, error) {
	var v string
	err := q.QueryRow(ctx, sqlVersionBefore, agreementID, number).Scan(&v)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return v, err
}

func insertAgreement(ctx context.Context, tx *db.Tx, p Proposal, now int64) error {
	_, err := tx.Exec(ctx, sqlInsertAgreement, p.AgreementID, p.OrgID, p.SiteID, p.Name, now)
	return err
}

func insertVersion(ctx context.Context, tx *db.Tx, p Proposal, from time.Time, askID string) error {
	terms, err := json.Marshal(p.Terms)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertVersion, p.VersionID, p.AgreementID, p.Number, p.Service, p.Customer, string(terms), clock.Micros(from), askID)
	return err
}
