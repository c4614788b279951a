// Package vote holds the pages about approvals: what the reader is asked to decide, one approval with every vote, and who votes for the
// reader while they are away. Everybody has them; all are complete without a script, and reading one changes nothing.
package vote
