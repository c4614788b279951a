package check

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/migrate"
	"bothways/internal/people"
)

// walk visits every row of a list, page by page.
func walk[T any](fetch func(cursor string) (page.List[T], error), visit func(T) error) error {
	for cursor := ""; ; {
		l, err := fetch(cursor)
		if err != nil {
			return err
		}
		for _, row := range l.Items {
			if err := visit(row); err != nil {
				return err
			}
		}
		if cursor = l.Next; cursor == "" {
			return nil
		}
	}
}

// cursored is a list that is read by a parsed cursor.
func cursored[T any](fetch func(c page.Cursor) (page.List[T], error)) func(cursor string) (page.List[T], error) {
	return func(cursor string) (page.List[T], error) {
		c, err := page.Parse(cursor)
		if err != nil {
			return page.List[T]{}, err
		}
		return fetch(c)
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Moved says how a promise moved: "BW-1003 resolution: 2026-12-24T15:00:00Z → 2026-12-28T15:00:00Z".
func Moved(m desk.Moved) string {
	what := strings.ReplaceAll(string(m.Metric), "_", " ")
	if what == "" {
		what = "no promise due"
	}
	at := func(s int64) string {
		if s == 0 {
			return "none"
		}
		return stamp(time.Unix(s, 0))
	}
	return fmt.Sprintf("%s %s: %s → %s", desk.Ref(m.Number), what, at(m.Before), at(m.After))
}

// Schema is the number of the newest schema this program knows.
func Schema() int {
	files, err := fs.Glob(migrate.Schema(), "sql/*.sql")
	if err != nil {
		return 0
	}
	newest := 0
	for _, f := range files {
		n := 0
		if _, err := fmt.Sscanf(strings.TrimPrefix(f, "sql/"), "%d", &n); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}

// HasAdministrator says whether somebody administers everything. It looks where such people are: at the desk, then in the
// organisations that provide IT.
func HasAdministrator(ctx context.Context, a *app.App) (bool, error) {
	team, err := people.Desk(ctx, a.DB.Read())
	if err != nil {
		return false, err
	}
	filters := []people.PersonFilter{{TeamID: team.ID}}
	if err := walk(func(cursor string) (page.List[people.Organisation], error) {
		return a.People.Organisations(ctx, auth.SystemActor(), cursor, page.MaxLimit)
	}, func(o people.Organisation) error {
		if o.Kind == people.Provider {
			filters = append(filters, people.PersonFilter{OrgID: o.ID})
		}
		return nil
	}); err != nil {
		return false, err
	}
	found := false
	for _, f := range filters {
		if err := walk(func(cursor string) (page.List[people.Person], error) {
			if found {
				return page.List[people.Person]{}, nil
			}
			return a.People.Persons(ctx, auth.SystemActor(), f, cursor, page.MaxLimit)
		}, func(p people.Person) error {
			ok, err := administers(ctx, a, p)
			found = found || ok
			return err
		}); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// administers says whether a person administers everything.
func administers(ctx context.Context, a *app.App, p people.Person) (bool, error) {
	grants, err := people.GrantsOf(ctx, a.DB.Read(), p.ID)
	for _, g := range grants {
		if g.Role == auth.Administrator && g.Scope == auth.Everywhere && g.InForce(a.Clock.Now()) && !p.Disabled() {
			return true, nil
		}
	}
	return false, err
}
