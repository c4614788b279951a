package desk

import (
	"slices"
	"strings"

	"bothways/internal/web/ui/staff"
)

// actGroups are the headings of the menu More, each with the forms under it.
var actGroups = []struct{ title, forms string }{
	{Waits, "wait end-wait wait-proposal hand-over pass supplier supplier-answered"},
	{"On record", "call time tags fields"},
	{"Other tickets", "merge unmerge split link unlink"},
	{"Who follows", "watch unwatch"},
	{"Promises", "no-turn dispute waive"},
	{"Is it a request?", "not-a-ticket is-a-ticket looked-at"},
}

// Group puts acts under their headings, in the headings' order.
func Group(all []staff.Act) {
	rank := func(a *staff.Act) int {
		for i, g := range actGroups {
			if slices.Contains(strings.Fields(g.forms), a.ID) {
				return i
			}
		}
		return len(actGroups)
	}
	slices.SortStableFunc(all, func(a, b staff.Act) int { return rank(&a) - rank(&b) })
	for i := range all {
		if n := rank(&all[i]); n < len(actGroups) {
			all[i].Group = actGroups[n].title
		}
	}
}
