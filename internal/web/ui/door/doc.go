// Package door holds the parts of the customer's own pages: the two doors, promise facing promise, figures that open their lists, and the
// lines of a profile. Like ui it is a home of CSS classes; pages compose its parts and never name a class.
package door
