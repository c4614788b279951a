// Package dispute is the part of the API about what one side challenges: a promise, or whose turn a span was. How it stands is proposed
// here and signed as an approval (package vote).
package dispute
