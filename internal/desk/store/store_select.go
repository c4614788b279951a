package store

import (
	"context"
	"strings"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
)

// PriorityRank is the order of priorities, the most urgent first: the expression that desk_ticket_priority holds. ticket.Rank is
// the same in Go.
const PriorityRank = `(CASE t.priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END)`

const (
	// served by desk_ticket_queue and its like, one for each order and for what is mostly asked for
	sqlSelected = `SELECT t.id, t.number, t.kind, t.subject, t.channel, t.org_id, t.site_id, t.region, t.team_id, t.assignee_id, t.submitter_id, t.requester_id, t.affected_id, t.impact, t.urgency, t.priority, t.sensitivity, t.state, t.open, t.auth, t.turn_side, t.turn_party, t.turn_since, t.due_at, t.due_metric, t.due_started, t.last_line, t.made_at, t.changed_at, t.resolved_at, t.closed_at, t.version, t.matter, t.service_id FROM desk_ticket t`
	// counting stops after a thousand
	sqlSelectedCountHead = `SELECT CAST($1 AS BIGINT), COUNT(*) FROM (SELECT a.id FROM (SELECT t.id FROM desk_ticket t`
	sqlSelectedCountTail = ` LIMIT 1001) AS a) AS c`

	// one way to tickets among several, served by the index that its conditions are made for
	sqlArmHead = `SELECT a.id FROM (SELECT t.id FROM desk_ticket t`
	sqlArmTail = `) AS a`

	// served by the index of the one condition
	sqlFewHead = `SELECT COUNT(*) FROM (SELECT 1 FROM desk_ticket t`
	sqlFewTail = `) AS c`
)

// Arm is one way to tickets: conditions on desk_ticket t, and its own ORDER BY and LIMIT. Arms of one statement share its numbering.
type Arm struct {
	*db.Where
	Tail string
}

// Chosen lists tickets that arms choose: only what they give is read whole, not what they pass. tail is the order of all, up to LIMIT.
func Chosen(ctx context.Context, q db.Querier, arms []Arm, tail string, limit int) ([]ticket.Ticket, error) {
	where, args := ChosenBy(arms, tail, limit)
	rows, err := q.Query(ctx, sqlSelected+where, args...)
	if err != nil {
		return nil, err
	}
	var out []ticket.Ticket
	err = db.Each(rows, func(s db.Scanner) (bool, error) {
		if out == nil {
			out = make([]ticket.Ticket, 0, 16) // a ticket is large: growing from one copies a page of them twice
		}
		out = append(out, ticket.Ticket{})
		return true, readTicket(s, &out[len(out)-1])
	})
	return out, err
}

// ChosenBy is what follows the columns in the statement of Chosen.
func ChosenBy(arms []Arm, tail string, limit int) (string, []any) {
	var b strings.Builder
	for i, a := range arms {
		if i > 0 {
			b.WriteString(" UNION ")
		}
		b.WriteString(sqlArmHead + a.SQL() + a.Tail + sqlArmTail)
	}
	last := arms[len(arms)-1]
	return " WHERE t.id IN (" + b.String() + ")" + tail + last.Arg(limit), last.Args()
}

// Few says how many tickets meet the conditions on desk_ticket t, up to a limit: the first look of who chooses an index.
func Few(ctx context.Context, q db.Querier, w *db.Where, limit int) (int, error) {
	var n int
	err := q.QueryRow(ctx, sqlFewHead+w.SQL()+" LIMIT "+w.Arg(limit)+sqlFewTail, w.Args()...).Scan(&n)
	return n, err
}

// Counter counts several selections in one statement.
type Counter struct {
	counts []string
	last   *db.Where
}

// NewCounter makes a counter of nothing.
func NewCounter() *Counter { return &Counter{last: db.NewWhere()} }

// Next begins the conditions of a further count, or of another arm of one. Those before must be whole.
func (c *Counter) Next() *db.Where {
	c.last = db.NewWhere(c.last.Args()...)
	return c.last
}

// Add counts what any of the arms gives, 1,001 of each at the most; none gives nothing.
func (c *Counter) Add(arms ...*db.Where) {
	if len(arms) == 0 {
		arms = append(arms, c.Next().Or())
	}
	var b strings.Builder
	b.WriteString(strings.Replace(sqlSelectedCountHead, "$1", c.last.Arg(len(c.counts)), 1) + arms[0].SQL())
	for _, w := range arms[1:] {
		b.WriteString(" LIMIT 1001" + sqlArmTail + " UNION " + sqlArmHead + w.SQL())
	}
	c.counts = append(c.counts, b.String()+sqlSelectedCountTail)
}

// Run counts: one number for each Add, 1,001 at the most.
func (c *Counter) Run(ctx context.Context, q db.Querier) ([]int, error) {
	out := make([]int, len(c.counts))
	if len(out) == 0 {
		return nil, nil
	}
	query, args := c.Statement()
	rows, err := q.Query(ctx, query, args...)
	_, err = db.Collect(rows, err, func(s db.Scanner) (int, error) {
		var i, n int
		err := s.Scan(&i, &n)
		if err == nil {
			out[i] = min(n, 1001)
		}
		return n, err
	})
	return out, err
}

// Statement is what Run sends.
func (c *Counter) Statement() (string, []any) {
	return strings.Join(c.counts, " UNION ALL "), c.last.Args()
}
