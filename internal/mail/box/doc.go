// Package box keeps every mail that came in and every mail that goes out.
//
// It owns mail_inbound and mail_outbound. Inbound: [Box.Receive] makes the bytes durable in one transaction with the job that
// reads them, before anybody acknowledges them; what became of each stays on its row for ever. Outbound: one row a
// recipient with a Message-ID that never changes, sent by a job over a [Transport], tried again over two days, "maybe" sent
// after an unknown outcome, failed for good only on the relay's word. Who is told what, and why, is decided by the caller.
package box
