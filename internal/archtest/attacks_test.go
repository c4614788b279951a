package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// attackDoc lists the attacks the program has to withstand, by number, with the tests that show it.
const attackDoc = "docs/attacks.md"

var (
	attackTest = regexp.MustCompile(`^(?:Test|Fuzz)Attack(\d+)_`)
	attackRow  = regexp.MustCompile(`^\| (\d+) \| ([^|]+) \|([^|]*)\|$`)
)

// attackTests are the tests named after attacks, by number: "folder: name".
func attackTests(tr *tree) (map[int][]string, map[int]finding) {
	names, at := map[int][]string{}, map[int]finding{}
	for _, f := range tr.files {
		if !f.test {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil {
				continue
			}
			m := attackTest.FindStringSubmatch(fn.Name.Name)
			if m == nil {
				continue
			}
			n, _ := strconv.Atoi(m[1])
			names[n] = append(names[n], fmt.Sprintf("`%s` %s", f.dir, fn.Name.Name))
			at[n] = finding{file: f.path, line: tr.line(fn.Pos())}
		}
	}
	for _, l := range names {
		sort.Strings(l)
	}
	return names, at
}

// attackTable fills the tests' column of the page, and its list of guards.
func attackTable(tr *tree, body string) (page string, rows map[int]bool) {
	names, _ := attackTests(tr)
	rows = map[int]bool{}
	lines := strings.Split(body, "\n")
	for i, l := range lines {
		m := attackRow.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		rows[n] = true
		cell := "–"
		if len(names[n]) > 0 {
			cell = strings.Join(names[n], ", ")
		}
		lines[i] = fmt.Sprintf("| %s | %s | %s |", m[1], m[2], cell)
	}
	return guardTable(strings.Join(lines, "\n")), rows
}

// checkAttacks: a test named after an attack belongs to a row of the list, and the list names it.
func checkAttacks(tr *tree, _ exceptions) []finding {
	body, ok := tr.texts[attackDoc]
	if !ok {
		return nil
	}
	want, rows := attackTable(tr, string(body))
	_, at := attackTests(tr)
	var out []finding
	for n, f := range at {
		if !rows[n] {
			out = append(out, finding{f.file, f.line, fmt.Sprintf("attacks: %s has no row %d. Add it, with the class in a few words, or correct the number.", attackDoc, n)})
		}
	}
	if want != string(body) {
		out = append(out, finding{attackDoc, 1, "attacks: the tests' column is old. Run go test ./internal/archtest -update."})
	}
	return out
}
