package audit

const (
	sqlInsert = `INSERT INTO audit_entry (id, at, actor, verb, object, object_id, change, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	// served by audit_entry_object
	sqlOf = `SELECT id, at, actor, verb, object, object_id, change, reason FROM audit_entry WHERE object = $1 AND object_id = $2 AND id > $3 ORDER BY id LIMIT $4`
)
