// Package page is keyset paging: a cursor is the sort key of the last row, opaque to the caller, so that any depth costs
// the same and no row is shown twice or left out while others are written.
package page

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"

	"bothways/internal/kit/errs"
)

// Limits of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Limit clamps what a caller asked for to 1…MaxLimit; 0 is DefaultLimit.
func Limit(n int) int {
	switch {
	case n <= 0:
		return DefaultLimit
	case n > MaxLimit:
		return MaxLimit
	}
	return n
}

// Cursor is the sort key of the last row of a page: a number and a text that breaks ties.
type Cursor struct {
	Key int64
	Tie string
}

// String is the cursor as callers carry it; the zero cursor is "".
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	b, _ := json.Marshal([]any{c.Key, c.Tie}) // two scalars: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// Parse reads a cursor; "" is the start. A cursor that was not made by String is Invalid.
func Parse(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	bad := errs.In("page.Parse", "cursor", "is not one of ours; take the value of \"next\" of the page before, or leave it out to start again.")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return Cursor{}, bad
	}
	var c Cursor
	if err := json.Unmarshal(b, &[]any{&c.Key, &c.Tie}); err != nil || c == (Cursor{}) || strings.ContainsFunc(c.Tie, unicode.IsControl) && !strings.Contains(c.Tie, "\n") || strings.Contains(c.Tie, "\x00") {
		return Cursor{}, bad
	}
	return c, nil
}

// List is one page of rows; Next is "" on the last.
type List[T any] struct {
	Items []T
	Next  string
}

// Of cuts rows, of which one more than limit was read, to a page; key gives the cursor of a row.
func Of[T any](rows []T, limit int, key func(T) Cursor) List[T] {
	if len(rows) <= limit {
		return List[T]{Items: rows}
	}
	rows = rows[:limit]
	return List[T]{Items: rows, Next: key(rows[limit-1]).String()}
}
