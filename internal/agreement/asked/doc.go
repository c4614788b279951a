// Package asked is what a version of an agreement asks of the customer's people, on one screen of plain words, and who has read it.
//
// It owns agreement_read: a row for a person and a version, added once, by that person. Reading it is no signature: it says that somebody
// knows what is asked of them.
//
// Who may call: the edges and report. Whoever may read an agreement may say that they have read it.
package asked
