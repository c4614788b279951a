package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// wanted are the rules a line says it breaks, each a name of rules.
var wanted = regexp.MustCompile(`want ([a-z ]+)`)

// wrongRepo unpacks the small repository in which every rule is broken.
func wrongRepo(t *testing.T, more map[string]string) *tree {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "wrong.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("MACHINE", "/"+"root", "WORK", "TO"+"DO")
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = fill.Replace(string(f.Data))
	}
	for name, body := range more {
		files[name] = body
	}
	root := t.TempDir()
	for name, body := range files {
		p := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// expected reads what the lines of a repository say they break, as "file:line: rule".
func expected(tr *tree) []string {
	var names []string
	for _, r := range rules {
		names = append(names, r.name)
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // "package doc" before "package"
	var out []string
	for file, body := range tr.texts {
		for i, l := range strings.Split(string(body), "\n") {
			m := wanted.FindStringSubmatch(l)
			for rest := ""; m != nil; {
				rest = strings.TrimSpace(m[1])
				k := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(rest, n) })
				if k < 0 {
					break
				}
				out = append(out, fmt.Sprintf("%s:%d: %s", file, i+1, names[k]))
				m[1] = strings.TrimPrefix(rest, names[k])
			}
		}
	}
	return out
}

// TestRulesBite applies every rule to a repository that breaks it, and to lines that only look as if.
func TestRulesBite(t *testing.T) {
	tr := wrongRepo(t, nil)
	want := append(expected(tr), "docs/attacks.md:1: attacks")
	var got []string
	for _, r := range rules {
		for _, f := range r.check(tr, nil) {
			got = append(got, fmt.Sprintf("%s:%d: %s", f.file, f.line, r.name))
			if !strings.HasPrefix(f.text, r.name+": ") || strings.Count(f.text, ". ") == 0 && r.name != "sql words" {
				t.Errorf("a finding has to name its rule and the way out: %s", f)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, w := range want {
		if i := slices.Index(got, w); i >= 0 {
			got = slices.Delete(got, i, i+1)
			continue
		}
		t.Errorf("not found: %s", w)
	}
	for _, g := range got {
		t.Errorf("found without being wrong: %s", g)
	}
}

// TestSizesBite shows the soft limits, the hard ones, and what an exception can and can't do.
func TestSizesBite(t *testing.T) {
	long := func(n int) string { return "\n// Package desk.\npackage desk\n" + strings.Repeat("\n", n-3) }
	function := func(n int) string {
		return "package desk\n\nfunc long() {\n" + strings.Repeat("\tprintln()\n", n-2) + "}\n"
	}
	tests := []struct {
		rule, file, body, subject string
		size                      int
		check                     func(*tree, exceptions) []finding
		without, with             int // findings without and with an exception
	}{
		{"file", "internal/desk/a.go", long(400), "internal/desk/a.go", 400, checkFiles, 0, 0},
		{"file", "internal/desk/a.go", long(401), "internal/desk/a.go", 401, checkFiles, 1, 0},
		{"file", "internal/desk/a_test.go", long(401), "internal/desk/a_test.go", 401, checkFiles, 1, 0},
		{"file", "internal/desk/a_templ.go", long(800), "internal/desk/a_templ.go", 800, checkFiles, 0, 0},
		{"file", "internal/desk/a.templ", long(401), "internal/desk/a.templ", 401, checkFiles, 1, 0},
		{"file", "internal/desk/a.go", long(701), "internal/desk/a.go", 701, checkFiles, 1, 1},
		{"function", "internal/desk/a.go", function(60), "internal/desk.long", 60, checkFunctions, 0, 0},
		{"function", "internal/desk/a.go", function(61), "internal/desk.long", 61, checkFunctions, 1, 0},
		{"function", "internal/desk/a.go", function(101), "internal/desk.long", 101, checkFunctions, 1, 1},
		{"function", "internal/desk/a_test.go", function(101), "internal/desk.long", 101, checkFunctions, 0, 0},
		{"package", "internal/calendar/a.go", long(2001), "internal/calendar", 2001, checkPackages, 1, 0},
		{"package", "internal/calendar/a.go", long(3501), "internal/calendar", 3501, checkPackages, 1, 1},
		{"main", "cmd/bothways/main.go", "package main\n" + strings.Repeat("\n", 40), "cmd/bothways/main.go", 41, checkMain, 1, 0},
	}
	for _, tt := range tests {
		tr := wrongRepo(t, map[string]string{tt.file: tt.body})
		if got := tt.check(tr, nil); len(got) != tt.without {
			t.Errorf("%s of %d lines: %d findings without an exception, want %d: %v", tt.file, tt.size, len(got), tt.without, got)
		}
		x := exceptions{{rule: tt.rule, subject: tt.subject, figure: tt.size}}
		if got := tt.check(tr, x); len(got) != tt.with {
			t.Errorf("%s of %d lines: %d findings with an exception, want %d: %v", tt.file, tt.size, len(got), tt.with, got)
		}
	}
}

// TestSQLConstsAreWorkedOut shows that concatenations and constants of other packages give the text the compiler sees.
func TestSQLConstsAreWorkedOut(t *testing.T) {
	for _, c := range sqlConsts(wrongRepo(t, nil)) {
		if c.name == "sqlTicket" {
			if want := "SELECT id, state FROM desk_ticket WHERE id = $1"; c.text != want {
				t.Errorf("got %q, want %q", c.text, want)
			}
			return
		}
	}
	t.Error("sqlTicket was not found")
}

// TestPictureDraws shows tiers from the top, what each package imports, and what it says of itself.
func TestPictureDraws(t *testing.T) {
	got := picture(wrongRepo(t, nil))
	for _, want := range []string{"T11 commands   cli             → app\n", "T5  desk       desk            → agreement\n", "| `agreement` | lends its columns to a constant of desk |\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the picture lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "dbtest") {
		t.Error("test support is no part of the picture")
	}
}
