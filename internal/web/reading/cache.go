package reading

import (
	"sync"
	"time"
)

// keepFor is how long what hardly changes is kept between pages: teams, who is in them, the terms of an agreement. Rights are
// never kept here.
const keepFor = 5 * time.Second

// kept is one value that is read again when it is older than keepFor.
type kept[T any] struct {
	mu sync.Mutex
	at time.Time
	v  T
}

func (k *kept[T]) get(now time.Time, load func() (T, error)) (T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.at); !k.at.IsZero() && age > 0 && age < keepFor {
		return k.v, nil
	}
	v, err := load()
	if err == nil {
		k.v, k.at = v, now
	}
	return v, err
}

// keptBy is kept for values that have a name.
type keptBy[T any] struct {
	mu sync.Mutex
	m  map[string]*kept[T]
}

// mostNames bounds how many are kept.
const mostNames = 2000

func (k *keptBy[T]) get(key string, now time.Time, load func() (T, error)) (T, error) {
	k.mu.Lock()
	if k.m == nil || len(k.m) > mostNames {
		k.m = map[string]*kept[T]{}
	}
	one := k.m[key]
	if one == nil {
		one = &kept[T]{}
		k.m[key] = one
	}
	k.mu.Unlock()
	return one.get(now, load)
}

var zones sync.Map // name → *time.Location: reading one is reading a file

// ZoneOf is a time zone by its name; one nobody knows reads as UTC.
func ZoneOf(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		z = time.UTC
	}
	zones.Store(name, z)
	return z
}
