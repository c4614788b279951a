// Package report is the scorecard: how both sides of an agreement kept their promises in a period, counted the same way, and where the time
// went (S4). The arithmetic is package score's; what is counted is what package outcome keeps of every ticket.
//
// It owns report_segment and report_publication. A segment is an aggregate that holds every decided promise and every ended ticket of one
// month at one site, packed, so that any figure over any days is exact and read without a ledger. The days on which something was decided
// anew since are marked (outcome.Marks): they are read from the kept outcomes until [Service.Fold] packs them again, so that a card is never
// behind. [Service.Differences] proves segments equal to what they were made of.
//
// A period is in the zone of the agreement's service calendar. A promise counts in the period in which it was decided, a ticket's time in the
// one in which it ended. A published card never changes; one that reads otherwise now is shown beside it.
//
// Who may call: the edges. Who may read a card is decided by auth.Can with auth.ScorecardRead: both sides of the agreement and auditors. Of
// other sites a customer learns the spread alone, of five or more.
package report
