package sqlite

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"strconv"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

// writer is the one connection that changes anything.
type writer struct {
	path    string
	inPlace bool
	turn    chan struct{} // full while somebody has the connection
	db      *sql.DB
	conn    *sql.Conn // nil after it was found broken; the next transaction opens another
	stmts   *statements
	closed  bool
}

func kib(n int) string { return "cache_size(-" + strconv.Itoa(n) + ")" }

// openWriter opens the connection and brings the schema forward.
func openWriter(ctx context.Context, path string, inPlace bool) (*writer, error) {
	db, err := connect(path, 1, kib(writerCache))
	if err != nil {
		return nil, err
	}
	w := &writer{path: path, inPlace: inPlace, turn: make(chan struct{}, 1), db: db}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	if err := checkVersion(ctx, w.conn); err != nil {
		return err
	}
	list, err := shared.Migrations(migrations)
	if err != nil {
		return err
	}
	// Looked at before the journal mode is touched: a file that is not ours stays as it is.
	if _, err := checkSchema(ctx, w.conn, len(list)); err != nil {
		return err
	}
	if !w.inPlace {
		if err := walMode(ctx, w.conn); err != nil {
			return err
		}
	}
	return migrate(ctx, w.conn, list)
}

func (w *writer) connect(ctx context.Context) error {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return ofConnect(err)
	}
	w.conn, w.stmts = conn, newStatements(conn)
	return nil
}

// take waits for the connection, or for ctx.
func (w *writer) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.closed {
		w.give()
		return fmt.Errorf("%w: the store is closed", store.ErrUnavailable)
	}
	return nil
}

func (w *writer) give() { <-w.turn }

// transact runs f in one transaction. ctx ends the wait for the connection only: what has begun is finished, so that a
// caller who goes away cannot leave an outcome that nobody knows.
func (w *writer) transact(ctx context.Context, f func(context.Context, *statements) error) (err error) {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.give()
	ctx = context.WithoutCancel(ctx)
	if w.conn == nil {
		if err := w.connect(ctx); err != nil {
			return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
	}
	if _, err := w.stmts.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done { // also when f panics
			w.rollback(ctx)
		}
	}()
	if err := f(ctx, w.stmts); err != nil {
		return err
	}
	if _, err := w.stmts.exec(ctx, "COMMIT"); err != nil {
		return ofCommit(err)
	}
	done = true
	return nil
}

// rollback ends the transaction. Some errors end it by themselves; whatever the reason, a connection that cannot be
// brought to a known state is thrown away.
func (w *writer) rollback(ctx context.Context) {
	_, rollbackErr := w.stmts.exec(ctx, "ROLLBACK")
	if rollbackErr == nil || w.inPlace {
		return
	}
	if _, err := w.stmts.exec(ctx, "BEGIN IMMEDIATE"); err == nil { // it had ended
		if _, err := w.stmts.exec(ctx, "ROLLBACK"); err == nil {
			return
		}
	}
	w.discard()
}

func (w *writer) discard() {
	_ = w.stmts.close() // what is broken may refuse
	// The pool must not hand it out again: ErrBadConn makes database/sql close it.
	_ = w.conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	_ = w.conn.Close()
	w.conn, w.stmts = nil, nil
}

// close waits for its turn and closes the connection.
func (w *writer) close() error {
	w.turn <- struct{}{}
	defer w.give()
	w.closed = true
	var errs []error
	if w.conn != nil {
		errs = append(errs, w.stmts.close(), w.conn.Close())
	}
	return errors.Join(append(errs, w.db.Close())...)
}
