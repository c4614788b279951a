// Package answer keeps answers to be used again: one's own, and those shared with everybody in IT.
//
// It owns desk_answer. An answer is text with placeholders from a short list of public facts of a ticket ({requester.first},
// {number}, …; see [Fields]). Filling it in is one pass over the text with no logic: no conditions, no loops, no calls, nothing
// that a value brings in is read again, and the result is cut at [MostFilled] (attacks.md row 14). What is not on the list stays as
// it is written, and can't be saved.
//
// Who may call: the edges. Anybody in IT uses the shared ones and keeps their own; a shared one is changed by its owner, or by who
// manages them.
package answer
