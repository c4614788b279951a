// Package outcome keeps what became of every promise that has ended or was missed, so that records over many tickets need not read
// their ledgers: "my promises and IT's", a site's record, the figures of a period.
//
// It owns desk_outcome. A row says nothing the ledger does not: [Of] reads it out of agreement.Clock's result, package desk writes
// it in the transaction of the act that changed it ([Keep]), and [Differences] proves that it can be derived again. A promise
// that is owed and not missed has no row; it is read from its ticket's ledger.
//
// An outcome counts in the period in which it was decided: a missed one when its time was used up, whatever came later; any
// other when it ended.
//
// Who may call: desk writes; the edges read through [Book], which decides by auth.Can whose record somebody may see.
package outcome
