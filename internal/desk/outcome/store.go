package outcome

import (
	"context"

	"bothways/internal/db"
)

const (
	columnsOutcome = `o.obligation, o.side, o.metric, o.state, o.stands, o.reason, o.org_id, o.site_id, o.team_id, o.person_id, o.requester_id, o.target_seconds, o.used_seconds, o.started_at, o.due_at, o.ended_at, o.decided_at`

	// served by the primary key
	sqlOfTicket = `SELECT ` + columnsOutcome + ` FROM desk_outcome o WHERE o.ticket_id = $1 ORDER BY o.obligation`
	sqlKeep     = `INSERT INTO desk_outcome (ticket_id, obligation, side, metric, state, stands, reason, org_id, site_id, team_id, person_id, requester_id, target_seconds, used_seconds, started_at, due_at, ended_at, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (ticket_id, obligation) DO UPDATE SET side = excluded.side, metric = excluded.metric, state = excluded.state, stands = excluded.stands, reason = excluded.reason,
org_id = excluded.org_id, site_id = excluded.site_id, team_id = excluded.team_id, person_id = excluded.person_id, requester_id = excluded.requester_id,
target_seconds = excluded.target_seconds, used_seconds = excluded.used_seconds, started_at = excluded.started_at, due_at = excluded.due_at, ended_at = excluded.ended_at, decided_at = excluded.decided_at`
	sqlDrop = `DELETE FROM desk_outcome WHERE ticket_id = $1 AND obligation = $2`

	// served by desk_outcome_site, desk_outcome_requester or desk_outcome_person: the condition names one of them and a time
	sqlTallyHead = `SELECT o.side, o.metric, o.state, o.reason, COUNT(*) FROM desk_outcome o`
	sqlTallyTail = ` GROUP BY o.side, o.metric, o.state, o.reason`
	sqlItems     = `SELECT ` + columnsOutcome + `, o.ticket_id, t.number, t.subject FROM desk_outcome o JOIN desk_ticket t ON t.id = o.ticket_id`
)

// micro is a second of the ledger as the database has it.
const micro = 1_000_000

func load(ctx context.Context, q db.Querier, ticketID string) ([]Outcome, error) {
	rows, err := q.Query(ctx, sqlOfTicket, ticketID)
	return db.Collect(rows, err, scanOutcome)
}

// Keep makes what is kept of a ticket equal to what its ledger says, and writes only what changed.
func Keep(ctx context.Context, tx *db.Tx, ticketID string, ledger []Outcome) error {
	kept, err := load(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	was := make(map[string]Outcome, len(kept))
	for _, k := range kept {
		was[k.Obligation] = k
	}
	for _, l := range ledger {
		if k, ok := was[l.Obligation]; !ok || k != l {
			if err := keep(ctx, tx, ticketID, l); err != nil {
				return err
			}
		}
		delete(was, l.Obligation)
	}
	for gone := range was {
		if _, err := tx.Exec(ctx, sqlDrop, ticketID, gone); err != nil {
			return err
		}
	}
	return nil
}

func keep(ctx context.Context, tx *db.Tx, ticketID string, o Outcome) error {
	_, err := tx.Exec(ctx, sqlKeep, ticketID, o.Obligation, string(o.Side), string(o.Metric), string(o.State), string(o.Stands), o.Reason, o.OrgID, o.SiteID,
		o.TeamID, o.PersonID, o.RequesterID, o.Target, o.Used, o.Started*micro, o.Due*micro, o.Ended*micro, o.Decided*micro)
	return err
}

// fields are where a row is scanned to; its instants are microseconds until settled.
func (o *Outcome) fields() []any {
	return []any{&o.Obligation, &o.Side, &o.Metric, &o.State, &o.Stands, &o.Reason, &o.OrgID, &o.SiteID, &o.TeamID, &o.PersonID, &o.RequesterID,
		&o.Target, &o.Used, &o.Started, &o.Due, &o.Ended, &o.Decided}
}

func (o *Outcome) settled() {
	for _, at := range []*int64{&o.Started, &o.Due, &o.Ended, &o.Decided} {
		*at /= micro
	}
}

func scanOutcome(s db.Scanner) (Outcome, error) {
	var o Outcome
	err := s.Scan(o.fields()...)
	o.settled()
	return o, err
}

func scanItem(s db.Scanner) (Item, error) {
	var i Item
	err := s.Scan(append(i.fields(), &i.TicketID, &i.Number, &i.Subject)...)
	i.settled()
	return i, err
}

// counted is a group of outcomes.
type counted struct {
	Outcome
	n int64
}

func scanCounted(s db.Scanner) (counted, error) {
	var c counted
	err := s.Scan(&c.Side, &c.Metric, &c.State, &c.Reason, &c.n)
	return c, err
}
