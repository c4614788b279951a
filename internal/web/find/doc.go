// Package find holds the pages that search: the staff's, over tickets and people with the queue's conditions, and the customers',
// over their own requests. What was found is text in stretches; nothing found is ever markup.
package find
