package search

import (
	"context"

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
	read.Visible(by, auth.TicketRead, visible)
	for _, fewer := range []bool{false, true} {
		f := &finding{s: s, ctx: ctx, by: by, notes: true, every: visible.Always()}
		if fewer {
			f.few = padded([]int64{1001, 1002})
		}
		p := fulltext.Parse(q)
		apart, others := p.Apart()
		for _, internal := range []bool{false, true} {
			for name, o := range map[string]*fulltext.Query{"together": nil, "apart": &others} {
				first := p
				if o != nil {
					first = apart
				}
				query, w := f.statement(first, o, internal, 1<<40)
				name := name
				if fewer {
					name += ", at the tickets"
				}
				if internal {
					name += ", internal"
				}
				out = append(out, Statement{name, query + w.SQL() + " ORDER BY f.rowid DESC LIMIT " + w.Arg(batch), w.Args()})
			}
		}
	}
	out = append(out, Statement{"numbers", sqlNumbers + visible.SQL() + " LIMIT " + visible.Arg(few+1), visible.Args()})
	w := db.NewWhere()
	p, _ := fulltext.Parse(q).Widely()
	p.Item(w, s.db.Engine(), "p.id")
	return append(out, Statement{"people", "SELECT p.id FROM people_person p" + w.SQL(), w.Args()})
}
