package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/guicheng/guicheng/store"
)

// failure says what was being done, and puts the error into the words of the contract.
func failure(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", what, store.ErrNotFound)
	case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrUnavailable):
		return fmt.Errorf("%s: %w", what, err)
	case unavailable(err):
		return fmt.Errorf("%s: %w: %w", what, store.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ofCommit is the error of a COMMIT. Of a full or broken disk it says both: nobody knows what became of it, and trying
// again at once is of no use.
func ofCommit(err error) error {
	if unavailable(err) {
		return fmt.Errorf("commit: %w: %w: %w", store.ErrUnknown, store.ErrUnavailable, err)
	}
	return fmt.Errorf("commit: %w: %w", store.ErrUnknown, err)
}

// ofConnect is the error of a first look into the file.
func ofConnect(err error) error {
	var e *driver.Error
	if errors.As(err, &e) && e.Code() == lib.SQLITE_NOTADB {
		return fmt.Errorf("the file is no SQLite database, or is damaged; take a copy of it, or another folder: %w", err)
	}
	return fmt.Errorf("connect: %w", err)
}

// unavailable tells faults of the disk and of locks, which may pass, from faults of a statement.
func unavailable(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var e *driver.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff { // the rest is detail
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_BUSY,
		lib.SQLITE_LOCKED, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_PROTOCOL, lib.SQLITE_NOMEM, lib.SQLITE_PERM:
		return true
	}
	return false
}
