package api

import (
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	// a claim: the request is being carried out; its answer is written over it
	sqlClaim = `INSERT INTO api_idempotency (person_id, key, digest, status, head, body, made_at) VALUES ($1, $2, $3, 0, '', $4, $5) ON CONFLICT (person_id, key) DO NOTHING`
	// served by the primary key, as all below
	sqlClaimed = `SELECT digest, status, head, body, made_at FROM api_idempotency WHERE person_id = $1 AND key = $2`
	sqlAnswer  = `UPDATE api_idempotency SET status = $1, head = $2, body = $3 WHERE person_id = $4 AND key = $5 AND status = 0`
	sqlRelease = `DELETE FROM api_idempotency WHERE person_id = $1 AND key = $2 AND status = 0`
	// a scan of a small table, once in a while
	sqlPrune = `DELETE FROM api_idempotency WHERE made_at < $1`
)

func scanStored(s db.Scanner) (stored, error) {
	var a stored
	var at int64
	err := s.Scan(&a.digest, &a.status, &a.head, &a.body, &at)
	a.at = clock.FromMicros(at)
	return a, err
}
