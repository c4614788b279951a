// Package score is the arithmetic of a scorecard: what became of promises and whose turn the time was go in one by one, and both sides'
// columns come out, counted the same way (S4, docs/glossary.md "scorecard").
//
// It is pure: no context, no database, no clock. The scorecard's pages and API, a replay of a foreign log and the tests all count with it, so
// that one figure has one meaning:
//
//   - due is kept + broken + waived + disputed. A share is kept of kept and broken alone: what was waived, and what is disputed until it is
//     settled, is shown apart and is in nobody's share.
//   - a solution that was accepted by silence is neither kept nor broken; what is void otherwise counts nowhere, a question that the customer
//     had answered already excepted: it is needless, in IT's column.
//   - median and ninth decile are of the working seconds that kept and broken promises used, by nearest rank: a value that occurred, never one
//     between two. A broken promise that is still owed has used no known time yet and is left out of them.
//   - time is counted of tickets that have ended, each in the period in which it ended, so that every period's sum is whole lives.
//
// Below [Enough] a figure is small: it is shown, marked, and never compared.
//
// Who may call: everybody from T8 up, and tests.
package score
