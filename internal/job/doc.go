// Package job keeps work that must happen, as rows written in the transaction that asked for it.
//
// It owns job_row. A row has a kind, an item (the pair is unique: asking again moves its time) and the instant from which
// it is due. Nodes lease due rows; each lease raises the row's fence, and a job's result commits only while its fence is
// still the newest: a node that slept past its lease cannot do the work a second time ([Queue.Finish] gives Stale).
// A job that fails is tried again later and later, and after [MaxAttempts] rests as dead where an operator sees it.
package job
