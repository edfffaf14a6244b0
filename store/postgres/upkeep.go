package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	monthsAhead = 3
	upkeepEvery = 6 * time.Hour
	historyRest = "history_rest"
	monthFormat = "200601"
)

// Upkeep makes the partitions of history for this month and the next ones. Each node does it at its start and a few
// times a day; those that are there already cost one look.
func (s *Store) Upkeep(ctx context.Context) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range monthsAhead + 1 {
		if err := s.makeMonth(ctx, month.AddDate(0, i, 0)); err != nil {
			return failure("upkeep of history", err)
		}
	}
	return nil
}

func (s *Store) keepUp(ctx context.Context) {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = s.Upkeep(ctx) // months are made ahead: there are many more turns, and history_rest takes what has none
		}
	}
}

func partition(month time.Time) string { return "history_" + month.Format(monthFormat) }

// makeMonth makes the partition of a month, with what history_rest has of it. Nodes take turns.
func (s *Store) makeMonth(ctx context.Context, month time.Time) error {
	name := partition(month)
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var there bool
		// Not to_regclass: what it did not find before the lock, it may not find behind it.
		const look = `SELECT EXISTS (SELECT FROM pg_class
			WHERE relname = $1 AND relnamespace = current_schema()::regnamespace)`
		if err := tx.QueryRow(ctx, look, name).Scan(&there); err != nil || there {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", schemaLock); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, look, name).Scan(&there); err != nil || there {
			return err
		}
		from, to := month.UnixMicro(), month.AddDate(0, 1, 0).UnixMicro()
		for _, q := range []struct {
			text string
			args []any
		}{
			{sqlSettings, []any{everyOffice, s.limit.statement, s.limit.lock}},
			{"LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE", nil},
			{"CREATE TABLE " + name + " (LIKE history INCLUDING ALL)", nil},
			{"SELECT guicheng_lock($1)", []any{name}},
			{"WITH moved AS (DELETE FROM " + historyRest + " WHERE at >= $1 AND at < $2 RETURNING *) INSERT INTO " + name +
				" (office, case_id, last, at, events) SELECT office, case_id, last, at, events FROM moved", []any{from, to}},
			{fmt.Sprintf("ALTER TABLE history ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)", name, from, to), nil},
		} {
			if _, err := tx.Exec(ctx, q.text, q.args...); err != nil {
				return fmt.Errorf("partition %s: %.60s: %w", name, q.text, err)
			}
		}
		return nil
	})
}

const sqlPartitions = `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
	WHERE i.inhparent = 'history'::regclass ORDER BY c.relname`

// DropHistory drops the months of history that ended at or before the given time, of all offices, and returns how many
// there were. Cases keep their state; what they did in those months cannot be read any more.
func (s *Store) DropHistory(ctx context.Context, before time.Time) (int, error) {
	names, err := list(ctx, s, "months of history", everyOffice, scanString, sqlPartitions)
	if err != nil {
		return 0, err
	}
	dropped := 0
	for _, name := range names {
		month, err := time.Parse(monthFormat, strings.TrimPrefix(name, "history_"))
		if err != nil || month.AddDate(0, 1, 0).After(before) { // history_rest is no month
			continue
		}
		err = s.exec(ctx, "drop "+name, everyOffice, "DROP TABLE IF EXISTS "+pgx.Identifier{name}.Sanitize())
		if err != nil {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
}
