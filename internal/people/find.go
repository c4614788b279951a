package people

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/fulltext"
)

// document is what a person is found by: name and addresses.
func document(p Person, addresses []Address) fulltext.Document {
	d := fulltext.Document{Kind: fulltext.Person, Item: p.ID, Text: p.Name}
	for _, a := range addresses {
		d.Text += "\n" + a.Address
	}
	return d
}

// index brings what a person is found by to what their rows say.
func index(ctx context.Context, tx *db.Tx, personID string) error {
	d, err := Document(ctx, tx, personID)
	if err != nil {
		return err
	}
	return fulltext.Put(ctx, tx, d)
}

// Document is what a person is found by. It asks for no right: it is for who keeps the index.
func Document(ctx context.Context, q db.Querier, personID string) (fulltext.Document, error) {
	p, err := PersonByID(ctx, q, personID)
	if err != nil {
		return fulltext.Document{}, err
	}
	all, err := Addresses(ctx, q, personID)
	return document(p, all), err
}

// PersonIDs gives up to 500 persons' ids after one, in order. It asks for no right: it is for who keeps the index.
func PersonIDs(ctx context.Context, q db.Querier, after string) ([]string, error) {
	rows, err := q.Query(ctx, sqlPersonIDs, after)
	return db.Collect(rows, err, db.One[string])
}

// Find lists the enabled persons somebody may read whose name or addresses have every word of the query, by name; more says that
// there are more than limit.
func (s *Service) Find(ctx context.Context, by auth.Actor, q fulltext.Query, limit int) (found []Person, more bool, err error) {
	w := db.NewWhere()
	auth.FilterFor(by, auth.PersonRead, w, auth.Columns{Org: "p.org_id", Site: "p.site_id", Region: "s.region", Self: "p.id"})
	w.And("p.disabled_at = 0")
	q.Item(w, s.db.Engine(), "p.id")
	found, err = list(ctx, s.db.Planned(), sqlPersons, w, byNameOfPerson+" LIMIT "+w.Arg(limit+1), scanPerson)
	if len(found) > limit {
		return found[:limit], true, err
	}
	return found, false, err
}
