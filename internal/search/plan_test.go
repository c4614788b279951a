package search_test

import (
	"fmt"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/db"
)

// TestPlans: every statement of a search reads by an index, on both engines.
func TestPlans(t *testing.T) {
	each(t, func(w *world) {
		for range 3 {
			w.note(w.open(w.helen, "projector in Lund", "is dark"), "projector note in Lund")
		}
		if w.db.Engine() == db.PostgreSQL {
			w.check(w.db.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "ANALYZE"); return err }))
		}
		for name, by := range map[string]auth.Actor{"everywhere": w.agent, "one site": w.local, "their own": w.helen, "system": auth.SystemActor()} {
			for _, s := range w.search.Statements(ctx, by, "projector lun") {
				if s.Name == "numbers" && by.PersonID != w.helen.PersonID {
					continue // ends at the first few of very many
				}
				plan := w.plan(s.SQL, s.Args)
				if bad := withoutIndex(w.db.Engine(), plan); bad != "" {
					t.Errorf("%s, %s: %s\n%s\n%s", name, s.Name, bad, s.SQL, plan)
				}
			}
		}
	})
}

func (w *world) plan(query string, args []any) string {
	w.t.Helper()
	var out []string
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		explain := "EXPLAIN QUERY PLAN "
		if w.db.Engine() == db.PostgreSQL {
			explain = "EXPLAIN "
			if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil { // tables are tiny here: what can't be indexed shows
				return err
			}
		}
		rows, err := tx.Query(ctx, explain+query, args...)
		out, err = db.Collect(rows, err, func(s db.Scanner) (line string, err error) {
			if w.db.Engine() == db.PostgreSQL {
				return line, s.Scan(&line)
			}
			var a, b, c any
			err = s.Scan(&a, &b, &c, &line)
			return line, err
		})
		return err
	})
	w.check(err)
	return strings.Join(out, "\n")
}

// withoutIndex names a line of a plan that reads a whole table, "" when none does.
func withoutIndex(e db.Engine, plan string) string {
	for line := range strings.SplitSeq(plan, "\n") {
		whole := strings.Contains(line, "Seq Scan on")
		if e == db.SQLite {
			whole = strings.Contains(line, "SCAN ") && !strings.Contains(line, "VIRTUAL TABLE INDEX") && !strings.Contains(line, "USING INDEX") && !strings.Contains(line, "USING COVERING INDEX") &&
				!strings.Contains(line, "SUBQUERY") && !strings.Contains(line, "CONSTANT ROW")
		}
		if whole {
			return fmt.Sprintf("%q reads everything", strings.TrimSpace(line))
		}
	}
	return ""
}
