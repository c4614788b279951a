package read

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/fulltext"
)

// Indexed is everything of one ticket that can be found.
type Indexed struct {
	After     int64 // the number of the ticket before it
	Number    int64
	Documents []fulltext.Document
}

// EachNumber goes through all tickets by number, each with the number of the one before. It asks for no right: it is for who
// keeps the index.
func (s *Reader) EachNumber(ctx context.Context, fn func(after, number int64, ticketID string) error) error {
	for after := int64(0); ; {
		keys, err := store.NumbersAfter(ctx, s.db.Read(), after)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, k := range keys {
			if err := fn(after, k.Number, k.ID); err != nil {
				return err
			}
			after = k.Number
		}
	}
}

// EachDocuments goes through everything of all tickets that can be found, by number. It asks for no right.
func (s *Reader) EachDocuments(ctx context.Context, fn func(Indexed) error) error {
	return s.EachNumber(ctx, func(after, number int64, ticketID string) error {
		t, err := store.ByID(ctx, s.db.Read(), ticketID)
		if err != nil {
			return err
		}
		docs, err := store.Documents(ctx, s.db.Read(), t)
		if err != nil {
			return err
		}
		return fn(Indexed{after, number, docs})
	})
}

// Reindex writes the index of a ticket anew and removes what is left of numbers after another, which no ticket has. It says how
// many documents the ticket is.
func Reindex(ctx context.Context, tx *db.Tx, after int64, ticketID string) (int, error) {
	return store.Rewrite(ctx, tx, after, ticketID)
}
