package approval

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/page"
)

const (
	columnsAsk = `a.id, a.kind, a.object_id, a.title, a.digest, a.rule, a.asked_by, a.asked_at, a.bar_asker, a.bar_executor, a.expires_at, a.escalated_at, a.state, a.decided_at, a.reason, a.version`

	sqlInsertAsk = `INSERT INTO approval_ask (id, kind, object_id, title, digest, rule, asked_by, asked_at, bar_asker, bar_executor, expires_at, escalated_at, state, decided_at, reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 'pending', 0, '', 1)`
	// a final state is never left: the condition keeps it even where a caller forgot
	sqlUpdateAsk = `UPDATE approval_ask SET expires_at = $1, escalated_at = $2, state = $3, decided_at = $4, reason = $5, version = $6 WHERE id = $7 AND state = 'pending' AND version = $6 - 1`
	// takes the row, so that one vote after the other is counted; SQLite has one writer anyway
	sqlTake = `UPDATE approval_ask SET version = version WHERE id = $1`
	sqlAsk  = `SELECT ` + columnsAsk + ` FROM approval_ask a WHERE a.id = $1`
	// served by approval_ask_object
	sqlAsksOf = `SELECT ` + columnsAsk + ` FROM approval_ask a WHERE a.kind = $1 AND a.object_id = $2 ORDER BY a.asked_at DESC, a.id DESC`
	// served by approval_seat_person and the primary key
	sqlWaitingHead = `SELECT ` + columnsAsk + ` FROM approval_ask a WHERE a.state = 'pending' AND a.id IN (SELECT s.ask_id FROM approval_seat s`
	sqlWaitingTail = `) ORDER BY a.asked_at, a.id`
	// served by approval_ask_asker and approval_vote_voter
	sqlMine = `SELECT ` + columnsAsk + ` FROM approval_ask a WHERE a.id IN (SELECT m.id FROM approval_ask m WHERE m.asked_by = $1 UNION SELECT v.ask_id FROM approval_vote v WHERE v.voter_id = $1)
AND (a.asked_at < $2 OR a.asked_at = $2 AND a.id < $3) ORDER BY a.asked_at DESC, a.id DESC LIMIT $4`

	sqlInsertSeat = `INSERT INTO approval_seat (ask_id, stage, person_id, open) VALUES ($1, $2, $3, TRUE) ON CONFLICT (ask_id, stage, person_id) DO NOTHING`
	sqlCloseSeats = `UPDATE approval_seat SET open = FALSE WHERE ask_id = $1`
	sqlCloseSeat  = `UPDATE approval_seat SET open = FALSE WHERE ask_id = $1 AND stage = $2 AND person_id = $3`

	sqlInsertVote = `INSERT INTO approval_vote (id, ask_id, seq, stage, seat_id, voter_id, until_at, consent, reason, voted_at, bar_asker, bar_executor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlVotes      = `SELECT v.id, v.seq, v.stage, v.seat_id, v.voter_id, v.until_at, v.consent, v.reason, v.voted_at FROM approval_vote v WHERE v.ask_id = $1 ORDER BY v.seq`

	columnsDelegation   = `d.id, d.from_id, d.to_id, d.kind, d.from_at, d.until_at, d.made_by, d.made_at, d.ended_at`
	sqlInsertDelegation = `INSERT INTO approval_delegation (id, from_id, to_id, kind, from_at, until_at, made_by, made_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`
	sqlEndDelegation    = `UPDATE approval_delegation SET ended_at = $1 WHERE id = $2`
	sqlDelegation       = `SELECT ` + columnsDelegation + ` FROM approval_delegation d WHERE d.id = $1`
	// served by approval_delegation_to
	sqlDelegatedTo = `SELECT ` + columnsDelegation + ` FROM approval_delegation d WHERE d.to_id = $1 AND d.until_at > $2 AND d.from_at <= $2 AND d.ended_at = 0`
	// served by approval_delegation_to and approval_delegation_from
	sqlDelegationsOf = `SELECT ` + columnsDelegation + ` FROM approval_delegation d WHERE d.from_id = $1 AND d.until_at > $2 AND d.ended_at = 0
UNION SELECT ` + columnsDelegation + ` FROM approval_delegation d WHERE d.to_id = $1 AND d.until_at > $2 AND d.ended_at = 0 ORDER BY 6, 1`
)

func scanAsk(s db.Scanner) (Ask, error) {
	var a Ask
	var rule, barAsker string
	var asked, expires, escalated, decided int64
	if err := s.Scan(&a.ID, &a.Kind, &a.ObjectID, &a.Title, &a.Digest, &rule, &a.AskedBy, &asked, &barAsker, &a.Executor, &expires, &escalated, &a.State, &decided, &a.Reason, &a.Version); err != nil {
		return a, err
	}
	a.BarAsker = barAsker != ""
	a.AskedAt, a.ExpiresAt, a.EscalatedAt, a.DecidedAt = clock.FromMicros(asked), clock.FromMicros(expires), clock.FromMicros(escalated), clock.FromMicros(decided)
	if err := json.Unmarshal([]byte(rule), &a.Rule); err != nil {
		return a, fmt.Errorf("approval: rule of %s: %w", a.ID, err)
	}
	return a, nil
}

func scanVote(s db.Scanner) (Vote, error) {
	var v Vote
	var until, at int64
	err := s.Scan(&v.ID, &v.Seq, &v.Stage, &v.Seat, &v.Voter, &until, &v.Consent, &v.Reason, &at)
	v.Until, v.At = clock.FromMicros(until), clock.FromMicros(at)
	return v, err
}

func scanDelegation(s db.Scanner) (Delegation, error) {
	var d Delegation
	var begins, until, made, ended int64
	err := s.Scan(&d.ID, &d.From, &d.To, &d.Kind, &begins, &until, &d.MadeBy, &made, &ended)
	d.Begins, d.Until, d.MadeAt, d.EndedAt = clock.FromMicros(begins), clock.FromMicros(until), clock.FromMicros(made), clock.FromMicros(ended)
	return d, err
}

// bars are who may not vote, as the tables keep it.
func (a Ask) bars() (asker, executor string) {
	if a.BarAsker {
		asker = a.AskedBy
	}
	return asker, a.Executor
}

func insertAsk(ctx context.Context, tx *db.Tx, a Ask) error {
	rule, err := json.Marshal(a.Rule)
	if err != nil {
		return err
	}
	asker, executor := a.bars()
	if _, err := tx.Exec(ctx, sqlInsertAsk, a.ID, a.Kind, a.ObjectID, a.Title, a.Digest, string(rule), a.AskedBy, clock.Micros(a.AskedAt), asker, executor, clock.Micros(a.ExpiresAt)); err != nil {
		return err
	}
	for _, s := range a.Rule.Stages {
		if err := openSeats(ctx, tx, a.ID, s.Name, s.Seats); err != nil {
			return err
		}
	}
	return nil
}

// openSeats notes who is asked, so that what waits for somebody is found.
func openSeats(ctx context.Context, tx *db.Tx, askID, stage string, persons []string) error {
	for _, p := range persons {
		if _, err := tx.Exec(ctx, sqlInsertSeat, askID, stage, p); err != nil {
			return err
		}
	}
	return nil
}

func closeSeats(ctx context.Context, tx *db.Tx, askID string) error {
	_, err := tx.Exec(ctx, sqlCloseSeats, askID)
	return err
}

func updateAsk(ctx context.Context, tx *db.Tx, a Ask) error {
	n, err := tx.Exec(ctx, sqlUpdateAsk, clock.Micros(a.ExpiresAt), clock.Micros(a.EscalatedAt), string(a.State), clock.Micros(a.DecidedAt), a.Reason, a.Version, a.ID)
	if err == nil && n != 1 {
		return staleAsk()
	}
	return err
}

func insertVote(ctx context.Context, tx *db.Tx, a Ask, v Vote) error {
	asker, executor := a.bars()
	if _, err := tx.Exec(ctx, sqlInsertVote, v.ID, a.ID, v.Seq, v.Stage, v.Seat, v.Voter, clock.Micros(v.Until), v.Consent, v.Reason, clock.Micros(v.At), asker, executor); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlCloseSeat, a.ID, v.Stage, v.Seat)
	return err
}

func askByID(ctx context.Context, q db.Querier, askID string) (Ask, error) {
	a, err := scanAsk(q.QueryRow(ctx, sqlAsk, askID))
	if err != nil {
		return a, err
	}
	return a, withVotes(ctx, q, &a)
}

// take reads an ask that nobody else changes until the transaction ends.
func take(ctx context.Context, tx *db.Tx, askID string) (Ask, error) {
	if _, err := tx.Exec(ctx, sqlTake, askID); err != nil {
		return Ask{}, err
	}
	return askByID(ctx, tx, askID)
}

func withVotes(ctx context.Context, q db.Querier, a *Ask) error {
	rows, err := q.Query(ctx, sqlVotes, a.ID)
	a.Votes, err = db.Collect(rows, err, scanVote)
	return err
}

func all(ctx context.Context, q db.Querier, query string, args ...any) ([]Ask, error) {
	rows, err := q.Query(ctx, query, args...)
	out, err := db.Collect(rows, err, scanAsk)
	for i := range out {
		if err == nil {
			err = withVotes(ctx, q, &out[i])
		}
	}
	return out, err
}

func asksOf(ctx context.Context, q db.Querier, kind, objectID string) ([]Ask, error) {
	return all(ctx, q, sqlAsksOf, kind, objectID)
}

func asksWaiting(ctx context.Context, q db.Querier, holders []string) ([]Ask, error) {
	w := db.NewWhere().In("s.person_id", holders...).And("s.open")
	return all(ctx, q, sqlWaitingHead+w.SQL()+sqlWaitingTail, w.Args()...)
}

// endless is the cursor of a first page.
const endless = 1 << 62

func asksMine(ctx context.Context, q db.Querier, personID string, c page.Cursor, limit int) (page.List[Ask], error) {
	if c.Tie == "" {
		c.Key = endless
	}
	out, err := all(ctx, q, sqlMine, personID, c.Key, c.Tie, limit+1)
	if err != nil {
		return page.List[Ask]{}, err
	}
	return page.Of(out, limit, func(a Ask) page.Cursor { return page.Cursor{Key: clock.Micros(a.AskedAt), Tie: a.ID} }), nil
}

func insertDelegation(ctx context.Context, tx *db.Tx, d Delegation) error {
	_, err := tx.Exec(ctx, sqlInsertDelegation, d.ID, d.From, d.To, d.Kind, clock.Micros(d.Begins), clock.Micros(d.Until), d.MadeBy, clock.Micros(d.MadeAt))
	return err
}

func endDelegation(ctx context.Context, tx *db.Tx, delegationID string, at int64) error {
	_, err := tx.Exec(ctx, sqlEndDelegation, at, delegationID)
	return err
}

func delegationByID(ctx context.Context, q db.Querier, delegationID string) (Delegation, error) {
	return scanDelegation(q.QueryRow(ctx, sqlDelegation, delegationID))
}

func delegatedTo(ctx context.Context, q db.Querier, personID string, at time.Time) ([]Delegation, error) {
	rows, err := q.Query(ctx, sqlDelegatedTo, personID, clock.Micros(at))
	return db.Collect(rows, err, scanDelegation)
}

func delegationsOf(ctx context.Context, q db.Querier, personID string, now time.Time) ([]Delegation, error) {
	rows, err := q.Query(ctx, sqlDelegationsOf, personID, clock.Micros(now))
	return db.Collect(rows, err, scanDelegation)
}
