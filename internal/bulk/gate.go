package bulk

import (
	"sync"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// Bounds of what is heavy: files and changes of many. One person at a time waits for one, and a burst of them slows nobody else.
const (
	heavyAtOnce   = 4 // of everybody
	heavyOf       = 1 // of one person
	heavyInWindow = 30
	heavyWindow   = time.Minute
)

// gate lets a bounded number of heavy requests run.
type gate struct {
	mu      sync.Mutex
	clk     clock.Clock
	running map[string]int
	all     int
	began   map[string][]time.Time // within the window
}

// Enter begins something heavy; leave ends it. Errors: TooMany, with when to come again.
func (s *Service) Enter(by auth.Actor) (leave func(), err error) {
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	now, key := g.clk.Now(), by.ID()
	var recent []time.Time
	for _, at := range g.began[key] {
		if now.Sub(at) < heavyWindow {
			recent = append(recent, at)
		}
	}
	switch {
	case len(recent) >= heavyInWindow:
		return nil, busy(recent[0].Add(heavyWindow), "That was %d times within a minute. Wait a moment, then go on.", len(recent))
	case g.running[key] >= heavyOf:
		return nil, busy(now.Add(2*time.Second), "One of yours is under way already. Wait until it is done.")
	case g.all >= heavyAtOnce:
		return nil, busy(now.Add(2*time.Second), "Several of these are under way. Try again in a moment.")
	}
	if len(g.began) > 10_000 {
		clear(g.began)
	}
	g.began[key] = append(recent, now)
	g.running[key]++
	g.all++
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.all--
		if g.running[key]--; g.running[key] == 0 {
			delete(g.running, key)
		}
	}), nil
}

func busy(until time.Time, say string, args ...any) error {
	return errs.Wrap(errs.TooMany, "bulk.Enter", &auth.Throttled{Until: until}, say, args...).Reason("busy")
}
