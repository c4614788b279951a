package store

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
)

// InsertMessage writes a public message with its files.
func InsertMessage(ctx context.Context, tx *db.Tx, m ticket.Message) error {
	_, err := tx.Exec(ctx, sqlInsertMessage, m.ID, m.TicketID, m.AuthorID, m.Side, m.Channel, m.Body, m.Quoted, m.Need, clock.Micros(m.NeedDue),
		string(m.Metric), m.Class, m.Auth, m.MailID, m.EventSeq, clock.Micros(m.MadeAt))
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		if _, err := tx.Exec(ctx, sqlInsertMessageFile, f.ID, m.ID, m.TicketID, f.SHA256, f.Name, f.Type, f.Size); err != nil {
			return err
		}
	}
	number, err := numberOf(ctx, tx, m.TicketID)
	if err != nil {
		return err
	}
	return index(ctx, tx, messageDocuments(number, m, m.EventSeq == 1)...)
}

func numberOf(ctx context.Context, q db.Querier, ticketID string) (number int64, err error) {
	err = q.QueryRow(ctx, sqlNumber, ticketID).Scan(&number)
	return number, err
}

func scanMessage(s db.Scanner) (ticket.Message, error) {
	var m ticket.Message
	var due, made int64
	err := s.Scan(&m.ID, &m.TicketID, &m.AuthorID, &m.Side, &m.Channel, &m.Body, &m.Quoted, &m.Need, &due, &m.Metric, &m.Class, &m.Auth, &m.MailID, &m.EventSeq, &made)
	m.NeedDue, m.MadeAt = clock.FromMicros(due), clock.FromMicros(made)
	return m, err
}

// InsertNote writes an internal note with its files.
func InsertNote(ctx context.Context, tx *db.Tx, n ticket.Note) error {
	if _, err := tx.Exec(ctx, sqlInsertNote, n.ID, n.TicketID, n.AuthorID, n.Body, clock.Micros(n.MadeAt)); err != nil {
		return err
	}
	for _, f := range n.Files {
		if _, err := tx.Exec(ctx, sqlInsertNoteFile, f.ID, n.ID, n.TicketID, f.SHA256, f.Name, f.Type, f.Size); err != nil {
			return err
		}
	}
	number, err := numberOf(ctx, tx, n.TicketID)
	if err != nil {
		return err
	}
	return index(ctx, tx, noteDocuments(number, n)...)
}

func scanNote(s db.Scanner) (ticket.Note, error) {
	var n ticket.Note
	var made int64
	err := s.Scan(&n.ID, &n.TicketID, &n.AuthorID, &n.Body, &made)
	n.MadeAt = clock.FromMicros(made)
	return n, err
}

// owned is a file with the id of the message or note it hangs on.
type owned struct {
	ticket.File
	item string
}

func scanFile(s db.Scanner) (owned, error) {
	var f owned
	err := s.Scan(&f.item, &f.ID, &f.SHA256, &f.Name, &f.Type, &f.Size)
	return f, err
}

// MessageByID loads a message of a ticket. Errors: NotFound.
func MessageByID(ctx context.Context, q db.Querier, messageID, ticketID string) (ticket.Message, error) {
	return scanMessage(q.QueryRow(ctx, sqlMessageByID, messageID, ticketID))
}

// Messages gives the public messages of a ticket after an id, oldest first, without their files.
func Messages(ctx context.Context, q db.Querier, ticketID, after string, limit int) ([]ticket.Message, error) {
	rows, err := q.Query(ctx, sqlMessages, ticketID, after, limit)
	return db.Collect(rows, err, scanMessage)
}

// FirstMessage is what a ticket began with. Errors: NotFound.
func FirstMessage(ctx context.Context, q db.Querier, ticketID string) (ticket.Message, error) {
	return scanMessage(q.QueryRow(ctx, sqlFirstMessage, ticketID))
}

// SetMessageClass says what kind of words a message turned out to be.
func SetMessageClass(ctx context.Context, tx *db.Tx, class, messageID string) error {
	_, err := tx.Exec(ctx, sqlMessageClass, class, messageID)
	return err
}

// LastMailOf is the Message-ID of the newest mail that came in on a ticket, "" when none did: what our next mail answers.
func LastMailOf(ctx context.Context, q db.Querier, ticketID string) (string, error) {
	var messageID string
	err := q.QueryRow(ctx, sqlLastMailOf, ticketID).Scan(&messageID)
	return messageID, err
}

// Notes gives the internal notes of a ticket after an id, oldest first, without their files.
func Notes(ctx context.Context, q db.Querier, ticketID, after string, limit int) ([]ticket.Note, error) {
	rows, err := q.Query(ctx, sqlNotes, ticketID, after, limit)
	return db.Collect(rows, err, scanNote)
}

// MessageFiles are the files of a ticket's public messages, by message.
func MessageFiles(ctx context.Context, q db.Querier, ticketID string) (map[string][]ticket.File, error) {
	return filesBy(ctx, q, sqlMessageFiles, ticketID)
}

// NoteFiles are the files of a ticket's internal notes, by note.
func NoteFiles(ctx context.Context, q db.Querier, ticketID string) (map[string][]ticket.File, error) {
	return filesBy(ctx, q, sqlNoteFiles, ticketID)
}

func filesBy(ctx context.Context, q db.Querier, query, ticketID string) (map[string][]ticket.File, error) {
	rows, err := q.Query(ctx, query, ticketID)
	all, err := db.Collect(rows, err, scanFile)
	if err != nil {
		return nil, err
	}
	out := map[string][]ticket.File{}
	for _, f := range all {
		out[f.item] = append(out[f.item], f.File)
	}
	return out, nil
}

// MessageFile is a file of a public message of a ticket. Errors: NotFound.
func MessageFile(ctx context.Context, q db.Querier, fileID, ticketID string) (ticket.File, error) {
	f, err := scanFile(q.QueryRow(ctx, sqlMessageFile, fileID, ticketID))
	return f.File, err
}

// NoteFile is a file of an internal note of a ticket. Errors: NotFound.
func NoteFile(ctx context.Context, q db.Querier, fileID, ticketID string) (ticket.File, error) {
	f, err := scanFile(q.QueryRow(ctx, sqlNoteFile, fileID, ticketID))
	return f.File, err
}
