package search

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
)

// Asked is what somebody of staff wrote, read: words to look for, and conditions of the queue's language.
type Asked struct {
	Words    string // as written
	Narrow   func(*db.Where)
	Problems []filter.Problem
	Notes    []string
	// Conditions says that there are conditions, so that what has none of Words is a list and not a search.
	Conditions bool
}

// Read takes apart what somebody wrote: free words and phrases are looked for, the rest narrows (site:lund turn:customer).
// Of r only Now need be set. Errors: those of the names.
func (s *Service) Read(ctx context.Context, by auth.Actor, text string, r filter.Reader) (Asked, error) {
	q := filter.Parse(text)
	words := q.Terms[:0:0]
	conditions := q.Terms[:0:0]
	for _, t := range q.Terms {
		if t.Field == filter.Word && !t.Not {
			words = append(words, t)
		} else {
			conditions = append(conditions, t)
		}
	}
	q.Terms = conditions
	r.PersonID, r.Teams, r.Names = by.PersonID, by.Teams, s.names.For(by)
	b, err := q.Bind(ctx, r)
	if err != nil {
		return Asked{}, err
	}
	a := Asked{Problems: b.Problems, Notes: b.Notes, Conditions: len(conditions) > 0}
	var parts []string
	for _, t := range words {
		v := t.Values[0]
		if v.Quoted {
			parts = append(parts, `"`+strings.ReplaceAll(v.Text, `"`, " ")+`"`)
		} else {
			parts = append(parts, v.Text)
		}
	}
	a.Words = strings.Join(parts, " ")
	if len(b.Conds) > 0 {
		a.Narrow = func(w *db.Where) { s.desk.Narrow(w, by, b.Conds) }
	}
	return a, nil
}
