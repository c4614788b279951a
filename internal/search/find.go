package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/fulltext"
	"bothways/internal/kit/page"
)

// candidate is a ticket that was found, with what its rank follows from.
type candidate struct {
	number   int64
	best     int64 // the document found at the best place
	passage  int64 // the same, subjects apart; 0 when only the subject has it
	texts    int   // documents found
	together bool  // every word in one text
	whole    bool  // the last word as a whole word
}

// weight of the places where something is found.
var weight = map[fulltext.Kind]int64{
	fulltext.Title: 400, fulltext.Lead: 300, fulltext.Text: 200, fulltext.InternalText: 200, fulltext.File: 100, fulltext.InternalFile: 100,
}

// rank is 0 for words that are apart: which of them was looked for first says nothing.
func (c *candidate) rank() int64 {
	if !c.together {
		return 0
	}
	r := 1000 + weight[fulltext.KindOf(c.best)] + 4*int64(min(c.texts, 20))
	if c.whole {
		r += 500
	}
	return r
}

func (c *candidate) cursor() page.Cursor {
	return page.Cursor{Key: c.rank(), Tie: strconv.FormatInt(c.number, 10)}
}

func (c *candidate) before(d *candidate) int {
	return cmp.Or(cmp.Compare(d.rank(), c.rank()), cmp.Compare(d.number, c.number))
}

// after leaves out what stood on the pages before.
func after(all []*candidate, c page.Cursor) []*candidate {
	if c == (page.Cursor{}) {
		return all
	}
	n, _ := strconv.ParseInt(c.Tie, 10, 64)
	i := 0
	for i < len(all) && (all[i].rank() > c.Key || all[i].rank() == c.Key && all[i].number >= n) {
		i++
	}
	return all[i:]
}

// finding is one search under way.
type finding struct {
	s      *Service
	ctx    context.Context
	by     auth.Actor
	narrow func(*db.Where)
	notes  bool  // the actor reads notes somewhere
	every  bool  // of every ticket
	few    []any // the actor may read these alone: begin at them
	found  map[int64]*candidate
	seen   map[int64]bool // documents
	more   bool           // there are more than Many
}

// find runs a search: the words as they are, then the last as a beginning, then inside addresses and codes. Each goes on only
// while there are not a thousand.
func (s *Service) find(ctx context.Context, by auth.Actor, res *Result, narrow func(*db.Where)) (*finding, error) {
	f := &finding{s: s, ctx: ctx, by: by, narrow: narrow, found: map[int64]*candidate{}, seen: map[int64]bool{}}
	visible, notes := db.NewWhere(), db.NewWhere()
	read.Visible(by, auth.TicketRead, visible)
	read.Visible(by, auth.TicketNoteRead, notes)
	if visible.Never() {
		return f, nil
	}
	f.notes, f.every = !notes.Never(), notes.Always()
	if !visible.Always() {
		first := db.NewWhere()
		read.VisibleFirst(s.db.Engine(), by, auth.TicketRead, first)
		all, err := s.readable(ctx, first)
		if err != nil || len(all) == 0 {
			return f, err
		}
		if len(all) <= few {
			f.few = padded(all)
		}
	}
	return f, f.rounds(res)
}

func (f *finding) rounds(res *Result) error {
	exact, begun := res.Query.Exactly()
	if err := f.together(exact, true); err != nil || f.more {
		return err
	}
	if begun {
		if err := f.together(res.Query, false); err != nil || f.more {
			return err
		}
	}
	if err := f.apart(res.Query); err != nil || f.more {
		return err
	}
	wide, differs := res.Query.Widely()
	if !differs || len(f.found) > 0 {
		return nil
	}
	res.Query = wide
	if err := f.together(wide, false); err != nil || f.more {
		return err
	}
	return f.apart(wide)
}

// readable gives the numbers of up to few+1 tickets that an actor may read.
func (s *Service) readable(ctx context.Context, visible *db.Where) ([]int64, error) {
	rows, err := s.db.Planned().Query(ctx, sqlNumbers+visible.SQL()+" LIMIT "+visible.Arg(few+1), visible.Args()...)
	return db.Collect(rows, err, db.One[int64])
}

