// Package audit writes who did what, with before and after, in the transaction of the act itself: no audit, no act.
//
// It owns audit_entry. Rows are only ever added. Any command of any tier may write; reading is for auditors and
// administrators, which the caller checks.
package audit

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
)

// Entry is one act.
type Entry struct {
	ID       string
	At       time.Time
	Actor    string // person id, or "system"
	Verb     string // "person.create"
	Object   string // "person"
	ObjectID string
	Change   any    // what changed, before and after: ids, enums and figures; never a secret
	Reason   string // as the actor gave it
}

// Write adds the row of an act to its transaction.
func Write(ctx context.Context, tx *db.Tx, e Entry) error {
	change := []byte("{}")
	if e.Change != nil {
		var err error
		if change, err = json.Marshal(e.Change); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, sqlInsert, id.New(), clock.Micros(e.At), e.Actor, e.Verb, e.Object, e.ObjectID, string(change), e.Reason)
	return err
}

// Of lists the acts on one object, oldest first. Change is the raw JSON.
func Of(ctx context.Context, q db.Querier, object, objectID string, after page.Cursor, limit int) (page.List[Entry], error) {
	limit = page.Limit(limit)
	rows, err := q.Query(ctx, sqlOf, object, objectID, after.Tie, limit+1)
	all, err := db.Collect(rows, err, scanEntry)
	if err != nil {
		return page.List[Entry]{}, err
	}
	return page.Of(all, limit, func(e Entry) page.Cursor { return page.Cursor{Key: 1, Tie: e.ID} }), nil
}

// Filter narrows a list of acts; empty fields do not.
type Filter struct {
	Actor    string // person id, or "system"
	Object   string // "person"
	ObjectID string
	Verb     string // "person.create", or the beginning of several: "person.*"
	From     time.Time
	Until    time.Time
}

// List lists acts, newest first. Change is the raw JSON.
func List(ctx context.Context, q db.Querier, f Filter, after page.Cursor, limit int) (page.List[Entry], error) {
	limit = page.Limit(limit)
	w := db.NewWhere()
	for _, c := range [...]struct{ cond, value string }{{"e.actor = ?", f.Actor}, {"e.object = ?", f.Object}, {"e.object_id = ?", f.ObjectID}, {"e.id < ?", after.Tie}} {
		if c.value != "" {
			w.And(c.cond, c.value)
		}
	}
	if prefix, many := strings.CutSuffix(f.Verb, "*"); many {
		w.And("e.verb >= ?", prefix).And("e.verb < ?", prefix+"~") // verbs are of letters, points and lines: all before ~
	} else if f.Verb != "" {
		w.And("e.verb = ?", f.Verb)
	}
	if !f.From.IsZero() {
		w.And("e.at >= ?", clock.Micros(f.From))
	}
	if !f.Until.IsZero() {
		w.And("e.at < ?", clock.Micros(f.Until))
	}
	rows, err := q.Query(ctx, sqlEntries+w.SQL()+" ORDER BY e.id DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanEntry)
	if err != nil {
		return page.List[Entry]{}, err
	}
	return page.Of(all, limit, func(e Entry) page.Cursor { return page.Cursor{Key: 1, Tie: e.ID} }), nil
}

func scanEntry(s db.Scanner) (Entry, error) {
	var e Entry
	var at int64
	var change string
	err := s.Scan(&e.ID, &at, &e.Actor, &e.Verb, &e.Object, &e.ObjectID, &change, &e.Reason)
	e.At, e.Change = clock.FromMicros(at), json.RawMessage(change)
	return e, err
}
