package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver that the store uses, so that only what is above it differs
)

const sqliteSchema = `
CREATE TABLE cases (office TEXT, id TEXT, revision INTEGER, status TEXT, state BLOB, PRIMARY KEY (office, id));
CREATE TABLE tasks (office TEXT, id TEXT, case_id TEXT, post TEXT, due INTEGER, title TEXT, PRIMARY KEY (office, id))
  WITHOUT ROWID;
CREATE INDEX tasks_post ON tasks (office, post, due, id);
CREATE TABLE history (office TEXT, id TEXT, seq INTEGER, at INTEGER, actor TEXT, body BLOB,
  PRIMARY KEY (office, id, seq)) WITHOUT ROWID;`

// Of the limit's statements, in the order of sqliteHand.stmts.
const (
	sqlFind = iota
	sqlBegin
	sqlMove
	sqlDone
	sqlOpen
	sqlTell
)

var sqliteTexts = [...]string{
	sqlFind: `SELECT c.revision, c.state FROM tasks t JOIN cases c ON c.office = t.office AND c.id = t.case_id
	WHERE t.office = 'bench' AND t.id = ?`,
	sqlBegin: "INSERT INTO cases VALUES ('bench', ?, 1, 'running', ?)",
	sqlMove:  "UPDATE cases SET revision = revision + 1, state = ? WHERE office = 'bench' AND id = ? AND revision = ?",
	sqlDone:  "DELETE FROM tasks WHERE office = 'bench' AND id = ?",
	sqlOpen:  "INSERT INTO tasks VALUES ('bench', ?, ?, 'post:desk', 0, 'one of three')",
	sqlTell:  "INSERT INTO history VALUES ('bench', ?, ?, 0, 'chan', ?)",
}

type sqliteHand struct {
	conn  *sql.Conn
	stmts [len(sqliteTexts)]*sql.Stmt
}

func openLimitSQLite(ctx context.Context, dir string, _ int) (*player, error) {
	path := filepath.Join(dir, "hand.db")
	db, err := sql.Open("sqlite", "file:"+path+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	h := &sqliteHand{conn: conn}
	if _, err := conn.ExecContext(ctx, sqliteSchema); err != nil {
		return nil, err
	}
	for i, text := range sqliteTexts {
		if h.stmts[i], err = conn.PrepareContext(ctx, text); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
	}
	g, err := newGroups(ctx, h.commit)
	if err != nil {
		return nil, err
	}
	return &player{w3: g.w3, at: path, close: func() error {
		g.close()
		return errors.Join(conn.Close(), db.Close())
	}}, nil
}

func (h *sqliteHand) commit(ctx context.Context, batch []*step) error {
	if _, err := h.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, s := range batch {
		if err := h.write(ctx, s); err != nil {
			_, _ = h.conn.ExecContext(ctx, "ROLLBACK")
			return err
		}
	}
	_, err := h.conn.ExecContext(ctx, "COMMIT")
	return err
}

func (h *sqliteHand) exec(ctx context.Context, stmt int, args ...any) error {
	r, err := h.stmts[stmt].ExecContext(ctx, args...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("%s: %d rows, want 1 (%w)", sqliteTexts[stmt], n, err)
	}
	return nil
}

func (h *sqliteHand) write(ctx context.Context, s *step) error {
	if s.n == 0 {
		if err := h.exec(ctx, sqlBegin, s.id, s.bytes.state); err != nil {
			return err
		}
	} else {
		var revision int64
		var state []byte
		if err := h.stmts[sqlFind].QueryRowContext(ctx, s.task()).Scan(&revision, &state); err != nil {
			return err
		}
		if err := h.exec(ctx, sqlMove, s.bytes.state, s.id, revision); err != nil {
			return err
		}
		if err := h.exec(ctx, sqlDone, s.task()); err != nil {
			return err
		}
	}
	if s.n < 3 {
		if err := h.exec(ctx, sqlOpen, s.next(), s.id); err != nil {
			return err
		}
	}
	for i, events := range s.bytes.events {
		if err := h.exec(ctx, sqlTell, s.id, 2*s.n+i, events); err != nil {
			return err
		}
	}
	return nil
}
