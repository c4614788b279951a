package catalog

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// What is read here is for whoever may read the thing that names the service; it asks for no right.

// Offered lists the services that are offered to a customer, by name, without their customers and dependencies.
func Offered(ctx context.Context, q db.Querier, orgID string) ([]Service, error) {
	w := db.NewWhere().And("s.ended_at = 0").And(isFor, orgID)
	rows, err := q.Query(ctx, sqlServices+w.SQL()+" ORDER BY s.name_key", w.Args()...)
	return db.Collect(rows, err, scanService)
}

// Find finds a service that is offered to a customer, by its id or its name. Errors: NotFound.
func Find(ctx context.Context, q db.Querier, orgID, key string) (Service, error) {
	w := db.NewWhere().And("s.ended_at = 0").And(isFor, orgID)
	if id.Valid(key) {
		w.And("s.id = ?", key)
	} else {
		w.And("s.name_key = ?", text.Fold(key))
	}
	return scanService(q.QueryRow(ctx, sqlServices+w.SQL(), w.Args()...))
}

// All lists every service there ever was, by name, without customers and dependencies.
func All(ctx context.Context, q db.Querier) ([]Service, error) {
	rows, err := q.Query(ctx, sqlServices+" ORDER BY s.name_key")
	return db.Collect(rows, err, scanService)
}

// NamesOf names services by their ids, in one statement; ids of nothing are left out.
func NamesOf(ctx context.Context, q db.Querier, ids ...string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	w := db.NewWhere().In("s.id", ids...)
	rows, err := q.Query(ctx, sqlServices+w.SQL(), w.Args()...)
	all, err := db.Collect(rows, err, scanService)
	for _, s := range all {
		out[s.ID] = s.Name
	}
	return out, err
}
