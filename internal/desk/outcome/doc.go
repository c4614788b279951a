// Package outcome keeps what became of every promise that has ended or was missed, so that records over many tickets need not read
// their ledgers: "my promises and IT's", a site's record, the figures of a period.
//
// It owns desk_outcome, desk_account (one a ticket: what is owed still, and once it has ended where its time went) and desk_stale (on which
// days either changed). A row says nothing the ledger does not: [Of] and [AccountOf] read it out of agreement.Clock's result, package desk
// writes it in the transaction of the act that changed it ([Note]), and [Book.Rederive] proves that it can be derived again. A promise that
// is owed and not missed has no outcome; it stands in the account.
//
// An outcome counts in the period in which it was decided: a missed one when its time was used up, whatever came later; any
// other when it ended.
//
// Who may call: desk writes; the edges read through [Book], which decides by auth.Can whose record somebody may see.
package outcome
