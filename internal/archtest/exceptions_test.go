package archtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// exceptionsFile lists what may exceed a soft limit, and why.
const exceptionsFile = "internal/archtest/testdata/exceptions.txt"

// exception is a line of it: rule | subject | figure | reason.
type exception struct {
	rule, subject string
	figure        int // the size it may not pass; 0 where nothing is counted
	line          int
	used          bool
}

// exceptions is the list, as far as one rule is concerned.
type exceptions []*exception

// allow says whether a subject may exceed its limit; n is its size, 0 where nothing is counted.
func (x exceptions) allow(subject string, n int) bool {
	for _, e := range x {
		if e.subject == subject {
			e.used = true
			return n <= e.figure
		}
	}
	return false
}

// unused are the exceptions nothing needed.
func (x exceptions) unused() []finding {
	var out []finding
	for _, e := range x {
		if !e.used {
			out = append(out, finding{exceptionsFile, e.line, fmt.Sprintf("exceptions: %s of %s is no longer needed. Take the line out.", e.rule, e.subject)})
		}
	}
	return out
}

// parseExceptions reads the list, by rule.
func parseExceptions(body []byte) (map[string]exceptions, error) {
	out := map[string]exceptions{}
	for i, l := range strings.Split(string(body), "\n") {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.SplitN(l, "|", 4)
		if len(f) != 4 {
			return nil, fmt.Errorf("%s:%d: write rule | subject | figure or - | reason", exceptionsFile, i+1)
		}
		for j := range f {
			f[j] = strings.TrimSpace(f[j])
		}
		if len(f[3]) < 20 {
			return nil, fmt.Errorf("%s:%d: the reason is too short to be one", exceptionsFile, i+1)
		}
		e := &exception{rule: f[0], subject: f[1], line: i + 1}
		if f[2] != "-" {
			n, err := strconv.Atoi(f[2])
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %q is no figure", exceptionsFile, i+1, f[2])
			}
			e.figure = n
		}
		out[e.rule] = append(out[e.rule], e)
	}
	return out, nil
}

func mustExceptions(t *testing.T) map[string]exceptions {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "exceptions.txt"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := parseExceptions(bytes.ReplaceAll(body, []byte("\r"), nil))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// rule is one law of the repository. A rule concerns nothing until the first package it is about exists.
type rule struct {
	name  string
	check func(*tree, exceptions) []finding
}

// rules are all that need nothing but the text of the repository.
var rules = []rule{
	{"imports", checkImports},
	{"edges", checkEdges},
	{"kit", checkKit},
	{"clock", checkClock},
	{"file", checkFiles},
	{"function", checkFunctions},
	{"package", checkPackages},
	{"interface", checkInterfaces},
	{"constructor", checkConstructors},
	{"main", checkMain},
	{"package doc", checkPackageDocs},
	{"exported doc", checkExportedDocs},
	{"sql place", checkSQLPlace},
	{"sql words", checkSQLWords},
	{"sql owner", checkSQLOwner},
	{"dependencies", checkDependencies},
	{"paths", checkPaths},
	{"links", checkLinks},
	{"commands", checkShell},
	{"machine", checkMachinePaths},
	{"todo", checkTodo},
	{"attacks", checkAttacks},
}

// TestRules applies every rule to the repository.
func TestRules(t *testing.T) {
	tr := mustRepo(t)
	all := mustExceptions(t)
	known := map[string]bool{}
	for _, r := range rules {
		known[r.name] = true
		t.Run(strings.ReplaceAll(r.name, " ", "-"), func(t *testing.T) {
			x := all[r.name]
			for _, f := range append(r.check(tr, x), x.unused()...) {
				t.Error(f)
			}
		})
	}
	for name, x := range all {
		if !known[name] {
			t.Errorf("%s:%d: exceptions: there is no rule %q. Correct its name or take the line out.", exceptionsFile, x[0].line, name)
		}
	}
}

// TestExceptions shows that the list is a ratchet: too large fails, unneeded fails, unreasoned fails.
func TestExceptions(t *testing.T) {
	x, err := parseExceptions([]byte("# a comment\nfile | a.go | 450 | one table that only makes sense whole\n"))
	if err != nil {
		t.Fatal(err)
	}
	if x["file"].allow("b.go", 401) || len(x["file"].unused()) != 1 {
		t.Error("an exception served a file it does not name")
	}
	if !x["file"].allow("a.go", 450) || x["file"].allow("a.go", 451) || len(x["file"].unused()) != 0 {
		t.Error("an exception must allow up to its figure, and count as needed")
	}
	for _, bad := range []string{"file | a.go | 450 | because", "file | a.go | many | one table that only makes sense whole", "file a.go 450"} {
		if _, err := parseExceptions([]byte(bad)); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
