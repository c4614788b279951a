package dispute

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

const (
	columns = `d.id, d.ticket_id, t.number, t.org_id, t.site_id, t.region, d.obligation, d.from_at, d.until_at, d.metric, d.ref, d.counted, d.side, d.raised_by, d.raised_at, d.reason, d.state, d.term_at, d.further_at, d.settled_as, d.ended_at, d.seq, d.version`

	sqlInsert = `INSERT INTO desk_dispute (id, ticket_id, obligation, from_at, until_at, metric, ref, counted, side, raised_by, raised_at, reason, state, term_at, further_at, settled_as, ended_at, seq, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, 0, '', 0, $14, 1)`
	// a final state is never left: the condition keeps it even where a caller forgot
	sqlUpdate = `UPDATE desk_dispute SET state = $1, further_at = $2, settled_as = $3, ended_at = $4, version = $5 WHERE id = $6 AND version = $5 - 1 AND state IN ('open', 'proposed')`
	// takes the row, so that one act after the other sees what the one before did; SQLite has one writer anyway
	sqlTake = `UPDATE desk_dispute SET version = version WHERE id = $1`
	sqlByID = `SELECT ` + columns + ` FROM desk_dispute d JOIN desk_row t ON t.id = d.ticket_id WHERE d.id = $1`
	// served by desk_dispute_ticket
	sqlOfTicket = `SELECT ` + columns + ` FROM desk_dispute d JOIN desk_row t ON t.id = d.ticket_id WHERE d.ticket_id = $1 ORDER BY d.raised_at DESC, d.id DESC`
	// served by desk_dispute_raised and desk_dispute_state: there are few of them beside tickets
	sqlList = `SELECT ` + columns + ` FROM desk_dispute d JOIN desk_row t ON t.id = d.ticket_id`

	columnsProposal   = `p.id, p.dispute_id, p.proposes, p.reason, p.author_id, p.made_at, p.ask_id, p.state, p.ended_at`
	sqlInsertProposal = `INSERT INTO desk_dispute_proposal (id, dispute_id, proposes, reason, author_id, made_at, ask_id, state, ended_at) VALUES ($1, $2, $3, $4, $5, $6, '', 'waiting', 0)`
	sqlUpdateProposal = `UPDATE desk_dispute_proposal SET ask_id = $1, state = $2, ended_at = $3 WHERE id = $4 AND state = 'waiting'`
	// served by desk_dispute_proposal_dispute
	sqlProposals = `SELECT ` + columnsProposal + ` FROM desk_dispute_proposal p WHERE p.dispute_id = $1 ORDER BY p.made_at, p.id`
)

func scan(s db.Scanner) (Dispute, error) {
	var d Dispute
	var from, until, raised, term, further, ended int64
	err := s.Scan(&d.ID, &d.TicketID, &d.Number, &d.OrgID, &d.SiteID, &d.Region, &d.Subject.Obligation, &from, &until, &d.Metric, &d.Ref, &d.Counted, &d.Side, &d.RaisedBy, &raised,
		&d.Reason, &d.State, &term, &further, &d.SettledAs, &ended, &d.Seq, &d.Version)
	d.Subject.From, d.Subject.Until = clock.FromMicros(from), clock.FromMicros(until)
	d.RaisedAt, d.TermAt, d.FurtherAt, d.EndedAt = clock.FromMicros(raised), clock.FromMicros(term), clock.FromMicros(further), clock.FromMicros(ended)
	return d, err
}

func scanProposal(s db.Scanner) (Proposal, error) {
	var p Proposal
	var made, ended int64
	err := s.Scan(&p.ID, &p.DisputeID, &p.As, &p.Reason, &p.AuthorID, &made, &p.AskID, &p.State, &ended)
	p.MadeAt, p.EndedAt = clock.FromMicros(made), clock.FromMicros(ended)
	return p, err
}

func insert(ctx context.Context, tx *db.Tx, d Dispute) error {
	_, err := tx.Exec(ctx, sqlInsert, d.ID, d.TicketID, d.Subject.Obligation, clock.Micros(d.Subject.From), clock.Micros(d.Subject.Until), string(d.Metric), d.Ref, d.Counted, string(d.Side),
		d.RaisedBy, clock.Micros(d.RaisedAt), d.Reason, clock.Micros(d.TermAt), d.Seq)
	return err
}

func update(ctx context.Context, tx *db.Tx, d *Dispute) error {
	d.Version++
	n, err := tx.Exec(ctx, sqlUpdate, string(d.State), clock.Micros(d.FurtherAt), d.SettledAs, clock.Micros(d.EndedAt), d.Version, d.ID)
	if err == nil && n != 1 {
		return errs.New(errs.Stale, "dispute", "Somebody changed this dispute at the same moment. Read it again.")
	}
	return err
}

// take reads a dispute that nobody else changes until the transaction ends.
func take(ctx context.Context, tx *db.Tx, disputeID string) (Dispute, error) {
	if _, err := tx.Exec(ctx, sqlTake, disputeID); err != nil {
		return Dispute{}, err
	}
	return byID(ctx, tx, disputeID)
}

func byID(ctx context.Context, q db.Querier, disputeID string) (Dispute, error) {
	d, err := scan(q.QueryRow(ctx, sqlByID, disputeID))
	if err != nil {
		return d, err
	}
	rows, err := q.Query(ctx, sqlProposals, d.ID)
	d.Proposals, err = db.Collect(rows, err, scanProposal)
	return d, err
}

func ofTicket(ctx context.Context, q db.Querier, ticketID string) ([]Dispute, error) {
	rows, err := q.Query(ctx, sqlOfTicket, ticketID)
	return db.Collect(rows, err, scan)
}

func list(ctx context.Context, q db.Querier, w *db.Where, c page.Cursor, limit int) (page.List[Dispute], error) {
	if c.Tie != "" {
		w.And("(d.raised_at < ? OR d.raised_at = ? AND d.id < ?)", c.Key, c.Key, c.Tie)
	}
	rows, err := q.Query(ctx, sqlList+w.SQL()+" ORDER BY d.raised_at DESC, d.id DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scan)
	if err != nil {
		return page.List[Dispute]{}, err
	}
	return page.Of(all, limit, func(d Dispute) page.Cursor { return page.Cursor{Key: clock.Micros(d.RaisedAt), Tie: d.ID} }), nil
}

func insertProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, err := tx.Exec(ctx, sqlInsertProposal, p.ID, p.DisputeID, p.As, p.Reason, p.AuthorID, clock.Micros(p.MadeAt))
	return err
}

func updateProposal(ctx context.Context, tx *db.Tx, p Proposal) error {
	_, err := tx.Exec(ctx, sqlUpdateProposal, p.AskID, string(p.State), clock.Micros(p.EndedAt), p.ID)
	return err
}
