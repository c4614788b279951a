// Package dispute holds the pages about what one side challenges: a list, and one dispute with how it was counted, what was proposed and
// how both sides settled it.
package dispute
