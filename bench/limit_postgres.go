package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
)

const postgresSchema = `
CREATE TABLE cases (office text COLLATE "C", id text COLLATE "C", revision bigint, status text, state bytea,
  PRIMARY KEY (office, id)) WITH (fillfactor = 80);
CREATE TABLE tasks (office text COLLATE "C", id text COLLATE "C", case_id text COLLATE "C", post text COLLATE "C",
  due bigint, title text, PRIMARY KEY (office, id)) WITH (fillfactor = 85);
CREATE INDEX tasks_post ON tasks (office, post, due, id);
CREATE TABLE history (office text COLLATE "C", id text COLLATE "C", seq bigint, at bigint, actor text, body bytea,
  PRIMARY KEY (office, id, seq));`

// The statements of a group: each takes one array for each column.
const (
	pgFind = `SELECT t.id, c.revision, c.state FROM unnest($1::text[]) r(id)
	JOIN tasks t ON t.office = 'bench' AND t.id = r.id JOIN cases c ON c.office = t.office AND c.id = t.case_id`
	pgBegin = `INSERT INTO cases SELECT 'bench', r.id, 1, 'running', r.state
	FROM unnest($1::text[], $2::bytea[]) r(id, state)`
	pgMove = `UPDATE cases c SET revision = c.revision + 1, state = r.state
	FROM unnest($1::text[], $2::bytea[], $3::bigint[]) r(id, state, revision)
	WHERE c.office = 'bench' AND c.id = r.id AND c.revision = r.revision`
	pgDone = `DELETE FROM tasks t USING unnest($1::text[]) r(id) WHERE t.office = 'bench' AND t.id = r.id`
	pgOpen = `INSERT INTO tasks SELECT 'bench', r.id, r.case_id, 'post:desk', 0, 'one of three'
	FROM unnest($1::text[], $2::text[]) r(id, case_id)`
	pgTell = `INSERT INTO history SELECT 'bench', r.id, r.seq, 0, 'chan', r.body
	FROM unnest($1::text[], $2::bigint[], $3::bytea[]) r(id, seq, body)`
)

type postgresHand struct{ conn *pgx.Conn }

func openLimitPostgres(ctx context.Context, _ string, _ int) (*player, error) {
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	// As the store has it: a plan that was made for empty tables reads them whole later.
	for _, text := range []string{postgresSchema, "SET plan_cache_mode = force_generic_plan", "SET enable_seqscan = off",
		"SET enable_hashjoin = off", "SET enable_mergejoin = off"} {
		if _, err := conn.Exec(ctx, text); err != nil {
			return nil, errors.Join(err, conn.Close(ctx))
		}
	}
	h := &postgresHand{conn}
	g, err := newGroups(ctx, h.commit)
	if err != nil {
		return nil, err
	}
	return &player{w3: g.w3, at: dsn, close: func() error {
		g.close()
		return conn.Close(context.WithoutCancel(ctx))
	}}, nil
}

// columns are the rows of a group, by column.
type columns struct {
	begun, moved, done, opened, openedCase, toldCase []string
	begunState, movedState, told                     [][]byte
	revision, toldSeq                                []int64
}

func (c *columns) add(s *step) {
	if s.n == 0 {
		c.begun, c.begunState = append(c.begun, s.id), append(c.begunState, s.bytes.state)
	} else {
		c.moved, c.movedState = append(c.moved, s.id), append(c.movedState, s.bytes.state)
		c.done, c.revision = append(c.done, s.task()), append(c.revision, int64(s.n))
	}
	if s.n < 3 {
		c.opened, c.openedCase = append(c.opened, s.next()), append(c.openedCase, s.id)
	}
	for i, events := range s.bytes.events {
		c.toldCase, c.toldSeq = append(c.toldCase, s.id), append(c.toldSeq, int64(2*s.n+i))
		c.told = append(c.told, events)
	}
}

// commit sends the group as one pipelined batch, which is one transaction.
func (h *postgresHand) commit(ctx context.Context, batch []*step) error {
	var c columns
	for _, s := range batch {
		c.add(s)
	}
	b := &pgx.Batch{}
	if len(c.moved) > 0 {
		b.Queue(pgFind, c.done)
		b.Queue(pgMove, c.moved, c.movedState, c.revision)
		b.Queue(pgDone, c.done)
	}
	if len(c.begun) > 0 {
		b.Queue(pgBegin, c.begun, c.begunState)
	}
	if len(c.opened) > 0 {
		b.Queue(pgOpen, c.opened, c.openedCase)
	}
	b.Queue(pgTell, c.toldCase, c.toldSeq, c.told)
	results := h.conn.SendBatch(ctx, b)
	for range b.Len() {
		tag, err := results.Exec()
		if err != nil {
			return errors.Join(err, results.Close())
		}
		if tag.Update() && tag.RowsAffected() != int64(len(c.moved)) {
			return errors.Join(fmt.Errorf("%d cases moved, want %d", tag.RowsAffected(), len(c.moved)), results.Close())
		}
	}
	return results.Close()
}
