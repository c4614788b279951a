package read

import (
	"math"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/ticket"
)

// A page can be read in two ways: along the order's index, leaving out what is not asked for, or by the index of what is asked
// for, putting what it gives in order. The first is right when much of what lies along the order is meant, the second when
// little is. Engines guess, and the embedded one keeps no figures of what is in a table, so the choice is made here.

// isNarrow says whether a condition leads to a few tickets by an index of its own, whatever their part.
func isNarrow(conds []filter.Cond) bool {
	return slices.ContainsFunc(conds, func(c filter.Cond) bool {
		return !c.Not && !slices.ContainsFunc(c.Either, func(t filter.Test) bool {
			switch t.Of {
			case filter.OfRequester, filter.OfAffected, filter.OfSubmitter, filter.OfWatcher:
				return slices.Contains(t.In, "")
			case filter.OfNumber:
				return t.From < 0 || t.To-t.From > 5000
			}
			return true
		})
	})
}

// isSparse says whether so small a share of a part is meant that looking along the order would pass more rows than are meant.
func isSparse(conds []filter.Cond, p Part) bool {
	if len(conds) == 1 && canLead(conds[0]) {
		return false // it was counted: there are too many for it to lead
	}
	all := 1.0
	for _, c := range conds {
		if !c.Not {
			all *= share(c)
		}
	}
	if p == Ended {
		return all < 0.008
	}
	return all < 0.03
}

// share guesses which share of the tickets a condition holds for, from what desks are like.
func share(c filter.Cond) float64 {
	sum := 0.0
	for _, t := range c.Either {
		if t.Ranged {
			sum += shareOfRange(t)
			continue
		}
		for _, v := range t.In {
			sum += shareOf(t.Of, v)
		}
		if len(t.In) == 0 {
			return 1
		}
	}
	return min(sum, 1)
}

func shareOf(of filter.Of, value string) float64 {
	switch of {
	case filter.OfSiteID, filter.OfTeamID, filter.OfServiceID:
		return 0.1
	case filter.OfAssignee:
		if value == "" {
			return 0.3
		}
		return 0.02
	case filter.OfOrg, filter.OfRegionName, filter.OfState, filter.OfImpact, filter.OfUrgency:
		return 0.3
	case filter.OfSensitivity, filter.OfMatter, filter.OfTag:
		if value != "" {
			return 0.01
		}
	case filter.OfKind:
		if value == string(ticket.Complaint) || value == string(ticket.Question) {
			return 0.05
		}
		return 0.5
	case filter.OfPriority:
		switch agreement.Priority(value) {
		case agreement.PriorityCritical:
			return 0.02
		case agreement.PriorityHigh:
			return 0.1
		}
		return 0.5
	case filter.OfChannel:
		if value != "mail" && value != "portal" {
			return 0.05
		}
		return 0.5
	}
	return 1
}

// shareOfRange: what is asked for of times is mostly what is at hand, the few hours before and after now.
func shareOfRange(t filter.Test) float64 {
	switch {
	case t.Of == filter.OfNumber:
		return 1
	case t.Of == filter.OfDue && t.To != math.MaxInt64, t.Of != filter.OfDue && t.From > 1:
		return 0.02
	}
	return 1
}
