package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
)

// module is the path in go.mod; imports below it are our own.
const module = "bothways"

// goFile is one parsed Go file.
type goFile struct {
	path      string // slash-separated, from the root
	dir       string
	test      bool
	generated bool
	lines     int
	ast       *ast.File
}

// tree is a repository, read once.
type tree struct {
	root  string
	fset  *token.FileSet
	files []*goFile
	texts map[string][]byte // every text file, testdata apart
	dirs  map[string]bool
}

// finding is one broken rule.
type finding struct {
	file string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

// skipped are folders that are not the project's own text.
var skipped = map[string]bool{".git": true, "node_modules": true, "testdata": true, "vendor": true}

// repo is this repository.
var repo = sync.OnceValues(func() (*tree, error) { return load(filepath.Join("..", "..")) })

func mustRepo(t *testing.T) *tree {
	t.Helper()
	tr, err := repo()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// load reads a repository: Go files are parsed, text files kept.
func load(root string) (*tree, error) {
	tr := &tree{root: root, fset: token.NewFileSet(), texts: map[string][]byte{}, dirs: map[string]bool{}}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) {
				return nil // somebody's temporary file
			}
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skipped[d.Name()] {
				return filepath.SkipDir
			}
			tr.dirs[rel] = true
			return nil
		}
		if skipped[d.Name()] {
			return nil // .git is a file in a linked work tree
		}
		return tr.add(rel, p)
	})
	sort.Slice(tr.files, func(i, j int) bool { return tr.files[i].path < tr.files[j].path })
	return tr, err
}

func (tr *tree) add(rel, file string) error {
	st, err := os.Lstat(file)
	if err != nil || !st.Mode().IsRegular() || st.Size() > 4<<20 {
		return nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if bytes.IndexByte(body, 0) >= 0 {
		return nil
	}
	tr.texts[rel] = body
	if !strings.HasSuffix(rel, ".go") {
		return nil
	}
	f, err := parser.ParseFile(tr.fset, rel, body, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	tr.files = append(tr.files, &goFile{
		path: rel, dir: path.Dir(rel), ast: f, lines: countLines(body),
		test:      strings.HasSuffix(rel, "_test.go"),
		generated: strings.HasSuffix(rel, "_templ.go") || ast.IsGenerated(f),
	})
	return nil
}

func countLines(body []byte) int {
	n := bytes.Count(body, []byte{'\n'})
	if len(body) > 0 && body[len(body)-1] != '\n' {
		n++
	}
	return n
}

// line is where a node stands.
func (tr *tree) line(p token.Pos) int { return tr.fset.Position(p).Line }

// code are the hand-written files that are no tests.
func (tr *tree) code() []*goFile {
	var out []*goFile
	for _, f := range tr.files {
		if !f.test && !f.generated {
			out = append(out, f)
		}
	}
	return out
}

// exists says whether a path or a pattern names something in the repository.
func (tr *tree) exists(pattern string) bool {
	hits, err := filepath.Glob(filepath.Join(tr.root, filepath.FromSlash(pattern)))
	return err == nil && len(hits) > 0
}

// textsBelow are the text files whose path has a prefix and a suffix, sorted.
func (tr *tree) textsBelow(prefix, suffix string) []string {
	var out []string
	for p := range tr.texts {
		if strings.HasPrefix(p, prefix) && strings.HasSuffix(p, suffix) {
			out = append(out, p)
		}
	}
	sort.Strings(out)
	return out
}

// support says whether a folder exists for tests alone: bench, test/… and packages named …test.
func support(dir string) bool {
	return dir == "bench" || strings.HasPrefix(dir, "bench/") || dir == "test" || strings.HasPrefix(dir, "test/") ||
		strings.HasSuffix(path.Base(dir), "test")
}

// importPath is what an import names.
func importPath(s *ast.ImportSpec) string { return strings.Trim(s.Path.Value, "`\"") }

// ownDir is the folder of one of our own packages, "" for others.
func ownDir(imp string) string {
	if d, ok := strings.CutPrefix(imp, module+"/"); ok {
		return d
	}
	return ""
}
