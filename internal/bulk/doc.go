// Package bulk is what is done to many tickets at once: a change that is shown before it is made and can be taken back for a
// while, and a table of them as a file.
//
// It owns bulk_run and bulk_item. It has no rules of its own about tickets: each ticket is changed by the desk's own command, as
// the actor, with what its fields held when they looked, so that one that may not be changed, or was changed by somebody else
// meanwhile, stays as it is and says why, and the others are done. Nothing here ends a ticket but setting aside what was none.
//
// Taking back goes through the same commands, and only where nobody has set the same since.
package bulk
