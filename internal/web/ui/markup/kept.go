package markup

import (
	"sync"

	"bothways/internal/web/ui"
)

// mostKept is how many bytes of Markdown and of what was made of it are kept, about.
const mostKept = 8 << 20

// shelf keeps what was made of texts lately: a conversation is read many times, and parsing it took longer than all else of its page.
// A text makes the same for everybody. When one half is full it takes the place of the other, which is forgotten.
type shelf struct {
	mu       sync.Mutex
	now, old map[string]made
	bytes    int // of now
}

type made struct {
	prose ui.Prose
	bytes int
}

func (s *shelf) get(src string) (ui.Prose, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.now[src]; ok {
		return m.prose, true
	}
	m, ok := s.old[src]
	if ok {
		s.keep(src, m)
	}
	return m.prose, ok
}

func (s *shelf) put(src, safe string) ui.Prose {
	p := ui.Sanitised(safe)
	if bytes := len(src) + len(safe) + 100; bytes < mostKept/8 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.keep(src, made{p, bytes})
	}
	return p
}

func (s *shelf) keep(src string, m made) {
	if _, ok := s.now[src]; ok {
		return
	}
	if s.now == nil || s.bytes+m.bytes > mostKept/2 {
		s.now, s.old, s.bytes = map[string]made{}, s.now, 0
	}
	s.now[src] = m
	s.bytes += m.bytes
}
