// Package field reads single fields of mail headers, whatever senders write there: addresses, dates, message ids. It never
// fails and never panics; and it says whether an address may be written to.
//
// Pure and linear in its input; owns no table. Sources: RFC 5322, 5321, and what breaks them.
package field
