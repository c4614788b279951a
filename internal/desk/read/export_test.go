package read

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/store"
	"bothways/internal/kit/page"
)

// Pages are the statements of a page of a part as they may be sent, apart from their columns: along the order, led by each condition
// that can lead, and over the index of what has ended.
func (s *Reader) Pages(by auth.Actor, b filter.Bound, p Part, order filter.Sort, after page.Cursor, tie string) (out []Statement) {
	conds, ok := p.decide(b.Conds)
	if !ok {
		return nil
	}
	for _, l := range s.leads(by, p, conds) {
		if arms, tail := s.pageOf(by, conds, p, l, order, after, tie, 50); len(arms) > 0 {
			where, args := store.ChosenBy(arms, tail, 51)
			out = append(out, Statement{"SELECT t.id, t.subject, t.last_line FROM desk_ticket t" + where, args})
		}
	}
	return out
}

// Statement is one with its values.
type Statement struct {
	SQL  string
	Args []any
}

// leads are all ways to read a part, whatever they weigh.
func (s *Reader) leads(by auth.Actor, p Part, conds []filter.Cond) []lead {
	out := []lead{along}
	if !by.Staff() || isNarrow(conds) {
		return out
	}
	for i, c := range conds {
		if canLead(c) {
			out = append(out, lead{cond: i})
			if p == Ended && isWide(c) {
				out = append(out, lead{i, true})
			}
		}
	}
	return out
}

// Leads is whether a condition was found to lead.
func (s *Reader) Leads(ctx context.Context, p Part, b filter.Bound) (bool, error) {
	conds, _ := p.decide(b.Conds)
	l, err := s.leading(ctx, p, conds)
	return l.cond >= 0, err
}

// Counting is the statement that counts a selection.
func (s *Reader) Counting(ctx context.Context, by auth.Actor, sel Selection) (Statement, error) {
	c := store.NewCounter()
	err := s.counted(ctx, c, by, sel)
	query, args := c.Statement()
	return Statement{query, args}, err
}
