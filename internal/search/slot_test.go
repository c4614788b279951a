package search

import (
	"context"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
)

// TestAttack70_SearchesWaitForEachOther: one person's searches wait for each other and are refused when many wait; others' are not touched.
func TestAttack70_SearchesWaitForEachOther(t *testing.T) {
	var s slots
	ctx, cancel := context.WithCancel(context.Background())
	anna, bert := auth.Actor{Kind: auth.Person, PersonID: "anna"}, auth.Actor{Kind: auth.Person, PersonID: "bert"}
	var leave []func()
	for range runAtOnce {
		l, err := s.enter(ctx, anna)
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	answers := make(chan error, mayWait+1)
	for range mayWait + 1 {
		go func() {
			l, err := s.enter(ctx, anna)
			if err == nil {
				l()
			}
			answers <- err
		}()
	}
	if err := <-answers; !errs.Is(err, errs.TooMany) {
		t.Fatal(err)
	}
	l, err := s.enter(ctx, bert)
	if err != nil {
		t.Fatal(err)
	}
	l()
	leave[0]()
	if err := <-answers; err != nil {
		t.Fatal("of those that waited", err)
	}
	cancel()
	leave[1]()
	for range mayWait - 1 {
		if err := <-answers; err != nil && !errs.Is(err, errs.Unavailable) {
			t.Fatal(err)
		}
	}
	if len(s.of) != 0 {
		t.Error("somebody is still there")
	}
}
