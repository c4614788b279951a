// Package chart draws figures: both sides' shares with their weeks, promise facing promise, where time went, and sites on one scale. Every
// drawing is SVG made here, with a sentence that says the same and a table where there is more than a sentence holds; sides differ in place,
// order and word, colour comes from classes. Like ui it is a home of CSS classes; pages compose its parts and never name a class.
package chart
