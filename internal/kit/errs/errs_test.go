package errs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bothways/internal/kit/errs"
)

func TestOnlyTheSentenceReachesAPerson(t *testing.T) {
	cause := errors.New("SECRET dsn=postgres://u:p@h")
	for _, err := range []error{
		cause,
		errs.Wrap(errs.Internal, "desk.open", cause, "insert failed"),
		fmt.Errorf("outer: %w", errs.Wrap(errs.Conflict, "desk.resolve", cause, "This ticket is closed. Reopen it first.")),
	} {
		if got := errs.Sentence(err); strings.Contains(got, "SECRET") || strings.Contains(got, "insert failed") {
			t.Errorf("Sentence(%v) = %q leaks the cause", err, got)
		}
		if !errors.Is(err, cause) {
			t.Errorf("the cause of %v is lost", err)
		}
	}
}

func TestKindOfFindsTheKindThroughWrapping(t *testing.T) {
	err := fmt.Errorf("a: %w", errs.In("x", "question.due", "is not a time; write RFC 3339"))
	if !errs.Is(err, errs.Invalid) || errs.KindOf(err).HTTP() != 422 || errs.KindOf(err).Exit() != 64 {
		t.Fatalf("kind %v", errs.KindOf(err))
	}
	if got := errs.Sentence(err); got != "question.due: is not a time; write RFC 3339" {
		t.Fatalf("Sentence = %q", got)
	}
	if errs.KindOf(errors.New("x")) != errs.Internal || errs.Is(nil, errs.Internal) {
		t.Fatal("an unclassified error is Internal and nil is nothing")
	}
}
