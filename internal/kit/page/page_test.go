package page_test

import (
	"testing"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

func TestCursorRoundTripAndRefusal(t *testing.T) {
	for _, c := range []page.Cursor{{}, {Key: 5, Tie: "a"}, {Key: -1 << 62, Tie: `"<ü`}} {
		got, err := page.Parse(c.String())
		if err != nil || got != c {
			t.Errorf("%v: %v %v", c, got, err)
		}
	}
	for _, s := range []string{"x", "bnVsbA", "WzFd!", "' OR 1=1"} {
		if _, err := page.Parse(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("Parse(%q) = %v, want Invalid", s, err)
		}
	}
}

func TestOfCutsAndPointsAtTheLastRow(t *testing.T) {
	key := func(n int) page.Cursor { return page.Cursor{Key: int64(n), Tie: "t"} }
	l := page.Of([]int{1, 2, 3}, 2, key)
	if len(l.Items) != 2 || l.Next != key(2).String() {
		t.Fatalf("%+v", l)
	}
	if l := page.Of([]int{1, 2}, 2, key); l.Next != "" {
		t.Fatalf("the last page has no next: %+v", l)
	}
}
