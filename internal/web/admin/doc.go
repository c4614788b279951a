// Package admin holds the pages about people: who there is, what they may do, and lists of them that are taken in. What a page
// offers is what its reader may do; the services decide again.
package admin
