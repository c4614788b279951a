// Package fulltext finds what was written: one index on both engines (FTS5, tsvector), in the same database and in the
// transaction of the thing that is indexed, so that a word is found as soon as what holds it is committed and never before.
//
// It owns the fulltext_ tables. Words are made in Go ([scan]): folded over case, diacritics and ways of writing (Häusler,
// Haeusler and Hausler are one key), scripts without spaces as pairs of characters, serials, numbers and addresses also by
// their three-character pieces. So both engines answer alike and neither needs a dictionary or an extension.
//
// Public text and internal text are two indexes. Who may not read internal text asks the public index alone: neither hits nor
// counts nor order depend on what they may not read. Who owns a document, and who may read it, is decided by the caller: the
// conditions of [Query.Where] stand beside those of auth.Filter in one statement.
//
// A document's id holds its owner's number in the upper bits ([Owner]), so that hits come by owner, the newest first, without
// a join. A query is cut to a bounded length and becomes bound values: nothing typed is read as an engine's syntax.
package fulltext
