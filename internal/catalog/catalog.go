package catalog

import (
	"slices"
	"time"
)

// Service is what is agreed, supported, changed and announced.
type Service struct {
	ID      string
	Name    string
	About   string   // in a sentence or some
	OwnerID string   // person
	Orgs    []string // organisations that are its customers
	Needs   []string // services it depends on
	MadeAt  time.Time
	EndedAt time.Time // zero while it is offered
	Version int64
}

// Ended says whether the service is not offered any more.
func (s Service) Ended() bool { return !s.EndedAt.IsZero() }

// Graph is which service depends on which, by id.
type Graph map[string][]string

// Way is a way from one service to another along what each depends on, both ends included; nil when there is none.
func (g Graph) Way(from, to string) []string {
	before, seen := map[string]string{}, map[string]bool{from: true}
	for wave := []string{from}; len(wave) > 0; {
		at := wave[0]
		wave = wave[1:]
		if at == to {
			var way []string
			for ; at != from; at = before[at] {
				way = append(way, at)
			}
			way = append(way, from)
			slices.Reverse(way)
			return way
		}
		for _, next := range g[at] {
			if !seen[next] {
				seen[next], before[next] = true, at
				wave = append(wave, next)
			}
		}
	}
	return nil
}

// Above lists what depends on a service, near or far, sorted.
func (g Graph) Above(id string) []string {
	var out []string
	for s := range g {
		if s != id && g.Way(s, id) != nil {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}
