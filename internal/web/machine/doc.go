// Package machine holds the pages about what runs by itself: the log of mails in and out, the health of connectors and jobs, the audit
// trail and the tokens of programs.
package machine
