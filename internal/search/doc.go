// Package search finds tickets and people for somebody: what was written, as far as they may read it.
//
// It owns no table and writes nothing. Rights stand in the statement that finds, before anything is counted or cut off: the
// conditions of auth.Filter and those of fulltext in one WHERE. What somebody may not read changes neither their hits nor their
// counts nor the order. Internal notes are in an index that is not even asked for who may read none.
//
// A ticket is found when every word is somewhere in what may be read of it: in one text first, then spread over several. Of more
// than a thousand the newest thousand are ranked, and the count says "1,000+". Rank is where it was found (subject, first
// message, later ones and notes, files), whether in one text, whole or as the beginning of a word, and how often; among equals
// the newest is first. It is the same on both engines.
package search
