// Package upkeep is what an operator looks after: whether connectors and recurring jobs were well by when they had to be, jobs that
// were given up, and mails that wait to go out. It owns no table; it joins what the queue and the mailbox know with the rights and the
// audit that those do not ask.
package upkeep
