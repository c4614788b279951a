// Package event is the append-only record from which everything timed is derived.
//
// It owns event_entry, event_head and event_checkpoint. An event belongs to a stream (a ticket), has the stream's next
// sequence number and an instant in whole seconds that is never before the one before it. Its data holds ids, enums and
// figures, never a person's words: the chain of digests over it survives the erasure of a person. Rows are only added;
// [Verify] names the first row of a stream that was changed, put in or taken out.
//
// Every minute a checkpoint over all heads is signed with the installation's key; kept outside, it shows that a whole
// database was put back to an older state.
package event
