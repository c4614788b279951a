// Package filter is the language in which people and programs say which tickets they mean:
//
//	site:lund turn:customer priority:high,critical -tag:printer due:<2h "third floor" projector
//
// It is pure: [Parse] reads what was written as far as it can be read, [Query.Bind] puts names and instants in, and gives tests
// of an enumerated list of columns with values. Who reads tickets turns those into SQL; no text of a query is ever part of a
// statement.
//
// What cannot be read is a [Problem] with its place in the text and what would be right, and the rest still counts. What
// somebody has to be told about what could be read (a name that several have) is a note.
package filter
