// Package account is how somebody comes to their account and keeps it theirs: the link that lets them choose a password, and the
// one that proves an address of theirs. It joins what auth and people know with the mails that carry the links.
//
// Opening a link does nothing: a form is sent from the page it leads to. What anybody may ask for answers the same whoever is asked
// about, so that nobody finds out who is here.
//
// Who may call: the edges.
package account
