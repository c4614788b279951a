package search

import (
	"context"
	"fmt"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/fulltext"
)

// Statement is a statement of a search as it is sent.
type Statement struct {
	Name, SQL string
	Args      []any
}

// Statements are those that a search for q by somebody may send, begun at the words and begun at the tickets.
func (s *Service) Statements(ctx context.Context, by auth.Actor, q string) []Statement {
	var out []Statement
	visible := db.NewWhere()
	read.VisibleFirst(s.db.Engine(), by, auth.TicketRead, visible)
	names := map[way]string{walk: "walk", gather: "gather", set: "set", probe: "probe"}
	for _, fewer := range []bool{false, true} {
		f := &finding{s: s, ctx: ctx, by: by, notes: true, every: visible.Always()}
		if fewer {
			f.few = padded([]int64{1001, 1002})
		}
		for _, h := range ways(s.db.Engine()) {
			if f.few == nil && (f.every && h != walk || h == probe) {
				continue // chosen only for who may read little
			}
			for _, internal := range []bool{false, true} {
				p := fulltext.Parse(q)
				apart, others := p.Apart()
				for name, o := range map[string]*fulltext.Query{"together": nil, "apart": &others} {
					first := p
					if o != nil {
						first = apart
					}
					query, args := f.statement(h, first, o, internal, 1<<40)
					out = append(out, Statement{fmt.Sprintf("%s, %s, few %t, internal %t", names[h], name, fewer, internal), query, args})
				}
			}
		}
	}
	out = append(out, Statement{"numbers", sqlNumbers + visible.SQL() + " LIMIT " + visible.Arg(few+1), visible.Args()})
	w := db.NewWhere()
	p, _ := fulltext.Parse(q).Widely()
	p.Item(w, s.db.Engine(), "p.id")
	return append(out, Statement{"people", "SELECT p.id FROM people_person p" + w.SQL(), w.Args()})
}

// ways are those of an engine.
func ways(e db.Engine) []way {
	if e == db.SQLite {
		return []way{walk, set, probe}
	}
	return []way{walk, gather, set, probe}
}
