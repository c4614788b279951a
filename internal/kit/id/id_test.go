package id_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/kit/id"
)

func TestNewIsUniqueValidAndSorted(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for range 1000 {
		s := id.New()
		if !id.Valid(s) || seen[s] || s < last {
			t.Fatalf("%q after %q", s, last)
		}
		seen[s], last = true, s
	}
	if id.Valid("x") || id.Valid("../../etc/passwd-aaaaaaaaaaaaaaaaaaaaa") {
		t.Fatal("nonsense is no id")
	}
}

func TestSecretHasPrefixAndEntropy(t *testing.T) {
	a, b := id.Secret("bw_"), id.Secret("bw_")
	if !strings.HasPrefix(a, "bw_") || a == b || len(a) < 43 {
		t.Fatalf("%q %q", a, b)
	}
	if len(id.Digest(a)) != 64 || id.Digest(a) == id.Digest(b) {
		t.Fatal("digest")
	}
}

func TestSeededIsRepeatableSortedAndEnds(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	some := func(seed uint64) (out []string) {
		now := at
		stop := id.Seeded(seed, func() time.Time { return now })
		defer stop()
		for i := range 10_000 { // more at one instant than the count behind it holds
			if i == 9_000 {
				now = now.Add(time.Hour)
			}
			out = append(out, id.New())
		}
		return out
	}
	a, b, c := some(7), some(7), some(8)
	if !slices.Equal(a, b) || a[0] == c[0] {
		t.Fatalf("of one seed %s and %s, of another %s", a[0], b[0], c[0])
	}
	if !slices.IsSorted(a) || !slices.IsSorted(c) {
		t.Error("ids are not in the order they were made")
	}
	if want := "019cadc6-"; !strings.HasPrefix(a[0], want) || !id.Valid(a[0]) || a[0][14] != '7' || !strings.ContainsRune("89ab", rune(a[0][19])) {
		t.Errorf("%s is no UUIDv7 of %s", a[0], at)
	}
	if x, y := id.New(), id.New(); x == y || strings.HasPrefix(x, "019cadc6-") {
		t.Errorf("%s after the end", x)
	}
	stop := id.Seeded(7, time.Now)
	defer stop()
	if one, two := id.Secret(""), id.Secret(""); one == two {
		t.Error("a secret was repeated")
	}
}
