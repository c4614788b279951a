package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"bothways/internal/kit/errs"
)

// SQLite primary result codes (sqlite.org/rescode.html).
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteReadOnly   = 8
	sqliteInterrupt  = 9
	sqliteIOErr      = 10
	sqliteCorrupt    = 11
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteConstraint = 19
	sqliteNotADB     = 26
)

// fault gives an engine's error its kind. Errors that have one already pass.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var e *errs.E
	if errors.As(err, &e) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return errs.Wrap(errs.NotFound, op, err, "There is nothing here that you can see.")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap(errs.Unavailable, op, err, "This took too long and was stopped. Nothing was changed; try again.")
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return liteFault(op, lite)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pgFault(op, pg)
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.Timeout(err) || errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "bad connection") || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF") {
		return errs.Wrap(errs.Unavailable, op, err, "The database does not answer. Nothing was changed; try again in a moment.")
	}
	return errs.Wrap(errs.Internal, op, err, "")
}

func liteFault(op string, err *sqlite.Error) error {
	switch err.Code() & 0xff {
	case sqliteConstraint:
		return constraint(op, err, err.Code() == 2067 || err.Code() == 1555)
	case sqliteBusy, sqliteLocked, sqliteInterrupt:
		return errs.Wrap(errs.Unavailable, op, err, "The database is busy. Nothing was changed; try again in a moment.")
	case sqliteFull:
		return errs.Wrap(errs.Unavailable, op, err, "The server's disk is full. Nothing was changed; the operator has to make room.")
	case sqliteIOErr, sqliteReadOnly, sqliteCorrupt, sqliteCantOpen, sqliteNotADB:
		return errs.Wrap(errs.Unavailable, op, err, "The server can't write to its database. Nothing was changed; the operator has to look at the disk.")
	}
	return errs.Wrap(errs.Internal, op, err, "")
}

func pgFault(op string, err *pgconn.PgError) error {
	switch {
	case err.Code == "23505":
		return constraint(op, err, true)
	case strings.HasPrefix(err.Code, "23"):
		return constraint(op, err, false)
	case strings.HasPrefix(err.Code, "08"), strings.HasPrefix(err.Code, "57"), strings.HasPrefix(err.Code, "53"), err.Code == "25P03":
		return errs.Wrap(errs.Unavailable, op, err, "The database does not answer. Nothing was changed; try again in a moment.")
	case err.Code == "40001", err.Code == "40P01", err.Code == "55P03": // 55P03: waited too long for a lock
		return errs.Wrap(errs.Unavailable, op, err, "Many people are changing this at once. Try again.")
	}
	return errs.Wrap(errs.Internal, op, err, "")
}

func constraint(op string, err error, unique bool) error {
	if unique {
		return errs.Wrap(errs.Conflict, op, err, "This exists already.")
	}
	return errs.Wrap(errs.Invalid, op, err, "Something this refers to does not exist, or a value is outside what is allowed.")
}

// died says whether an error ended SQLite's whole transaction, not just the statement.
func died(err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	switch lite.Code() & 0xff {
	case sqliteInterrupt, sqliteIOErr, sqliteFull, sqliteCorrupt, sqliteReadOnly, 7: // 7: out of memory
		return true
	}
	return false
}

// isRace says whether a PostgreSQL transaction lost against another and may run again.
func isRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
