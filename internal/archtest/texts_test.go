package archtest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// liveDocs are the pages whose paths and commands have to be true.
func liveDocs(tr *tree) []string {
	out := tr.textsBelow("docs/howto/", ".md")
	for _, p := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md", "docs/benchmarks.md"} {
		if _, ok := tr.texts[p]; ok {
			out = append(out, p)
		}
	}
	return out
}

// repoPath is what a path in the repository looks like: a known first folder, no spaces, no <name> to be filled in.
var repoPath = regexp.MustCompile(`^(cmd|internal|docs|test|bench|deploy|\.ci)/[\w./*-]+$`)

// checkPaths: a path named in a how-to exists. One in a package that is not there yet sleeps until it is.
func checkPaths(tr *tree, x exceptions) []finding {
	var out []finding
	for _, doc := range liveDocs(tr) {
		for i, l := range strings.Split(string(tr.texts[doc]), "\n") {
			for _, c := range quotedPath.FindAllStringSubmatch(l, -1) {
				p := strings.TrimSuffix(c[1], "/")
				if repoPath.MatchString(p) && packageThere(tr, p) && !tr.exists(p) && !x.allow(doc+" "+p, 0) {
					out = append(out, finding{doc, i + 1, fmt.Sprintf("paths: %s does not exist. Name the file that took its place.", p)})
				}
			}
		}
	}
	return out
}

// awaited are folders outside internal that the architecture names; a path in one sleeps until it is there.
var awaited = []string{"bench", "deploy", "test/story", "test/upgrade"}

// packageThere says whether the package a path lies in exists already. One that the tier table names may come yet.
func packageThere(tr *tree, p string) bool {
	for _, a := range awaited {
		if p == a || strings.HasPrefix(p, a+"/") {
			return tr.dirs[a]
		}
	}
	name, sub := folder(p)
	if _, ok := tiers[name]; !ok {
		return true
	}
	dir := "internal/" + name
	for sub != "" {
		var first string
		if first, sub, _ = strings.Cut(sub, "/"); sub != "" && !strings.Contains(first, "*") {
			dir += "/" + first
		}
	}
	return tr.dirs[dir]
}

// shellLine is a command shown in a fenced sh block.
type shellLine struct {
	doc  string
	line int
	text string
}

