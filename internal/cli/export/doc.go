// Package export writes an installation as JSON Lines for an operator at the machine: who there is, and every ticket with its
// messages, notes, events, turns and promises, and the mails about it. Secrets are left out: passwords, sessions, tokens, and what
// is signed with the installation's keys.
//
// It owns no tables and reads through the services. Who may call: cli.
package export
