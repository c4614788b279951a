package audit

const (
	sqlInsert  = `INSERT INTO audit_entry (id, at, actor, verb, object, object_id, change, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlEntries = `SELECT e.id, e.at, e.actor, e.verb, e.object, e.object_id, e.change, e.reason FROM audit_entry e`
	// served by audit_entry_object
	sqlOf = `SELECT id, at, actor, verb, object, object_id, change, reason FROM audit_entry WHERE object = $1 AND object_id = $2 AND id > $3 ORDER BY id LIMIT $4`
)
