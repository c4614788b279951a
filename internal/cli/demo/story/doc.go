// Package story writes the older part of the demo's history: who asked what on which day, what was answered, by whom and how soon.
//
// It is words and instants alone and knows nothing of the desk: package demo has each act done by the desk's own commands. What
// is told comes from the text files beside it. One seed and one span of time give one story. It owns no tables.
package story
