package search

// The statements of a search. On SQLite CROSS JOIN keeps to the order that is written; on PostgreSQL a LIMIT keeps what is inside
// apart.
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
	// the tickets by the indexes that the row filter has, once; each hit is looked for among them
	sqlSetPublicHead   = `SELECT f.rowid FROM fulltext_public f WHERE f.rowid >> 28 IN (SELECT t.number FROM desk_row t`
	sqlSetPublicTail   = `)`
	sqlSetInternalHead = `SELECT f.rowid FROM fulltext_internal f WHERE f.rowid >> 28 IN (SELECT t.number FROM desk_row t`
	sqlSetInternalTail = `)`
	// the few hits there are by the index of words, then their tickets by number
	sqlGatherPublicHead   = `SELECT f.rowid FROM (SELECT f.rowid FROM fulltext_public f`
	sqlGatherPublicTail   = ` LIMIT 1000000000) f CROSS JOIN desk_row t`
	sqlGatherInternalHead = `SELECT f.rowid FROM (SELECT f.rowid FROM fulltext_internal f`
	sqlGatherInternalTail = ` LIMIT 1000000000) f CROSS JOIN desk_row t`

	// bounded looks, by which the way is chosen: how many hits there are, and how many of the newest may be read
	sqlHitsPublicHead     = `SELECT COUNT(*) FROM (SELECT 1 FROM fulltext_public f`
	sqlHitsPublicTail     = `) AS c`
	sqlHitsInternalHead   = `SELECT COUNT(*) FROM (SELECT 1 FROM fulltext_internal f`
	sqlHitsInternalTail   = `) AS c`
	sqlSamplePublicHead   = `SELECT COUNT(*) FROM (SELECT f.rowid FROM fulltext_public f`
	sqlSamplePublicTail   = ` ORDER BY f.rowid DESC LIMIT 2000) f CROSS JOIN desk_row t`
	sqlSampleInternalHead = `SELECT COUNT(*) FROM (SELECT f.rowid FROM fulltext_internal f`
	sqlSampleInternalTail = ` ORDER BY f.rowid DESC LIMIT 2000) f CROSS JOIN desk_row t`

	sqlNumbers = `SELECT t.number FROM desk_row t`
)

// around is a statement with conditions in its middle.
type around struct{ head, tail string }

// texts are the statements over one index.
type texts struct {
	words, all, tickets       string
	set, gather, hits, sample around
}

// textsOf are the statements over the public and the internal index.
var textsOf = map[bool]texts{
	false: {sqlWordsPublic, sqlAllPublic, sqlTicketsPublic, around{sqlSetPublicHead, sqlSetPublicTail}, around{sqlGatherPublicHead, sqlGatherPublicTail},
		around{sqlHitsPublicHead, sqlHitsPublicTail}, around{sqlSamplePublicHead, sqlSamplePublicTail}},
	true: {sqlWordsInternal, sqlAllInternal, sqlTicketsInternal, around{sqlSetInternalHead, sqlSetInternalTail}, around{sqlGatherInternalHead, sqlGatherInternalTail},
		around{sqlHitsInternalHead, sqlHitsInternalTail}, around{sqlSampleInternalHead, sqlSampleInternalTail}},
}
