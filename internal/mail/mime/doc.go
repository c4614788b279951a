// Package mime takes a raw mail apart into its parts and decodes them, whatever was sent: it never panics, never
// returns nil, keeps what can be kept and lists what was wrong.
//
// The walk is our own, one pass over the bytes with hard caps (Limits), because mails are an attack channel
// (attacks.md row 81): a library that recurses per level took 24 s for 342 kB. Here every line is looked at once,
// whatever the nesting, so the cost is linear in the size of the mail. message/rfc822 parts are not descended into.
//
// Owns no table. Sources: RFC 2045 to 2047, 2231, 5322, 2152 (UTF-7), and what real senders do instead.
package mime
