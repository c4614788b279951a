package id_test

import (
	"strings"
	"testing"

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
