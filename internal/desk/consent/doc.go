// Package consent is the mails about approvals: who is asked to decide what, by when, and what came of it. It implements
// approval.Teller.
//
// A mail about an approval decides nothing: neither its link nor an answer to it. Who is asked signs in and decides on a page, so that
// a mail scanner that opens every link approves nothing (pains.md P11).
package consent
