// Package intake takes lists of people in: a sheet that somebody uploads is shown as what it would do, and then done row by row.
//
// It owns intake_run and intake_row. Invariants:
//   - Nothing is changed before the person who uploaded a list has seen what it would do and started it.
//   - A row is settled once: its person, its outcome and the place the run has reached are written in one transaction, so that a
//     run that was cut off goes on with the next row, and a list that is taken in twice changes nothing the second time.
//   - The run acts as the person who started it, and asks for their rights again with every part of it.
//   - What a list says is never repeated in an error: a row is named by its number, what is wrong by its column.
package intake
