package read

import (
	"sync"

	"bothways/internal/agreement"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
)

// told is what a ticket's stream and conversation hold at one version of it. Every act that adds to either writes the ticket's row
// with the next version in the same transaction, so a version that was read says whether this is still all: on each node, without
// being told. It is the same for every reader; what of it somebody may read is asked each time. Nobody changes it.
type told struct {
	version  int64
	stream   []event.Event
	ledger   []agreement.Event
	papers   []string // versions of agreements, by id
	messages []ticket.Message
	notes    []ticket.Note // once asked for by who may read them
	noted    bool
	memos    [2]memo // of the events for customers, and of all
}

// memo is what a reader of stories made of the events, once.
type memo struct {
	once sync.Once
	v    any
}

// mostTold is how many bytes of conversations are kept, about: half of them what was read last.
const mostTold = 24 << 20

// weight is about how many bytes it takes.
func (t *told) weight() int {
	n := 600
	for i := range t.stream {
		n += 900 + 2*len(t.stream[i].Data) // with what is made of it
	}
	for i := range t.messages {
		n += 400 + len(t.messages[i].Body) + len(t.messages[i].Quoted) + 200*len(t.messages[i].Files)
	}
	for i := range t.notes {
		n += 200 + len(t.notes[i].Body) + 200*len(t.notes[i].Files)
	}
	return n
}

// shelf keeps what was told of tickets lately: when one half is full, it takes the place of the other, which is forgotten.
type shelf struct {
	mu       sync.Mutex
	now, old map[string]*told
	weight   int // of now
}

// get gives what is kept of a ticket at a version, nil when it is not there.
func (s *shelf) get(ticketID string, version int64) *told {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.now[ticketID]
	if t == nil {
		if t = s.old[ticketID]; t != nil && t.version == version {
			s.keep(ticketID, t)
		}
	}
	if t == nil || t.version != version {
		return nil
	}
	return t
}

// put keeps it. One that is larger than a quarter of all is not worth the others.
func (s *shelf) put(ticketID string, t *told) {
	if t.weight() > mostTold/4 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(ticketID, t)
}

func (s *shelf) keep(ticketID string, t *told) {
	if before := s.now[ticketID]; before != nil {
		if before.version > t.version {
			return // it was read before the act that the other has
		}
		s.weight -= before.weight()
	}
	w := t.weight()
	if s.now == nil || s.weight+w > mostTold/2 {
		s.now, s.old, s.weight = map[string]*told{}, s.now, 0
	}
	s.now[ticketID] = t
	s.weight += w
}
