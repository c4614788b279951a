// Package auth says who somebody is and what they may do: passwords, sessions, API tokens, and the one authoriser.
//
// It owns the tables auth_key, auth_password, auth_link, auth_session, auth_token and auth_failure. Persons, grants and teams are
// package people's, which makes an [Actor] of them; this package never reads their tables.
//
// Invariants:
//   - Every command of every package asks [Can]; every list, count, search and export adds [Filter] (or [FilterFor]).
//     Both read the one table in policy.go, and a property test holds them equal.
//   - What somebody may not know of is NotFound, the same answer as for what does not exist. What they see and may not
//     do is Denied, with a sentence that says who may.
//   - A mail's From: is a claim: an [Actor] of kind [Mail] has the rights of the parties of a ticket, never those of a role.
//   - Of secrets (sessions, tokens) only the SHA-256 is stored, of passwords only argon2id.
//
// Every command writes an audit row in its own transaction through the [Recorder] given to [New]: audit is a package of the
// same tier, so app plugs it in. Without a recorder every command is refused: no audit, no act.
package auth
