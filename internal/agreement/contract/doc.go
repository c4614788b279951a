// Package contract is how an agreement comes to be: one side proposes a version, the other signs it or answers with one of its own, and
// with both signatures it is in force from its day.
//
// It owns agreement_proposal, and adds to agreement_agreement and agreement_version (package agreement reads them). Invariants:
//   - A proposal's words never change. What is signed is its digest, so nothing can be slipped in after a signature.
//   - A version is in force only with the signatures of both sides; nobody signs for both, and nobody for a side they do not speak for.
//   - A version comes into force after the one before it, and never in the past: history is corrected by an event on a ticket, not here.
//   - One proposal of an agreement waits at a time; answering one ends it.
//
// Signatures are votes of package approval. For the provider a service level manager signs, for the customer a signatory, each with a
// grant over the site or its organisation that is in force when they sign; while one is away, their substitute does, within the dates.
//
// Who may call: the edges.
package contract
