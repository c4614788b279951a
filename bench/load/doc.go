// Package load fills a world with as many tickets as wanted, from a seed: the same seed gives the same people, subjects, words and
// states (ids apart). Organisations, sites, teams and people are made by the product's commands; tickets, messages and events are
// written through the product's own SQL, many in a transaction, because a million commands would take a day.
//
// A ticket's cached turn and due instant are drawn, not derived: lists and searches read them, and nothing here re-reads ledgers.
package load
