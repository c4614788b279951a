package fulltext

import (
	"context"

	"bothways/internal/db"
)

// Differences are the documents whose index is not what their thing says by now: not there, of another text, or of a thing that
// is gone. docs is everything there is of the owners after one and up to another, in their order.
func Differences(ctx context.Context, r db.Querier, after, upTo int64, docs []Document) (items []string, err error) {
	have, err := between(ctx, r, (after+1)<<ownerBits, (upTo+1)<<ownerBits)
	if err != nil {
		return nil, err
	}
	there := map[string]entry{}
	for _, e := range have {
		if KindOf(e.id) != Person {
			there[e.item] = e
		}
	}
	for _, d := range docs {
		if !there[d.Item].of(d) || Owner(there[d.Item].id) != d.Owner {
			items = append(items, d.Item)
		}
		delete(there, d.Item)
	}
	for item := range there {
		items = append(items, item)
	}
	return items, nil
}

// of says whether an entry is of a document as it is.
func (e entry) of(d Document) bool { return e.digest == d.digest() && KindOf(e.id) == d.Kind }

// PersonDiffers says whether a person's index is not what they are called by now.
func PersonDiffers(ctx context.Context, r db.Querier, d Document) (bool, error) {
	var e entry
	var top int64
	err := r.QueryRow(ctx, sqlPlace, d.Item, int64(0), int64(0)).Scan(&e.id, &e.digest, &top)
	return !e.of(d), err
}

// Broken names the indexes that hold more or fewer documents than the register says.
func Broken(ctx context.Context, r db.Querier) ([]string, error) {
	rows, err := r.Query(ctx, sqlCountKinds)
	want := map[string]int64{tablePublic: 0, tableInternal: 0, tablePerson: 0}
	_, err = db.Collect(rows, err, func(s db.Scanner) (string, error) {
		var table string
		var n int64
		err := s.Scan(&table, &n)
		want[table] = n
		return table, err
	})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, table := range []string{tablePublic, tableInternal, tablePerson} {
		var n int64
		if err := r.QueryRow(ctx, countOf[table]).Scan(&n); err != nil {
			return nil, err
		}
		if n != want[table] {
			out = append(out, table)
		}
	}
	return out, nil
}

// Mend takes out of the indexes what the register does not know, where there is such.
func Mend(ctx context.Context, d *db.DB) error {
	broken, err := Broken(ctx, d.Read())
	for _, table := range broken {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, strayOf[table])
			return err
		})
		if err != nil {
			return err
		}
	}
	return err
}

// Tidy merges what many writes have left apart, so that look-ups stay quick. PostgreSQL does so by itself.
func Tidy(ctx context.Context, d *db.DB, thoroughly bool) error {
	if d.Engine() != db.SQLite {
		return nil
	}
	pages := 200
	if thoroughly {
		pages = -10_000
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, query := range []string{sqlLiteMergePublic, sqlLiteMergeInternal, sqlLiteMergePerson} {
			if _, err := tx.Exec(ctx, query, "merge", pages); err != nil {
				return err
			}
		}
		return nil
	})
}
