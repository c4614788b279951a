package store

import (
	"context"
	"strings"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/fulltext"
)

// Whatever writes words of a ticket indexes them here, in the same transaction: Insert, Update, InsertMessage, InsertNote. What
// changes them by other ways calls Reindex.

func subjectDocument(t ticket.Ticket) fulltext.Document {
	return fulltext.Document{Kind: fulltext.Title, Owner: t.Number, Item: t.ID, Text: t.Subject}
}

// messageDocuments are a public message and its files. What it quotes was said before.
func messageDocuments(number int64, m ticket.Message, first bool) []fulltext.Document {
	d := fulltext.Document{Kind: fulltext.Text, Owner: number, Item: m.ID, Text: strings.TrimSpace(m.Need + "\n" + m.Body)}
	if first {
		d.Kind = fulltext.Lead
	}
	return append([]fulltext.Document{d}, fileDocuments(fulltext.File, number, m.Files)...)
}

func noteDocuments(number int64, n ticket.Note) []fulltext.Document {
	d := fulltext.Document{Kind: fulltext.InternalText, Owner: number, Item: n.ID, Text: n.Body}
	return append([]fulltext.Document{d}, fileDocuments(fulltext.InternalFile, number, n.Files)...)
}

func fileDocuments(kind fulltext.Kind, number int64, files []ticket.File) []fulltext.Document {
	out := make([]fulltext.Document, len(files))
	for i, f := range files {
		out[i] = fulltext.Document{Kind: kind, Owner: number, Item: f.ID, Text: f.Name + "\n" + f.Text}
	}
	return out
}

func index(ctx context.Context, tx *db.Tx, docs ...fulltext.Document) error {
	for _, d := range docs {
		if err := fulltext.Put(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// Documents is everything of a ticket that can be found, read from its rows.
func Documents(ctx context.Context, q db.Querier, t ticket.Ticket) ([]fulltext.Document, error) {
	out := []fulltext.Document{subjectDocument(t)}
	files, err := MessageFiles(ctx, q, t.ID)
	if err != nil {
		return nil, err
	}
	for after, n := "", pageOfTalk; n == pageOfTalk; {
		all, err := Messages(ctx, q, t.ID, after, pageOfTalk)
		if err != nil {
			return nil, err
		}
		n = len(all)
		for _, m := range all {
			if m.Files, err = withText(ctx, q, files[m.ID]); err != nil {
				return nil, err
			}
			out, after = append(out, messageDocuments(t.Number, m, m.EventSeq == 1)...), m.ID
		}
	}
	return internalDocuments(ctx, q, t, out)
}

const pageOfTalk = 200

func internalDocuments(ctx context.Context, q db.Querier, t ticket.Ticket, out []fulltext.Document) ([]fulltext.Document, error) {
	files, err := NoteFiles(ctx, q, t.ID)
	if err != nil {
		return nil, err
	}
	for after, n := "", pageOfTalk; n == pageOfTalk; {
		all, err := Notes(ctx, q, t.ID, after, pageOfTalk)
		if err != nil {
			return nil, err
		}
		n = len(all)
		for _, v := range all {
			if v.Files, err = withText(ctx, q, files[v.ID]); err != nil {
				return nil, err
			}
			out, after = append(out, noteDocuments(t.Number, v)...), v.ID
		}
	}
	return out, nil
}

// withText reads the text of files again from their bytes.
func withText(ctx context.Context, q db.Querier, files []ticket.File) ([]ticket.File, error) {
	for i := range files {
		f := &files[i]
		var err error
		if f.Text, err = textOf(ctx, q, f.SHA256, f.Name); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Reindex brings the index of a ticket to what its rows say, after its words were changed, moved or taken out by other ways than
// those above.
func Reindex(ctx context.Context, tx *db.Tx, ticketID string) error {
	t, docs, err := everything(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	return fulltext.Replace(ctx, tx, t.Number-1, t.Number, docs, false)
}

// Rewrite writes the index of a ticket anew, and removes what is indexed of numbers above after, which no ticket has. It says how
// many documents the ticket is.
func Rewrite(ctx context.Context, tx *db.Tx, after int64, ticketID string) (int, error) {
	t, docs, err := everything(ctx, tx, ticketID)
	if err != nil {
		return 0, err
	}
	return len(docs), fulltext.Replace(ctx, tx, after, t.Number, docs, true)
}

func everything(ctx context.Context, tx *db.Tx, ticketID string) (ticket.Ticket, []fulltext.Document, error) {
	t, err := ByID(ctx, tx, ticketID)
	if err != nil {
		return t, nil, err
	}
	docs, err := Documents(ctx, tx, t)
	return t, docs, err
}

// NumbersAfter names up to 500 tickets after a number, by number.
func NumbersAfter(ctx context.Context, q db.Querier, number int64) ([]Key, error) {
	rows, err := q.Query(ctx, sqlNumbersAfter, number)
	return db.Collect(rows, err, scanKey)
}
