package app

import (
	"os"
	"syscall"

	"bothways/internal/kit/errs"
)

// lockSQLite makes sure that one server alone works on an embedded database: two would share neither relay nor writer. The lock
// goes with the process, however it ends; other commands do not take it. Errors: Conflict.
func lockSQLite(path string) (release func() error, err error) {
	f, err := os.OpenFile(path+".serve", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, "app.lock", err, "The file %s.serve can't be written. Check who owns the folder.", path)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, errs.Wrap(errs.Conflict, "app.lock", err, "Another server works on %s already. Stop it first; several at once need PostgreSQL.", path)
	}
	return f.Close, nil
}
