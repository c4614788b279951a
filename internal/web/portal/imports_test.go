package portal

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The customer's pages cannot be handed an internal note: the type lives in
// ui/staff, and nothing they import, near or far, is that package.
func TestNoWayToAnInternalNote(t *testing.T) {
	seen := map[string]bool{}
	var walk func(dir string)
	walk = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no Go files in %s: %v", dir, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, im := range tree.Imports {
				path, _ := strconv.Unquote(im.Path.Value)
				if path == "bothways/internal/web/ui/staff" || path == "bothways/internal/web/desk" {
					t.Errorf("%s imports %s", f, path)
				}
				if rest, ok := strings.CutPrefix(path, "bothways/"); ok {
					walk(filepath.Join("..", "..", "..", rest))
				}
			}
		}
	}
	walk(filepath.Join("..", "..", "..", "internal", "web", "portal"))
	if len(seen) < 3 {
		t.Fatalf("only %d packages were read", len(seen))
	}
}
