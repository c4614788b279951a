// Package mail takes inbound mail apart, says what kind of mail it is, and writes outbound mail.
//
// Parse never fails: whatever came is a Message, with what was wrong with it in Problems. Classify says whether a person
// wrote it or a machine, and why; a bounce names the mail it reports on. Authenticate reads what our own border server
// said about the sender. Compose writes one mail that nobody's name or subject can bend. Reply tokens prove that a reply
// belongs to a ticket: a subject or a guessed number proves nothing (P12, attacks.md row 76).
//
// From: is a claim (P7). Nothing here grants a right.
//
// Pure: no database, no network, no clock but the limit on parsing time. Sub-packages: mime (taking apart), prose (texts).
// Callers: mailin (T9) for inbound, desk and its mailers for outbound, cli for `bothways mail inspect`.
package mail
