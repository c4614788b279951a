package load

// Statements of the generator alone. What fills tables is the product's own.
const (
	// FTS5's way to be told what to do: how many bytes of new words it gathers before it writes them out
	sqlGatherPublic   = `INSERT INTO fulltext_public (fulltext_public, rank) VALUES ('hashsize', $1)`
	sqlGatherInternal = `INSERT INTO fulltext_internal (fulltext_internal, rank) VALUES ('hashsize', $1)`

	sqlTables = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrate_version' AND name NOT GLOB 'fulltext_p*' AND name NOT GLOB 'fulltext_i*' ORDER BY name`
	sqlWhole  = `SELECT * FROM `

	// what the indexes of words hold, by document
	sqlTitles   = `SELECT d.id, t.subject FROM desk_ticket t JOIN fulltext_document d ON d.item = t.id`
	sqlMessages = `SELECT d.id, TRIM(m.need || CHAR(10) || m.body, CHAR(10) || ' ') FROM desk_message m JOIN fulltext_document d ON d.item = m.id`
	sqlPersons  = `SELECT d.id, d.item FROM fulltext_document d WHERE d.id % 16 = 7`

	// PostgreSQL: what can be made again when everything is there
	sqlSpare = `SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname JOIN pg_index x ON x.indexrelid = c.oid
WHERE i.schemaname = 'public' AND NOT x.indisunique ORDER BY i.indexname`
)
