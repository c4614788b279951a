package answer

import (
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	columns = `id, owner_id, shared, title, body, made_at, changed_at, version`
	// served by desk_answer_owner and desk_answer_shared
	sqlMine   = `SELECT ` + columns + ` FROM desk_answer WHERE owner_id = $1 ORDER BY title_key, id LIMIT 500`
	sqlShared = `SELECT ` + columns + ` FROM desk_answer WHERE shared = TRUE AND owner_id <> $1 ORDER BY title_key, id LIMIT 500`
	// served by the primary key
	sqlByID   = `SELECT ` + columns + ` FROM desk_answer WHERE id = $1`
	sqlInsert = `INSERT INTO desk_answer (` + columns + `, title_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlUpdate = `UPDATE desk_answer SET shared = $1, title = $2, body = $3, changed_at = $4, version = version + 1, title_key = $5 WHERE id = $6 AND version = $7`
	sqlDrop   = `DELETE FROM desk_answer WHERE id = $1`
)

func scan(s db.Scanner) (Answer, error) {
	var a Answer
	var made, changed int64
	err := s.Scan(&a.ID, &a.OwnerID, &a.Shared, &a.Title, &a.Body, &made, &changed, &a.Version)
	a.MadeAt, a.ChangedAt = clock.FromMicros(made), clock.FromMicros(changed)
	return a, err
}
