package search

// The statements of a search. On SQLite CROSS JOIN keeps to the order that is written, on PostgreSQL OFFSET 0 does: what is
// inside is done by itself first.
const (
	// served by the index of words and the tickets' number: hits, the newest first, each asked for its rights
	sqlWordsPublic   = `SELECT f.rowid FROM fulltext_public f CROSS JOIN desk_row t`
	sqlWordsInternal = `SELECT f.rowid FROM fulltext_internal f CROSS JOIN desk_row t`
	// served by the index of words alone: the actor may read everything
	sqlAllPublic   = `SELECT f.rowid FROM fulltext_public f`
	sqlAllInternal = `SELECT f.rowid FROM fulltext_internal f`
	// served by the indexes that the row filter has, then by the index of words within one ticket
	sqlTicketsPublic   = `SELECT f.rowid FROM desk_row t CROSS JOIN fulltext_public f`
	sqlTicketsInternal = `SELECT f.rowid FROM desk_row t CROSS JOIN fulltext_internal f`
	// SQLite: the tickets by the indexes that the row filter has, once; each hit is looked for among them
	sqlSetPublic   = `SELECT f.rowid FROM fulltext_public f WHERE f.rowid >> 28 IN (SELECT t.number FROM desk_row t`
	sqlSetInternal = `SELECT f.rowid FROM fulltext_internal f WHERE f.rowid >> 28 IN (SELECT t.number FROM desk_row t`
	// PostgreSQL: the few hits by the index of words, then their tickets by number
	sqlGatherPublic   = `SELECT f.rowid FROM (SELECT g.rowid FROM fulltext_public g WHERE g.words @@ CAST($1 AS tsquery) OFFSET 0) f JOIN desk_row t ON t.number = f.rowid >> 28`
	sqlGatherInternal = `SELECT f.rowid FROM (SELECT g.rowid FROM fulltext_internal g WHERE g.words @@ CAST($1 AS tsquery) OFFSET 0) f JOIN desk_row t ON t.number = f.rowid >> 28`
	// PostgreSQL: the tickets by the indexes that the row filter has, then the texts of each; IS TRUE keeps the index of words out
	sqlEachPublic   = `SELECT f.rowid FROM desk_row t CROSS JOIN LATERAL (SELECT g.rowid FROM fulltext_public g WHERE g.rowid >= t.number << 28 AND g.rowid < (t.number + 1) << 28 AND (g.words @@ CAST($1 AS tsquery)) IS TRUE OFFSET 0) f`
	sqlEachInternal = `SELECT f.rowid FROM desk_row t CROSS JOIN LATERAL (SELECT g.rowid FROM fulltext_internal g WHERE g.rowid >= t.number << 28 AND g.rowid < (t.number + 1) << 28 AND (g.words @@ CAST($1 AS tsquery)) IS TRUE OFFSET 0) f`

	// bounded looks, by which the way is chosen: how many hits there are, and how many of the newest may be read
	sqlHitsPublic           = `SELECT COUNT(*) FROM (SELECT 1 FROM fulltext_public f`
	sqlHitsInternal         = `SELECT COUNT(*) FROM (SELECT 1 FROM fulltext_internal f`
	sqlLiteSamplePublic     = `SELECT COUNT(*) FROM (SELECT g.rowid FROM fulltext_public g WHERE g.words MATCH $1 ORDER BY g.rowid DESC LIMIT 2000) f CROSS JOIN desk_row t`
	sqlLiteSampleInternal   = `SELECT COUNT(*) FROM (SELECT g.rowid FROM fulltext_internal g WHERE g.words MATCH $1 ORDER BY g.rowid DESC LIMIT 2000) f CROSS JOIN desk_row t`
	sqlPostgresSamplePublic = `SELECT COUNT(*) FROM (SELECT g.rowid FROM fulltext_public g WHERE g.words @@ CAST($1 AS tsquery) ORDER BY g.rowid DESC LIMIT 2000) f JOIN desk_row t ON t.number = f.rowid >> 28`
	sqlPostgresSampleInner  = `SELECT COUNT(*) FROM (SELECT g.rowid FROM fulltext_internal g WHERE g.words @@ CAST($1 AS tsquery) ORDER BY g.rowid DESC LIMIT 2000) f JOIN desk_row t ON t.number = f.rowid >> 28`

	sqlNumbers = `SELECT t.number FROM desk_row t`
)

// texts are the statements over one index.
type texts struct {
	words, all, tickets, set, gather, each, hits string
	sample                                       map[bool]string // by whether the engine is SQLite
}

// textsOf are the statements over the public and the internal index.
var textsOf = map[bool]texts{
	false: {sqlWordsPublic, sqlAllPublic, sqlTicketsPublic, sqlSetPublic, sqlGatherPublic, sqlEachPublic, sqlHitsPublic,
		map[bool]string{true: sqlLiteSamplePublic, false: sqlPostgresSamplePublic}},
	true: {sqlWordsInternal, sqlAllInternal, sqlTicketsInternal, sqlSetInternal, sqlGatherInternal, sqlEachInternal, sqlHitsInternal,
		map[bool]string{true: sqlLiteSampleInternal, false: sqlPostgresSampleInner}},
}
