// Package vote is the part of the API about approvals: what somebody is asked to decide, their vote, and who votes for them while they
// are away.
package vote
