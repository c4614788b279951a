// Package contract is the part of the API about agreements: those there are with their versions, and proposals of a version by either side.
// They are signed as approvals (package vote).
package contract
