package archtest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bothways/internal/db"
)

// checkSQLPlace: all SQL of a package stands in its store, as constants whose names say so; then it can be checked.
func checkSQLPlace(tr *tree, x exceptions) []finding {
	var out []finding
	for _, f := range tr.code() {
		if sqlMachinery(f.dir) {
			continue
		}
		base := path.Base(f.path)
		store := base == "store.go" || strings.HasPrefix(base, "store_")
		for _, l := range sqlLiterals(tr, f) {
			switch {
			case x.allow(f.path, 0):
			case !store:
				out = append(out, finding{l.file, l.line, "sql place: SQL outside store.go. Move the statement to the package's store.go (or store_noun.go)."})
			case !isSQLName(l.owner):
				out = append(out, finding{l.file, l.line, "sql place: a statement that is no constant named sql… is never prepared by the tests. Make it one."})
			}
		}
	}
	return out
}

// notUsed are words of SQL that one engine lacks or reads otherwise, and what to write instead.
var notUsed = []struct {
	word    *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)\bnow\s*\(`), "now(): pass the instant of the kit/clock in microseconds"},
	{regexp.MustCompile(`(?i)\bCURRENT_(TIMESTAMP|DATE|TIME)\b`), "CURRENT_…: pass the instant of the kit/clock in microseconds"},
	{regexp.MustCompile(`(?i)\bILIKE\b`), "ILIKE: compare a folded key made with kit/text"},
	{regexp.MustCompile(`(?i)\b(ANY|ALL)\s*\(`), "ANY(array): use db.Where to list the values"},
	{regexp.MustCompile(`(?i)\bSELECT\s+(DISTINCT\s+)?([a-z_]+\.)?\*`), "SELECT *: name the columns, or a new one breaks the scan"},
	{regexp.MustCompile(`(?i)\bRETURNING\s+\*`), "RETURNING *: name the columns, or a new one breaks the scan"},
	{regexp.MustCompile(`->|#>|@>|<@`), "a JSON operator: JSON is opaque text here; make it a column"},
	{regexp.MustCompile(`::`), "a ::cast: write CAST(x AS type)"},
	{regexp.MustCompile(`(?i)\bGENERATED\b.*\bAS\s+IDENTITY\b`), "an identity column: ids come from kit/id"},
	{regexp.MustCompile(`(?i)\b(AUTOINCREMENT|SERIAL|BIGSERIAL)\b`), "a counting column: ids come from kit/id, numbers from Tx.Next"},
	{regexp.MustCompile(`(?i)\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE)\b`), "FOR UPDATE: read a version and write it conditionally; db retries lost races"},
	{regexp.MustCompile(`(?i)\bAS\s+(NOT\s+MATERIALIZED\s+|MATERIALIZED\s+)?\(\s*(INSERT|UPDATE|DELETE)\b`), "a data-modifying CTE: write two statements in the transaction"},
	{regexp.MustCompile(`\?`), "a ? placeholder: number them $1, $2, …"},
}

var (
	quoted  = regexp.MustCompile(`'(?:[^']|'')*'`)
	dollar  = regexp.MustCompile(`\$(\d+)`)
	sqlWord = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	created = regexp.MustCompile(`(?im)^\s*CREATE\s+(?:VIRTUAL\s+)?(TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_0-9]+)`)
)

// checkSQLWords: one text for two engines.
func checkSQLWords(tr *tree, x exceptions) []finding {
	var out []finding
	for _, c := range sqlConsts(tr) {
		if c.bad {
			out = append(out, finding{c.file, c.line, fmt.Sprintf("sql words: the value of %s can't be worked out. Put it together from constants of ours only.", c.name)})
			continue
		}
		if x.allow(c.dir+"."+c.name, 0) {
			continue
		}
		if e := oneEngine(c.name); e != "" && owner(c.dir) != "fulltext" && !sqlMachinery(c.dir) {
			out = append(out, finding{c.file, c.line, fmt.Sprintf("sql words: %s is for %s alone. Domain code has one text for both engines: find one, or let db offer it.", c.name, e)})
		}
		text := quoted.ReplaceAllString(c.text, "''")
		for _, w := range notUsed {
			if w.word.MatchString(text) {
				out = append(out, finding{c.file, c.line, fmt.Sprintf("sql words: %s has %s.", c.name, w.instead)})
			}
		}
		if c.statement() && !ascending(text) {
			out = append(out, finding{c.file, c.line, fmt.Sprintf("sql words: the first uses of $1, $2, … in %s do not ascend. Renumber them in the order they appear.", c.name)})
		}
	}
	return out
}

// oneEngine is the only engine a statement is meant for, by its name: sqlLite… and sqlPostgres…; "" for both.
func oneEngine(name string) db.Engine {
	switch {
	case strings.HasPrefix(name, "sqlLite"):
		return db.SQLite
	case strings.HasPrefix(name, "sqlPostgres"):
		return db.PostgreSQL
	}
	return ""
}

// ascending says whether placeholders are first used in their order.
func ascending(text string) bool {
	top := 0
	for _, m := range dollar.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > top+1 {
			return false
		}
		top = max(top, n)
	}
	return true
}

// schemaNames are the tables and views the migrations make, each with where.
func schemaNames(tr *tree) map[string]finding {
	names := map[string]finding{}
	for _, p := range tr.textsBelow("internal/migrate/sql/", ".sql") {
		body := string(tr.texts[p])
		for _, m := range created.FindAllStringSubmatchIndex(body, -1) {
			names[body[m[4]:m[5]]] = finding{file: p, line: 1 + strings.Count(body[:m[4]], "\n")}
		}
	}
	return names
}

// checkSQLOwner: tables carry their owner's name, and a store names its own alone. An exception (subject: package, space,
// view) declares a view that a package of another owner reads.
func checkSQLOwner(tr *tree, x exceptions) []finding {
	var out []finding
	names := schemaNames(tr)
	for n, at := range names {
		prefix, _, _ := strings.Cut(n, "_")
		if _, ok := tiers[prefix]; !ok {
			out = append(out, finding{at.file, at.line, fmt.Sprintf("sql owner: %s begins with no package of ours. Name it owner_noun.", n)})
		}
	}
	for _, c := range sqlConsts(tr) {
		seen := []string{}
		for _, w := range sqlWord.FindAllString(quoted.ReplaceAllString(c.text, "''"), -1) {
			if _, ok := names[w]; !ok || slices.Contains(seen, w) || strings.HasPrefix(w, owner(c.dir)+"_") {
				continue
			}
			seen = append(seen, w)
			if !x.allow(c.dir+" "+w, 0) {
				out = append(out, finding{c.file, c.line, fmt.Sprintf("sql owner: %s names %s, which is not of %s. Ask its owner through an interface, or read a declared view.", c.name, w, owner(c.dir))})
			}
		}
	}
	slices.SortFunc(out, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return out
}
