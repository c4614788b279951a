package browser

import (
	"maps"
	"slices"
	"testing"

	"bothways/test/browser/chromium"
)

// What a first visit may load, as it comes over the wire with its headers.
const (
	staffBudget  = 140_000
	portalBudget = 100_000
	htmlBudget   = 25_000
)

func TestFirstVisitIsLight(t *testing.T) {
	w := newWorld(t)
	for _, v := range []struct {
		as, path string
		budget   int64
	}{
		{"", "/sign-in", portalBudget}, {"", "/inbox", portalBudget},
		{helen, "/", portalBudget}, {helen, "/promises", portalBudget}, {helen, "/levels", portalBudget}, {helen, "/profile", portalBudget}, {helen, "/requests/" + w.ref(vpn), portalBudget}, {owen, "/requests/" + w.ref(payroll), portalBudget},
		{amara, "/desk", staffBudget}, {amara, "/desk/tickets/" + w.ref(vpn), staffBudget},
	} {
		t.Run(v.as+v.path, func(t *testing.T) {
			x := w.tab(v.as, chromium.Desktop).Go(v.path)
			got := x.Received()
			sum := int64(0)
			for u, n := range got {
				t.Logf("%7d %s", n, u)
				sum += n
			}
			page := got[w.origin+v.path]
			if page == 0 || len(got) < 4 {
				t.Fatalf("these were counted: %q", slices.Sorted(maps.Keys(got)))
			}
			if page > htmlBudget {
				t.Errorf("the page alone is %d bytes, the budget is %d", page, htmlBudget)
			}
			if sum > v.budget {
				t.Errorf("a first visit is %d bytes, the budget is %d", sum, v.budget)
			}
		})
	}
}
