// Package admin is the part of the API that administers: people and lists of them, places, teams, services, absences, calendars, tokens,
// the outbox, health and the audit trail. Package api mounts it.
package admin
