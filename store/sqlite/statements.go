package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// preparer is a pool or one connection.
type preparer interface {
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
}

// statements keeps what was prepared. Texts are constants or come from a small set, so nothing is ever thrown out.
type statements struct {
	on     preparer
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

func newStatements(on preparer) *statements {
	return &statements{on: on, byText: map[string]*sql.Stmt{}}
}

func (s *statements) get(ctx context.Context, text string) (*sql.Stmt, error) {
	s.mu.RLock()
	st := s.byText[text]
	s.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.byText[text]; st != nil {
		return st, nil
	}
	st, err := s.on.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", text, err)
	}
	s.byText[text] = st
	return st, nil
}

// close ends the statements. Those of one connection keep it open otherwise, and its database with it.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, st := range s.byText {
		errs = append(errs, st.Close())
	}
	s.byText = map[string]*sql.Stmt{}
	return errors.Join(errs...)
}

// exec runs a statement and says how many rows it changed.
func (s *statements) exec(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := s.get(ctx, text)
	if err != nil {
		return 0, err
	}
	r, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// scanner is one row, of a query for one or for many.
type scanner interface {
	Scan(dest ...any) error
}

// queryOne reads one row; sql.ErrNoRows if there is none.
func queryOne[T any](ctx context.Context, s *statements, scan func(scanner) (T, error), text string, args ...any,
) (T, error) {
	st, err := s.get(ctx, text)
	if err != nil {
		var none T
		return none, err
	}
	return scan(st.QueryRowContext(ctx, args...))
}

// queryAll reads all rows.
func queryAll[T any](ctx context.Context, s *statements, scan func(scanner) (T, error), text string, args ...any,
) (list []T, err error) {
	st, err := s.get(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// The scans of single values.

func scanString(r scanner) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

func scanInt(r scanner) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
