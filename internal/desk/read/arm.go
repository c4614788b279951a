package read

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
)

// follows asks for what comes after a ticket, in the order of column; false says that nothing does. SQLite seeks no pair whose first
// is an expression: what has the same priority and what is beyond it are asked apart, as the parts 0 and 1.
func follows(w *db.Where, column, sign string, key int64, tie string, part int) bool {
	switch {
	case column == store.PriorityRank && part == 0:
		w.And(column+" = ? AND t.id "+sign+" ?", key, tie)
	case column == store.PriorityRank:
		w.And(column+" "+sign+" ?", key)
	case column != onlyIDs:
		w.And("("+column+", t.id) "+sign+" (?, ?)", key, tie)
	case key == ticket.NoDue:
		w.And("t.id "+sign+" ?", tie)
	default:
		return sign == ">" // the ticket is of another part and is due: what never is follows it all, or went before
	}
	return true
}

// onlyIDs is the order of what has ended by when it is due, which is never.
const onlyIDs = ""

// arm puts the conditions of one arm into SQL, and gives the expression it is read in the order of. Own is of those who take part.
func (s *Reader) arm(w *db.Where, by auth.Actor, conds []filter.Cond, p Part, l lead, order filter.Order, own bool) string {
	column := orderOf[order].column
	if !own && l.cond < 0 && p == Ended && !isNarrow(conds) && reachesOne(by) {
		l.wide = true
	}
	switch {
	case own || l.cond < 0 && !l.wide && isNarrow(conds):
		within(w, true, p != Ended, string(p.turn()))
		s.Narrow(w, by, conds)
		return column + " + 0" // no index serves the order: what is asked for leads to few, and they are put in order
	case l.cond >= 0 || l.wide:
		l.put(w, p, conds, s.words(by))
		switch {
		case l.wide && order == filter.ByDue:
			return onlyIDs
		case l.wide && (order == filter.ByMade || order == filter.ByNumber), !l.wide && order == filter.ByDue && byDue(conds[l.cond]):
			return column
		}
		return column + " + 0"
	}
	if order == filter.ByDue && p == Ended && len(conds) == 1 && isNumbers(conds[0]) {
		within(w, false, false)
		alongOrder(w, conds, order, nil)
		return onlyIDs
	}
	within(w, false, p != Ended, string(p.turn()))
	if order != filter.ByDue && p != Ended && isSparse(conds, p) {
		s.Narrow(w, by, conds)
		w.And("t.due_at >= 0") // always so: of the indexes on a part, the one that holds the short words serves
		return column + " + 0"
	}
	alongOrder(w, conds, order, s.words(by))
	return column
}

// alongOrder puts conditions into SQL that are looked at along an order: none is of use to another index, which engines would guess
// wrong, but for those on what the order is by, where its index begins and ends.
func alongOrder(w *db.Where, conds []filter.Cond, order filter.Order, find finds) {
	for _, c := range conds {
		t := c.Either[0]
		one := !c.Not && len(c.Either) == 1
		if one && order == filter.ByPriority && t.Of == filter.OfPriority {
			ranks := make([]int64, len(t.In))
			for i, v := range t.In {
				ranks[i] = ticket.Rank(agreement.Priority(v))
			}
			w.And(store.PriorityRank+" >= ? AND "+store.PriorityRank+" <= ?", slices.Min(ranks), slices.Max(ranks))
		}
		add(w, c, find, !one || columnOf[t.Of] != orderOf[order].column && (order != filter.ByDue || !byDue(c)))
	}
}

// byDue says whether the index of a condition is in the order of what is due.
func byDue(c filter.Cond) bool {
	t := c.Either[0]
	return !c.Not && len(c.Either) == 1 && len(t.In) == 1 && slices.Contains([]filter.Of{filter.OfSiteID, filter.OfTeamID, filter.OfAssignee, filter.OfOrg, filter.OfState}, t.Of)
}

// isNumbers says whether a condition is on numbers alone: an index holds them for what has ended.
func isNumbers(c filter.Cond) bool {
	return !slices.ContainsFunc(c.Either, func(t filter.Test) bool { return t.Of != filter.OfNumber })
}

// reachesOne says whether somebody of staff reads by their role what is of one site or one team alone.
func reachesOne(by auth.Actor) bool {
	var one auth.Grant
	for _, g := range by.Grants {
		g.Role = ""
		if one.Scope != "" && g != one || g.Scope != auth.Site && g.Scope != auth.Team {
			return false
		}
		one = g
	}
	return by.Staff() && one.Scope != ""
}
