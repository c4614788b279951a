package read

import (
	"slices"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/ticket"
	"bothways/internal/fulltext"
)

// columnOf names, for each column of the language, the one of desk_ticket t: the whole of what a query can reach.
var columnOf = map[filter.Of]string{
	filter.OfNumber: "t.number", filter.OfTurn: "t.turn_side", filter.OfState: "t.state", filter.OfPriority: "t.priority", filter.OfImpact: "t.impact",
	filter.OfUrgency: "t.urgency", filter.OfKind: "t.kind", filter.OfSensitivity: "t.sensitivity", filter.OfChannel: "t.channel", filter.OfOrg: "t.org_id",
	filter.OfSiteID: "t.site_id", filter.OfRegionName: "t.region", filter.OfTeamID: "t.team_id", filter.OfAssignee: "t.assignee_id",
	filter.OfRequester: "t.requester_id", filter.OfAffected: "t.affected_id", filter.OfSubmitter: "t.submitter_id", filter.OfDue: "t.due_at",
	filter.OfMade: "t.made_at", filter.OfChanged: "t.changed_at", filter.OfResolved: "t.resolved_at", filter.OfClosed: "t.closed_at", filter.OfSince: "t.turn_since",
	filter.OfMatter: "t.matter", filter.OfServiceID: "t.service_id",
}

// watches is the condition of who takes part: as ids, so that the participants' index drives it.
const watches = "t.id IN (SELECT p.ticket_id FROM desk_participant p WHERE p.role <> 'pending' AND p.person_id"

// tagged is the condition of a tag, by its folded key; untagged, that there is none.
const (
	tagged   = "t.id IN (SELECT g.ticket_id FROM desk_tag g WHERE g.tag_key"
	untagged = "NOT EXISTS (SELECT 1 FROM desk_tag g WHERE g.ticket_id = t.id)"
)

// finds puts words of a query into SQL: that what the actor may read of a ticket has them.
type finds func(w *db.Where, words string)

// words are those that stand anywhere in a ticket; they follow each other, and the last may go on.
func (s *Reader) words(by auth.Actor) finds {
	notes := db.NewWhere()
	Visible(by, auth.TicketNoteRead, notes)
	return func(w *db.Where, words string) {
		q := fulltext.Parse(strings.ReplaceAll(words, " ", "-"))
		if notes.Never() {
			q.Where(w, s.db.Engine(), "t.number", nil)
			return
		}
		q.Where(w, s.db.Engine(), "t.number", func(w *db.Where) { Visible(by, auth.TicketNoteRead, w) })
	}
}

// from is where a query is asked: one with words is planned for them.
func (s *Reader) from(words bool) db.Querier {
	if words {
		return s.db.Planned()
	}
	return s.db.Read()
}

// Narrow adds the conditions of a query to those on the ticket t, a row of the view desk_row.
func (s *Reader) Narrow(w *db.Where, by auth.Actor, conds []filter.Cond) {
	find := s.words(by)
	for _, c := range conds {
		add(w, c, find, false)
	}
}

// add puts a condition of a query into SQL; hidden so that no index serves it.
func add(w *db.Where, c filter.Cond, find finds, hidden bool) {
	alternatives := make([]func(*db.Where), len(c.Either))
	for i, t := range c.Either {
		alternatives[i] = func(w *db.Where) { test(w, t, find, hidden) }
	}
	if c.Not {
		w.Not(alternatives...)
		return
	}
	if len(alternatives) == 1 {
		alternatives[0](w)
		return
	}
	w.Or(alternatives...)
}

func test(w *db.Where, t filter.Test, find finds, hidden bool) {
	column := columnOf[t.Of]
	if hidden && column != "" {
		if t.Ranged || t.None {
			column = "(" + column + " + 0)"
		} else {
			column = "(" + column + " || '')"
		}
	}
	if t.Of.Seldom() && !hidden && !slices.Contains(t.In, "") {
		w.And(column + " <> ''") // as its index has it
	}
	if t.Ranged && !hidden && (t.Of == filter.OfClosed || t.Of == filter.OfResolved) {
		w.And(column + " > 0") // as their indexes have it
	}
	switch {
	case t.Of == filter.OfSubject:
		find(w, t.Words)
	case t.Of == filter.OfOpen && t.Yes:
		w.And("t.open = TRUE")
	case t.Of == filter.OfOpen:
		w.And("t.open = FALSE")
	case t.Of == filter.OfWatcher:
		w.InSub(watches, t.In...)
	case t.Of == filter.OfTag:
		keys := slices.DeleteFunc(slices.Clone(t.In), func(s string) bool { return s == "" })
		if len(keys) == len(t.In) {
			w.InSub(tagged, keys...)
			return
		}
		w.Or(func(w *db.Where) { w.And(untagged) }, func(w *db.Where) { w.InSub(tagged, keys...) })
	case t.None:
		w.And(column+" = ?", ticket.NoDue)
	case t.Ranged:
		w.And(column+" >= ? AND "+column+" < ?", t.From, t.To)
	case len(t.In) == 1:
		w.And(column+" = ?", t.In[0])
	default:
		w.In(column, t.In...)
	}
}

// within asks for what goes on, or for what has ended, on the turn of some sides; no turn is any. Narrow asks so that no index
// serves it: what else is asked for leads to few, and these are looked at one by one.
func within(w *db.Where, narrow, open bool, turns ...string) {
	switch {
	case narrow && open:
		w.And("(t.open = TRUE) = TRUE")
	case narrow:
		w.And("(t.open = TRUE) = FALSE")
	case open:
		w.And("t.open = TRUE")
	default:
		w.And("t.open = FALSE")
	}
	column := "t.turn_side"
	if narrow {
		column = "(t.turn_side || '')"
	}
	if len(turns) == 1 {
		w.And(column + " = " + sideIs(turns[0]))
	} else if len(turns) > 0 {
		named := make([]string, len(turns))
		for i, t := range turns {
			named[i] = sideIs(t)
		}
		w.And(column + " IN (" + strings.Join(named, ", ") + ")")
	}
}

// everywhere holds for every ticket. It names the beginnings of the indexes of what was closed or solved lately.
const everywhere = "t.open IN (TRUE, FALSE) AND t.turn_side IN ('provider', 'customer', 'supplier', 'nobody')"

// isLately says whether a condition is on when tickets were closed or solved.
func isLately(c filter.Cond) bool {
	return canLead(c) && (c.Either[0].Of == filter.OfClosed || c.Either[0].Of == filter.OfResolved)
}

// sideIs is a side as SQL names it. It is written and not bound: SQLite compares a bound side with the words that indexes on
// expressions hold, and so prepares the statement again for every run (measured: half of the time of a page's statement).
func sideIs(side string) string {
	for _, p := range OpenParts {
		if string(p) == side {
			return "'" + string(p) + "'"
		}
	}
	return "''" // nobody's
}
