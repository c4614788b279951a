// Package feed reads files of holidays (iCalendar, RFC 5545): whole days with their names, over some years. It knows no calendar of
// ours and changes nothing; what it can't read it refuses or counts, and it never panics.
package feed
