// Package desk is tickets: the request a customer makes, the conversation about it, and whose turn it is.
//
// It owns every desk_ table. A ticket's life is an event stream (package event); turns, obligations, state and due instants are
// read out of it by agreement.Clock and only cached on the ticket's row. Public messages and internal notes are different
// types in different tables: what renders for a customer can't be handed a note.
//
// Every command is one function of [Service]: authorise, then in one transaction load with version, apply a pure rule, append
// events, derive, write, audit, and queue the mails and the timer that follow from it. What reaches a customer by mail moves
// the turn when the relay answered for it ([Service.Arrived]), never when it was written.
//
// Events out: the kinds of event.go, on the ticket's stream. In: outcomes of mails, inbound mails, timers. The edges (web, api,
// mailin) call it; it is told who acts by an auth.Actor and decides through auth.Can alone.
package desk
