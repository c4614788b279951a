package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// tiers is the binding table of docs/architecture.md: a folder below internal and its tier. Later tiers are named before
// they exist, so that a package is born at its place.
var tiers = map[string]int{
	"kit": 0,
	"db":  1, "config": 1, "i18n": 1,
	"migrate": 2, "event": 2, "job": 2, "blob": 2, "mail": 2, "audit": 2, "auth": 2, "fulltext": 2, "live": 2,
	"people": 3, "upkeep": 3, "calendar": 3, "catalog": 3, "asset": 3, "approval": 3,
	"policy": 4, "agreement": 4, "intake": 4,
	"desk": 5, "knowledge": 5,
	"change": 6, "deploy": 6, "monitor": 6, "ruling": 6, "effort": 6, "bulk": 6, "replay": 6,
	"announce": 7, "rule": 7,
	"report": 8, "search": 8,
	"web": 9, "api": 9, "mailin": 9, "hook": 9,
	"app": 10,
	"cli": 11,
}

const (
	edgeTier = 9
	mainTier = 12 // cmd/…
)

// inside orders the sub-packages of a folder, lowest first: "" is the folder's own package, "*" all that are not named.
// A folder that is not here has the usual order: sub-packages below, its own package above, siblings apart.
var inside = map[string][][]string{
	"agreement": {{""}, {"contract"}, {"asked"}}, // what terms say and how they are read is below how they come to be signed, and that below what is said of them
	"kit":       {{"errs", "id", "clock", "text"}, {"page"}},
	"web":       {{"asset"}, {"ui"}, {"ui/markup", "ui/turn", "ui/sheet", "ui/door", "ui/found", "ui/chart"}, {"ui/staff"}, {"reading", "serve", "terms"}, {"area"}, {"portal"}, {"*"}, {"gallery"}, {""}},
	"mail":      {{"mime"}, {"field"}, {"*"}, {""}},
	"desk":      {{"ticket", "extract"}, {"filter", "store", "phrase", "letter", "record"}, {"*"}, {"moves", "passage", "beneath"}, {""}, {"dispute"}}, // what is challenged stands on tickets
	"report":    {{"score"}, {""}, {"whatif"}},                                                                                                         // a version over the past is read as a scorecard is
	"cli":       {{"demo/story"}, {"*"}, {""}},
	"api":       {{"host"}, {"*"}, {""}},
}

var usualOrder = [][]string{{"*"}, {""}}

// folder splits a package's folder: internal/web/ui is web and ui. Only below internal.
func folder(dir string) (name, sub string) {
	rest, ok := strings.CutPrefix(dir, "internal/")
	if !ok {
		return "", ""
	}
	name, sub, _ = strings.Cut(rest, "/")
	return name, sub
}

// tierOf is a package's tier; false when it has none.
func tierOf(dir string) (int, bool) {
	if strings.HasPrefix(dir, "cmd/") {
		return mainTier, true
	}
	name, _ := folder(dir)
	t, ok := tiers[name]
	return t, ok
}

// levelOf is a sub-package's place in its folder.
func levelOf(name, sub string) int {
	order := inside[name]
	if order == nil {
		order = usualOrder
	}
	rest := -1
	for i, level := range order {
		if slices.Contains(level, sub) {
			return i
		}
		if slices.Contains(level, "*") {
			rest = i
		}
	}
	return rest
}

// checkImports: lower tiers only, the same never, sub-packages downwards, app from cli alone, test support from tests.
func checkImports(tr *tree, x exceptions) []finding {
	var out []finding
	unknown := map[string]bool{}
	for _, f := range tr.files {
		name, _ := folder(f.dir)
		if _, ok := tierOf(f.dir); !ok && strings.HasPrefix(f.dir, "internal/") && !support(f.dir) && !unknown[name] {
			unknown[name] = true
			out = append(out, finding{f.path, 1, fmt.Sprintf("imports: internal/%s has no tier. Give it one in docs/architecture.md and in internal/archtest/imports_test.go.", name)})
		}
		if f.test || support(f.dir) {
			continue
		}
		for _, imp := range f.ast.Imports {
			to := ownDir(importPath(imp))
			if to == "" {
				continue
			}
			if why := forbidden(f.dir, to); why != "" && !x.allow(f.dir+" "+to, 0) {
				out = append(out, finding{f.path, tr.line(imp.Pos()), "imports: " + why})
			}
		}
	}
	return out
}

