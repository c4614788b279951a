package id

import (
	"encoding/binary"
	mrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// seeded is the source New takes from while a history is made, nil otherwise.
var seeded atomic.Pointer[source]

// Seeded makes New repeatable until stop is called: the time in an id is that of now, its other bits come of the seed. It is for
// histories that are made up, while nobody is served. Secrets and random bytes are never of it.
func Seeded(seed uint64, now func() time.Time) (stop func()) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	s := &source{now: now, rnd: mrand.NewChaCha8(key)}
	seeded.Store(s)
	return func() { seeded.CompareAndSwap(s, nil) }
}

// source makes UUIDv7 in order: the twelve bits behind the milliseconds count, and when they are used up the time goes on.
type source struct {
	mu   sync.Mutex
	now  func() time.Time
	rnd  *mrand.ChaCha8
	tick uint64 // milliseconds and count of the last one
}

func (s *source) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick = max(s.tick+1, uint64(s.now().UnixMilli())<<12)
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], s.tick>>12<<16|0x7000|s.tick&0xfff)
	binary.BigEndian.PutUint64(u[8:], s.rnd.Uint64()>>2|1<<63)
	return u.String()
}
