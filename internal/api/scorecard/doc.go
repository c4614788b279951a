// Package scorecard is the part of the API about how both sides of an agreement kept it: scorecards, the entries behind their figures, what
// was published for a review, and who has read what is asked of them.
package scorecard
