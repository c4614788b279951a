// Package migrate brings a database to the schema of this binary. Migrations are forward-only and embedded; a copy of SQLite's
// file is taken before an existing one is changed; a schema newer than the binary is refused.
package migrate

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

//go:embed sql/*.sql
var files embed.FS

// mine is the migrations for one engine: those both share, and of a pair the one for it (NAME.sqlite.sql, NAME.postgres.sql).
type mine struct {
	fs.FS
	other string
}

// ReadDir implements fs.ReadDirFS.
func (m mine) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(m.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return strings.HasSuffix(e.Name(), "."+m.other+".sql") }), err
}

// Result says what a migration did.
type Result struct {
	From, To int64  // schema versions
	Copy     string // where SQLite's copy of before stands, "" when none was needed
}

// Up brings the database to the newest schema. Errors: Conflict when the schema is newer than this binary, Unavailable when the
// copy could not be taken.
func Up(ctx context.Context, d *db.DB) (Result, error) {
	dialect, other := goose.DialectSQLite3, db.PostgreSQL
	if d.Engine() == db.PostgreSQL {
		dialect, other = goose.DialectPostgres, db.SQLite
	}
	sub, err := fs.Sub(files, "sql")
	if err != nil {
		return Result{}, err
	}
	p, err := goose.NewProvider(dialect, d.Raw(), mine{sub, string(other)}, goose.WithTableName("migrate_version"))
	if err != nil {
		return Result{}, err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return Result{}, errs.Wrap(errs.Unavailable, "migrate.Up", err, "The database's schema version can't be read: %v.", err)
	}
	res := Result{From: have, To: want}
	if have > want {
		return res, errs.New(errs.Conflict, "migrate.Up", "The database has schema %d, this program knows %d. It was written by a newer Bothways: start that one, or restore a back-up from before.", have, want)
	}
	if have == want {
		return res, nil
	}
	if have > 0 && d.Engine() == db.SQLite {
		res.Copy = fmt.Sprintf("%s.before-schema-%d", d.Path(), want)
		if err := d.Backup(ctx, res.Copy); err != nil && !errs.Is(err, errs.Conflict) {
			return res, errs.Wrap(errs.Unavailable, "migrate.Up", err, "The copy %s could not be taken, so nothing was changed. Make room on the disk.", res.Copy)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return res, errs.Wrap(errs.Internal, "migrate.Up", err, "")
	}
	return res, nil
}

// Schema gives the embedded migrations; archtest and upgrade tests read them.
func Schema() fs.FS { return files }
