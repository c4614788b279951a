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
	sqlSelected = `SELECT t.id, t.number, t.kind, t.subject, t.channel, t.org_id, t.site_id, t.region, t.team_id, t.assignee_id, t.submitter_id, t.requester_id, t.affected_id, t.impact, t.urgency, t.priority, t.sensitivity, t.state, t.open, t.auth, t.turn_side, t.turn_party, t.turn_since, t.due_at, t.due_metric, t.due_started, t.last_line, t.made_at, t.changed_at, t.resolved_at, t.closed_at, t.version FROM desk_ticket t`
	// counting stops after a thousand
	sqlSelectedCountHead = `SELECT CAST($1 AS BIGINT), COUNT(*) FROM (SELECT 1 FROM desk_ticket t`
	sqlSelectedCountTail = ` LIMIT 1001) AS c`
)

// Selected lists tickets under conditions on desk_ticket t, followed by tail (ORDER BY, LIMIT). It names nobody: lists name
// everybody of a page at once.
func Selected(ctx context.Context, q db.Querier, w *db.Where, tail string) ([]ticket.Ticket, error) {
	rows, err := q.Query(ctx, sqlSelected+w.SQL()+tail, w.Args()...)
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

// Counter counts several selections in one statement.
type Counter struct {
	wheres []*db.Where
	heads  []string // each with the placeholder of its own number
}

// NewCounter makes a counter of nothing.
func NewCounter() *Counter { return &Counter{} }

// Next begins the conditions of a further count. Those before must be whole.
func (c *Counter) Next() *db.Where {
	var args []any
	if n := len(c.wheres); n > 0 {
		args = c.wheres[n-1].Args()
	}
	w := db.NewWhere(args...)
	c.heads = append(c.heads, strings.Replace(sqlSelectedCountHead, "$1", w.Arg(len(c.wheres)), 1))
	c.wheres = append(c.wheres, w)
	return w
}

// Run counts: one number for each Next, 1,001 at the most.
func (c *Counter) Run(ctx context.Context, q db.Querier) ([]int, error) {
	if len(c.wheres) == 0 {
		return nil, nil
	}
	var b strings.Builder
	for i, w := range c.wheres {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString(c.heads[i] + w.SQL() + sqlSelectedCountTail)
	}
	out := make([]int, len(c.wheres))
	rows, err := q.Query(ctx, b.String(), c.wheres[len(c.wheres)-1].Args()...)
	_, err = db.Collect(rows, err, func(s db.Scanner) (int, error) {
		var i, n int
		err := s.Scan(&i, &n)
		if err == nil {
			out[i] = n
		}
		return n, err
	})
	return out, err
}
