package search

// The statements of a search. They begin at the index of words when the actor may read many tickets, at their tickets when they
// may read few; CROSS JOIN keeps SQLite to that order.
const (
	// served by the index of words and the tickets' number
	sqlWordsPublic   = `SELECT f.rowid FROM fulltext_public f CROSS JOIN desk_row t`
	sqlWordsInternal = `SELECT f.rowid FROM fulltext_internal f CROSS JOIN desk_row t`
	// served by the index of words alone: the actor may read everything
	sqlAllPublic   = `SELECT f.rowid FROM fulltext_public f`
	sqlAllInternal = `SELECT f.rowid FROM fulltext_internal f`
	// served by the indexes that the row filter has, then by the index of words within one ticket
	sqlTicketsPublic   = `SELECT f.rowid FROM desk_row t CROSS JOIN fulltext_public f`
	sqlTicketsInternal = `SELECT f.rowid FROM desk_row t CROSS JOIN fulltext_internal f`

	sqlNumbers = `SELECT t.number FROM desk_row t`
)
