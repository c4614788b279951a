package read

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/fulltext"
)

// Numbered gives the rows of tickets, by number, as far as the actor may read them; those they may not are left out.
func (s *Reader) Numbered(ctx context.Context, by auth.Actor, numbers ...int64) (map[int64]Row, error) {
	out := make(map[int64]Row, len(numbers))
	if len(numbers) == 0 {
		return out, nil
	}
	w := db.NewWhere()
	Visible(by, auth.TicketRead, w)
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	w.And("t.number IN (?"+strings.Repeat(", ?", len(numbers)-1)+")", args...)
	all, err := store.Rows(ctx, s.db.Read(), w, "")
	for _, r := range all {
		out[r.Number] = r
	}
	return out, err
}

// Said is a text of a ticket: of a message, a note or a file.
type Said = store.Said

// Texts gives the texts of documents by their items. It asks for no right: the caller has found the documents among what the
// actor may read. Those of a kind that is none of a ticket's texts, and those that are gone, are left out.
func (s *Reader) Texts(ctx context.Context, items map[fulltext.Kind][]string) (map[string]Said, error) {
	out := map[string]Said{}
	for kind, ids := range items {
		var all []Said
		var err error
		switch kind {
		case fulltext.Lead, fulltext.Text, fulltext.InternalText:
			all, err = store.SaidIn(ctx, s.db.Read(), kind == fulltext.InternalText, ids...)
		case fulltext.File, fulltext.InternalFile:
			all, err = store.FiledIn(ctx, s.db.Read(), kind == fulltext.InternalFile, ids...)
		}
		if err != nil {
			return nil, err
		}
		for _, v := range all {
			out[v.Item] = v
		}
	}
	return out, nil
}
