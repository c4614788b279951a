package read

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

// Part is a part of the queue: the open tickets on which it is one side's turn, or those that have ended. Every ticket is in
// one, and each part has an index for every order.
type Part string

// The parts, in the order of the queue.
const (
	OurTurn      Part = Part(agreement.SideProvider)
	TheirTurn    Part = Part(agreement.SideCustomer)
	WithSupplier Part = Part(agreement.SideSupplier)
	AgreedWait   Part = Part(agreement.SideNobody)
	Ended        Part = "ended"
)

// OpenParts are those of tickets that go on; Parts are all.
var (
	OpenParts = []Part{OurTurn, TheirTurn, WithSupplier, AgreedWait}
	Parts     = append(slices.Clone(OpenParts), Ended)
)

// turn is whose turn it is in the part. What has ended is nobody's.
func (p Part) turn() agreement.Side {
	if p == Ended {
		return agreement.SideNobody
	}
	return agreement.Side(p)
}

// Selection is which tickets are meant: a query that was bound, in some parts of the queue.
type Selection struct {
	filter.Bound
	Parts []Part // none are all
}

// Shown are the parts that a page shows: those that the query can find something in, without what has ended unless somebody
// looks for it.
func Shown(b filter.Bound) []Part {
	told := b.Asks(filter.OfOpen) || b.Asks(filter.OfState) || b.Asks(filter.OfTurn)
	search := b.Asks(filter.OfSubject) || b.Asks(filter.OfRequester) || b.Asks(filter.OfAffected) || b.Asks(filter.OfNumber) || b.Asks(filter.OfClosed) ||
		b.Asks(filter.OfResolved) || b.Asks(filter.OfWatcher)
	var out []Part
	for _, p := range Parts {
		if _, ok := p.decide(b.Conds); ok && (p != Ended || told || search) {
			out = append(out, p)
		}
	}
	return out
}

// decide takes out what is the same for all tickets of the part; false says that no ticket of it can be meant.
func (p Part) decide(conds []filter.Cond) ([]filter.Cond, bool) {
	var out []filter.Cond
	for _, c := range conds {
		left, holds := filter.Cond{Not: c.Not}, false
		for _, t := range c.Either {
			switch t.Of {
			case filter.OfOpen:
				holds = holds || t.Yes == (p != Ended)
			case filter.OfTurn:
				holds = holds || p != Ended && slices.Contains(t.In, string(p))
			case filter.OfState:
				t.In = slices.DeleteFunc(slices.Clone(t.In), func(s string) bool { return record.Ended(ticket.State(s)) != (p == Ended) })
				if len(t.In) > 0 {
					left.Either = append(left.Either, t)
				}
			default:
				left.Either = append(left.Either, t)
			}
		}
		switch {
		case holds && c.Not, !holds && len(left.Either) == 0 && !c.Not:
			return nil, false
		case holds, len(left.Either) == 0:
		default:
			out = append(out, left)
		}
	}
	return out, true
}

// orderOf is the expression of an order over desk_ticket t, and whether it begins with the lowest.
var orderOf = map[filter.Order]struct {
	column string
	up     bool
}{
	filter.ByDue: {"t.due_at", true}, filter.ByMade: {"t.made_at", false}, filter.ByNumber: {"t.made_at", false}, filter.ByChanged: {"t.changed_at", false},
	filter.BySince: {"t.turn_since", true}, filter.ByPriority: {store.PriorityRank, true},
}

// keyOf is a ticket's place in an order.
func keyOf(o filter.Order, t *ticket.Ticket) int64 {
	switch o {
	case filter.ByMade, filter.ByNumber:
		return clock.Micros(t.MadeAt)
	case filter.ByChanged:
		return clock.Micros(t.ChangedAt)
	case filter.BySince:
		return clock.Micros(t.TurnSince)
	case filter.ByPriority:
		return ticket.Rank(t.Priority)
	}
	return t.DueMicros()
}

// sorted is the order a selection is read in: its own, else what breaks first, and the newest of what has ended.
func (s Selection) sorted() filter.Sort {
	if s.Sort.By == "" {
		return filter.Sort{By: filter.ByDue, Back: len(s.Parts) == 1 && s.Parts[0] == Ended}
	}
	return s.Sort
}

// Select gives a page of the tickets that are meant and that the actor may read: one statement a part. Errors: Invalid for a
// cursor that is none of ours, or of another order.
func (s *Reader) Select(ctx context.Context, by auth.Actor, sel Selection, cursor string, limit int) (page.List[ticket.Ticket], error) {
	after, err := page.Parse(cursor)
	if err != nil {
		return page.List[ticket.Ticket]{}, err
	}
	order := sel.sorted()
	tie, ofOrder := strings.CutPrefix(after.Tie, order.String()+" ")
	if cursor != "" && !ofOrder {
		return page.List[ticket.Ticket]{}, errs.In("desk.Select", "cursor", "It is of a list in another order. Leave it out to start again.")
	}
	limit = page.Limit(limit)
	up := orderOf[order.By].up != order.Back
	var all []ticket.Ticket
	for _, p := range sel.parts() {
		rows, err := s.selectPart(ctx, by, sel.Bound, p, order, after, tie, limit)
		if err != nil {
			return page.List[ticket.Ticket]{}, err
		}
		all = append(all, rows...)
	}
	if len(sel.parts()) > 1 {
		slices.SortStableFunc(all, func(a, b ticket.Ticket) int {
			c := cmp.Or(cmp.Compare(keyOf(order.By, &a), keyOf(order.By, &b)), cmp.Compare(a.ID, b.ID))
			if !up {
				return -c
			}
			return c
		})
		all = all[:min(len(all), limit+1)]
	}
	return page.Of(all, limit, func(t ticket.Ticket) page.Cursor {
		return page.Cursor{Key: keyOf(order.By, &t), Tie: order.String() + " " + t.ID}
	}), nil
}

