// Package db opens the two engines (embedded SQLite, PostgreSQL) and runs transactions on them from one SQL text.
//
// SQL is written once: $n placeholders with first uses ascending, nothing an engine has alone (architecture §3). Reads go
// through [DB.Read]; every command that writes is one function given to [DB.Write], which either commits whole or leaves
// nothing. On SQLite one writer goroutine runs waiting commands in one transaction, each in a savepoint, and answers none
// before the COMMIT that made them durable: many commands share one fsync. On PostgreSQL each command is a REPEATABLE READ
// transaction of its own and runs again when it loses a race. A command may therefore run more than once and must set the
// variables it captures anew each time.
//
// Engine errors become kit/errs kinds here and nowhere else.
package db
