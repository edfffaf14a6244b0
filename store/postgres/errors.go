package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guicheng/guicheng/store"
)

// The SQLSTATE codes that are decided by.
const (
	uniqueViolation     = "23505"
	badText             = "22021"
	serializationFailed = "40001"
	deadlockFound       = "40P01"
	lockNotAvailable    = "55P03"
)

// passing are codes and classes of faults that may pass: of the disk, the memory, the connection, locks and time.
var passing = []string{
	"08", "53", "58", // connection; disk full, out of memory, too many connections; system error
	"57P01", "57P02", "57P03", "57P05", // shut down, crashed, starting up
	"57014", "55P03", // statement timeout, lock timeout
	"25006", // read only, as a standby is
	serializationFailed, deadlockFound,
	"3D000", "28", // the database or the role is not there (any more)
}

// failure says what was being done, and puts the error into the words of the contract.
func failure(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%s: %w", what, store.ErrNotFound)
	case errors.Is(err, store.ErrUnknown), errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrRepeated),
		errors.Is(err, store.ErrStale), errors.Is(err, store.ErrLastAdmin):
		return fmt.Errorf("%s: %w", what, err)
	case unavailable(err):
		return fmt.Errorf("%s: %w: %w", what, store.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// code returns the SQLSTATE of what the database said; "" if it said nothing.
func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// unavailable tells faults that may pass from faults of a statement. What did not come from the database came from the
// way to it; a caller who does not wait any longer is no fault.
func unavailable(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	c := code(err)
	if c == "" {
		return !misread(err)
	}
	for _, p := range passing {
		if strings.HasPrefix(c, p) {
			return true
		}
	}
	return false
}

// misread reports that the answer came, but is not what was expected.
func misread(err error) bool {
	_, scan := errors.AsType[pgx.ScanArgError](err)
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	return scan || syntax || kind
}

// undone reports that the transaction was certainly not applied: the database said so itself and goes on, or nothing
// was sent. A FATAL error may come after the commit, as when a server is stopped while it waits for its standby.
func undone(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.SeverityUnlocalized == "ERROR"
	}
	return pgconn.SafeToRetry(err)
}
