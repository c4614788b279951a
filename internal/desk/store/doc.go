// Package store is all SQL of tickets: the tables desk_ticket, desk_participant, desk_message, desk_note, their files, links and
// agreements. It asks for no right and applies no rule: package desk writes through it, package desk/read asks for rights and reads.
package store
