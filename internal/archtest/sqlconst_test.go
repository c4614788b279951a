package archtest

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// sqlConst is a constant named sql…: a statement, or a part that statements are put together from.
type sqlConst struct {
	name string
	dir  string
	file string
	line int
	text string
	bad  bool // its value can't be worked out
}

// statementStart is how a statement begins. Keywords stand in capitals throughout, which tells SQL from prose.
var statementStart = regexp.MustCompile(`^\s*(SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH|VALUES)\s`)

// statement says whether the constant is a whole statement, and so can be prepared.
func (c sqlConst) statement() bool { return statementStart.MatchString(c.text) }

// isSQLName says whether a constant is named sql….
func isSQLName(name string) bool {
	rest, ok := strings.CutPrefix(name, "sql")
	return ok && rest != "" && unicode.IsUpper([]rune(rest)[0])
}

// sqlMachinery are the packages that speak SQL without being a domain's store.
func sqlMachinery(dir string) bool {
	name, _ := folder(dir)
	return name == "db" || name == "migrate" || name == "kit" || support(dir)
}

// sqlConsts works out every constant named sql… of hand-written code, the way the compiler does: concatenations and
// constants of other packages of ours included.
func sqlConsts(tr *tree) []sqlConst {
	c := &constants{tree: tr, byDir: map[string][]*goFile{}, done: map[string]*types.Package{}, defs: map[string]*types.Info{}}
	for _, f := range tr.code() {
		c.byDir[f.dir] = append(c.byDir[f.dir], f)
	}
	var out []sqlConst
	for dir, files := range c.byDir {
		if !namesSQL(files) || sqlMachinery(dir) && !strings.HasPrefix(dir, "internal/db") {
			continue
		}
		c.check(dir)
		for id, obj := range c.defs[dir].Defs {
			k, ok := obj.(*types.Const)
			if !ok || !isSQLName(id.Name) {
				continue
			}
			p := tr.fset.Position(id.Pos())
			s := sqlConst{name: id.Name, dir: dir, file: p.Filename, line: p.Line, bad: true}
			if k.Val().Kind() == constant.String {
				s.text, s.bad = constant.StringVal(k.Val()), false
			}
			out = append(out, s)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].file < out[j].file || out[i].file == out[j].file && out[i].line < out[j].line
	})
	return out
}

func namesSQL(files []*goFile) bool {
	for _, f := range files {
		found := false
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.ValueSpec); ok {
				for _, id := range s.Names {
					found = found || isSQLName(id.Name)
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// constants type-checks packages of ours just far enough to know their constants. Packages of others are empty, and the
// errors that follow from that are ignored: a constant that needs one has no value, which is a finding.
type constants struct {
	tree  *tree
	byDir map[string][]*goFile
	done  map[string]*types.Package
	defs  map[string]*types.Info
}

// Import implements types.Importer.
func (c *constants) Import(imp string) (*types.Package, error) {
	if imp == "unsafe" {
		return types.Unsafe, nil
	}
	if dir := ownDir(imp); dir != "" && c.byDir[dir] != nil {
		return c.check(dir), nil
	}
	p := types.NewPackage(imp, path.Base(imp))
	p.MarkComplete()
	return p, nil
}

func (c *constants) check(dir string) *types.Package {
	if p := c.done[dir]; p != nil {
		return p
	}
	c.done[dir] = types.NewPackage(module+"/"+dir, path.Base(dir)) // a cycle finds this
	files := make([]*ast.File, 0, len(c.byDir[dir]))
	for _, f := range c.byDir[dir] {
		files = append(files, f.ast)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: c, Error: func(error) {}, DisableUnusedImportCheck: true}
	p, _ := conf.Check(module+"/"+dir, c.tree.fset, files, info)
	c.done[dir], c.defs[dir] = p, info
	return p
}

// literal is a string in the source that begins like a statement.
type literal struct {
	file  string
	line  int
	owner string // the constant it is part of, "" when it is none
}

// sqlLiterals finds the statements written in a file.
func sqlLiterals(tr *tree, f *goFile) []literal {
	var out []literal
	var visit func(n ast.Node, owner string)
	visit = func(root ast.Node, owner string) {
		ast.Inspect(root, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				if n.Tok != token.CONST {
					return true
				}
				for _, s := range n.Specs {
					v, ok := s.(*ast.ValueSpec)
					if !ok {
						continue
					}
					for i, e := range v.Values {
						visit(e, v.Names[min(i, len(v.Names)-1)].Name)
					}
				}
				return false
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && statementStart.MatchString(s+" ") {
					out = append(out, literal{f.path, tr.line(n.Pos()), owner})
				}
			}
			return true
		})
	}
	visit(f.ast, "")
	return out
}
