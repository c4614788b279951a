package search

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/kit/errs"
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
// Of r only Now need be set: "me" is also whom the actor stands in for now. Errors: those of the names.
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
	var err error
	if r.For, err = s.desk.StandsFor(ctx, by); err != nil {
		return Asked{}, err
	}
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

// Ask is Read for programs, which are told what can't be read. Conditions are for staff; others write words alone. Errors: Invalid,
// saying which words.
func (s *Service) Ask(ctx context.Context, by auth.Actor, text string, now time.Time) (Asked, error) {
	if !by.Staff() {
		return Asked{Words: text}, nil
	}
	a, err := s.Read(ctx, by, text, filter.Reader{Now: now})
	if err != nil || len(a.Problems) == 0 {
		return a, err
	}
	e := &errs.E{Kind: errs.Invalid, Op: "search", Msg: "Something in what you asked needs changing."}
	for _, p := range a.Problems {
		e.Fields = append(e.Fields, errs.Field{Path: "q", Msg: fmt.Sprintf("%q: %s", p.Word, p.Msg)})
	}
	return a, e
}