// padded repeats the last number, so that there are few texts of statements to keep prepared.
func padded(all []int64) []any {
	size := 4
	for size < len(all) {
		size *= 4
	}
	out := make([]any, size)
	for i := range out {
		out[i] = all[min(i, len(all)-1)]
	}
	return out
}

// together finds tickets that have every word in one text.
func (f *finding) together(q fulltext.Query, whole bool) error {
	return f.pass(q, nil, func(c *candidate) { c.together, c.whole = true, c.whole || whole })
}

// apart finds tickets that have the words spread over several texts.
func (f *finding) apart(q fulltext.Query) error {
	if q.Terms() < 2 {
		return nil
	}
	q, err := q.Weigh(f.ctx, f.s.db.Planned(), f.s.db.Engine())
	if err != nil {
		return err
	}
	first, others := q.Apart()
	return f.pass(first, &others, nil)
}

// mark says what is known of a ticket that a pass found; nil when its words are apart.
type mark func(*candidate)

// pass reads the documents that match from the newest ticket on, in both indexes, and keeps the newest thousand tickets of both.
func (f *finding) pass(q fulltext.Query, others *fulltext.Query, mark mark) error {
	public, err := f.scan(q, others, false)
	if err != nil {
		return err
	}
	var internal []int64
	if f.notes {
		if internal, err = f.scan(q, others, true); err != nil {
			return err
		}
	}
	all := slices.Concat(public, internal)
	slices.SortFunc(all, func(a, b int64) int { return cmp.Compare(b, a) })
	for _, id := range all {
		f.add(id, mark)
	}
	f.keepNewest()
	return nil
}

func (f *finding) add(id int64, mark mark) {
	n := fulltext.Owner(id)
	c := f.found[n]
	if c == nil {
		c = &candidate{number: n}
		f.found[n] = c
	}
	if mark == nil && c.together {
		return
	}
	if better(id, c.best) {
		c.best = id
	}
	if fulltext.KindOf(id) != fulltext.Title && better(id, c.passage) {
		c.passage = id
	}
	if !f.seen[id] {
		f.seen[id] = true
		c.texts++
	}
	if mark != nil {
		mark(c)
	}
}

// better says whether a document is found at a better place than another; among equals the newer is.
func better(id, than int64) bool {
	return than == 0 || weight[fulltext.KindOf(id)] > weight[fulltext.KindOf(than)]
}

// keepNewest cuts to the newest thousand.
func (f *finding) keepNewest() {
	if len(f.found) <= Many {
		return
	}
	f.more = true
	numbers := make([]int64, 0, len(f.found))
	for n := range f.found {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers[:len(numbers)-Many] {
		delete(f.found, n)
	}
}

// ranked is what was found, the best first.
func (f *finding) ranked() []*candidate {
	out := make([]*candidate, 0, len(f.found))
	for _, c := range f.found {
		out = append(out, c)
	}
	slices.SortFunc(out, (*candidate).before)
	return out
}

// batch is how many documents one statement gives at most.
const batch = 2000

// scan gives the documents of one index that match and may be read, the newest ticket's first, of at most Many+1 tickets.
func (f *finding) scan(q fulltext.Query, others *fulltext.Query, internal bool) ([]int64, error) {
	var out []int64
	tickets := 0
	by, err := f.choose(q, internal)
	if err != nil {
		return nil, err
	}
	for last := int64(0); ; {
		query, args := f.statement(by, q, others, internal, last)
		rows, err := f.s.db.Planned().Query(f.ctx, query, args...)
		if err != nil {
			return out, err
		}
		n := 0
		err = db.Each(rows, func(s db.Scanner) (bool, error) {
			var id int64
			if err := s.Scan(&id); err != nil {
				return false, err
			}
			if n++; last == 0 || fulltext.Owner(last) != fulltext.Owner(id) {
				if tickets++; tickets > Many+1 {
					return false, nil
				}
			}
			last = id
			out = append(out, id)
			return true, nil
		})
		if err != nil || n < batch || tickets > Many+1 {
			return out, err
		}
	}
}

// notesOf is the condition under which words in notes count, nil when they never do.
func (f *finding) notesOf() func(*db.Where) {
	if !f.notes {
		return nil
	}
	return func(w *db.Where) { read.Visible(f.by, auth.TicketNoteRead, w) }
}
