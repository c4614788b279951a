package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/id"
)

// row is a row as a statement writes it.
type row struct {
	table   string
	columns []string
	values  []any
}

// insert is its statement.
func (r row) insert() string {
	marks := make([]string, len(r.columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", r.table, strings.Join(r.columns, ", "), strings.Join(marks, ", "))
}

// sample is the rows that one ticket creation was seen to write.
type sample struct {
	rows []row
	ids  []string // made for this ticket
}

// tables in the order in which rows can refer to one another.
var tables = []string{"desk_ticket", "event_entry", "event_head", "desk_participant", "desk_agreement", "desk_message", "job_row", "mail_outbound", "audit_entry"}

const subject = "The label printer in the warehouse prints blank labels"

const description = `Since this morning the label printer at packing station 3 prints blank labels. We changed the roll twice and restarted it. The
other printers work. We have to send 40 parcels before three o'clock, so we use the printer of station 5 for now, which means a walk
for each label. The serial number is ZT-411-0098234.`

// observe opens two tickets in a world and gives the rows that the second one wrote.
func observe(a *app.App, by auth.Actor) (*sample, error) {
	ctx := context.Background()
	before := map[string]bool{}
	for i := range 2 {
		var err error
		if before, err = texts(ctx, a.DB); err != nil {
			return nil, err
		}
		if _, err := openOne(ctx, a, by, customer(i)); err != nil {
			return nil, err
		}
	}
	return difference(ctx, a.DB, before)
}

func openOne(ctx context.Context, a *app.App, by auth.Actor, requester string) (desk.Ticket, error) {
	by.Channel = "api"
	return a.Desk.Open(ctx, by, desk.OpenInput{Kind: "incident", Subject: subject, Description: description, Requester: requester, Impact: "medium", Urgency: "medium"})
}

// texts are the rows there are, as text.
func texts(ctx context.Context, d *db.DB) (map[string]bool, error) {
	out := map[string]bool{}
	for _, t := range tables {
		rows, err := all(ctx, d, t)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[t+fmt.Sprint(r.values...)] = true
		}
	}
	return out, nil
}

// difference is the rows that are not among before.
func difference(ctx context.Context, d *db.DB, before map[string]bool) (*sample, error) {
	s := &sample{}
	old := strings.Builder{}
	for t := range before {
		old.WriteString(t)
	}
	for _, t := range tables {
		rows, err := all(ctx, d, t)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !before[t+fmt.Sprint(r.values...)] {
				s.rows = append(s.rows, r)
			}
		}
	}
	for _, r := range s.rows {
		for _, v := range r.values {
			if text, ok := v.(string); ok && id.Valid(text) && !strings.Contains(old.String(), text) && !slices.Contains(s.ids, text) && !known(r, text) {
				s.ids = append(s.ids, text)
			}
		}
	}
	return s, nil
}

// known says whether an id is a person's, a team's, a version's: not made with the ticket.
func known(r row, text string) bool {
	i := slices.Index(r.values, any(text))
	return slices.Contains([]string{"requester_id", "affected_id", "submitter_id", "person_id", "author_id", "org_id", "site_id", "team_id", "version_id"}, r.columns[i])
}

// all reads a table.
func all(ctx context.Context, d *db.DB, table string) ([]row, error) {
	rows, err := d.Read().Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []row
	for rows.Next() {
		r := row{table, columns, make([]any, len(columns))}
		to := make([]any, len(columns))
		for i := range to {
			to[i] = &r.values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// copy is the rows of another ticket: new ids everywhere, and its own number.
func (s *sample) copy(number int64) []row {
	var pairs []string
	for _, old := range s.ids {
		pairs = append(pairs, old, id.New())
	}
	swap := strings.NewReplacer(pairs...)
	out := make([]row, len(s.rows))
	for i, r := range s.rows {
		out[i] = row{r.table, r.columns, make([]any, len(r.values))}
		for k, v := range r.values {
			if text, ok := v.(string); ok {
				v = swap.Replace(text)
			}
			if r.table == "desk_ticket" && r.columns[k] == "number" {
				v = number
			}
			out[i].values[k] = v
		}
	}
	return out
}

// writer writes rows with prepared statements in transactions of its own.
type writer struct {
	conn  *sql.Conn
	begin string
	stmts map[string]*sql.Stmt
}

func newWriter(ctx context.Context, pool *sql.DB, begin string) (*writer, error) {
	c, err := pool.Conn(ctx)
	return &writer{c, begin, map[string]*sql.Stmt{}}, err
}

// write commits the rows of tickets together.
func (w *writer) write(ctx context.Context, tickets ...[]row) error {
	if _, err := w.conn.ExecContext(ctx, w.begin); err != nil {
		return err
	}
	for _, t := range tickets {
		for _, r := range t {
			s := w.stmts[r.table]
			if s == nil {
				var err error
				if s, err = w.conn.PrepareContext(ctx, r.insert()); err != nil {
					return err
				}
				w.stmts[r.table] = s
			}
			if _, err := s.ExecContext(ctx, r.values...); err != nil {
				return fmt.Errorf("%s: %w", r.table, err)
			}
		}
	}
	_, err := w.conn.ExecContext(ctx, "COMMIT")
	return err
}

func (w *writer) close() { _ = w.conn.Close() }
