package web

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/web/area"
)

var update = flag.Bool("update", false, "write testdata/routes.golden")

var doorNames = map[area.Door]string{forAnyone: "anyone", forCustomers: "signed in", forStaff: "staff", forDemo: "anyone, in a demo", forOpenPages: "signed in, by open pages"}

// TestEveryRouteHasARow: a route is reviewed by its row: method, path, who comes in, and the verb it asks the authoriser.
func TestEveryRouteHasARow(t *testing.T) {
	known := map[auth.Verb]bool{}
	for _, v := range auth.Verbs() {
		known[v.Verb] = true
	}
	var rows []string
	for _, r := range (&site{}).allRoutes() {
		verb := string(r.verb)
		if verb == "" {
			verb = "-"
		} else if !known[r.verb] {
			t.Errorf("%s %s names the verb %q, which is none", r.method, r.path, verb)
		}
		if r.verb == "" && (r.door == forCustomers || r.door == forStaff || r.door == forOpenPages) {
			t.Errorf("%s %s is for %s and names no verb", r.method, r.path, doorNames[r.door])
		}
		if r.method != "GET" && r.method != "POST" {
			t.Errorf("%s %s: pages know GET and POST", r.method, r.path)
		}
		rows = append(rows, strings.Join([]string{r.method, r.path, doorNames[r.door], verb}, " | "))
	}
	slices.Sort(rows)
	got := strings.Join(rows, "\n") + "\n"
	const file = "testdata/routes.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the routes differ from %s. Review them and run: go test ./internal/web -run EveryRoute -update\n%s", file, got)
	}
}
