// Package dispute is how one side challenges what was counted, and how both settle it: a promise, or whose turn a span was.
//
// It owns desk_dispute and desk_dispute_proposal. Invariants:
//   - Either side challenges with a reason, within the days that the agreement gives after the end of what is challenged. IT's side is
//     who works on the ticket; the customer's who asked or gets it, the contact of the site, and who signs for it.
//   - A service level manager proposes how it stands, never one who is a party to the ticket or has acted on it. It is settled when who
//     signs for the customer agrees: the proposer speaks for IT, and nobody for both.
//   - Until then it counts as disputed in every figure. When its time is over it goes where the agreement says; it can be settled still.
//   - Nothing is edited: the challenge, each proposal and the settlement are rows and events of the ticket, and both versions stay.
//
// Votes are those of package approval. Events out, on the ticket's stream: disputed, dispute_proposed, dispute_settled, dispute_further.
// Who may call: the edges.
package dispute