// shellLines are the commands of a page; continued lines are joined.
func shellLines(doc string, body []byte) []shellLine {
	var out []shellLine
	in, open := false, false
	for i, l := range strings.Split(string(body), "\n") {
		t := strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(t, "```"):
			in, open = !in && (t == "```sh" || t == "```bash"), false
			continue
		case !in || t == "" || strings.HasPrefix(t, "#"):
			continue
		case open:
			out[len(out)-1].text += " " + strings.TrimSuffix(t, `\`)
		default:
			out = append(out, shellLine{doc, i + 1, strings.TrimSuffix(t, `\`)})
		}
		open = strings.HasSuffix(t, `\`)
	}
	return out
}

// otherTools are the commands a page may show beside our own.
var otherTools = []string{"sudo", "systemctl", "install", "curl", "git", "cd", "createuser", "createdb", "pg_dump", "pg_restore", "psql", "swaks", "gofmt", ".ci/run", "benchstat"}

// words are a command's words without leading assignments.
func words(l string) []string {
	w := strings.Fields(l)
	for len(w) > 0 && strings.Contains(w[0], "=") && !strings.HasPrefix(w[0], "-") {
		w = w[1:]
	}
	return w
}

// ourCommand gives the arguments of `bothways …` and `go run ./cmd/bothways …`.
func ourCommand(l string) ([]string, bool) {
	w := words(l)
	if len(w) > 0 && w[0] == "sudo" {
		w = w[1:]
		for len(w) > 1 && strings.HasPrefix(w[0], "-") {
			w = w[2:] // -u NAME
		}
	}
	switch {
	case len(w) > 0 && (w[0] == "bothways" || w[0] == "./bothways"):
		return w[1:], true
	case len(w) > 2 && w[0] == "go" && w[1] == "run" && w[2] == "./cmd/bothways":
		return w[3:], true
	}
	return nil, false
}

// checkShell: the commands a page shows are commands there are. Whether the program knows its own is asked by
// TestReadmeCommands.
func checkShell(tr *tree, x exceptions) []finding {
	var out []finding
	for _, doc := range liveDocs(tr) {
		for _, l := range shellLines(doc, tr.texts[doc]) {
			w := words(l.text)
			if _, ours := ourCommand(l.text); ours || len(w) == 0 || x.allow(doc+" "+w[0], 0) {
				continue
			}
			if w[0] != "go" && !slices.Contains(otherTools, w[0]) {
				out = append(out, finding{doc, l.line, fmt.Sprintf("commands: %q is no command this page may show. Correct it, or add the tool to internal/archtest/texts_test.go.", w[0])})
			}
			for _, a := range w {
				if dir, ok := strings.CutPrefix(a, "./"); ok && !tr.goTarget(strings.TrimSuffix(strings.TrimSuffix(dir, "..."), "/")) {
					out = append(out, finding{doc, l.line, fmt.Sprintf("commands: %s does not exist. Name the folder that took its place.", a)})
				}
			}
		}
	}
	if readme, ok := tr.texts["README.md"]; ok {
		for _, must := range []string{"go run ./cmd/bothways demo", "go test ./..."} {
			if !slices.ContainsFunc(shellLines("README.md", readme), func(l shellLine) bool { return l.text == must }) {
				out = append(out, finding{"README.md", 1, fmt.Sprintf("commands: the README does not show `%s`. These two commands are the promise to a newcomer.", must)})
			}
		}
	}
	return out
}

// goTarget says whether a folder named by a command is there, or is one the architecture names and nobody has made yet.
func (tr *tree) goTarget(dir string) bool {
	if dir == "" || tr.exists(dir) {
		return true
	}
	first, _, _ := strings.Cut(dir, "/")
	return (first == "cmd" || first == "bench" || first == "test" || first == "internal") && !tr.dirs["internal/cli"]
}

// machinePath is a path that is true on one machine only. It is put together so that it does not find itself.
var machinePath = regexp.MustCompile(`(?:^|[^\w./-])(/(?:` + strings.Join([]string{"work", "root", "tmp", "home", "Users"}, "|") + `)/[\w.-]*)`)

// checkMachinePaths: nothing in the repository knows where it was written.
func checkMachinePaths(tr *tree, x exceptions) []finding {
	return tr.search(machinePath, func(file, hit string) string {
		if x.allow(file+" "+hit, 0) {
			return ""
		}
		return fmt.Sprintf("machine: %s is a path of one machine. Take it from the environment, a flag or t.TempDir.", hit)
	})
}

// openEnd is a mark of unfinished work.
var openEnd = regexp.MustCompile(`\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "HA" + "CK"}, "|") + `)\b(?:[^(]|$|\((?:[^#]|$))`)

// checkTodo: unfinished work names the issue that will finish it.
func checkTodo(tr *tree, x exceptions) []finding {
	return tr.search(openEnd, func(file, hit string) string {
		if strings.HasSuffix(file, ".min.js") || x.allow(file, 0) {
			return ""
		}
		return fmt.Sprintf("todo: a naked %s. Finish it, or write %s(#issue).", hit, hit)
	})
}

// search looks through every text file, line by line.
func (tr *tree) search(re *regexp.Regexp, say func(file, hit string) string) []finding {
	files := make([]string, 0, len(tr.texts))
	for p := range tr.texts {
		if base := path.Base(p); base != "go.sum" && base != "package-lock.json" {
			files = append(files, p)
		}
	}
	sort.Strings(files)
	var out []finding
	for _, p := range files {
		if !re.Match(tr.texts[p]) {
			continue
		}
		for i, l := range strings.Split(string(tr.texts[p]), "\n") {
			for _, m := range re.FindAllStringSubmatch(l, -1) {
				if s := say(p, m[1]); s != "" {
					out = append(out, finding{p, i + 1, s})
				}
			}
		}
	}
	return out
}
