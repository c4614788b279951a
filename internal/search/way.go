package search

import (
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/fulltext"
)

// way is how a scan goes about it, chosen by what is fewer: hits of the word, or tickets that may be read. Every way finds the
// same: rights stand in the statement of each.
type way int

const (
	walk   way = iota // hits, the newest first, each asked for its rights
	gather            // PostgreSQL: the few hits there are, then their rights
	set               // hits, each looked for among the tickets that may be read
	probe             // the few tickets that may be read, each looked up in the index of words
)

// What decides, measured on 100,000 tickets with SQLite: a hit costs 0.1 µs to count, 0.25 µs to look for in a set and 1.1 µs to
// ask for its rights; a ticket costs 4 µs to put into the set and 60 µs to look up by itself, but as much as all hits do when a
// word may go on.
const (
	hitsOfProbe = 240  // hits that are looked for at the cost of one look-up
	sample      = 2000 // newest hits among which is seen how many may be read
	sparse      = 25   // one in so many, or fewer: not worth asking each
)

// choose finds the way that costs least, from bounded looks at how many hits there are and how many of the newest may be read.
func (f *finding) choose(q fulltext.Query, internal bool) (way, error) {
	lite, narrow := f.s.db.Engine() == db.SQLite, f.few != nil
	matching := db.NewWhere()
	q.Match(matching, f.s.db.Engine())
	rights := db.NewWhere(matching.Args()...)
	f.rights(rights, internal, false)
	switch {
	case rights.Always():
		return walk, nil
	case narrow && (!lite || q.Begins()):
		return map[bool]way{true: set, false: probe}[lite], nil
	case narrow:
		n := len(f.few) * hitsOfProbe
		hits, err := f.hits(q, internal, n)
		if hits < n {
			return set, err
		}
		return probe, err
	}
	hits, err := f.hits(q, internal, sample)
	if err != nil || hits < sample {
		return map[bool]way{true: walk, false: gather}[lite], err
	}
	rights.And("t.number = f.rowid >> 28")
	var readable int
	text := textsOf[internal].sample
	err = f.s.db.Planned().QueryRow(f.ctx, text.head+matching.SQL()+text.tail+rights.SQL(), rights.Args()...).Scan(&readable)
	if err != nil || readable*sparse > sample {
		return walk, err
	}
	return set, nil
}

// newest ends every statement of a scan.
const newest = " ORDER BY f.rowid DESC LIMIT "

// hits is how many documents match, counted up to n.
func (f *finding) hits(q fulltext.Query, internal bool, n int) (hits int, err error) {
	w := db.NewWhere()
	q.Match(w, f.s.db.Engine())
	text := textsOf[internal].hits
	err = f.s.db.Planned().QueryRow(f.ctx, text.head+w.SQL()+" LIMIT "+w.Arg(n)+text.tail, w.Args()...).Scan(&hits)
	return hits, err
}

// rights adds what decides about the ticket t: whether it may be read, and the further conditions.
func (f *finding) rights(w *db.Where, internal, first bool) {
	visible := read.Visible
	if first {
		visible = func(by auth.Actor, v auth.Verb, w *db.Where) { read.VisibleFirst(f.s.db.Engine(), by, v, w) }
	}
	if internal {
		visible(f.by, auth.TicketNoteRead, w)
	}
	visible(f.by, auth.TicketRead, w)
	if f.narrow != nil {
		f.narrow(w)
	}
}

// statement puts a scan together: rights, further conditions, words.
func (f *finding) statement(by way, q fulltext.Query, others *fulltext.Query, internal bool, last int64) (string, []any) {
	engine, texts := f.s.db.Engine(), textsOf[internal]
	matching := db.NewWhere()
	q.Match(matching, engine)
	w := db.NewWhere()
	if by == gather {
		w = db.NewWhere(matching.Args()...)
	}
	f.rights(w, internal, by == probe || by == set)
	f.listed(w)
	query, number := texts.words, "t.number"
	switch {
	case by == set:
		return f.inSet(w, q, others, internal, last)
	case by == probe:
		query = texts.tickets
		if engine == db.PostgreSQL {
			w.And("f.rowid >> 28 = t.number") // by fulltext_public_ticket: it does not look a range up for each ticket
		} else {
			w.And("f.rowid >= t.number << 28 AND f.rowid < (t.number + 1) << 28")
		}
		q.MatchEach(w, engine)
	case by == gather:
		query = texts.gather.head + matching.SQL() + texts.gather.tail
		w.And("t.number = f.rowid >> 28")
	case w.Always() && (others == nil || !f.notes || f.every):
		query, number = texts.all, "(f.rowid >> 28)"
		q.Match(w, engine)
	default:
		w.And("t.number = f.rowid >> 28")
		q.Match(w, engine)
	}
	if others != nil {
		others.Where(w, engine, number, f.notesOf())
	}
	if last != 0 {
		w.And("f.rowid < ?", last)
	}
	return query + w.SQL() + newest + w.Arg(batch), w.Args()
}

// inSet is the statement of a set: all that decides about tickets stands in what makes it.
func (f *finding) inSet(tickets *db.Where, q fulltext.Query, others *fulltext.Query, internal bool, last int64) (string, []any) {
	if others != nil {
		others.Where(tickets, f.s.db.Engine(), "t.number", f.notesOf())
	}
	w := db.NewWhere(tickets.Args()...)
	q.Match(w, f.s.db.Engine())
	if last != 0 {
		w.And("f.rowid < ?", last)
	}
	text := textsOf[internal].set
	return text.head + tickets.SQL() + text.tail + " AND " + strings.TrimPrefix(w.SQL(), " WHERE ") + newest + w.Arg(batch), w.Args()
}

// listed adds that the ticket is one of the few.
func (f *finding) listed(w *db.Where) {
	if f.few != nil {
		w.And("t.number IN (?"+strings.Repeat(", ?", len(f.few)-1)+")", f.few...)
	}
}
