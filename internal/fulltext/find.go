package fulltext

import (
	"context"

	"bothways/internal/db"
)

// Many is how far hits are counted and ranked: what has more shows "1,000+".
const Many = 1000

// Weigh looks in how many documents each term stands, so that a search can begin at the rarest. It changes how the query is asked,
// never what it finds: it may look at documents that the reader may not read.
func (q Query) Weigh(ctx context.Context, r db.Querier, e db.Engine) (Query, error) {
	if e == db.PostgreSQL {
		return q, nil // its planner weighs the values itself
	}
	q.weight = make([]int, len(q.terms))
	for i, t := range q.terms {
		w := db.NewWhere()
		q.match(w, e, t)
		if err := r.QueryRow(ctx, sqlWeighHead+w.SQL()+sqlWeighTail, w.Args()...).Scan(&q.weight[i]); err != nil {
			return q, err
		}
	}
	return q, nil
}

// scarce is how many documents are few enough to ask their owners one by one for another term, on an engine that does not weigh.
const scarce = 20

// Apart takes the query apart into the rarest term, to begin with, and the others, to be looked for in what that finds.
func (q Query) Apart() (first, others Query) {
	i := 0
	for j, n := range q.weight {
		if n < q.weight[i] {
			i = j
		}
	}
	first, others = q, q
	first.terms = q.terms[i : i+1]
	others.terms = append(append([]term{}, q.terms[:i]...), q.terms[i+1:]...)
	others.probed = len(q.weight) > 0 && q.weight[i] <= scarce
	return first, others
}

// Items gives the things that documents are of, by the documents' ids.
func Items(ctx context.Context, r db.Querier, ids ...int64) (map[int64]string, error) {
	out := make(map[int64]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	w := db.NewWhere()
	anyOf := make([]func(*db.Where), len(ids))
	for i, id := range ids {
		anyOf[i] = func(w *db.Where) { w.And("d.id = ?", id) }
	}
	rows, err := r.Query(ctx, sqlItems+w.Or(anyOf...).SQL(), w.Args()...)
	all, err := db.Collect(rows, err, scanEntry)
	for _, e := range all {
		out[e.id] = e.item
	}
	return out, err
}

// entry is a document in the register.
type entry struct {
	id     int64
	item   string
	digest string
}

func scanEntry(s db.Scanner) (e entry, err error) {
	err = s.Scan(&e.id, &e.item)
	return e, err
}

func scanDigest(s db.Scanner) (e entry, err error) {
	err = s.Scan(&e.id, &e.item, &e.digest)
	return e, err
}

// between is the register from one id up to another.
func between(ctx context.Context, r db.Querier, from, to int64) ([]entry, error) {
	rows, err := r.Query(ctx, sqlBetween, from, to)
	return db.Collect(rows, err, scanDigest)
}
