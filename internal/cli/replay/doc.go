// Package replay is what the command of that name does around internal/replay: it looks where the tickets may go, says how far it is, and
// prints what became of the log.
package replay
