// Package writing keeps what somebody of IT is writing on a ticket before it is a message or a note: the draft, the files for it,
// an answer that can still be taken back, and who has the ticket open.
//
// It owns desk_draft, desk_upload, desk_held, desk_sent and desk_presence. A draft belongs to one person, one ticket and one mode
// (reply or note) and is read by nobody else, whatever their role; the two modes share nothing, so a note can't become an answer.
// Files are bound the same way: an id of somebody else, of another ticket or of the other mode is not there (attacks.md rows 20
// and 21). A draft ends in the transaction that makes the message of it.
//
// Rights are the desk's: every command asks its [Gate]. What runs inside a command of the desk (Take, Forget, Hold, …) takes that
// command's transaction and asks for nothing.
package writing
