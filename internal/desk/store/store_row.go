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
		&since, &due, &t.DueMetric, &dueStarted, &t.LastLine, &made, &changed, &resolved, &closed, &t.Version, &t.Matter, &t.ServiceID, &r.RequesterName, &r.SiteName, &r.TeamName, &r.AssigneeName)
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

// Standing is a ticket as far as rights depend on it, and its version.
type Standing struct {
	ticket.Ticket
	Parties []ticket.Participant
}

func scanStanding(s db.Scanner) (r Standing, err error) {
	t := &r.Ticket
	err = s.Scan(&t.ID, &t.Number, &t.Version, &t.OrgID, &t.SiteID, &t.Region, &t.TeamID, &t.RequesterID, &t.AffectedID, &t.SubmitterID)
	return r, err
}

// Standings reads tickets by number in two statements; those that do not exist are left out.
func Standings(ctx context.Context, q db.Querier, numbers ...int64) ([]Standing, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	for len(numbers)&(len(numbers)-1) != 0 {
		numbers = append(numbers, numbers[0]) // to a power of two: few texts to keep prepared
	}
	w := db.NewWhere().InNumbers("t.number", numbers...)
	rows, err := q.Query(ctx, sqlStandings+w.SQL(), w.Args()...)
	out, err := db.Collect(rows, err, scanStanding)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	at, ids := map[string]int{}, make([]string, len(out))
	for i := range out {
		at[out[i].ID], ids[i] = i, out[i].ID
	}
	for len(ids)&(len(ids)-1) != 0 {
		ids = append(ids, ids[0])
	}
	w = db.NewWhere().In("p.ticket_id", ids...)
	rows, err = q.Query(ctx, sqlTakesPart+w.SQL(), w.Args()...)
	_, err = db.Collect(rows, err, func(s db.Scanner) (p ticket.Participant, err error) {
		var of string
		if err = s.Scan(&of, &p.PersonID, &p.Role, &p.Because); err == nil {
			out[at[of]].Parties = append(out[at[of]].Parties, p)
		}
		return p, err
	})
	return out, err
}

// The ends of like tickets, the newest first: of one kind at one site, solved and closed. Served by desk_ticket_site.
const sqlSolved = `SELECT resolved_at - made_at FROM desk_ticket WHERE site_id = $1 AND kind = $2 AND state = 'closed' AND resolved_at > 0 ORDER BY id DESC LIMIT $3`

// Solved gives how long the last like tickets took from the request to its solution, in microseconds.
func Solved(ctx context.Context, q db.Querier, siteID, kind string, limit int) ([]int64, error) {
	rows, err := q.Query(ctx, sqlSolved, siteID, kind, limit)
	return db.Collect(rows, err, db.One[int64])
}
