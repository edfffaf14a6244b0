package store

import (
	"errors"
	"fmt"
)

// The errors of a store that callers decide by.
var (
	// ErrNotFound says that the office has no such thing.
	ErrNotFound = errors.New("not found")
	// ErrUnknown says that a commit may or may not have been applied: ask by the idempotency key before trying again.
	ErrUnknown = errors.New("outcome of the commit is unknown")
	// ErrUnavailable says that the disk or the database takes no writes now. Nothing was applied.
	ErrUnavailable = errors.New("store unavailable")
	// ErrRepeated says that a message or a file with this id was seen before.
	ErrRepeated = errors.New("repeated")
	// ErrStale says that what is to be changed is not any more as it was read.
	ErrStale = errors.New("changed meanwhile")
	// ErrLastAdmin says that the office would have nobody who keeps it.
	ErrLastAdmin = errors.New("the last administrator of the office")
	// ErrBadCursor says that a page cursor is not one that this store gave out.
	ErrBadCursor = errors.New("bad cursor")
)

// BadChangeError says which change of a batch broke a rule of the store, such as a second event with one number: a
// broken invariant of its case. None of the batch was applied; the others can be committed without it.
type BadChangeError struct {
	Index int // in the batch, from 0
	Err   error
}

// Error names the change and what was wrong.
func (e *BadChangeError) Error() string {
	return fmt.Sprintf("change %d of the batch: %v", e.Index, e.Err)
}

// Unwrap returns what was wrong.
func (e *BadChangeError) Unwrap() error { return e.Err }
