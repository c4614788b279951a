package store

import (
	"context"
	"io"
	"strings"
	"time"

	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/desk/extract"
	"bothways/internal/kit/clock"
)

// served by the primary keys: texts that a search found
const (
	sqlSaid      = `SELECT m.id, m.author_id, m.made_at, m.need, m.body, '' FROM desk_message m`
	sqlNoted     = `SELECT m.id, m.author_id, m.made_at, '', m.body, '' FROM desk_note m`
	sqlSaidFile  = `SELECT f.id, m.author_id, m.made_at, f.name, '', f.sha256 FROM desk_message_file f JOIN desk_message m ON m.id = f.message_id`
	sqlNotedFile = `SELECT f.id, m.author_id, m.made_at, f.name, '', f.sha256 FROM desk_note_file f JOIN desk_note m ON m.id = f.note_id`
)

// Said is a text somebody wrote, or of a file they sent.
type Said struct {
	Item   string // id of the message, note or file
	Author string // person
	At     time.Time
	Text   string
	File   string // name, "" when it is none
	sha    string
}

func scanSaid(s db.Scanner) (Said, error) {
	var v Said
	var made int64
	var title, body string
	err := s.Scan(&v.Item, &v.Author, &made, &title, &body, &v.sha)
	v.At = clock.FromMicros(made)
	if v.sha != "" {
		v.File = title
		return v, err
	}
	v.Text = strings.TrimSpace(title + "\n" + body)
	return v, err
}

// SaidIn gives public messages, or with internal notes, by their ids.
func SaidIn(ctx context.Context, q db.Querier, internal bool, ids ...string) ([]Said, error) {
	query := sqlSaid
	if internal {
		query = sqlNoted
	}
	w := db.NewWhere().In("m.id", ids...)
	rows, err := q.Query(ctx, query+w.SQL(), w.Args()...)
	return db.Collect(rows, err, scanSaid)
}

// FiledIn gives files of public messages, or with internal of notes, by their ids, with their text.
func FiledIn(ctx context.Context, q db.Querier, internal bool, ids ...string) ([]Said, error) {
	query := sqlSaidFile
	if internal {
		query = sqlNotedFile
	}
	w := db.NewWhere().In("f.id", ids...)
	rows, err := q.Query(ctx, query+w.SQL(), w.Args()...)
	all, err := db.Collect(rows, err, scanSaid)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Text, err = textOf(ctx, q, all[i].sha, all[i].File); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// textOf reads the text of a file from its bytes.
func textOf(ctx context.Context, q db.Querier, sha, name string) (string, error) {
	r, err := blob.Open(ctx, q, sha)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(io.LimitReader(r, extract.MaxRead))
	return extract.Text(name, body), err
}
