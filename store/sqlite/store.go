// Package sqlite keeps everything in one SQLite file, for an office on one machine, or in memory.
//
// One connection writes, several read beside it, one more moves the write-ahead log into the file. A commit is on disk
// before it is answered. Times are kept to the microsecond, in UTC. Of errors, those of the disk and of locks match
// [store.ErrUnavailable], a COMMIT that failed matches [store.ErrUnknown].
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	driver "modernc.org/sqlite"

	"github.com/guicheng/guicheng/store"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	path    string
	inPlace bool    // in memory: one connection reads and writes
	held    *sql.DB // the lock against other processes; nil in memory
	writer  *writer
	pool    *sql.DB     // of readers; nil in memory
	read    *statements // nil in memory
	checks  *checkpointer
	closed  atomic.Bool
	end     chan struct{} // closed by Close
	once    sync.Once
	closing error
}

var _ store.Store = (*Store)(nil)

// Open opens the database at path and brings its schema up to date; folder and file are made where they are missing,
// readable by their owner only. ":memory:" or "" is a private store in memory, gone with Close.
//
// It refuses a database that another process has open, that a newer release wrote, or that is not Guicheng's. Where
// the system has fdatasync, Open switches the SQLite of the whole process to it: as durable as fsync, and faster.
func Open(path string) (*Store, error) {
	ctx := context.Background() // opening is not interrupted
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, fmt.Errorf("choose fdatasync: %w", err)
	}
	s := &Store{path: path, end: make(chan struct{})}
	if path == "" || path == memory {
		s.path, s.inPlace = memory, true
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if !s.inPlace {
		if s.path, err = prepareFile(s.path); err != nil {
			return err
		}
		if s.held, err = lock(ctx, s.path); err != nil {
			return err
		}
	}
	if s.writer, err = openWriter(ctx, s.path, s.inPlace); err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	if s.inPlace {
		return nil
	}
	if s.pool, err = connect(s.path, readers, "query_only(ON)", kib(readerCache)); err != nil {
		return err
	}
	s.read = newStatements(s.pool)
	s.checks, err = startCheckpointer(ctx, s.path, s.writer)
	return err
}

// Close waits for what is under way, moves the write-ahead log into the file and releases it. Again is no error.
func (s *Store) Close() error {
	s.once.Do(func() {
		s.closed.Store(true)
		close(s.end)
		s.closing = s.release()
	})
	return s.closing
}

// release closes what was opened, the writer last of the users: closing the last connection empties the log.
func (s *Store) release() error {
	var errs []error
	if s.checks != nil {
		errs = append(errs, s.checks.stop())
	}
	if s.pool != nil {
		errs = append(errs, s.pool.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.held != nil {
		errs = append(errs, s.held.Close())
	}
	return errors.Join(errs...)
}

// reading calls f with statements that see one committed state each.
func (s *Store) reading(ctx context.Context, what string, f func(*statements) error) error {
	if s.closed.Load() {
		return fmt.Errorf("%s: %w: the store is closed", what, store.ErrUnavailable)
	}
	if !s.inPlace {
		err := failure(what, f(s.read))
		if err != nil && s.closed.Load() {
			return fmt.Errorf("%s: %w: the store was closed meanwhile: %w", what, store.ErrUnavailable, err)
		}
		return err
	}
	if err := s.writer.take(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer s.writer.give()
	return failure(what, f(s.writer.stmts))
}

// writing calls f in a durable transaction. weight is about how many rows' worth it writes, for the checkpointer.
func (s *Store) writing(ctx context.Context, what string, weight int, f func(context.Context, *statements) error,
) error {
	if s.closed.Load() {
		return fmt.Errorf("%s: %w: the store is closed", what, store.ErrUnavailable)
	}
	if err := s.writer.transact(ctx, f); err != nil {
		return failure(what, err)
	}
	if s.checks != nil {
		s.checks.wrote(weight)
	}
	return nil
}

// find reads one row for a method that answers ErrNotFound.
func find[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), text string, args ...any,
) (T, error) {
	var found T
	err := s.reading(ctx, what, func(q *statements) (err error) {
		found, err = queryOne(ctx, q, scan, text, args...)
		return err
	})
	return found, err
}

// list reads all rows of a query.
func list[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), text string, args ...any,
) ([]T, error) {
	var all []T
	err := s.reading(ctx, what, func(q *statements) (err error) {
		all, err = queryAll(ctx, q, scan, text, args...)
		return err
	})
	return all, err
}

// Now is this machine's time: one process has the file, so no other clock can judge otherwise.
func (s *Store) Now(context.Context) (time.Time, error) {
	return time.Now().UTC().Truncate(time.Microsecond), nil
}
