// Package inbox is the demo's mail program: whose mailbox, what is in it, one mail with what was said before it, and the means to
// answer as its receiver would, or to be away. The demo has no relay; what the desk writes is read here, and what is answered goes
// into the desk as a mail.
package inbox
