package archtest

import (
	"fmt"
	"strings"
	"testing"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// preparable are the statements to try on an engine: all but those meant for the other alone. A statement with conditions in
// its middle is written as sqlNameHead and sqlNameTail, which are prepared as one.
func preparable(all []sqlConst, e db.Engine) []sqlConst {
	tails := map[string]sqlConst{}
	for _, c := range all {
		tails[c.dir+"."+c.name] = c
	}
	var out []sqlConst
	for _, c := range all {
		if only := oneEngine(c.name); !c.statement() || only != "" && only != e {
			continue
		}
		if stem, ok := strings.CutSuffix(c.name, "Head"); ok {
			c.text += " " + tails[c.dir+"."+stem+"Tail"].text
		}
		out = append(out, c)
	}
	return out
}

// prepareAll has an engine compile statements against the migrated schema.
func prepareAll(d *db.DB, all []sqlConst) []finding {
	var out []finding
	for _, c := range all {
		s, err := d.Raw().Prepare(c.text)
		if err != nil {
			out = append(out, finding{c.file, c.line, fmt.Sprintf("sql prepare: %s refuses %s: %v. Mend it, or the migration it waits for. With conditions in its middle it is two constants, …Head and …Tail.", d.Engine(), c.name, err)})
			continue
		}
		_ = s.Close()
	}
	return out
}

// TestSQLPrepares has both engines compile every statement: wrong columns, wrong counts and types they can't infer show
// here and not at run time.
func TestSQLPrepares(t *testing.T) {
	all := sqlConsts(mustRepo(t))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine := preparable(all, d.Engine())
		if len(mine) == 0 {
			t.Fatal("no statement found: is the search for const sql… broken?")
		}
		for _, f := range prepareAll(d, mine) {
			t.Error(f)
		}
		t.Logf("%d statements", len(mine))
	})
}

// TestSQLPrepareRefuses shows that both engines find what the rule is for.
func TestSQLPrepareRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, text := range []string{
			"SELECT nope FROM job_row",
			"SELECT id FROM nope_row",
			"INSERT INTO job_row (id, kind) VALUES ($1)",
			"UPDATE job_row SET kind = $1 WHERE",
		} {
			if len(prepareAll(d, []sqlConst{{name: "sqlWrong", text: text}})) == 0 {
				t.Errorf("%s accepted %q", d.Engine(), text)
			}
		}
		parts := []sqlConst{{name: "sqlXHead", text: "SELECT COUNT(*) FROM (SELECT 1 FROM job_row"}, {name: "sqlXTail", text: ") AS c"}}
		if f := prepareAll(d, preparable(parts, d.Engine())); f != nil {
			t.Error(f)
		}
		if prepareAll(d, preparable(parts[:1], d.Engine())) == nil {
			t.Error("a head without its tail was accepted")
		}
		if f := prepareAll(d, []sqlConst{{name: "sqlRight", text: "SELECT id FROM job_row WHERE kind = $1"}}); f != nil {
			t.Error(f)
		}
	})
}
