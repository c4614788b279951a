package writing

import (
	"context"
	"strings"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	columnsDraft = `person_id, ticket_id, mode, body, after, need, due, why, writer, step, version, saved_at`
	// served by the primary key, as all of drafts below
	sqlDraft     = `SELECT ` + columnsDraft + ` FROM desk_draft WHERE person_id = $1 AND ticket_id = $2 AND mode = $3`
	sqlDrafts    = `SELECT ` + columnsDraft + ` FROM desk_draft WHERE person_id = $1 AND ticket_id = $2`
	sqlSaveDraft = `INSERT INTO desk_draft (` + columnsDraft + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (person_id, ticket_id, mode) DO UPDATE SET body = excluded.body, after = excluded.after, need = excluded.need, due = excluded.due,
why = excluded.why, writer = excluded.writer, step = excluded.step, version = excluded.version, saved_at = excluded.saved_at`
	sqlDropDraft = `DELETE FROM desk_draft WHERE person_id = $1 AND ticket_id = $2 AND mode = $3`
	sqlMine      = `SELECT d.person_id, d.ticket_id, d.mode, d.body, d.after, d.need, d.due, d.why, d.writer, d.step, d.version, d.saved_at, t.number, t.subject
FROM desk_draft d JOIN desk_ticket t ON t.id = d.ticket_id WHERE d.person_id = $1 ORDER BY d.saved_at DESC, d.ticket_id, d.mode LIMIT 200`
	sqlCountMine = `SELECT COUNT(*) FROM desk_draft WHERE person_id = $1`

	columnsUpload = `id, sha256, name, type, size`
	sqlAddUpload  = `INSERT INTO desk_upload (id, person_id, ticket_id, mode, held_id, sha256, name, type, size, made_at) VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9)`
	// served by desk_upload_draft
	sqlUploads     = `SELECT ` + columnsUpload + ` FROM desk_upload WHERE ticket_id = $1 AND person_id = $2 AND mode = $3 AND held_id = '' ORDER BY id`
	sqlUpload      = `SELECT ` + columnsUpload + ` FROM desk_upload WHERE id = $1 AND ticket_id = $2 AND person_id = $3 AND mode = $4 AND held_id = ''`
	sqlDropUpload  = `DELETE FROM desk_upload WHERE id = $1 AND ticket_id = $2 AND person_id = $3 AND held_id = ''`
	sqlDropUploads = `DELETE FROM desk_upload WHERE ticket_id = $1 AND person_id = $2 AND mode = $3 AND held_id = ''`
	sqlUploadsOn   = `SELECT ` + columnsUpload + `, mode, held_id FROM desk_upload WHERE ticket_id = $1 AND person_id = $2 ORDER BY id`
	sqlHoldUpload  = `UPDATE desk_upload SET held_id = $1 WHERE id = $2`
	// served by desk_upload_held
	sqlHeldUploads = `SELECT ` + columnsUpload + ` FROM desk_upload WHERE held_id = $1 AND held_id <> '' ORDER BY id`
	sqlFreeUploads = `UPDATE desk_upload SET held_id = '' WHERE held_id = $1 AND held_id <> ''`
	sqlEndUploads  = `DELETE FROM desk_upload WHERE held_id = $1 AND held_id <> ''`
	// served by desk_upload_made: files of drafts that were given up
	sqlOldUploads = `DELETE FROM desk_upload WHERE made_at < $1 AND held_id = ''
