package auth

import (
	"slices"
	"strings"

	"bothways/internal/db"
)

// Columns names, for Filter, where a row keeps what rights depend on. They are constants of the caller's source. A column left
// empty is a field that the rows do not have: no grant of that scope reaches them.
type Columns struct {
	Org, Site, Region, Team string
	// A ticket's parties.
	Requester, Affected, Submitter string
	// Participants is a condition in which every ? is the person: that they take part in the row's ticket.
	Participants string
	// Self is the column of a person's own id, for lists of persons.
	Self string
}

// Filter adds the condition under which Can(a, TicketRead, row) is nil: the one row filter of lists, counts, search, exports and
// feeds of tickets.
func Filter(a Actor, w *db.Where, c Columns) { FilterFor(a, TicketRead, w, c) }

// FilterFor is Filter for another verb that reads: it adds the condition under which Can(a, v, row) is nil. v must not be
// TicketCreate or CalendarRead, which depend on no row.
func FilterFor(a Actor, v Verb, w *db.Where, c Columns) {
	if a.Kind == System {
		return
	}
	if a.Kind != Person && a.Kind != Mail || a.PersonID == "" || !InScopes(a.Scopes, v) {
		w.Or()
		return
	}
	either, all := byRelation(a, v, c), false
	if a.Kind == Person {
		var more []func(*db.Where)
		if more, all = byRole(a, v, c); all {
			return
		}
		either = append(either, more...)
	}
	w.Or(either...)
}

// byRelation is what allowed does with relations, for rows.
func byRelation(a Actor, v Verb, c Columns) []func(*db.Where) {
	var out []func(*db.Where)
	is := func(column, value string) {
		if column != "" && value != "" {
			out = append(out, func(w *db.Where) { w.And(column+" = ?", value) })
		}
	}
	for i := range relations {
		r := &relations[i]
		if a.Kind == Mail && !r.mail || !slices.Contains(r.verbs, v) {
			continue
		}
		switch v {
		case TicketRead, TicketSpeak, TicketAnswer, TicketReopen, TicketDispute:
			is(c.Requester, a.PersonID)
			is(c.Affected, a.PersonID)
			is(c.Submitter, a.PersonID)
			if c.Participants != "" {
				out = append(out, func(w *db.Where) { w.And(c.Participants, everyTime(a.PersonID, c.Participants)...) })
			}
		case PersonRead, ProfileChange, TokenManage, AbsenceManage:
			is(c.Self, a.PersonID)
		case ScorecardRead:
			if !a.Stranger && a.OrgID != "" && c.Org != "" && c.Site != "" {
				out = append(out, func(w *db.Where) { w.And(c.Org+" = ?", a.OrgID).And(c.Site+" = ?", a.SiteID) })
			}
		case SiteRead, AgreementRead:
			if !a.Stranger {
				is(c.Org, a.OrgID)
			}
		}
	}
	return out
}

// everyTime is a value for each ? of a condition.
func everyTime(v, cond string) []any {
	out := make([]any, strings.Count(cond, "?"))
	for i := range out {
		out[i] = v
	}
	return out
}

// byRole is what Grant.reaches does, for rows; all means that a role reaches every row.
func byRole(a Actor, v Verb, c Columns) (out []func(*db.Where), all bool) {
	columns := map[Scope]string{Organisation: c.Org, Region: c.Region, Site: c.Site, Team: c.Team}
	ids := map[bool]map[Scope][]string{true: {}, false: {}} // by whether the role is a customer's
	ownOrg := false
	for _, g := range a.Grants {
		if !slices.Contains(policy[g.Role], v) {
			continue
		}
		customer := g.Role.OfCustomer()
		switch {
		case customer && (a.Stranger || a.OrgID == "" || c.Org == ""):
		case g.Scope == Everywhere && customer:
			ownOrg = true
		case g.Scope == Everywhere:
			return nil, true
		case columns[g.Scope] != "" && g.ScopeID != "":
			ids[customer][g.Scope] = append(ids[customer][g.Scope], g.ScopeID)
		}
	}
	if ownOrg {
		out = append(out, func(w *db.Where) { w.And(c.Org+" = ?", a.OrgID) })
	}
	for _, customer := range []bool{false, true} {
		for _, s := range Scopes() {
			list := ids[customer][s]
			if len(list) == 0 {
				continue
			}
			slices.Sort(list)
			list = slices.Compact(list)
			out = append(out, func(w *db.Where) {
				w.In(columns[s], list...)
				if customer {
					w.And(c.Org+" = ?", a.OrgID)
				}
			})
		}
	}
	return out, false
}
