package search

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/fulltext"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// Service searches. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	desk   *read.Reader
	people *people.Service
	names  *naming.Directory
	slots  slots
}

// New makes the service.
func New(d *db.DB, desk *read.Reader, p *people.Service, clk clock.Clock) *Service {
	return &Service{db: d, desk: desk, people: p, names: naming.New(d, p, clk)}
}

// Limits of a search.
const (
	Many     = fulltext.Many   // tickets that are ranked and counted
	patience = 2 * time.Second // what one search may cost
	few      = 300             // tickets from which a search begins at the words
)

// Input is what to look for.
type Input struct {
	Q      string
	Cursor string
	Limit  int
	Narrow func(*db.Where) // further conditions on t, a row of desk_row; nil for none
}

// Hit is a ticket that was found.
type Hit struct {
	read.Row
	Subject []fulltext.Span
	Kind    fulltext.Kind   // of what Passage is from; fulltext.Title when only the subject has it
	Passage []fulltext.Span // nil when only the subject has it
	Author  string          // person who wrote it
	At      time.Time
	File    string // name of the file it is from
}

// Result is a page of tickets.
type Result struct {
	Query fulltext.Query
	Items []Hit
	Next  string
	Count int  // of all pages; Many+1 for more than a thousand
	Slow  bool // it took too long: what was found until then
}

// Tickets gives a page of the tickets in which somebody finds what they look for, the best first. Errors: Invalid for a cursor
// that is none of ours; TooMany when too many searches of theirs are under way.
func (s *Service) Tickets(ctx context.Context, by auth.Actor, in Input) (Result, error) {
	c, err := page.Parse(in.Cursor)
	if err != nil {
		return Result{}, err
	}
	res := Result{Query: fulltext.Parse(in.Q)}
	if res.Query.Empty() {
		return res, nil
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	leave, err := s.slots.enter(limited, by)
	if err != nil {
		return Result{}, err
	}
	defer leave()
	f, err := s.find(limited, by, &res, in.Narrow)
	if limited.Err() != nil && ctx.Err() == nil {
		res.Slow, err = true, nil
	}
	if err != nil {
		return Result{}, err
	}
	ranked := f.ranked()
	res.Count = len(ranked)
	if f.more {
		res.Count = Many + 1
	}
	l := page.Of(after(ranked, c), page.Limit(in.Limit), func(h *candidate) page.Cursor { return h.cursor() })
	res.Next = l.Next
	res.Items, err = s.shown(ctx, by, res.Query, l.Items)
	return res, err
}

// People gives up to limit people whose name or addresses somebody looks for; more says that there are others.
func (s *Service) People(ctx context.Context, by auth.Actor, q string, limit int) (found []people.Person, more bool, err error) {
	p := fulltext.Parse(q)
	if p.Empty() {
		return nil, false, nil
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, more, err = s.people.Find(limited, by, p, limit)
	if limited.Err() != nil && ctx.Err() == nil {
		return nil, false, nil
	}
	return found, more, err
}

// Ticket is the ticket whose number was typed alone (BW-1234, 1234), when there is one that somebody may read; else 0.
func (s *Service) Ticket(ctx context.Context, by auth.Actor, q string) (int64, error) {
	n := fulltext.Number(q, "BW")
	if n == 0 {
		return 0, nil
	}
	_, err := s.desk.Get(ctx, by, n)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		return 0, nil
	}
	return n, err
}
