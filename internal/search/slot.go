package search

import (
	"context"
	"sync"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
)

// How many searches of one person run at once, and how many of theirs may wait: nobody's searches slow down everybody.
const (
	runAtOnce = 2
	mayWait   = 8
)

// slots counts the searches under way, by person.
type slots struct {
	mu sync.Mutex
	of map[string]*slot
}

type slot struct {
	run  chan struct{}
	here int
}

// enter waits until the actor may search; leave must be called then. Errors: TooMany when too many of theirs wait already,
// Unavailable when the wait was too long.
func (s *slots) enter(ctx context.Context, by auth.Actor) (leave func(), err error) {
	key := by.ID()
	s.mu.Lock()
	p := s.of[key]
	if p == nil {
		p = &slot{run: make(chan struct{}, runAtOnce)}
		if s.of == nil {
			s.of = map[string]*slot{}
		}
		s.of[key] = p
	}
	if p.here >= runAtOnce+mayWait {
		s.mu.Unlock()
		return nil, errs.New(errs.TooMany, "search", "Several searches of yours are under way. Wait until one has ended, then search again.").Reason("search-busy")
	}
	p.here++
	s.mu.Unlock()
	out := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if p.here--; p.here == 0 {
			delete(s.of, key)
		}
	}
	select {
	case p.run <- struct{}{}:
		return func() { <-p.run; out() }, nil
	case <-ctx.Done():
		out()
		return nil, errs.Wrap(errs.Unavailable, "search", ctx.Err(), "The search waited too long for others of yours. Search again.")
	}
}
