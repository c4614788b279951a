package store

import (
	"context"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/text"
)

const (
	columnsTicket = `id, number, kind, subject, channel, org_id, site_id, region, team_id, assignee_id, submitter_id, requester_id, affected_id, impact, urgency, priority, sensitivity, state, open, auth, turn_side, turn_party, turn_since, due_at, due_metric, due_started, last_line, made_at, changed_at, resolved_at, closed_at, version, matter, service_id`

	sqlInsertTicket = `INSERT INTO desk_ticket (` + columnsTicket + `, subject_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)`
	sqlUpdateTicket = `UPDATE desk_ticket SET kind = $1, subject = $2, org_id = $3, site_id = $4, region = $5, team_id = $6, assignee_id = $7, requester_id = $8,
affected_id = $9, impact = $10, urgency = $11, priority = $12, sensitivity = $13, state = $14, open = $15, turn_side = $16, turn_party = $17, turn_since = $18, due_at = $19,
due_metric = $20, due_started = $21, last_line = $22, changed_at = $23, resolved_at = $24, closed_at = $25, version = version + 1, subject_key = $26, matter = $27, service_id = $28
WHERE id = $29 AND version = $30`
	sqlTicketByNumber = `SELECT ` + columnsTicket + ` FROM desk_ticket WHERE number = $1`
	sqlTicketByID     = `SELECT ` + columnsTicket + ` FROM desk_ticket WHERE id = $1`
	// served by desk_ticket_queue and desk_ticket_state: the open ones and those that go on in them, a page at a time
	sqlOpenTickets = `SELECT id FROM desk_ticket WHERE (open = TRUE OR state = 'merged') AND id > $1 ORDER BY id LIMIT 500`
	// served by desk_ticket_org; with "" every site
	sqlOpenUnder    = `SELECT id FROM desk_ticket WHERE open = TRUE AND org_id = $1 AND (site_id = $2 OR $2 = '') AND id > $3 ORDER BY id LIMIT 500`
	sqlTicketsAfter = `SELECT id FROM desk_ticket WHERE id > $1 ORDER BY id LIMIT 500`

	sqlSetParticipant = `INSERT INTO desk_participant (ticket_id, person_id, role, because) VALUES ($1, $2, $3, $4)
ON CONFLICT (ticket_id, person_id) DO UPDATE SET role = CASE WHEN desk_participant.role IN ('requester', 'affected') THEN desk_participant.role ELSE excluded.role END, because = excluded.because`
	sqlForceParticipant = `INSERT INTO desk_participant (ticket_id, person_id, role, because) VALUES ($1, $2, $3, $4)
ON CONFLICT (ticket_id, person_id) DO UPDATE SET role = excluded.role, because = excluded.because`
	sqlDropParticipant = `DELETE FROM desk_participant WHERE ticket_id = $1 AND person_id = $2 AND role IN ('watcher', 'pending')`
	sqlParticipants    = `SELECT person_id, role, because FROM desk_participant WHERE ticket_id = $1 ORDER BY role, person_id`

	columnsMessage   = `id, ticket_id, author_id, side, channel, body, quoted, need, need_due, metric, class, auth, mail_id, event_seq, made_at`
	sqlInsertMessage = `INSERT INTO desk_message (` + columnsMessage + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	sqlMessageClass  = `UPDATE desk_message SET class = $1 WHERE id = $2`
	sqlMessageByID   = `SELECT ` + columnsMessage + ` FROM desk_message WHERE id = $1 AND ticket_id = $2`
	sqlMessages      = `SELECT ` + columnsMessage + ` FROM desk_message WHERE ticket_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlInsertNote    = `INSERT INTO desk_note (id, ticket_id, author_id, body, made_at) VALUES ($1, $2, $3, $4, $5)`
	sqlNotes         = `SELECT id, ticket_id, author_id, body, made_at FROM desk_note WHERE ticket_id = $1 AND id > $2 ORDER BY id LIMIT $3`

	sqlInsertMessageFile = `INSERT INTO desk_message_file (id, message_id, ticket_id, sha256, name, type, size) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlInsertNoteFile    = `INSERT INTO desk_note_file (id, note_id, ticket_id, sha256, name, type, size) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlMessageFiles      = `SELECT message_id, id, sha256, name, type, size FROM desk_message_file WHERE ticket_id = $1 ORDER BY id`
	sqlNoteFiles         = `SELECT note_id, id, sha256, name, type, size FROM desk_note_file WHERE ticket_id = $1 ORDER BY id`
	sqlMessageFile       = `SELECT message_id, id, sha256, name, type, size FROM desk_message_file WHERE id = $1 AND ticket_id = $2`
	sqlNoteFile          = `SELECT note_id, id, sha256, name, type, size FROM desk_note_file WHERE id = $1 AND ticket_id = $2`

	sqlInsertLink = `INSERT INTO desk_link (ticket_id, other_id, kind, made_by, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ticket_id, other_id, kind) DO NOTHING`
	sqlLinks      = `SELECT t.number, l.kind, l.made_at, t.id FROM desk_link l JOIN desk_ticket t ON t.id = CASE WHEN l.ticket_id = $1 THEN l.other_id ELSE l.ticket_id END
WHERE l.ticket_id = $1 OR l.other_id = $1 ORDER BY l.made_at, t.number`

	sqlInsertAgreement = `INSERT INTO desk_agreement (ticket_id, n, version_id) VALUES ($1, $2, $3)`
	sqlAgreements      = `SELECT version_id FROM desk_agreement WHERE ticket_id = $1 ORDER BY n`

	sqlFirstMessage = `SELECT ` + columnsMessage + ` FROM desk_message WHERE ticket_id = $1 ORDER BY id LIMIT 1`
	sqlLastMailOf   = `SELECT COALESCE((SELECT i.message_id FROM desk_message m JOIN desk_mail i ON i.id = m.mail_id WHERE m.ticket_id = $1 AND m.mail_id <> '' ORDER BY m.id DESC LIMIT 1), '')`

	// served by desk_ticket_queue and the indexes on each filter
	sqlRows = `SELECT t.id, t.number, t.kind, t.subject, t.channel, t.org_id, t.site_id, t.region, t.team_id, t.assignee_id, t.submitter_id, t.requester_id, t.affected_id, t.impact, t.urgency, t.priority, t.sensitivity, t.state, t.open, t.auth, t.turn_side, t.turn_party, t.turn_since, t.due_at, t.due_metric, t.due_started, t.last_line, t.made_at, t.changed_at, t.resolved_at, t.closed_at, t.version, t.matter, t.service_id, t.requester_name, t.site_name, t.team_name, t.assignee_name FROM desk_row t`
	// counting stops after a thousand: see Count
	sqlCountHead = `SELECT COUNT(*) FROM (SELECT 1 FROM desk_row t`
	sqlCountTail = ` LIMIT 1001) AS c`

	// served by the primary key: what lists of other things say of a ticket
	sqlNumbersAfter = `SELECT t.id, t.number, t.sensitivity FROM desk_ticket t WHERE t.number > $1 ORDER BY t.number LIMIT 500`
	sqlNumber       = `SELECT t.number FROM desk_ticket t WHERE t.id = $1`
	sqlKeys         = `SELECT t.id, t.number, t.sensitivity FROM desk_ticket t`

	// served by the unique number, and by desk_participant's primary key
	sqlStandings = `SELECT t.id, t.number, t.version, t.org_id, t.site_id, t.region, t.team_id, t.requester_id, t.affected_id, t.submitter_id FROM desk_ticket t`
	sqlTakesPart = `SELECT p.ticket_id, p.person_id, p.role, p.because FROM desk_participant p`
)

func scanTicket(s db.Scanner) (ticket.Ticket, error) {
	var t ticket.Ticket
	err := readTicket(s, &t)
	return t, err
}

// readTicket reads in place what scanTicket gives: a list reads many. Words go into plain strings first, which database/sql fills
// without reflection.
func readTicket(s db.Scanner, t *ticket.Ticket) error {
	var since, due, dueStarted, made, changed, resolved, closed int64
	var kind, impact, urgency, priority, state, side, metric, matter string
	err := s.Scan(&t.ID, &t.Number, &kind, &t.Subject, &t.Channel, &t.OrgID, &t.SiteID, &t.Region, &t.TeamID, &t.AssigneeID, &t.SubmitterID,
		&t.RequesterID, &t.AffectedID, &impact, &urgency, &priority, &t.Sensitivity, &state, &t.Open, &t.Auth, &side, &t.TurnParty,
		&since, &due, &metric, &dueStarted, &t.LastLine, &made, &changed, &resolved, &closed, &t.Version, &matter, &t.ServiceID)
	t.Kind, t.Impact, t.Urgency, t.Priority = ticket.Kind(kind), ticket.Level(impact), ticket.Level(urgency), agreement.Priority(priority)
	t.State, t.TurnSide, t.DueMetric = ticket.State(state), agreement.Side(side), agreement.Metric(metric)
	t.Matter = ticket.Matter(matter)
	t.TurnSince, t.MadeAt, t.ChangedAt = clock.FromMicros(since), clock.FromMicros(made), clock.FromMicros(changed)
	t.ResolvedAt, t.ClosedAt, t.DueStarted = clock.FromMicros(resolved), clock.FromMicros(closed), clock.FromMicros(dueStarted)
	if due != ticket.NoDue {
		t.DueAt = clock.FromMicros(due)
	}
	return err
}

// ByNumber loads a ticket. Errors: NotFound.
func ByNumber(ctx context.Context, q db.Querier, number int64) (ticket.Ticket, error) {
	return scanTicket(q.QueryRow(ctx, sqlTicketByNumber, number))
}

// ByID loads a ticket. Errors: NotFound.
func ByID(ctx context.Context, q db.Querier, ticketID string) (ticket.Ticket, error) {
	return scanTicket(q.QueryRow(ctx, sqlTicketByID, ticketID))
}

// OpenAfter gives the ids of up to 500 tickets with a running clock after an id, in order: the open ones, and the merged.
func OpenAfter(ctx context.Context, q db.Querier, ticketID string) ([]string, error) {
	rows, err := q.Query(ctx, sqlOpenTickets, ticketID)
	return db.Collect(rows, err, db.One[string])
}

// OpenOf gives the ids of up to 500 open tickets of an organisation, or of one of its sites, after an id, in order.
func OpenOf(ctx context.Context, q db.Querier, orgID, siteID, ticketID string) ([]string, error) {
	rows, err := q.Query(ctx, sqlOpenUnder, orgID, siteID, ticketID)
	return db.Collect(rows, err, db.One[string])
}

// After gives the ids of up to 500 tickets after an id, in order.
func After(ctx context.Context, q db.Querier, ticketID string) ([]string, error) {
	rows, err := q.Query(ctx, sqlTicketsAfter, ticketID)
	return db.Collect(rows, err, db.One[string])
}

// Insert writes a new ticket.
func Insert(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	_, err := tx.Exec(ctx, sqlInsertTicket, t.ID, t.Number, string(t.Kind), t.Subject, t.Channel, t.OrgID, t.SiteID, t.Region, t.TeamID, t.AssigneeID,
		t.SubmitterID, t.RequesterID, t.AffectedID, string(t.Impact), string(t.Urgency), string(t.Priority), t.Sensitivity, string(t.State), t.Open, t.Auth,
		string(t.TurnSide), t.TurnParty, clock.Micros(t.TurnSince), t.DueMicros(), string(t.DueMetric), clock.Micros(t.DueStarted), t.LastLine, clock.Micros(t.MadeAt),
		clock.Micros(t.ChangedAt), clock.Micros(t.ResolvedAt), clock.Micros(t.ClosedAt), t.Version, string(t.Matter), t.ServiceID, subjectKey(t.Subject))
	if err != nil {
		return err
	}
	return index(ctx, tx, subjectDocument(t))
}

// Update writes the row if it is still the version that was read, and says whether it was. renamed: its subject is another one.
func Update(ctx context.Context, tx *db.Tx, t ticket.Ticket, renamed bool) (bool, error) {
	n, err := tx.Exec(ctx, sqlUpdateTicket, string(t.Kind), t.Subject, t.OrgID, t.SiteID, t.Region, t.TeamID, t.AssigneeID, t.RequesterID, t.AffectedID,
		string(t.Impact), string(t.Urgency), string(t.Priority), t.Sensitivity, string(t.State), t.Open, string(t.TurnSide), t.TurnParty,
		clock.Micros(t.TurnSince), t.DueMicros(), string(t.DueMetric), clock.Micros(t.DueStarted), t.LastLine, clock.Micros(t.ChangedAt),
		clock.Micros(t.ResolvedAt), clock.Micros(t.ClosedAt), subjectKey(t.Subject), string(t.Matter), t.ServiceID, t.ID, t.Version)
	if err != nil || n != 1 || !renamed {
		return n == 1, err
	}
	return true, index(ctx, tx, subjectDocument(t))
}

// subjectKey is the subject's words for searching: " printer prints blank ".
func subjectKey(subject string) string { return " " + strings.Join(text.Words(subject), " ") + " " }
