package fulltext

const (
	// what is found of an owner by who may read all but what is internal, what is internal, and persons
	tablePublic   = "fulltext_public"
	tableInternal = "fulltext_internal"
	tablePerson   = "fulltext_person"

	// served by the unique item and the primary key: where a document stands, and its owner's last
	sqlPlace = `SELECT COALESCE((SELECT d.id FROM fulltext_document d WHERE d.item = $1), 0), COALESCE((SELECT d.digest FROM fulltext_document d WHERE d.item = $1), ''),
COALESCE((SELECT MAX(d.id) FROM fulltext_document d WHERE d.id >= $2 AND d.id <= $3), 0)`
	sqlInsertDocument = `INSERT INTO fulltext_document (id, item, digest) VALUES ($1, $2, $3)`
	sqlDeleteDocument = `DELETE FROM fulltext_document WHERE id = $1`
	sqlItems          = `SELECT d.id, d.item FROM fulltext_document d`
	sqlBetween        = `SELECT d.id, d.item, d.digest FROM fulltext_document d WHERE d.id >= $1 AND d.id < $2 ORDER BY d.id`

	sqlDeletePublic   = `DELETE FROM fulltext_public WHERE rowid = $1`
	sqlDeleteInternal = `DELETE FROM fulltext_internal WHERE rowid = $1`
	sqlDeletePerson   = `DELETE FROM fulltext_person WHERE rowid = $1`

	sqlLiteInsertPublic       = `INSERT INTO fulltext_public (rowid, words) VALUES ($1, $2)`
	sqlLiteInsertInternal     = `INSERT INTO fulltext_internal (rowid, words) VALUES ($1, $2)`
	sqlLiteInsertPerson       = `INSERT INTO fulltext_person (rowid, words) VALUES ($1, $2)`
	sqlPostgresInsertPublic   = `INSERT INTO fulltext_public (rowid, words) VALUES ($1, CAST($2 AS tsvector))`
	sqlPostgresInsertInternal = `INSERT INTO fulltext_internal (rowid, words) VALUES ($1, CAST($2 AS tsvector))`
	sqlPostgresInsertPerson   = `INSERT INTO fulltext_person (rowid, words) VALUES ($1, CAST($2 AS tsvector))`

	// FTS5's way to be told what to do: a row whose column is named like the table
	sqlLiteMergePublic   = `INSERT INTO fulltext_public (fulltext_public, rank) VALUES ($1, $2)`
	sqlLiteMergeInternal = `INSERT INTO fulltext_internal (fulltext_internal, rank) VALUES ($1, $2)`
	sqlLiteMergePerson   = `INSERT INTO fulltext_person (fulltext_person, rank) VALUES ($1, $2)`

	// counting stops after a thousand
	sqlWeighHead = `SELECT COUNT(*) FROM (SELECT 1 FROM fulltext_public f`
	sqlWeighTail = ` LIMIT 1001) AS c`

	sqlStrayPublic   = `DELETE FROM fulltext_public WHERE rowid NOT IN (SELECT d.id FROM fulltext_document d)`
	sqlStrayInternal = `DELETE FROM fulltext_internal WHERE rowid NOT IN (SELECT d.id FROM fulltext_document d)`
	sqlStrayPerson   = `DELETE FROM fulltext_person WHERE rowid NOT IN (SELECT d.id FROM fulltext_document d)`

	sqlCountPublic   = `SELECT COUNT(*) FROM fulltext_public`
	sqlCountInternal = `SELECT COUNT(*) FROM fulltext_internal`
	sqlCountPerson   = `SELECT COUNT(*) FROM fulltext_person`
	sqlCountKinds    = `SELECT CASE WHEN d.id % 16 = 7 THEN 'fulltext_person' WHEN d.id % 16 IN (4, 6) THEN 'fulltext_internal' ELSE 'fulltext_public' END, COUNT(*) FROM fulltext_document d GROUP BY 1`
)

var (
	deleteOf       = map[string]string{tablePublic: sqlDeletePublic, tableInternal: sqlDeleteInternal, tablePerson: sqlDeletePerson}
	insertLite     = map[string]string{tablePublic: sqlLiteInsertPublic, tableInternal: sqlLiteInsertInternal, tablePerson: sqlLiteInsertPerson}
	insertPostgres = map[string]string{tablePublic: sqlPostgresInsertPublic, tableInternal: sqlPostgresInsertInternal, tablePerson: sqlPostgresInsertPerson}
	strayOf        = map[string]string{tablePublic: sqlStrayPublic, tableInternal: sqlStrayInternal, tablePerson: sqlStrayPerson}
	countOf        = map[string]string{tablePublic: sqlCountPublic, tableInternal: sqlCountInternal, tablePerson: sqlCountPerson}
)