// forbidden says why a package may not import another, "" when it may.
func forbidden(from, to string) string {
	if support(to) {
		return fmt.Sprintf("%s is test support. Import it from _test.go files only.", to)
	}
	ft, ok := tierOf(from)
	if !ok {
		return "" // has its own finding
	}
	tt, ok := tierOf(to)
	if !ok {
		return ""
	}
	fname, fsub := folder(from)
	tname, tsub := folder(to)
	switch {
	case ft == mainTier:
		if tname != "cli" {
			return fmt.Sprintf("cmd is a few lines over internal/cli and imports nothing else of ours, not %s. Move the work to internal/cli.", to)
		}
		return ""
	case tname == "app" && fname != "cli" && fname != "app":
		return "only internal/cli and tests import internal/app. Declare a small interface where you need it, and let app plug it."
	case fname == tname:
		if levelOf(tname, tsub) >= levelOf(fname, fsub) {
			return fmt.Sprintf("inside internal/%s sub-packages import downwards, and %s is not below %s. Move what both need down, or order them in internal/archtest/imports_test.go.", fname, to, from)
		}
		return ""
	case tt == ft:
		return fmt.Sprintf("%s and %s are both T%d, and the same tier is never imported. Declare an interface of 1 to 3 methods and let app plug it, or emit an event.", from, to, ft)
	case tt > ft:
		return fmt.Sprintf("%s (T%d) imports upwards: %s is T%d. Declare an interface of 1 to 3 methods and let app plug it, or emit an event.", from, ft, to, tt)
	}
	return ""
}

// edgeOnly are what only edges and what is above them import.
func edgeOnly(imp string) bool {
	return imp == "net/http" || strings.HasPrefix(imp, "net/http/") || strings.HasPrefix(imp, "github.com/a-h/templ") ||
		strings.HasPrefix(imp, "github.com/danielgtaylor/huma")
}

// checkEdges: HTTP, pages and API machinery stay at the edges.
func checkEdges(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.files {
		t, ok := tierOf(f.dir)
		if f.test || support(f.dir) || !ok || t >= edgeTier {
			continue
		}
		for _, imp := range f.ast.Imports {
			if p := importPath(imp); edgeOnly(p) && !x.allow(f.dir+" "+p, 0) {
				out = append(out, finding{f.path, tr.line(imp.Pos()), fmt.Sprintf("edges: %s (T%d) imports %s, which only T%d and above may. Take an interface or plain values, and let an edge speak HTTP.", f.dir, t, p, edgeTier)})
			}
		}
	}
	return out
}

// kitMay are the only outside modules of kit.
var kitMay = []string{"github.com/google/uuid", "golang.org/x/text"}

// checkKit: kit stands on the standard library, so that everything can stand on kit.
func checkKit(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		if name, _ := folder(f.dir); name != "kit" {
			continue
		}
		for _, imp := range f.ast.Imports {
			p := importPath(imp)
			if first, _, _ := strings.Cut(p, "/"); !strings.Contains(first, ".") || x.allow(f.dir+" "+p, 0) {
				continue
			}
			if !slices.ContainsFunc(kitMay, func(m string) bool { return p == m || strings.HasPrefix(p, m+"/") }) {
				out = append(out, finding{f.path, tr.line(imp.Pos()), fmt.Sprintf("kit: kit imports the standard library, %s only, not %s. Put what needs it in the package that needs it.", strings.Join(kitMay, " and "), p)})
			}
		}
	}
	return out
}

// clockCalls read the machine's clock.
var clockCalls = []string{"Now", "Since", "Until"}

// checkClock: time and chance come from kit, so that a story can run months in milliseconds and twice alike.
func checkClock(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		if name, _ := folder(f.dir); name == "kit" || support(f.dir) {
			continue
		}
		local := ""
		for _, imp := range f.ast.Imports {
			p := importPath(imp)
			if (p == "math/rand" || p == "math/rand/v2" || p == "crypto/rand") && !x.allow(f.path+" "+p, 0) {
				out = append(out, finding{f.path, tr.line(imp.Pos()), fmt.Sprintf("clock: %s outside internal/kit. Use kit/id: New, Secret, Bytes, Jitter.", p)})
			}
			if p == "time" {
				local = "time"
				if imp.Name != nil {
					local = imp.Name.Name
				}
			}
		}
		if local == "" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			id, ok := s.X.(*ast.Ident)
			if ok && id.Name == local && slices.Contains(clockCalls, s.Sel.Name) && !x.allow(f.path+" time."+s.Sel.Name, 0) {
				out = append(out, finding{f.path, tr.line(s.Pos()), fmt.Sprintf("clock: time.%s outside internal/kit. Take a kit/clock.Clock and ask it; to measure, use clock.Stopwatch.", s.Sel.Name)})
			}
			return true
		})
	}
	return out
}

// owner is the folder that owns a package's tables and gives them their prefix.
func owner(dir string) string {
	name, _ := folder(dir)
	if name == "" {
		return path.Base(dir)
	}
	return name
}
