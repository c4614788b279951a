// Package turn draws whose turn it is: both sides' clocks, the ribbon of a
// ticket's life and why each promise ends when it does.
//
// Drawing and table come from the same spans, so they cannot tell two stories.
// The ribbon is an SVG made here, with its geometry as attributes, a sentence
// for whoever does not see it, and the same turns as a table below.
package turn
