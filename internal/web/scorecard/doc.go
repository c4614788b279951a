// Package scorecard holds the pages on which both sides of an agreement read how it was kept: the scorecards there are, one of them with
// everything behind its figures, and what an agreement asks of its people. The same page is read by IT and by the customer.
package scorecard
