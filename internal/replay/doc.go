// Package replay turns a log of another desk into tickets of this one: every case becomes a ticket with its events, turns and promises,
// so that scorecards and "what if" can be read over a history that was lived elsewhere.
//
// It owns no table: tickets are written through desk/store, event and desk/outcome, people and teams through people. Invariants:
//   - What is written is what the desk would hold: the clock reads the events, nothing here computes time.
//   - A row with an impossible time, or one that says nothing known, is reported with its file, number and reason; the rest continues.
//   - All of a log or nothing of it: it is written in one filling of the database (db.Fill), so a replay that was stopped begins anew.
//   - A log is history: no mail goes out and no timer is set because of it.
//   - Memory does not grow with the log: rows go to disk in parts by case, and tickets come from there in the order they were opened.
//
// What rows mean is said by a [Map]. A log of states says in which state a case is from a row on; a log of activities says what was done.
// The UCI log's map is fixed (maps/uci-incident.json); of the others it is given.
//
// Who may call: the command line.
package replay
