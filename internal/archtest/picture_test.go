package archtest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "redraw the generated parts of docs/")

const (
	pictureDoc   = "docs/architecture.md"
	pictureBegin = "<!-- drawn from the code: go test ./internal/archtest -update -->"
	pictureEnd   = "<!-- end -->"
)

// tierNames say what a tier is for.
var tierNames = []string{"kit", "store", "machinery", "parties", "terms", "desk", "work", "voice", "insight", "edges", "app", "commands", "program"}

// picture draws the packages that exist, top tier first, each with what it imports of ours (kit left out).
func picture(tr *tree) string {
	imports := map[string]map[string]bool{}
	for _, f := range tr.code() {
		if _, ok := tierOf(f.dir); !ok || support(f.dir) {
			continue
		}
		if imports[f.dir] == nil {
			imports[f.dir] = map[string]bool{}
		}
		for _, imp := range f.ast.Imports {
			if to := ownDir(importPath(imp)); to != "" && !support(to) && !strings.HasPrefix(to, "internal/kit/") {
				imports[f.dir][strings.TrimPrefix(to, "internal/")] = true
			}
		}
	}
	byTier := map[int][]string{}
	for dir := range imports {
		t, _ := tierOf(dir)
		byTier[t] = append(byTier[t], dir)
	}
	docs := packageDocs(tr)
	var drawn, told strings.Builder
	for t := mainTier; t >= 0; t-- {
		sort.Strings(byTier[t])
		for i, dir := range byTier[t] {
			head := ""
			if i == 0 {
				head = fmt.Sprintf("T%-2d %s", t, tierNames[t])
			}
			short := strings.TrimPrefix(dir, "internal/")
			line := fmt.Sprintf("%-15s%-16s", head, short)
			if names := sortedKeys(imports[dir]); len(names) > 0 {
				line += "→ " + strings.Join(names, " ")
			}
			drawn.WriteString(strings.TrimRight(line, " ") + "\n")
			fmt.Fprintf(&told, "| `%s` | %s |\n", short, firstSentence(docs[dir]))
		}
	}
	return "```\n" + drawn.String() + "```\n\n| Package | What it is |\n|---|---|\n" + told.String()
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// firstSentence is the first sentence of a package's comment without "Package name".
func firstSentence(doc string) string {
	s := strings.Join(strings.Fields(doc), " ")
	if i := strings.Index(s, ". "); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSuffix(s, ".")
	if rest, ok := strings.CutPrefix(s, "Package "); ok {
		_, s, _ = strings.Cut(rest, " ")
	}
	return strings.ReplaceAll(s, "|", "/")
}

// replacePicture puts the drawing between its marks.
func replacePicture(body, drawn string) (string, error) {
	head, rest, ok := strings.Cut(body, pictureBegin+"\n")
	_, tail, ok2 := strings.Cut(rest, pictureEnd)
	if !ok || !ok2 {
		return "", fmt.Errorf("%s:1: picture: the marks %q and %q are gone. Put them back around the drawing", pictureDoc, pictureBegin, pictureEnd)
	}
	return head + pictureBegin + "\n" + drawn + pictureEnd + tail, nil
}

// TestPicture keeps the tier picture of docs/architecture.md what the code is.
func TestPicture(t *testing.T) {
	tr := mustRepo(t)
	body, ok := tr.texts[pictureDoc]
	if !ok {
		t.Fatalf("%s:1: picture: the page is gone", pictureDoc)
	}
	want, err := replacePicture(string(body), picture(tr))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		write(t, tr, pictureDoc, want)
		page, _ := attackTable(tr, string(tr.texts[attackDoc]))
		write(t, tr, attackDoc, page)
		return
	}
	if want != string(body) {
		t.Errorf("%s:1: picture: the packages or their imports have changed. Run go test ./internal/archtest -update and read the difference.", pictureDoc)
	}
}

// write replaces a page in the repository and in the tree other tests read.
func write(t *testing.T, tr *tree, name, body string) {
	t.Helper()
	tr.texts[name] = []byte(body)
	if err := os.WriteFile(filepath.Join(tr.root, filepath.FromSlash(name)), []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}
