// Package accord holds the pages on which an agreement is read whole and negotiated by both sides: the version in force as a paper, what is
// proposed with its differences in words, and the form for a proposal. They are complete without a script, and made to be printed.
package accord
