package outcome

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

const (
	columnsOutcome = `o.obligation, o.side, o.metric, o.state, o.stands, o.reason, o.priority, o.agreement_id, o.version_id, o.org_id, o.site_id, o.team_id, o.person_id, o.requester_id, o.target_seconds, o.used_seconds, o.started_at, o.due_at, o.ended_at, o.decided_at`

	// served by the primary key
	sqlOfTicket = `SELECT ` + columnsOutcome + ` FROM desk_outcome o WHERE o.ticket_id = $1 ORDER BY o.obligation`
	sqlKeep     = `INSERT INTO desk_outcome (ticket_id, obligation, side, metric, state, stands, reason, priority, agreement_id, version_id, org_id, site_id, team_id, person_id, requester_id, target_seconds, used_seconds, started_at, due_at, ended_at, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (ticket_id, obligation) DO UPDATE SET side = excluded.side, metric = excluded.metric, state = excluded.state, stands = excluded.stands, reason = excluded.reason,
priority = excluded.priority, agreement_id = excluded.agreement_id, version_id = excluded.version_id, org_id = excluded.org_id, site_id = excluded.site_id, team_id = excluded.team_id, person_id = excluded.person_id, requester_id = excluded.requester_id,
target_seconds = excluded.target_seconds, used_seconds = excluded.used_seconds, started_at = excluded.started_at, due_at = excluded.due_at, ended_at = excluded.ended_at, decided_at = excluded.decided_at`
	sqlAccount     = `SELECT a.agreement_id, a.org_id, a.site_id, a.ended_at, a.spent, a.owed FROM desk_account a WHERE a.ticket_id = $1`
	sqlKeepAccount = `INSERT INTO desk_account (ticket_id, agreement_id, org_id, site_id, ended_at, spent, owed) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (ticket_id) DO UPDATE SET agreement_id = excluded.agreement_id, org_id = excluded.org_id, site_id = excluded.site_id, ended_at = excluded.ended_at, spent = excluded.spent, owed = excluded.owed`
	// served by desk_outcome_agreement; what is missed and still owed stands in the account
	sqlDecided = `SELECT ` + columnsOutcome + ` FROM desk_outcome o WHERE o.agreement_id = $1 AND o.decided_at >= $2 AND o.decided_at < $3 AND o.ended_at > 0 ORDER BY o.decided_at, o.ticket_id, o.obligation`
	// served by desk_account_ended
	columnsAccount = `a.ticket_id, a.agreement_id, a.org_id, a.site_id, a.ended_at, a.spent, a.owed`
	sqlEnded       = `SELECT ` + columnsAccount + ` FROM desk_account a WHERE a.agreement_id = $1 AND a.ended_at >= $2 AND a.ended_at < $3 AND a.spent <> '' ORDER BY a.ended_at, a.ticket_id`
	sqlOwing       = `SELECT ` + columnsAccount + ` FROM desk_account a WHERE a.agreement_id = $1 AND a.ended_at = 0 AND a.owed <> '' ORDER BY a.ticket_id`
	sqlEarliest    = `SELECT COALESCE(MIN(x.at), 0) FROM (SELECT MIN(o.decided_at) AS at FROM desk_outcome o WHERE o.agreement_id = $1 AND o.decided_at > 0
UNION ALL SELECT MIN(a.ended_at) FROM desk_account a WHERE a.agreement_id = $1 AND a.ended_at > 0) AS x`
	sqlOwed   = `SELECT a.ticket_id, t.number, t.subject, a.agreement_id, a.org_id, a.site_id, a.owed FROM desk_account a JOIN desk_ticket t ON t.id = a.ticket_id`
	sqlMarks  = `SELECT id, agreement_id, day FROM desk_stale`
	sqlUnmark = `DELETE FROM desk_stale`

	sqlStale = `INSERT INTO desk_stale (id, agreement_id, day) VALUES ($1, $2, $3)`

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

// Note makes what is kept of a ticket equal to what its ledger says, and writes only what changed. was is the reading before: what has
// never ended needs no look at what is kept.
func Note(ctx context.Context, tx *db.Tx, was agreement.Result, l Reading) error {
	days := stale{}
	if Any(was) || Any(l.Result) {
		if err := note(ctx, tx, l.Ticket.ID, Of(l), days); err != nil {
			return err
		}
	}
	if err := noteAccount(ctx, tx, l, days); err != nil {
		return err
	}
	return days.write(ctx, tx)
}

// Begin keeps the account of a ticket that was just opened.
func Begin(ctx context.Context, tx *db.Tx, l Reading) error {
	r, err := AccountOf(l).row()
	if err != nil {
		return err
	}
	return keepAccount(ctx, tx, l.Ticket.ID, r)
}

// stale collects the days whose aggregates no longer hold.
type stale map[staleDay]bool

type staleDay struct {
	agreementID string
	day         int64
}

const day = 24 * 60 * 60

func (s stale) at(agreementID string, unix int64) {
	if unix != 0 {
		s[staleDay{agreementID, unix / day}] = true
	}
}

func (s stale) write(ctx context.Context, tx *db.Tx) error {
	for d := range s {
		if _, err := tx.Exec(ctx, sqlStale, id.New(), d.agreementID, d.day); err != nil {
			return err
		}
	}
	return nil
}

func note(ctx context.Context, tx *db.Tx, ticketID string, ledger []Outcome, days stale) error {
	kept, err := load(ctx, tx, ticketID)
	if err != nil {
		return err
	}
	was := make(map[string]Outcome, len(kept))
	for _, k := range kept {
		was[k.Obligation] = k
	}
	for _, l := range ledger {
		k, ok := was[l.Obligation]
		delete(was, l.Obligation)
		if ok && k == l {
			continue
		}
		if err := keep(ctx, tx, ticketID, l); err != nil {
			return err
		}
		days.at(l.AgreementID, l.Decided)
		if ok {
			days.at(k.AgreementID, k.Decided)
		}
	}
	for gone, k := range was {
		if _, err := tx.Exec(ctx, sqlDrop, ticketID, gone); err != nil {
			return err
		}
		days.at(k.AgreementID, k.Decided)
	}
	return nil
}

func noteAccount(ctx context.Context, tx *db.Tx, l Reading, days stale) error {
	r, err := AccountOf(l).row()
	if err != nil {
		return err
	}
	kept, err := loadAccount(ctx, tx, l.Ticket.ID)
	if err != nil || kept == r {
		return err
	}
	days.at(kept.agreementID, kept.ended)
	days.at(r.agreementID, r.ended)
	return keepAccount(ctx, tx, l.Ticket.ID, r)
}

func keepAccount(ctx context.Context, tx *db.Tx, ticketID string, r row) error {
	_, err := tx.Exec(ctx, sqlKeepAccount, ticketID, r.agreementID, r.orgID, r.siteID, r.ended*micro, r.spent, r.owed)
	return err
}

// loadAccount reads what is kept of a ticket's account; the zero row when nothing is.
func loadAccount(ctx context.Context, q db.Querier, ticketID string) (row, error) {
	r, err := scanAccount(q.QueryRow(ctx, sqlAccount, ticketID))
	if errs.Is(err, errs.NotFound) {
		return row{}, nil
	}
	return r, err
}

func scanAccount(s db.Scanner) (row, error) {
	var r row
	err := s.Scan(&r.agreementID, &r.orgID, &r.siteID, &r.ended, &r.spent, &r.owed)
	r.ended /= micro
	return r, err
}

func keep(ctx context.Context, tx *db.Tx, ticketID string, o Outcome) error {
	_, err := tx.Exec(ctx, sqlKeep, ticketID, o.Obligation, string(o.Side), string(o.Metric), string(o.State), string(o.Stands), o.Reason, string(o.Priority), o.AgreementID, o.VersionID, o.OrgID, o.SiteID,
		o.TeamID, o.PersonID, o.RequesterID, o.Target, o.Used, o.Started*micro, o.Due*micro, o.Ended*micro, o.Decided*micro)
	return err
}

// fields are where a row is scanned to; its instants are microseconds until settled.
func (o *Outcome) fields() []any {
	return []any{&o.Obligation, &o.Side, &o.Metric, &o.State, &o.Stands, &o.Reason, &o.Priority, &o.AgreementID, &o.VersionID, &o.OrgID, &o.SiteID, &o.TeamID, &o.PersonID, &o.RequesterID,
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
