package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"sort"
	"strings"
)

// The limits, in lines unless said otherwise. Beyond a soft limit an exception with its reason is needed; beyond a hard
// one there is none.
const (
	fileSoft, fileHard         = 400, 700
	functionSoft, functionHard = 60, 100 // of code; a test's table of cases is data
	packageSoft, packageHard   = 2000, 3500
	interfaceMethods           = 5
	constructorArgs            = 5
	mainLines                  = 40
)

// exceeds judges a size and words the finding; "" when it may stand.
func exceeds(x exceptions, rule, subject string, n, soft, hard int, unit, wayOut string) string {
	switch {
	case n <= soft:
		return ""
	case hard > 0 && n > hard:
		return fmt.Sprintf("%s: %s has %d %s; the hard limit is %d. %s", rule, subject, n, unit, hard, wayOut)
	case x.allow(subject, n):
		return ""
	}
	return fmt.Sprintf("%s: %s has %d %s; the limit is %d. %s Or list it with its reason: %s | %s | %d | why, in %s.", rule, subject, n, unit, soft, wayOut, rule, subject, n, exceptionsFile)
}

func checkFiles(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.files {
		if f.generated {
			continue
		}
		if s := exceeds(x, "file", f.path, f.lines, fileSoft, fileHard, "lines", "Move one noun or one verb to a file of its own."); s != "" {
			out = append(out, finding{f.path, 1, s})
		}
	}
	for _, p := range tr.textsBelow("", ".templ") {
		if s := exceeds(x, "file", p, countLines(tr.texts[p]), fileSoft, fileHard, "lines", "Move a part to a component of its own."); s != "" {
			out = append(out, finding{p, 1, s})
		}
	}
	return out
}

func checkFunctions(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := tr.line(fn.End()) - tr.line(fn.Pos()) + 1
			subject := f.dir + "." + funcName(fn)
			if s := exceeds(x, "function", subject, n, functionSoft, functionHard, "lines", "Name a step of it and make that a function."); s != "" {
				out = append(out, finding{f.path, tr.line(fn.Pos()), s})
			}
		}
	}
	return out
}

// funcName is Name or Type.Name.
func funcName(fn *ast.FuncDecl) string {
	if r := receiver(fn); r != "" {
		return r + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// receiver is the type a method belongs to, "" for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	e := fn.Recv.List[0].Type
	for {
		switch t := e.(type) {
		case *ast.StarExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

func checkPackages(tr *tree, x exceptions) []finding {
	lines := map[string]int{}
	for _, f := range tr.code() {
		if !support(f.dir) {
			lines[f.dir] += f.lines
		}
	}
	for _, p := range tr.textsBelow("", ".templ") {
		lines[path.Dir(p)] += countLines(tr.texts[p])
	}
	dirs := make([]string, 0, len(lines))
	for d := range lines {
		dirs = append(dirs, d)
	}
	sort.Strings(dirs)
	var out []finding
	for _, d := range dirs {
		if s := exceeds(x, "package", d, lines[d], packageSoft, packageHard, "lines", "Move a part that stands by itself to a sub-package."); s != "" {
			out = append(out, finding{d, 1, s})
		}
	}
	return out
}

func checkInterfaces(tr *tree, x exceptions) []finding {
	var out []finding
	eachType(tr, func(f *goFile, spec *ast.TypeSpec) {
		it, ok := spec.Type.(*ast.InterfaceType)
		if !ok {
			return
		}
		n := 0
		for _, m := range it.Methods.List {
			n += max(1, len(m.Names)) // an embedded interface counts as one
		}
		subject := f.dir + "." + spec.Name.Name
		if s := exceeds(x, "interface", subject, n, interfaceMethods, 0, "methods", "Ask for less: the consumer declares what it needs."); s != "" {
			out = append(out, finding{f.path, tr.line(spec.Pos()), s})
		}
	})
	return out
}

// eachType visits the type declarations of hand-written code, local ones too.
func eachType(tr *tree, visit func(*goFile, *ast.TypeSpec)) {
	for _, f := range tr.code() {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				visit(f, spec)
			}
			return true
		})
	}
}

func checkConstructors(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !isConstructor(fn.Name.Name) {
				continue
			}
			subject := f.dir + "." + fn.Name.Name
			if s := exceeds(x, "constructor", subject, fn.Type.Params.NumFields(), constructorArgs, 0, "arguments", "Take a struct of named parts."); s != "" {
				out = append(out, finding{f.path, tr.line(fn.Pos()), s})
			}
		}
	}
	return out
}

// isConstructor says whether a function is New or New….
func isConstructor(name string) bool {
	rest, ok := strings.CutPrefix(name, "New")
	return ok && (rest == "" || ast.IsExported(rest))
}

func checkMain(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		if !strings.HasPrefix(f.dir, "cmd/") || path.Base(f.path) != "main.go" {
			continue
		}
		if s := exceeds(x, "main", f.path, f.lines, mainLines, 0, "lines", "Commands live in internal/cli."); s != "" {
			out = append(out, finding{f.path, 1, s})
		}
	}
	return out
}
