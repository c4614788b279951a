package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/live"
)

// Bounds of what streams can hold of the server's memory and of its connections, of which pages need some too.
const (
	mostStreams  = 1000
	mostOfPerson = 6   // browsers a person has open; the oldest makes room
	mostPending  = 500 // changed tickets a slow reader is told of one by one
	lookUp       = 128 // tickets asked for in one statement
	patience     = 10 * time.Second
)

// Tickets tells how tickets stand; see desk.
type Tickets interface {
	Standings(ctx context.Context, numbers ...int64) ([]desk.Standing, error)
}

// Hub tells which tickets change; see package live of the machinery.
type Hub interface {
	Watch(fn func(live.Batch)) (end func())
	Done() <-chan struct{}
	Mark() string
}

// Deps are what the streams stand on.
type Deps struct {
	Hub     Hub
	Tickets Tickets
	Clock   clock.Clock
	Log     *slog.Logger
}

// Streams are the open streams of this node. It is safe for concurrent use.
type Streams struct {
	Deps
	mu       sync.Mutex
	open     []*stream // the oldest first
	endWatch func()
	changed  map[int64]bool // not looked up yet
	lost     bool
	looking  bool
}

// New makes it; it watches the hub while a stream is open.
func New(d Deps) *Streams { return &Streams{Deps: d, changed: map[int64]bool{}} }

// stream is one browser's.
type stream struct {
	person string
	wake   chan struct{} // holds one
	full   chan struct{} // closed when it has to make room

	mu      sync.Mutex
	pending map[int64]desk.Standing
	lost    bool
}

// add opens a stream. Errors: Unavailable when there are too many, or the server is stopping.
func (s *Streams) add(person string) (*stream, error) {
	const op = "web.live"
	select {
	case <-s.Hub.Done():
		return nil, errs.New(errs.Unavailable, op, "The server is stopping. Try again in a moment.")
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	mine, oldest := 0, -1
	for i, st := range s.open {
		if st.person == person {
			if mine++; oldest < 0 {
				oldest = i
			}
		}
	}
	switch {
	case mine >= mostOfPerson:
		close(s.open[oldest].full)
		s.open = append(s.open[:oldest:oldest], s.open[oldest+1:]...)
	case len(s.open) >= mostStreams:
		return nil, errs.New(errs.Unavailable, op, "Many people are reading. This page shows what is new when you load it again.")
	}
	st := &stream{person: person, wake: make(chan struct{}, 1), full: make(chan struct{}), pending: map[int64]desk.Standing{}}
	if len(s.open) == 0 && s.endWatch == nil {
		s.endWatch = s.Hub.Watch(s.hear)
	}
	s.open = append(s.open, st)
	return st, nil
}

func (s *Streams) remove(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.open {
		if s.open[i] == st {
			s.open = append(s.open[:i:i], s.open[i+1:]...)
			break
		}
	}
	if len(s.open) == 0 && s.endWatch != nil {
		s.endWatch()
		s.endWatch = nil
	}
}

// Open is how many streams are open.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// hear takes what changed from the hub, and has it looked up.
func (s *Streams) hear(b live.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = s.lost || b.Lost
	for _, c := range b.Changes {
		s.changed[c.Number] = true
	}
	if !s.looking {
		s.looking = true
		go s.look()
	}
}

// look reads how the changed tickets stand, once for all streams, and gives it to each.
func (s *Streams) look() {
	for {
		s.mu.Lock()
		if len(s.changed) == 0 && !s.lost {
			s.looking = false
			s.mu.Unlock()
			return
		}
		var numbers []int64
		for n := range s.changed {
			if numbers = append(numbers, n); len(numbers) == lookUp {
				break
			}
		}
		for _, n := range numbers {
			delete(s.changed, n)
		}
		lost := s.lost
		s.lost = false
		s.mu.Unlock()
		all, err := s.standings(numbers)
		if err != nil {
			s.Log.Warn("what changed can't be looked up; open pages are told to read again", "error", err)
			lost = true
		}
		s.mu.Lock()
		for _, st := range s.open {
			st.give(all, lost)
		}
		s.mu.Unlock()
	}
}

func (s *Streams) standings(numbers []int64) ([]desk.Standing, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.Tickets.Standings(ctx, numbers...)
}

// give adds what changed, and wakes the stream up.
func (st *stream) give(all []desk.Standing, lost bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, t := range all {
		st.pending[t.Number] = t
	}
	if st.lost = st.lost || lost; len(st.pending) > mostPending {
		st.pending, st.lost = map[int64]desk.Standing{}, true
	}
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// take gives what has come since, in the order of the tickets' numbers.
func (st *stream) take() (all []desk.Standing, lost bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, t := range st.pending {
		all = append(all, t)
	}
	lost = st.lost
	st.pending, st.lost = map[int64]desk.Standing{}, false
	return all, lost
}
