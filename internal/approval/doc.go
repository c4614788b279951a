// Package approval keeps what needs the consent of named people before it may be carried out: requests, rulings, changes, waivers,
// announcements, and the signatures under an agreement. It is one object for all of them (docs/glossary.md "approval").
//
// It owns approval_ask, approval_seat, approval_vote and approval_delegation. Invariants:
//   - A vote is a fact: it is added and never changed. A decision is what [Weigh] reads out of the votes; nothing sets it by hand.
//   - Everybody votes once for an ask, whatever seats they hold or stand in for, and never on what they asked for or carry out, where
//     the ask says so. The tables refuse it too (UNIQUE, CHECK), so that no path goes round it.
//   - An ask is bound to a digest of exactly what is to be approved. When that changes, nothing that was voted counts: the ask is void.
//   - A refused, expired, withdrawn or void ask never becomes an approved one.
//   - Reading changes nothing: links in mails carry no authority.
//
// What is approved belongs to other packages, higher up. Each plugs itself as a [Subject] by kind: it says what its digest is, who may
// still fill a seat, and what follows from a decision, in the transaction of the vote that decided. Who carries something out asks
// [Service.Holds] in the transaction in which it does.
//
// Who may call: every package above T3; the edges through the commands, which ask whether the actor may.
package approval
