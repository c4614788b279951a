package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"sort"
	"strings"
)

// packageDocs are the packages' comments by folder, "" where there is none.
func packageDocs(tr *tree) map[string]string {
	docs := map[string]string{}
	for _, f := range tr.files {
		if f.test || f.generated {
			continue
		}
		if _, ok := docs[f.dir]; !ok {
			docs[f.dir] = ""
		}
		if f.ast.Doc != nil && docs[f.dir] == "" {
			docs[f.dir] = f.ast.Doc.Text()
		}
	}
	return docs
}

// checkPackageDocs: the package comment is the package's README.
func checkPackageDocs(tr *tree, x exceptions) []finding {
	var out []finding
	docs := packageDocs(tr)
	dirs := make([]string, 0, len(docs))
	for d := range docs {
		dirs = append(dirs, d)
	}
	sort.Strings(dirs)
	for _, d := range dirs {
		text := strings.TrimSpace(docs[d])
		if (len(text) < 30 || !strings.HasPrefix(text, "Package ") && !strings.HasPrefix(text, "Command ")) && !x.allow(d, 0) {
			out = append(out, finding{d + "/doc.go", 1, fmt.Sprintf("package doc: %s does not say what it is. Begin doc.go with \"Package …\": what it owns, its invariants, who may call.", d)})
		}
	}
	return out
}

// checkExportedDocs: every exported name states its contract. The figure of an exception is the number of names a package
// may leave bare.
func checkExportedDocs(tr *tree, x exceptions) []finding {
	bare := map[string][]finding{}
	for _, f := range tr.code() {
		if f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, n := range bareNames(d) {
				bare[f.dir] = append(bare[f.dir], finding{f.path, tr.line(n.Pos()), fmt.Sprintf("exported doc: %s has no comment. Say what it promises, then why.", n.Name)})
			}
		}
	}
	var out []finding
	for dir, fs := range bare {
		if !x.allow(dir, len(fs)) {
			out = append(out, fs...)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].String() < out[j].String() })
	return out
}

// bareNames are the exported names of a declaration that have no comment.
func bareNames(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if r := receiver(d); d.Doc == nil && d.Name.IsExported() && (r == "" || ast.IsExported(r)) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		var out []*ast.Ident
		for _, s := range d.Specs {
			out = append(out, bareSpec(d, s)...)
		}
		return out
	}
	return nil
}

// bareSpec: a group's comment serves its members, a line's comment serves a constant, a variable or a type.
func bareSpec(d *ast.GenDecl, s ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Doc != nil || s.Comment != nil || d.Doc != nil {
			return nil
		}
		names = []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		if s.Doc != nil || s.Comment != nil || d.Doc != nil {
			return nil
		}
		names = s.Names
	}
	var out []*ast.Ident
	for _, n := range names {
		if n.IsExported() {
			out = append(out, n)
		}
	}
	return out
}
