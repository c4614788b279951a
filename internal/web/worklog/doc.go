// Package worklog holds the staff's pages of what is done in passing and how long things took: a call or a walk-up in ten seconds,
// one's week, what was set aside, and the tags in use.
package worklog
