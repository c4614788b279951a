package writing

import "testing"

func TestMegabytes(t *testing.T) {
	for n, want := range map[int]string{25 << 20: "25.0 MB", 25<<20 + 1: "more than 25 MB", 25<<20 + 40_000: "more than 25 MB", 30<<20 - 9: "30.0 MB", 25<<20 + 100_000: "25.1 MB", 63 << 19: "31.5 MB"} {
		if got := Megabytes(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
