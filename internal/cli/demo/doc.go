// Package demo makes the invented company Norvik Industries, with five sites and some weeks of history, to try Bothways with.
//
// Nothing in it is a picture: the company is made through the services, and its tickets through the desk's own commands and real
// mails, on a clock that walks from five weeks ago to now. Reminders, lapses and closings by silence are those of the agreement.
// The same start gives the same history, ids and signatures apart.
//
// It owns no tables. Who may call: cli, for `bothways demo`.
package demo