func (s Selection) parts() []Part {
	if len(s.Parts) == 0 {
		return Parts
	}
	return s.Parts
}

func (s *Reader) selectPart(ctx context.Context, by auth.Actor, b filter.Bound, p Part, order filter.Sort, after page.Cursor, tie string, limit int) ([]ticket.Ticket, error) {
	conds, ok := p.decide(b.Conds)
	if !ok {
		return nil, nil
	}
	l := along
	if by.Staff() && !isNarrow(conds) {
		var err error
		if l, err = s.leading(ctx, p, conds); err != nil {
			return nil, err
		}
	}
	arms, tail := s.pageOf(by, conds, p, l, order, after, tie, limit)
	if len(arms) == 0 {
		return nil, nil
	}
	return store.Chosen(ctx, s.from(b.Asks(filter.OfSubject)), arms, tail, limit+1)
}

// rights are the two ways to read a ticket: by a role, and by taking part. Asked as alternatives of one condition no index serves
// both, and every ticket is looked at; asked apart each has its own.
var rights = []auth.Columns{
	{Org: columns.Org, Site: columns.Site, Region: columns.Region, Team: columns.Team},
	{Participants: columns.Participants},
}

// pageOf is the statement of a page of one part: its arms, and the order of what they give. No arm: nothing may be read.
func (s *Reader) pageOf(by auth.Actor, conds []filter.Cond, p Part, l lead, sort filter.Sort, after page.Cursor, tie string, limit int) (arms []store.Arm, tail string) {
	o := orderOf[sort.By]
	sign, dir := ">", ""
	if o.up == sort.Back {
		sign, dir = "<", " DESC"
	}
	for i, may := range rights {
		all, parts := false, 1
		for n := 0; n < parts; n++ {
			var args []any
			if len(arms) > 0 {
				args = arms[len(arms)-1].Args()
			}
			w := db.NewWhere(args...)
			auth.Filter(by, w, may)
			if w.Never() {
				break
			}
			all = w.Always()
			column := s.arm(w, by, conds, p, l, sort.By, i == 1)
			order := " ORDER BY " + column + dir + ", t.id" + dir
			if tie != "" && column == store.PriorityRank {
				parts = 2
			}
			if column == onlyIDs || parts == 2 && n == 0 {
				order = " ORDER BY t.id" + dir
			}
			if tie == "" || follows(w, column, sign, after.Key, tie, n) {
				arms = append(arms, store.Arm{Where: w, Tail: order + " LIMIT " + w.Arg(limit+1)})
			}
		}
		if all {
			break
		}
	}
	return arms, " ORDER BY " + o.column + dir + ", t.id" + dir + " LIMIT "
}

// Counts counts, in one statement, the tickets of several selections that the actor may read. Each stops at 1,001, which lists
// show as "1,000+".
func (s *Reader) Counts(ctx context.Context, by auth.Actor, sels ...Selection) ([]int, error) {
	c, words := store.NewCounter(), false
	for _, sel := range sels {
		if err := s.counted(ctx, c, by, sel); err != nil {
			return nil, err
		}
		words = words || sel.Asks(filter.OfSubject)
	}
	return c.Run(ctx, s.from(words))
}

// counted adds a selection to a counter: an arm for each way to read a ticket.
func (s *Reader) counted(ctx context.Context, c *store.Counter, by auth.Actor, sel Selection) error {
	var parts []Part
	var conds []filter.Cond
	for _, p := range sel.parts() {
		if left, ok := p.decide(sel.Conds); ok {
			parts, conds = append(parts, p), left
		}
	}
	l := along
	if len(parts) == 1 && by.Staff() && !isNarrow(conds) {
		var err error
		if l, err = s.leading(ctx, parts[0], conds); err != nil {
			return err
		}
	}
	var arms []*db.Where
	for i, may := range rights {
		if len(parts) == 0 {
			break
		}
		w := c.Next()
		auth.Filter(by, w, may)
		if w.Never() {
			continue
		}
		all := w.Always()
		if len(parts) == 1 {
			s.arm(w, by, conds, parts[0], l, filter.ByDue, i == 1)
		} else {
			sel.where(w, parts, i == 1 || isNarrow(sel.Conds), s.words(by))
		}
		if arms = append(arms, w); all {
			break
		}
	}
	c.Add(arms...)
	return nil
}

// where puts several parts of a selection and its conditions into SQL, for counting.
func (s Selection) where(w *db.Where, parts []Part, narrow bool, find finds) {
	open := slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p == Ended })
	turns := make([]string, len(open))
	for i, p := range open {
		turns[i] = string(p)
	}
	if len(open) == len(OpenParts) {
		turns = nil
	}
	switch {
	case len(open) == len(parts):
		within(w, narrow, true, turns...)
	case turns != nil:
		w.Or(func(w *db.Where) { w.And("t.open = FALSE") }, func(w *db.Where) { w.In("t.turn_side", turns...) })
	}
	if len(open) < len(parts) && slices.ContainsFunc(s.Conds, isLately) {
		w.And(everywhere)
	}
	for _, c := range s.Conds {
		add(w, c, find, false)
	}
}
