package store

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
)

const (
	sqlInsertMerge = `INSERT INTO desk_merge (ticket_id, into_id, made_by, made_at) VALUES ($1, $2, $3, $4)`
	sqlDropMerge   = `DELETE FROM desk_merge WHERE ticket_id = $1`
	sqlSurvivor    = `SELECT ` + columnsTicket + ` FROM desk_ticket WHERE id = (SELECT m.into_id FROM desk_merge m WHERE m.ticket_id = $1)`
	// served by desk_merge_into
	sqlMergedInto = `SELECT ` + columnsTicket + ` FROM desk_ticket WHERE id IN (SELECT m.ticket_id FROM desk_merge m WHERE m.into_id = $1) ORDER BY number`

	sqlDropLink = `DELETE FROM desk_link WHERE ticket_id = $1 AND other_id = $2`

	sqlInsertTag = `INSERT INTO desk_tag (tag_key, ticket_id, label, made_by, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tag_key, ticket_id) DO NOTHING`
	sqlDropTag   = `DELETE FROM desk_tag WHERE tag_key = $1 AND ticket_id = $2`
	sqlTagsOf    = `SELECT label FROM desk_tag WHERE ticket_id = $1 ORDER BY tag_key`
	// served by the primary key
	sqlTagLabel = `SELECT COALESCE((SELECT label FROM desk_tag WHERE tag_key = $1 LIMIT 1), '')`
	sqlTagsLike = `SELECT tag_key, MIN(label), COUNT(*) FROM desk_tag WHERE tag_key >= $1 AND tag_key < $2 GROUP BY tag_key ORDER BY tag_key LIMIT $3`
	// a ticket that has both tags keeps the one that was there
	sqlDropDoubles = `DELETE FROM desk_tag WHERE tag_key = $1 AND ticket_id IN (SELECT o.ticket_id FROM desk_tag o WHERE o.tag_key = $2)`
	sqlRenameTag   = `UPDATE desk_tag SET tag_key = $1, label = $2 WHERE tag_key = $3`

	sqlInsertLook = `INSERT INTO desk_look (ticket_id, person_id, made_at) VALUES ($1, $2, $3) ON CONFLICT (ticket_id) DO UPDATE SET person_id = excluded.person_id, made_at = excluded.made_at`
	sqlDropLook   = `DELETE FROM desk_look WHERE ticket_id = $1`
	sqlLookAt     = `SELECT person_id, made_at FROM desk_look WHERE ticket_id = $1`
)

// InsertMerge notes that a ticket goes on in another.
func InsertMerge(ctx context.Context, tx *db.Tx, ticketID, intoID, by string, at time.Time) error {
	_, err := tx.Exec(ctx, sqlInsertMerge, ticketID, intoID, by, clock.Micros(at))
	return err
}

// DropMerge notes that a ticket goes on by itself.
func DropMerge(ctx context.Context, tx *db.Tx, ticketID string) error {
	_, err := tx.Exec(ctx, sqlDropMerge, ticketID)
	return err
}

// Survivor is the ticket that one was merged into. Errors: NotFound.
func Survivor(ctx context.Context, q db.Querier, ticketID string) (ticket.Ticket, error) {
	return scanTicket(q.QueryRow(ctx, sqlSurvivor, ticketID))
}

// MergedInto are the tickets that were merged into one, by number.
func MergedInto(ctx context.Context, q db.Querier, ticketID string) ([]ticket.Ticket, error) {
	rows, err := q.Query(ctx, sqlMergedInto, ticketID)
	return db.Collect(rows, err, scanTicket)
}

// DropLink takes a link away, whichever of the two it was made from, and says whether there was one.
func DropLink(ctx context.Context, tx *db.Tx, ticketID, otherID string) (bool, error) {
	n, err := tx.Exec(ctx, sqlDropLink, ticketID, otherID)
	if err != nil {
		return false, err
	}
	m, err := tx.Exec(ctx, sqlDropLink, otherID, ticketID)
	return n+m > 0, err
}

// AddTag puts a tag on a ticket and says whether it was not there.
func AddTag(ctx context.Context, tx *db.Tx, ticketID string, t ticket.Tag, by string, at time.Time) (bool, error) {
	var label string
	if err := tx.QueryRow(ctx, sqlTagLabel, t.Key).Scan(&label); err != nil {
		return false, err
	}
	if label == "" {
		label = t.Label
	}
	n, err := tx.Exec(ctx, sqlInsertTag, t.Key, ticketID, label, by, clock.Micros(at))
	return n == 1, err
}

// DropTag takes a tag off a ticket and says whether it was there.
func DropTag(ctx context.Context, tx *db.Tx, ticketID, key string) (bool, error) {
	n, err := tx.Exec(ctx, sqlDropTag, key, ticketID)
	return n == 1, err
}

// TagsOf are the tags on a ticket.
func TagsOf(ctx context.Context, q db.Querier, ticketID string) ([]string, error) {
	rows, err := q.Query(ctx, sqlTagsOf, ticketID)
	return db.Collect(rows, err, db.One[string])
}

// TagsLike are the tags in use whose key begins so, with how many tickets have them.
func TagsLike(ctx context.Context, q db.Querier, begin string, limit int) ([]ticket.TagUse, error) {
	rows, err := q.Query(ctx, sqlTagsLike, begin, begin+"\U0010ffff", limit)
	return db.Collect(rows, err, func(s db.Scanner) (u ticket.TagUse, err error) {
		err = s.Scan(&u.Key, &u.Label, &u.Tickets)
		return u, err
	})
}

// RenameTag calls a tag something else on every ticket, and says on how many.
func RenameTag(ctx context.Context, tx *db.Tx, key string, to ticket.Tag) (int64, error) {
	both := int64(0)
	if key != to.Key {
		var err error
		if both, err = tx.Exec(ctx, sqlDropDoubles, key, to.Key); err != nil {
			return 0, err
		}
	}
	if _, err := tx.Exec(ctx, sqlRenameTag, to.Key, to.Label, to.Key); err != nil { // those it joins are written alike
		return 0, err
	}
	n, err := tx.Exec(ctx, sqlRenameTag, to.Key, to.Label, key)
	return n + both, err
}

// Look is who looked again at a ticket that was set aside.
type Look struct {
	PersonID string
	At       time.Time
}

// SetLook notes who looked again.
func SetLook(ctx context.Context, tx *db.Tx, ticketID, personID string, at time.Time) error {
	_, err := tx.Exec(ctx, sqlInsertLook, ticketID, personID, clock.Micros(at))
	return err
}

// DropLook forgets it: the ticket is one again.
func DropLook(ctx context.Context, tx *db.Tx, ticketID string) error {
	_, err := tx.Exec(ctx, sqlDropLook, ticketID)
	return err
}

// LookAt is who looked again at a ticket. Errors: NotFound when nobody has.
func LookAt(ctx context.Context, q db.Querier, ticketID string) (l Look, err error) {
	var at int64
	err = q.QueryRow(ctx, sqlLookAt, ticketID).Scan(&l.PersonID, &at)
	l.At = clock.FromMicros(at)
	return l, err
}
