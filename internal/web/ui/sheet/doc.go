// Package sheet holds the parts that pages of many rows and settings are built from: tables that stack on a phone, the filter above
// them, figures that lead to rows, a bar of progress, a year of days and what a change changed. Like ui it is a home of CSS
// classes; pages compose its parts and never name a class.
package sheet
