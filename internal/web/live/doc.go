// Package live is the stream of events that open pages listen to: "ticket BW-1042 changed, it is version 17 now", and nothing
// more. A page then asks for what it shows by its own address, so that rights, words and turns have one path.
//
// A browser opens one stream, however many tabs it has (asset live.js). Every event asks the reader's right to the ticket as it
// is then, and every two seconds the session: a stream ends at most five seconds after the session ended, the person was disabled
// or a right of theirs changed. It is no use of the session. Between events it holds a goroutine and its connection to the
// browser, and nothing of the database.
package live
