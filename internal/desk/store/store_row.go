package store

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
)

// Row is a ticket in a list, with the names that lists show.
type Row struct {
	ticket.Ticket
	RequesterName string
	SiteName      string
	TeamName      string
	AssigneeName  string
}

func scanRow(s db.Scanner) (Row, error) {
	var r Row
	t := &r.Ticket
	var since, due, dueStarted, made, changed, resolved, closed int64
	err := s.Scan(&t.ID, &t.Number, &t.Kind, &t.Subject, &t.Channel, &t.OrgID, &t.SiteID, &t.Region, &t.TeamID, &t.AssigneeID, &t.SubmitterID,
		&t.RequesterID, &t.AffectedID, &t.Impact, &t.Urgency, &t.Priority, &t.Sensitivity, &t.State, &t.Open, &t.Auth, &t.TurnSide, &t.TurnParty,
		&since, &due, &t.DueMetric, &dueStarted, &t.LastLine, &made, &changed, &resolved, &closed, &t.Version, &r.RequesterName, &r.SiteName, &r.TeamName, &r.AssigneeName)
	t.TurnSince, t.MadeAt, t.ChangedAt = clock.FromMicros(since), clock.FromMicros(made), clock.FromMicros(changed)
	t.ResolvedAt, t.ClosedAt, t.DueStarted = clock.FromMicros(resolved), clock.FromMicros(closed), clock.FromMicros(dueStarted)
	if due != ticket.NoDue {
		t.DueAt = clock.FromMicros(due)
	}
	return r, err
}

// Rows lists tickets under conditions on desk_row t, followed by tail (ORDER BY, LIMIT).
func Rows(ctx context.Context, q db.Querier, w *db.Where, tail string) ([]Row, error) {
	rows, err := q.Query(ctx, sqlRows+w.SQL()+tail, w.Args()...)
	return db.Collect(rows, err, scanRow)
}

// CountRows counts tickets under conditions on desk_row t; it stops at 1,001.
func CountRows(ctx context.Context, q db.Querier, w *db.Where) (int, error) {
	var n int
	err := q.QueryRow(ctx, sqlCountHead+w.SQL()+sqlCountTail, w.Args()...).Scan(&n)
	return n, err
}

// Key is what names a ticket beside its id.
type Key struct {
	ID          string
	Number      int64
	Sensitivity string
}

func scanKey(s db.Scanner) (k Key, err error) {
	err = s.Scan(&k.ID, &k.Number, &k.Sensitivity)
	return k, err
}

// Keys names tickets by their ids; those that do not exist are left out.
func Keys(ctx context.Context, q db.Querier, ids ...string) (map[string]Key, error) {
	out := map[string]Key{}
	if len(ids) == 0 {
		return out, nil
	}
	w := db.NewWhere().In("t.id", ids...)
	rows, err := q.Query(ctx, sqlKeys+w.SQL(), w.Args()...)
	all, err := db.Collect(rows, err, scanKey)
	for _, k := range all {
		out[k.ID] = k
	}
	return out, err
}
