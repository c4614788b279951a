// Package whatif holds a proposed version of an agreement over the history of a period, before anybody signs: what each side would have kept
// and not, beside what was.
//
// It owns report_whatif: what was asked, how far it is, and what came out, kept for both sides. Invariants:
//   - The figures are what the ledger would have given, had the version been in force from the beginning: agreement.Clock reads the same events
//     without those that set agreements, and what the ladder did by itself is done again by the ladder of the version ([Had]).
//   - What people did stays as they did it. Whether they would have acted otherwise nobody can know, and the page says so.
//   - Nothing of a ticket changes.
//
// Who may ask and read: who speaks for a side of the agreement (auth.AgreementSign). It runs as a job that tells how far it is, can be stopped,
// and begins anew on another node when its own goes away.
package whatif
