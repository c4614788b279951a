package store

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
)

const (
	// served by desk_ticket_org; with "" every site
	sqlPast = `SELECT id FROM desk_ticket WHERE org_id = $1 AND (site_id = $2 OR $2 = '') AND made_at < $3`
	// served by the primary keys
	sqlSeveral = `SELECT ` + columnsTicket + ` FROM desk_ticket`
	sqlUnder   = `SELECT ticket_id, version_id FROM desk_agreement`
)

// Past names the tickets of an organisation, or of one of its sites, that were opened before an instant (Unix seconds).
func Past(ctx context.Context, q db.Querier, orgID, siteID string, before int64) ([]string, error) {
	rows, err := q.Query(ctx, sqlPast, orgID, siteID, before*micro)
	return db.Collect(rows, err, db.One[string])
}

// Several loads tickets, in no order; those that do not exist are left out.
func Several(ctx context.Context, q db.Querier, ticketIDs ...string) ([]ticket.Ticket, error) {
	if len(ticketIDs) == 0 {
		return nil, nil
	}
	w := db.NewWhere().In("id", ticketIDs...)
	rows, err := q.Query(ctx, sqlSeveral+w.SQL(), w.Args()...)
	return db.Collect(rows, err, scanTicket)
}

// micro is a second as the database has it.
const micro = 1_000_000

// Under gives the versions of agreements that tickets were under, in their order, by ticket.
func Under(ctx context.Context, q db.Querier, ticketIDs ...string) (map[string][]string, error) {
	out := make(map[string][]string, len(ticketIDs))
	if len(ticketIDs) == 0 {
		return out, nil
	}
	w := db.NewWhere().In("ticket_id", ticketIDs...)
	rows, err := q.Query(ctx, sqlUnder+w.SQL()+" ORDER BY ticket_id, n", w.Args()...)
	if err != nil {
		return nil, err
	}
	return out, db.Each(rows, func(s db.Scanner) (bool, error) {
		var ticketID, versionID string
		if err := s.Scan(&ticketID, &versionID); err != nil {
			return false, err
		}
		out[ticketID] = append(out[ticketID], versionID)
		return true, nil
	})
}
