package archtest

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// dependencyDoc gives the reason of every direct dependency.
const dependencyDoc = "docs/dependencies.md"

// goMod is what go.mod says.
type goMod struct {
	requires map[string]int  // module, line
	direct   map[string]bool // not marked // indirect
	tools    []string        // packages
}

// parseMod reads the few forms go.mod has.
func parseMod(body string) goMod {
	m := goMod{requires: map[string]int{}, direct: map[string]bool{}}
	block := ""
	for i, raw := range strings.Split(body, "\n") {
		l := strings.TrimSpace(raw)
		verb, rest, _ := strings.Cut(l, " ")
		switch {
		case l == ")":
			block = ""
			continue
		case block == "" && rest == "(":
			block = verb
			continue
		case block == "":
			l = strings.TrimSpace(rest)
		default:
			verb = block
		}
		fields := strings.Fields(l)
		if len(fields) == 0 {
			continue
		}
		switch verb {
		case "require":
			m.requires[fields[0]] = i + 1
			m.direct[fields[0]] = !strings.Contains(l, "// indirect")
		case "tool":
			m.tools = append(m.tools, fields[0])
		}
	}
	return m
}

// moduleOf is the required module an import belongs to, "" when there is none.
func (m goMod) moduleOf(imp string) string {
	best := ""
	for r := range m.requires {
		if (imp == r || strings.HasPrefix(imp, r+"/")) && len(r) > len(best) {
			best = r
		}
	}
	return best
}

// outside says whether an import is neither ours nor of the standard library.
func outside(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return first != module && strings.Contains(first, ".")
}

// imported are the modules in use: where one is imported first, tools as go.mod.
func (m goMod) imported(tr *tree) (map[string]finding, []finding) {
	used := map[string]finding{}
	var out []finding
	for _, f := range tr.files {
		for _, imp := range f.ast.Imports {
			p := importPath(imp)
			if !outside(p) {
				continue
			}
			mod := m.moduleOf(p)
			if mod == "" {
				out = append(out, finding{f.path, tr.line(imp.Pos()), fmt.Sprintf("dependencies: no module in go.mod has %s. Ask for it with its reason, then go get it.", p)})
				continue
			}
			if _, ok := used[mod]; !ok {
				used[mod] = finding{file: f.path, line: tr.line(imp.Pos())}
			}
		}
	}
	for _, t := range m.tools {
		mod := m.moduleOf(t)
		if _, ok := used[mod]; !ok {
			used[mod] = finding{file: "go.mod", line: m.requires[mod]}
		}
	}
	return used, out
}

// dependencyRow is a row of the table: | `module` | used by | why |.
var dependencyRow = regexp.MustCompile("^\\| `([^`]+)` \\|([^|]*)\\|([^|]*)\\|")

// quotedPath is a path in back-quotes.
var quotedPath = regexp.MustCompile("`([^`]+)`")

// checkDependencies: every module that is imported has a row with its reason, and every row an import. A row may stand
// before its package does: it wakes with the first of the folders it names. Once go.mod marks any requirement as direct, its
// direct requirements have to be what is imported.
func checkDependencies(tr *tree, x exceptions) []finding {
	mod, ok := tr.texts["go.mod"]
	if !ok {
		return nil
	}
	m := parseMod(string(mod))
	used, out := m.imported(tr)
	rows := map[string]bool{}
	for i, l := range strings.Split(string(tr.texts[dependencyDoc]), "\n") {
		c := dependencyRow.FindStringSubmatch(l)
		if c == nil {
			continue
		}
		rows[c[1]] = true
		if len(strings.TrimSpace(c[3])) < 20 {
			out = append(out, finding{dependencyDoc, i + 1, fmt.Sprintf("dependencies: %s has no reason. Say what it does for us and what was measured.", c[1])})
		}
		if _, ok := used[c[1]]; !ok && awake(tr, c[2]) && !x.allow(c[1], 0) {
			out = append(out, finding{dependencyDoc, i + 1, fmt.Sprintf("dependencies: nothing imports %s. Take the row out (and go get …@none), or name the folder that will.", c[1])})
		}
	}
	for name, at := range used {
		if !rows[name] {
			out = append(out, finding{at.file, at.line, fmt.Sprintf("dependencies: %s has no row in %s. Add one: | `%s` | `folder` | why |.", name, dependencyDoc, name)})
		}
	}
	out = append(out, m.compareDirect(used)...)
	sort.Slice(out, func(i, j int) bool { return out[i].String() < out[j].String() })
	return out
}

// awake says whether every folder a row names is there.
func awake(tr *tree, cell string) bool {
	for _, c := range quotedPath.FindAllStringSubmatch(cell, -1) {
		if !tr.dirs[strings.TrimSuffix(c[1], "/")] {
			return false
		}
	}
	return true
}

func (m goMod) compareDirect(used map[string]finding) []finding {
	toolModules := map[string]bool{}
	for _, t := range m.tools {
		toolModules[m.moduleOf(t)] = true
	}
	any := false
	for _, d := range m.direct {
		any = any || d
	}
	if !any {
		return nil // go mod tidy has not run yet
	}
	var out []finding
	for name, line := range m.requires {
		_, isUsed := used[name]
		switch {
		case toolModules[name]: // the go command marks a tool's module either way
		case m.direct[name] && !isUsed:
			out = append(out, finding{"go.mod", line, fmt.Sprintf("dependencies: %s is required directly and imported by nothing. Drop it, or mark it // indirect.", name)})
		case !m.direct[name] && isUsed:
			out = append(out, finding{"go.mod", line, fmt.Sprintf("dependencies: %s is imported and marked // indirect. Take the mark off.", name)})
		}
	}
	return out
}
