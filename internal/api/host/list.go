package host

import (
	"strings"
	"time"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

// List is one page of anything.
type List[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"Where the next page begins: send it as cursor. null on the last page."`
}

// ListOut is a list as an answer.
type ListOut[T any] struct {
	Body List[T]
}

// ListOf makes one; next leads on, "" on the last page.
func ListOf[T any](items []T, next string) *ListOut[T] {
	if items == nil {
		items = []T{}
	}
	out := &ListOut[T]{Body: List[T]{Items: items}}
	if next != "" {
		out.Body.Next = &next
	}
	return out
}

// Page are the parameters of every paged list.
type Page struct {
	Limit  string `query:"limit" doc:"Rows of a page: 1 to 200, 50 when it is left out."`
	Cursor string `query:"cursor" doc:"The value of next of the page before."`
}

// Read checks the parameters: engines must never see what is no cursor of ours.
func (p Page) Read() (limit int, c page.Cursor, err error) {
	if p.Limit != "" {
		for _, r := range p.Limit {
			if r < '0' || r > '9' || limit > page.MaxLimit {
				limit = -1
				break
			}
			limit = limit*10 + int(r-'0')
		}
		if limit < 1 {
			return 0, c, errs.In("api.page", "limit", "It is not a number from 1 to %d. Write one, or leave it out.", page.MaxLimit)
		}
	}
	c, err = page.Parse(p.Cursor)
	if err == nil && strings.ContainsRune(c.Tie, 0) {
		err = errs.In("api.page", "cursor", `It is not one of ours; take the value of "next" of the page before, or leave it out to start again.`)
	}
	return page.Limit(limit), c, err
}

// Word is a name, or null.
func Word(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Instant is a time, or null.
func Instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Second is an instant of the ledger, or null.
func Second(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	return Instant(time.Unix(unix, 0))
}
