package clock_test

import (
	"testing"
	"time"

	"bothways/internal/kit/clock"
)

func TestFakeWakesSleepersWhenMovedPastThem(t *testing.T) {
	start := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC)
	c := clock.NewFake(start)
	soon, late := c.After(time.Minute), c.After(time.Hour)
	c.Advance(2 * time.Minute)
	select {
	case at := <-soon:
		if !at.Equal(start.Add(2 * time.Minute)) {
			t.Fatalf("woken at %v", at)
		}
	default:
		t.Fatal("the sleeper of one minute was not woken after two")
	}
	select {
	case <-late:
		t.Fatal("the sleeper of one hour was woken after two minutes")
	default:
	}
}

func TestMicrosKeepsTheInstantAndTheZero(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 24, 0, 123456000, time.FixedZone("x", 3600))
	if got := clock.FromMicros(clock.Micros(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Fatalf("got %v", got)
	}
	if !clock.FromMicros(clock.Micros(time.Time{})).IsZero() {
		t.Fatal("the zero time must stay zero")
	}
}
