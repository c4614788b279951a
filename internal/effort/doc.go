// Package effort is working time: who spent how many minutes on which act of which ticket (S2: what is done in passing is counted
// and not hidden).
//
// It owns effort_entry. An entry belongs to one person and one ticket for good: merging, splitting, reassigning and closing leave
// it where it is, and the sum of a ticket takes in those merged into it. Its author changes or removes it on the day it was made,
// with the before and after in the audit trail; afterwards nobody does.
//
// [Keeper] is what package desk calls inside the transaction of an act; [Service] is for the edges. No events: time moves no turn.
package effort
