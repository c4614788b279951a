package box

import (
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlInsertInbound = `INSERT INTO mail_inbound (id, received_at, sha256, size, raw, envelope_from, envelope_to, state, class, auth, message_id, once, ticket_id, item_id, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'stored', '', '', '', '', '', '', '')`
	columnsInbound   = `id, received_at, sha256, size, envelope_from, envelope_to, state, class, auth, message_id, once, ticket_id, item_id, reason`
	sqlInbound       = `SELECT ` + columnsInbound + ` FROM mail_inbound WHERE id = $1`
	sqlInboundRaw    = `SELECT raw FROM mail_inbound WHERE id = $1`
	sqlInboundOnce   = `SELECT ` + columnsInbound + ` FROM mail_inbound WHERE once = $1 AND once <> ''` // the second half lets the partial index serve it
	sqlInbounds      = `SELECT ` + columnsInbound + ` FROM mail_inbound`
	sqlSettleInbound = `UPDATE mail_inbound SET state = $1, class = $2, auth = $3, message_id = $4, once = $5, ticket_id = $6, item_id = $7, reason = $8 WHERE id = $9`

	// bounded: they read as far as they count
	sqlTallyInbound  = `SELECT COUNT(*) FROM (SELECT id FROM mail_inbound WHERE state = $1 LIMIT $2) x`
	sqlTallyOutbound = `SELECT COUNT(*) FROM (SELECT id FROM mail_outbound WHERE state = $1 LIMIT $2) x`
	sqlLastIn        = `SELECT received_at FROM mail_inbound ORDER BY id DESC LIMIT 1`
	sqlLastOut       = `SELECT done_at FROM mail_outbound WHERE state = 'sent' ORDER BY next_at DESC LIMIT 1`
	sqlOldestUnread  = `SELECT received_at FROM mail_inbound WHERE state = 'stored' ORDER BY id LIMIT 1`
	sqlOldestUnsent  = `SELECT COALESCE(MIN(made_at), 0) FROM mail_outbound WHERE state IN ('queued', 'maybe') AND attempts > 0`

	columnsOutbound   = `id, ticket_id, item_id, event_seq, kind, person_id, recipient, because, message_id, in_reply_to, reply_to, subject, body, automatic, state, attempts, made_at, next_at, done_at, answer`
	sqlInsertOutbound = `INSERT INTO mail_outbound (` + columnsOutbound + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, $17, $18, '')`
	sqlOutbound          = `SELECT ` + columnsOutbound + ` FROM mail_outbound WHERE id = $1`
	sqlOutboundByMessage = `SELECT ` + columnsOutbound + ` FROM mail_outbound WHERE message_id = $1`
	sqlOutboundOf        = `SELECT ` + columnsOutbound + ` FROM mail_outbound WHERE ticket_id = $1 ORDER BY id`
	// served by mail_outbound_person
	sqlOutboundTo = `SELECT ` + columnsOutbound + ` FROM mail_outbound WHERE person_id = $1 ORDER BY id DESC LIMIT $2`
	sqlOutbounds  = `SELECT ` + columnsOutbound + ` FROM mail_outbound`
	// served by mail_outbound_recipient alone
	sqlMailboxes     = `SELECT recipient, COUNT(*), MAX(made_at) FROM mail_outbound WHERE recipient > $1 AND recipient LIKE $2 ESCAPE '!' GROUP BY recipient ORDER BY recipient LIMIT $3`
	sqlMarkSending   = `UPDATE mail_outbound SET state = 'sending', attempts = attempts + 1 WHERE id = $1`
	sqlWriteOutbound = `UPDATE mail_outbound SET state = $1, attempts = $2, next_at = $3, done_at = $4, answer = $5 WHERE id = $6`
	sqlSetEvent      = `UPDATE mail_outbound SET event_seq = $1 WHERE id = $2`
	// served by mail_outbound_recipient
	sqlSentSince     = `SELECT COUNT(*) FROM mail_outbound WHERE recipient = $1 AND kind = $2 AND made_at > $3 AND ($4 = '' OR ticket_id = $4)`
	sqlSentToMailbox = `SELECT COUNT(*) FROM mail_outbound WHERE kind = $1 AND made_at > $2 AND (recipient = $3 OR recipient LIKE $4 ESCAPE '!')`
	sqlKindSince     = `SELECT COUNT(*) FROM mail_outbound WHERE kind = $1 AND made_at > $2`
	// served by mail_outbound_ticket
	sqlUndelivered = `SELECT COUNT(*) FROM mail_outbound WHERE ticket_id = $1 AND state IN ('queued', 'sending') AND next_at <= $2`
	// served by the indexes on message_id of both tables
	sqlTicketOfMessage = `SELECT ticket_id FROM mail_outbound WHERE message_id = $1 AND ticket_id <> ''
UNION ALL SELECT ticket_id FROM mail_inbound WHERE message_id = $1 AND ticket_id <> '' AND state IN ('ticket', 'message') LIMIT 1`
)

func scanInbound(s db.Scanner) (Inbound, error) {
	var m Inbound
	var at int64
	err := s.Scan(&m.ID, &at, &m.SHA256, &m.Size, &m.From, &m.To, &m.State, &m.Class, &m.Auth, &m.MessageID, &m.Once, &m.TicketID, &m.ItemID, &m.Reason)
	m.ReceivedAt = clock.FromMicros(at)
	return m, err
}

func scanOutbound(s db.Scanner) (Outbound, error) {
	var m Outbound
	var made, next, done int64
	err := s.Scan(&m.ID, &m.TicketID, &m.ItemID, &m.EventSeq, &m.Kind, &m.PersonID, &m.Recipient, &m.Because, &m.MessageID, &m.InReplyTo,
		&m.ReplyTo, &m.Subject, &m.Body, &m.Automatic, &m.State, &m.Attempts, &made, &next, &done, &m.Answer)
	m.MadeAt, m.NextAt, m.DoneAt = clock.FromMicros(made), clock.FromMicros(next), clock.FromMicros(done)
	return m, err
}