AND NOT EXISTS (SELECT 1 FROM desk_draft d WHERE d.person_id = desk_upload.person_id AND d.ticket_id = desk_upload.ticket_id AND d.mode = desk_upload.mode)`

	columnsHeld = `id, ticket_id, person_id, channel, body, need, need_due, metric, seen, known, minutes, work_kind, work_note, made_at, leaves_at`
	sqlAddHeld  = `INSERT INTO desk_held (` + columnsHeld + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	sqlHeld     = `SELECT ` + columnsHeld + ` FROM desk_held WHERE id = $1`
	sqlDropHeld = `DELETE FROM desk_held WHERE id = $1`
	// served by desk_held_ticket
	sqlHeldOf = `SELECT ` + columnsHeld + ` FROM desk_held WHERE ticket_id = $1 ORDER BY id`

	sqlSend    = `INSERT INTO desk_sent (person_id, once, ticket_id, item_id, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person_id, once) DO NOTHING`
	sqlSentAs  = `SELECT item_id FROM desk_sent WHERE person_id = $1 AND once = $2 AND ticket_id = $3`
	sqlOldSent = `DELETE FROM desk_sent WHERE made_at < $1`

	// most tickets have none of it
	sqlAny = `SELECT EXISTS(SELECT 1 FROM desk_draft d WHERE d.person_id = $1 AND d.ticket_id = $2), EXISTS(SELECT 1 FROM desk_upload u WHERE u.ticket_id = $2 AND u.person_id = $1),
EXISTS(SELECT 1 FROM desk_held h WHERE h.ticket_id = $2), EXISTS(SELECT 1 FROM desk_presence p WHERE p.ticket_id = $2 AND p.person_id <> $1 AND p.until > $3)`

	sqlHere = `INSERT INTO desk_presence (ticket_id, person_id, writing, until) VALUES ($1, $2, $3, $4)
ON CONFLICT (ticket_id, person_id) DO UPDATE SET writing = excluded.writing, until = excluded.until`
	sqlLeave   = `DELETE FROM desk_presence WHERE ticket_id = $1 AND person_id = $2`
	sqlPresent = `SELECT person_id, writing, until FROM desk_presence WHERE ticket_id = $1 AND until > $2 ORDER BY person_id`
	sqlLeft    = `DELETE FROM desk_presence WHERE until < $1`
)

func scanDraft(s db.Scanner) (Draft, error) {
	var d Draft
	var at int64
	err := s.Scan(&d.personID, &d.TicketID, &d.Mode, &d.Body, &d.After, &d.Need, &d.Due, &d.Why, &d.Writer, &d.Step, &d.Version, &at)
	d.SavedAt = clock.FromMicros(at)
	return d, err
}

func scanMine(s db.Scanner) (Mine, error) {
	var m Mine
	var at int64
	err := s.Scan(&m.personID, &m.TicketID, &m.Mode, &m.Body, &m.After, &m.Need, &m.Due, &m.Why, &m.Writer, &m.Step, &m.Version, &at, &m.Number, &m.Subject)
	m.SavedAt = clock.FromMicros(at)
	return m, err
}

func saveDraft(ctx context.Context, tx *db.Tx, d *Draft) error {
	_, err := tx.Exec(ctx, sqlSaveDraft, d.personID, d.TicketID, string(d.Mode), d.Body, d.After, d.Need, d.Due, d.Why, d.Writer, d.Step, d.Version, clock.Micros(d.SavedAt))
	return err
}

func scanFile(s db.Scanner) (File, error) {
	var f File
	err := s.Scan(&f.ID, &f.SHA256, &f.Name, &f.Type, &f.Size)
	return f, err
}

// owned is a file with the draft or held answer it is for.
type owned struct {
	File
	mode Mode
	held string
}

func scanOwned(s db.Scanner) (owned, error) {
	var f owned
	err := s.Scan(&f.ID, &f.SHA256, &f.Name, &f.Type, &f.Size, &f.mode, &f.held)
	return f, err
}

func scanHeld(s db.Scanner) (Held, error) {
	var h Held
	var known string
	var due, made, leaves int64
	err := s.Scan(&h.ID, &h.TicketID, &h.PersonID, &h.Channel, &h.Body, &h.Need, &due, &h.Metric, &h.Seen, &known, &h.Minutes, &h.WorkKind, &h.WorkNote, &made, &leaves)
	h.Due, h.MadeAt, h.LeavesAt, h.Known = clock.FromMicros(due), clock.FromMicros(made), clock.FromMicros(leaves), strings.Fields(known)
	return h, err
}

func addHeld(ctx context.Context, tx *db.Tx, h *Held) error {
	_, err := tx.Exec(ctx, sqlAddHeld, h.ID, h.TicketID, h.PersonID, h.Channel, h.Body, h.Need, clock.Micros(h.Due), h.Metric, h.Seen,
		strings.Join(h.Known, " "), h.Minutes, h.WorkKind, h.WorkNote, clock.Micros(h.MadeAt), clock.Micros(h.LeavesAt))
	return err
}

// present is a row of presence.
type present struct {
	Presence
	until int64
}

func scanPresent(s db.Scanner) (present, error) {
	var p present
	err := s.Scan(&p.PersonID, &p.Writing, &p.until)
	return p, err
}
