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
	"bothways/internal/fulltext"
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

// columnOf names, for each column of the language, the one of desk_ticket t: the whole of what a query can reach.
var columnOf = map[filter.Of]string{
	filter.OfNumber: "t.number", filter.OfTurn: "t.turn_side", filter.OfState: "t.state", filter.OfPriority: "t.priority", filter.OfImpact: "t.impact",
	filter.OfUrgency: "t.urgency", filter.OfKind: "t.kind", filter.OfSensitivity: "t.sensitivity", filter.OfChannel: "t.channel", filter.OfOrg: "t.org_id",
	filter.OfSiteID: "t.site_id", filter.OfRegionName: "t.region", filter.OfTeamID: "t.team_id", filter.OfAssignee: "t.assignee_id",
	filter.OfRequester: "t.requester_id", filter.OfAffected: "t.affected_id", filter.OfSubmitter: "t.submitter_id", filter.OfDue: "t.due_at",
	filter.OfMade: "t.made_at", filter.OfChanged: "t.changed_at", filter.OfResolved: "t.resolved_at", filter.OfClosed: "t.closed_at", filter.OfSince: "t.turn_since",
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
		add(w, c, find)
	}
}

// add puts a condition of a query into SQL.
func add(w *db.Where, c filter.Cond, find finds) {
	alternatives := make([]func(*db.Where), len(c.Either))
	for i, t := range c.Either {
		alternatives[i] = func(w *db.Where) { test(w, t, find) }
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

func test(w *db.Where, t filter.Test, find finds) {
	column := columnOf[t.Of]
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
	w := db.NewWhere()
	auth.Filter(by, w, columns)
	narrow := !by.Staff() || isNarrow(conds)
	within(w, narrow, p != Ended, string(p.turn()))
	s.Narrow(w, by, conds)
	o := orderOf[order.By]
	sign, dir := ">", ""
	if o.up == order.Back {
		sign, dir = "<", " DESC"
	}
	column := o.column
	switch {
	case narrow:
		column += " + 0" // no index serves the order: what is asked for leads to few, and they are put in order
	case o.column != orderOf[filter.ByDue].column && isSparse(conds, p):
		column += " + 0"
		w.And("t.due_at >= 0") // always so: of the indexes on a part, the one that holds the short words serves
	}
	if tie != "" {
		w.And("("+column+", t.id) "+sign+" (?, ?)", after.Key, tie)
	}
	return store.Selected(ctx, s.from(b.Asks(filter.OfSubject)), w, " ORDER BY "+column+dir+", t.id"+dir+" LIMIT "+w.Arg(limit+1))
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

// Counts counts, in one statement, the tickets of several selections that the actor may read. Each stops at 1,001, which lists
// show as "1,000+".
func (s *Reader) Counts(ctx context.Context, by auth.Actor, sels ...Selection) ([]int, error) {
	c, words := store.NewCounter(), false
	for _, sel := range sels {
		w := c.Next()
		auth.Filter(by, w, columns)
		sel.where(w, by, s.words(by))
		words = words || sel.Asks(filter.OfSubject)
	}
	return c.Run(ctx, s.from(words))
}

// where puts the parts of a selection and its conditions into SQL, for counting.
func (s Selection) where(w *db.Where, by auth.Actor, find finds) {
	var parts []Part
	var conds []filter.Cond
	for _, p := range s.parts() {
		if left, ok := p.decide(s.Conds); ok {
			parts, conds = append(parts, p), left
		}
	}
	if len(parts) != 1 {
		conds = s.Conds
	}
	narrow := !by.Staff() || len(parts) > 0 && isNarrow(conds)
	open := slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p == Ended })
	turns := make([]string, len(open))
	for i, p := range open {
		turns[i] = string(p)
	}
	if len(open) == len(OpenParts) {
		turns = nil
	}
	switch {
	case len(parts) == 0:
		w.In("t.state")
	case len(open) == 0:
		within(w, narrow, false, string(agreement.SideNobody))
	case len(open) == len(parts):
		within(w, narrow, true, turns...)
	case turns != nil:
		w.Or(func(w *db.Where) { w.And("t.open = FALSE") }, func(w *db.Where) { w.In("t.turn_side", turns...) })
	}
	for _, c := range conds {
		add(w, c, find)
	}
}
